"""``evaluate words``: the words engine on texts in GoEmotions' layout."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..text.emotion import CompactWords
from ..text.goemotions import LABELS
from ..text.measure import choose, figures, label_f1, read_all, read_comments
from .manifest import groups


def evaluate_words(
    file: Path, *, engine: CompactWords, labels: Path | None = None, by: str | None = None, threshold: float = 0.25,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, object]:
    """Measure an engine.

    Args:
        file: GoEmotions' layout.
        engine: who answers.
        labels: names of the label indices; None: GoEmotions' own order.
        by: number (from 1) of a column whose values are also measured one by one.
        threshold: confidence below which the page abstains.
        progress: gets a line from time to time.

    Returns:
        ``task, engine, n, macro_f1, micro_f1, macro_f1_folded, f1`` a label, ``ece`` over all label probabilities,
        ``abstention, seconds, ms_per_item``, and ``by``. Every row is answered; abstention is reported apart.

    Raises:
        InputError: a file can't be read or the column is not there.
    """
    from ..metrics import ece
    from ..text.read_words import confidence_of

    rows = read_comments(file, labels)
    values = _column(file, by, len(rows.texts)) if by else ()
    started = time.monotonic()
    sure = read_all(engine, rows.texts, progress)
    seconds = time.monotonic() - started
    said = choose(engine, sure)
    trust = np.array([confidence_of(text, float(row.max()), engine.read(text).known, 1.0)
                      for text, row in zip(rows.texts, sure, strict=True)])
    right = (said & rows.truth).any(axis=1)
    kept = trust >= threshold
    found: dict[str, object] = {
        "task": "words", "engine": engine.name, **figures(rows.truth, said), "labels": list(LABELS),
        "f1": label_f1(rows.truth, said), "ece": ece(sure.ravel(), rows.truth.ravel()),
        "abstention": {"threshold": threshold, "coverage": float(kept.mean()),
                       "one_label_right": float(right[kept].mean()) if kept.any() else None,
                       "one_label_right_forced": float(right.mean())}}
    if by:
        found["by"] = {value: figures(rows.truth[list(at)], said[list(at)]) for value, at in groups(values).items()}
    return {**found, "seconds": seconds, "ms_per_item": 1000 * seconds / len(rows.texts)}


def _column(file: Path, by: str, n: int) -> tuple[str, ...]:
    if not by.isdigit() or int(by) < 1:
        raise InputError(f"--by {by}: the table has no header, so give the column's number from 1")
    with file.open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.reader(source, delimiter="\t", quoting=csv.QUOTE_NONE) if any(row)]
    if len(rows) != n or any(len(row) < int(by) for row in rows):
        raise InputError(f"{file} does not have {by} columns in every line")
    return tuple(row[int(by) - 1] for row in rows)
