"""How well a words engine names the 28 labels of GoEmotions: read its files, score answers. Training and the
``evaluate`` command both use it, so that a card and a fresh run can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..metrics import multilabel_f1
from ..types import EMOTIONS
from .emotion import CompactWords
from .goemotions import FOLD, LABELS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comments:
    """Labelled texts. ``truth``: shape (n, 28), in the order of ``LABELS``; ``keys``: the third column."""

    texts: tuple[str, ...]
    truth: NDArray[np.bool_]
    keys: tuple[str, ...]


def read_comments(path: Path, labels: Path | None = None) -> Comments:
    """Read GoEmotions' layout: text, comma-separated label indices, id; tab-separated, without a header.

    Args:
        path: the table.
        labels: one label's name a line, in the order of the indices; None: the data set's own order.

    Raises:
        InputError: a file can't be read, a line is of another layout, or a label is not one of the 28.
    """
    names = _lines(labels) if labels else list(LABELS)
    unknown = sorted(set(names) - set(LABELS))
    if unknown:
        raise InputError(f"{labels} names {', '.join(map(repr, unknown))}, which are none of the 28 labels of "
                         "GoEmotions")
    columns = [LABELS.index(name) for name in names]
    rows = [line for line in _lines(path) if line.strip()]
    truth = np.zeros((len(rows), len(LABELS)), dtype=bool)
    texts: list[str] = []
    keys: list[str] = []
    for number, row in enumerate(rows, 1):
        cells = row.split("\t")
        try:
            truth[number - 1, [columns[int(index)] for index in cells[1].split(",")]] = True
        except (IndexError, ValueError) as error:
            raise InputError(f"{path}, line {number}: expected text, label indices below {len(names)}, id, "
                             f"separated by tabs; got {row[:60]!r}") from error
        texts.append(cells[0])
        keys.append(cells[2] if len(cells) > 2 else str(number))
    if not texts:
        raise InputError(f"{path} holds no rows")
    return Comments(texts=tuple(texts), truth=truth, keys=tuple(keys))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").strip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read ({error}): give a UTF-8 text file") from error


def read_all(engine: CompactWords, texts: Sequence[str], progress: Callable[[str], None] = lambda line: None
             ) -> NDArray[np.float64]:
    """Probabilities of the 28 labels: shape (n, 28)."""
    found = np.zeros((len(texts), len(LABELS)))
    for i, text in enumerate(texts):
        found[i] = engine.probabilities(text)[0]
        if i % 1000 == 999:
            progress(f"{i + 1} of {len(texts)} texts")
    return found


def choose(engine: CompactWords, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Labels given to each text: shape (n, 28)."""
    return np.array([engine.chosen(row) for row in probabilities])


def figures(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> Mapping[str, object]:
    """``n, macro_f1, micro_f1`` over the 28 labels and ``macro_f1_folded`` over the emotions that words can name (all
    but contempt; an emotion counts as given when one of its labels is)."""
    macro, micro = multilabel_f1(truth, said)
    folded = [np.array([rows[:, [FOLD[label] == emotion for label in LABELS]].any(axis=1)
                        for emotion in EMOTIONS if emotion in FOLD.values()]).T for rows in (truth, said)]
    return {"n": len(truth), "macro_f1": macro, "micro_f1": micro,
            "macro_f1_folded": multilabel_f1(folded[0], folded[1])[0]}


def label_f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> dict[str, float]:
    """F1 of each label."""
    hits = (truth & said).sum(axis=0)
    both = truth.sum(axis=0) + said.sum(axis=0)
    return {label: float(2 * hit / max(total, 1)) for label, hit, total in zip(LABELS, hits, both, strict=True)}
