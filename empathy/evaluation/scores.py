"""The figures that every ``evaluate`` command of emotions gives, from labels and probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import metrics
from ..labels import Label
from .manifest import groups


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """What an engine said about n labelled items.

    ``labels`` are the classes it had to choose from; ``truth`` indices into them, shape (n,); ``probabilities`` shape
    (n, n_labels), a row of NaN where the item could not be read; ``confidence`` shape (n,), what the page would hold
    against its threshold (0 where unread); ``columns`` the values of the column to group by, if any.
    """

    labels: Sequence[Label]
    truth: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    confidence: NDArray[np.float64]
    columns: Sequence[str] = ()


def score(answers: Answers, *, abstain_below: float) -> dict[str, Any]:
    """Forced choice over all items; an unread one counts as wrong.

    Args:
        answers: what was said.
        abstain_below: the page's threshold on confidence; what it buys is told apart under ``abstention``.

    Returns:
        ``n, n_unread, accuracy, uar, macro_f1, ece, recall`` (by label), ``labels, confusion`` (rows: truth; unread
        items are in no column), ``abstention`` {threshold, coverage, accuracy}, and ``by`` with the first seven for
        each value of the column, where one was given. A figure that can't be had is None.
    """
    n_labels = len(answers.labels)
    said = _said(answers)
    sure = answers.confidence >= abstain_below
    found = _figures(answers, np.arange(len(answers.truth)))
    found |= {
        "labels": list(answers.labels),
        "confusion": metrics.confusion(answers.truth, said, n_labels).tolist(),
        "abstention": {"threshold": abstain_below, "coverage": _plain(sure.mean()) if len(sure) else None,
                       "accuracy": _plain(metrics.accuracy(answers.truth[sure], said[sure]))},
    }
    if answers.columns:
        found["by"] = {value: _figures(answers, np.array(places)) for value, places in groups(answers.columns).items()}
    return found


def restrict(probabilities: NDArray[np.float64], keep: Sequence[int]) -> NDArray[np.float64]:
    """Probabilities over some of the classes, made to sum to 1 again (evenly where none of them had any).

    Args:
        probabilities: shape (..., n_classes).
        keep: indices of the classes that may be chosen, in the order wanted.
    """
    kept = probabilities[..., list(keep)]
    total = kept.sum(axis=-1, keepdims=True)
    return np.where(total > 0, kept / np.where(total > 0, total, 1.0), 1.0 / len(keep))


def _figures(answers: Answers, places: NDArray[np.int64]) -> dict[str, Any]:
    truth, said, n_labels = answers.truth[places], _said(answers)[places], len(answers.labels)
    read = said >= 0
    top = answers.probabilities[places][read].max(axis=1, initial=0.0)
    recalls = metrics.recalls(truth, said, n_labels)
    return {
        "n": len(truth), "n_unread": int((~read).sum()), "accuracy": _plain(metrics.accuracy(truth, said)),
        "uar": _plain(metrics.uar(truth, said, n_labels)), "macro_f1": _plain(metrics.macro_f1(truth, said, n_labels)),
        "ece": _plain(metrics.ece(top, (said == truth)[read])),
        "recall": {name: _plain(recall) for name, recall in zip(answers.labels, recalls, strict=True)},
    }


def _said(answers: Answers) -> NDArray[np.int64]:
    unread = np.isnan(answers.probabilities).any(axis=1)
    return np.where(unread, -1, np.nan_to_num(answers.probabilities, nan=-1.0).argmax(axis=1))


def _plain(value: float) -> float | None:
    return round(float(value), 5) if isfinite(value) else None
