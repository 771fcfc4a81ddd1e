"""How well classes were told: the figures of a run's report and of ``evaluate avamerg``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import metrics
from ..logits import log_softmax
from .classes import CLASSES, N_CLASSES


def figures(
    truth: NDArray[np.int64], probabilities: NDArray[np.float64], blocks: Sequence[str], *, majority: int
) -> dict[str, Any]:
    """All rows, each block apart, and what answering one class would give.

    Args:
        truth: classes, shape (n,).
        probabilities: shape (n, 7).
        blocks: of each row.
        majority: the commonest class of the training part.

    Returns:
        ``n, accuracy, macro_f1`` (over the classes that occur), ``weighted_precision, weighted_recall, weighted_f1,
        uar, ece, per_class, labels, confusion`` (rows: truth), ``blocks`` with the same but labels and confusion for
        each, ``majority``. A figure that can't be had is None.
    """
    blocks_of = np.asarray(blocks)
    found = scores(truth, probabilities)
    found |= {"labels": list(CLASSES),
              "confusion": metrics.confusion(truth, probabilities.argmax(1), N_CLASSES).tolist()}
    found["blocks"] = {name: scores(truth[blocks_of == name], probabilities[blocks_of == name])
                       for name in sorted(set(blocks))}
    constant = np.full_like(truth, majority)
    found["majority"] = {
        "answer": CLASSES[majority], "accuracy": metrics.told(metrics.accuracy(truth, constant)),
        "macro_f1": metrics.told(metrics.macro_f1(truth, constant, N_CLASSES)),
        "blocks": {name: metrics.told(metrics.accuracy(truth[blocks_of == name], constant[blocks_of == name]))
                   for name in sorted(set(blocks))}}
    return found


def scores(truth: NDArray[np.int64], probabilities: NDArray[np.float64]) -> dict[str, Any]:
    """The figures of some rows; see ``figures``."""
    said = probabilities.argmax(1)
    counts = metrics.confusion(truth, said, N_CLASSES).astype(np.float64)
    n_true, n_said, hits = counts.sum(1), counts.sum(0), counts.diagonal()
    precision = hits / np.maximum(n_said, 1)
    recall = hits / np.maximum(n_true, 1)
    f1 = 2 * hits / np.maximum(n_true + n_said, 1)
    shares = n_true / len(truth) if len(truth) else np.full(N_CLASSES, np.nan)
    sure = probabilities.max(1) if len(truth) else np.zeros(0)
    return {
        "n": len(truth), "accuracy": metrics.told(metrics.accuracy(truth, said)),
        "macro_f1": metrics.told(metrics.macro_f1(truth, said, N_CLASSES)),
        "weighted_precision": metrics.told(float((shares * precision).sum())),
        "weighted_recall": metrics.told(float((shares * recall).sum())),
        "weighted_f1": metrics.told(float((shares * f1).sum())),
        "uar": metrics.told(metrics.uar(truth, said, N_CLASSES)),
        "ece": metrics.told(metrics.ece(sure, said == truth)),
        "per_class": {name: {"n": int(n_true[k]), "precision": metrics.told(precision[k]) if n_said[k] else None,
                             "recall": metrics.told(recall[k]) if n_true[k] else None,
                             "f1": metrics.told(f1[k]) if n_true[k] else None} for k, name in enumerate(CLASSES)},
    }


def short(found: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``scores`` that a table of ablations shows."""
    return {name: found[name] for name in ("n", "accuracy", "macro_f1", "weighted_f1")}


def fit_temperature(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The number by which logits are to be divided so that probabilities fit; on rows that nobody was trained on.

    Source: Guo et al. 2017. Searched from 0.5 to 10: a few rows without a mistake would ask for certainty.
    """
    from scipy.optimize import minimize_scalar

    def loss(log_t: float) -> float:
        log_p = log_softmax(logits / np.exp(log_t))
        return float(-log_p[np.arange(len(truth)), truth].mean())

    found: Any = minimize_scalar(loss, bounds=(np.log(0.5), np.log(10.0)), method="bounded")
    return float(np.exp(found.x))
