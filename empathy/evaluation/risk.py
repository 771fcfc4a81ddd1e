"""``evaluate risk``: rules and classifier together on texts that are or are not a crisis."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..metrics import auc
from ..text.risk import RiskJudge
from .manifest import groups


def evaluate_risk(
    file: Path, *, judge: RiskJudge, show: bool = False, by: str | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, object]:
    """Measure a judge; a text is answered "crisis" when its level is crisis, in any category.

    Args:
        file: JSON lines with ``text`` and ``is_crisis``; figures by language where ``lang`` is there.
        judge: who answers.
        show: also list misses and false alarms.
        by: a key whose values are also measured one by one.
        progress: gets a line from time to time.

    Returns:
        ``task, engine, n, n_crisis, recall, false_alarm_rate, precision, concern_or_crisis_recall``; ``auc`` of the
        classifier's probability, None where rules speak alone; ``by_lang``; ``by``; ``misses`` and ``false_alarms``
        with ``show``; ``seconds, ms_per_item``. A rate over nothing is None.

    Raises:
        InputError: the file can't be read, or a key is missing.
    """
    rows = read_rows(file)
    if by:
        _need(file, rows, by)
    truth = np.array([bool(row["is_crisis"]) for row in rows])
    started = time.monotonic()
    risks = []
    for i, row in enumerate(rows, 1):
        risks.append(judge.assess(str(row["text"])))
        if i % 500 == 0:
            progress(f"{i} of {len(rows)} texts")
    seconds = time.monotonic() - started
    said = np.array([risk.level == "crisis" for risk in risks])
    noticed = np.array([risk.level != "none" for risk in risks])
    likely = [risk.probability for risk in risks if risk.probability is not None]
    found: dict[str, object] = {
        "task": "risk", "engine": judge.name, **rates(truth, said),
        "concern_or_crisis_recall": float(noticed[truth].mean()) if truth.any() else None,
        "auc": auc(truth, likely) if 0 < truth.sum() < len(truth) == len(likely) else None}
    for key, name in (("by_lang", "lang"), ("by", by)):
        if name and all(name in row for row in rows):
            found[key] = {value: rates(truth[list(at)], said[list(at)])
                          for value, at in groups(str(row[name]) for row in rows).items()}
    if show:
        shown = [{"text": row["text"], "level": risk.level, "category": risk.category, "cues": list(risk.cues),
                  "probability": risk.probability} for row, risk in zip(rows, risks, strict=True)]
        found["misses"] = [one for one, true, yes in zip(shown, truth, said, strict=True) if true and not yes]
        found["false_alarms"] = [one for one, true, yes in zip(shown, truth, said, strict=True) if yes and not true]
    return {**found, "seconds": seconds, "ms_per_item": 1000 * seconds / len(rows)}


def rates(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> dict[str, object]:
    """``n, n_crisis, recall, false_alarm_rate, precision``."""
    def share(of: NDArray[np.bool_], among: NDArray[np.bool_]) -> float | None:
        return float(of[among].mean()) if among.any() else None

    return {"n": len(truth), "n_crisis": int(truth.sum()), "recall": share(said, truth),
            "false_alarm_rate": share(said, ~truth), "precision": share(truth, said)}


def read_rows(file: Path) -> list[Mapping[str, object]]:
    """Rows with ``text`` and ``is_crisis``.

    Raises:
        InputError: the file can't be read, holds no rows, or a row lacks a key or has another than true or false.
    """
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{file} can't be read as JSON lines ({error}): give one object a line, with text and "
                         "is_crisis") from error
    if not rows:
        raise InputError(f"{file} holds no rows")
    for key in ("text", "is_crisis"):
        _need(file, rows, key)
    for number, row in enumerate(rows, 1):
        if row["is_crisis"] not in (True, False):
            raise InputError(f"{file}, line {number} has {row['is_crisis']!r} as is_crisis: write true or false")
    return rows


def _need(file: Path, rows: Sequence[Mapping[str, object]], key: str) -> None:
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or key not in row:
            raise InputError(f"{file}, line {number} has no {key!r}; every line must be an object with text, is_crisis"
                             + (f" and {key}" if key not in {"text", "is_crisis"} else ""))
