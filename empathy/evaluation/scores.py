"""The figures that every ``evaluate`` command of emotions gives, from labels and probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import metrics
from ..labels import Label
from ..protocols import KnowsPrior
from .manifest import groups

_LEAST_LEFT_OUT = 1e-4
"""Priors are written with six digits; less than this left out is rounding."""


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
        "abstention": {"threshold": abstain_below, "coverage": metrics.told(sure.mean()) if len(sure) else None,
                       "accuracy": metrics.told(metrics.accuracy(answers.truth[sure], said[sure]))},
    }
    if answers.columns:
        found["by"] = {value: _figures(answers, np.array(places)) for value, places in groups(answers.columns).items()}
    return found


def chosen(shares: Mapping[str, float], choice: Sequence[Label],
           prior: Mapping[str, float] | None = None) -> NDArray[np.float64]:
    """An engine's probabilities over the labels to choose from.

    Calm counts as neutral where the choice lacks it.

    Args:
        shares: its probabilities by label.
        choice: the labels, in the order wanted.
        prior: taken out where given, as if all labels were equally common before anything was seen or heard: each
            probability is divided by the prior of its label (Bayes' rule).

    Returns:
        Shape (n_labels,), sums to 1; all alike where the engine gives the choice nothing.
    """
    kept = _folded(shares, choice)
    if prior is not None:
        known = _folded(prior, choice)
        kept = np.divide(kept, known, out=np.zeros_like(kept), where=known > 0)
    return kept / kept.sum() if kept.sum() > 0 else np.full(len(choice), 1.0 / len(choice))


def prior_to_take_out(engine: object, choice: Sequence[Label]) -> Mapping[str, float] | None:
    """The prior that an engine learnt, where the choice leaves out labels that it may answer; else None.

    A table of some labels alone was not drawn from the population of the training data, so what the engine learnt of
    how common each label is there says nothing of the table. Over all labels its probabilities stay as they are.
    """
    if not isinstance(engine, KnowsPrior):
        return None
    left_out = 1.0 - _folded(engine.prior, choice).sum()
    return engine.prior if left_out > _LEAST_LEFT_OUT else None


def _folded(shares: Mapping[str, float], choice: Sequence[Label]) -> NDArray[np.float64]:
    values = dict(shares)
    if "calm" not in choice and "neutral" in choice:
        values["neutral"] = values.get("neutral", 0.0) + values.get("calm", 0.0)
    return np.array([values.get(label, 0.0) for label in choice], dtype=np.float64)


def _figures(answers: Answers, places: NDArray[np.int64]) -> dict[str, Any]:
    truth, said, n_labels = answers.truth[places], _said(answers)[places], len(answers.labels)
    read = said >= 0
    top = answers.probabilities[places][read].max(axis=1, initial=0.0)
    recalls = metrics.recalls(truth, said, n_labels)
    return {
        "n": len(truth), "n_unread": int((~read).sum()), "accuracy": metrics.told(metrics.accuracy(truth, said)),
        "uar": metrics.told(metrics.uar(truth, said, n_labels)),
        "macro_f1": metrics.told(metrics.macro_f1(truth, said, n_labels)),
        "ece": metrics.told(metrics.ece(top, (said == truth)[read])),
        "recall": {name: metrics.told(recall) for name, recall in zip(answers.labels, recalls, strict=True)},
    }


def _said(answers: Answers) -> NDArray[np.int64]:
    unread = np.isnan(answers.probabilities).any(axis=1)
    return np.where(unread, -1, np.nan_to_num(answers.probabilities, nan=-1.0).argmax(axis=1))
