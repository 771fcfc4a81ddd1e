"""Figures that tell how well a prediction fits the truth: plain NumPy, used by training, evaluation and calibration.

Classes are indices from 0; an answer of -1 (could not be read) is never right. Scores of a class that does not occur
in the truth are NaN, and means leave them out.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def confusion(truth: ArrayLike, answer: ArrayLike, n_classes: int) -> Ints:
    """How often each class (rows) was answered as each class (columns): shape (n_classes, n_classes).

    Answers of -1 are in no column.
    """
    true, said = _pair(truth, answer)
    counts = np.zeros((n_classes, n_classes), np.int64)
    np.add.at(counts, (true[said >= 0], said[said >= 0]), 1)
    return counts


def accuracy(truth: ArrayLike, answer: ArrayLike) -> float:
    """Share of right answers; NaN of none."""
    true, said = _pair(truth, answer)
    return float((true == said).mean()) if len(true) else float("nan")


def recalls(truth: ArrayLike, answer: ArrayLike, n_classes: int) -> Floats:
    """Share of each class that was found: shape (n_classes,)."""
    true, said = _pair(truth, answer)
    return np.array([(said[true == k] == k).mean() if (true == k).any() else np.nan for k in range(n_classes)])


def uar(truth: ArrayLike, answer: ArrayLike, n_classes: int) -> float:
    """Unweighted average recall: the mean of the classes' recalls. Source: Schuller et al. 2009."""
    return _mean(recalls(truth, answer, n_classes))


def f1_scores(truth: ArrayLike, answer: ArrayLike, n_classes: int) -> Floats:
    """Harmonic mean of precision and recall of each class: shape (n_classes,)."""
    true, said = _pair(truth, answer)
    classes = np.arange(n_classes)[:, None]
    return _f1((true == classes).T, (said == classes).T)


def macro_f1(truth: ArrayLike, answer: ArrayLike, n_classes: int) -> float:
    """Mean F1 over the classes."""
    return _mean(f1_scores(truth, answer, n_classes))


def multilabel_f1(truth: ArrayLike, answer: ArrayLike) -> tuple[float, float]:
    """Macro and micro F1 where an item may bear several labels.

    Args:
        truth: boolean, shape (n_items, n_labels).
        answer: the same.
    """
    true, said = np.asarray(truth, dtype=bool), np.asarray(answer, dtype=bool)
    micro = _f1(true.reshape(-1, 1), said.reshape(-1, 1))[0]
    return _mean(_f1(true, said)), float(micro)


def ece(confidence: ArrayLike, right: ArrayLike, n_bins: int = 15) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over bins of equal width.

    Args:
        confidence: the probability given to each answer, shape (n,), in [0, 1].
        right: whether it was right, shape (n,).
        n_bins: number of bins. Source: Naeini et al. 2015; 15 bins as Guo et al. 2017.
    """
    sure, hit = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not len(sure):
        return float("nan")
    bins = np.clip(np.ceil(sure * n_bins).astype(np.int64) - 1, 0, n_bins - 1)
    gaps = np.bincount(bins, sure - hit, n_bins)
    return float(np.abs(gaps).sum() / len(sure))


def ccc(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Concordance correlation: 1 for equal, 0 for unrelated or constant, below 0 for opposite. Source: Lin 1989."""
    x, y = np.asarray(truth, dtype=np.float64), np.asarray(estimate, dtype=np.float64)
    if not len(x):
        return float("nan")
    below = x.var() + y.var() + (x.mean() - y.mean()) ** 2
    return float(2.0 * ((x - x.mean()) * (y - y.mean())).mean() / below) if below > 0 else 0.0


def auc(positive: ArrayLike, score: ArrayLike) -> float:
    """Chance that a positive item scores above a negative one, ties counting half; NaN where one kind is absent.

    Source: Mann & Whitney 1947.
    """
    yes, values = np.asarray(positive, dtype=bool), np.asarray(score, dtype=np.float64)
    n_yes, n_no = int(yes.sum()), int((~yes).sum())
    if not n_yes or not n_no:
        return float("nan")
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[place]
    return float((ranks[yes].sum() - n_yes * (n_yes + 1) / 2.0) / (n_yes * n_no))


def risk_coverage(confidence: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats]:
    """What abstaining buys: the error among the surest answers, for every share of them.

    Args:
        confidence: shape (n,).
        right: shape (n,).

    Returns:
        Coverage, shape (n,), rising to 1, and the risk (share of wrong answers) at each. Source: El-Yaniv & Wiener
        2010.
    """
    order = np.argsort(-np.asarray(confidence, dtype=np.float64), kind="stable")
    wrong = 1.0 - np.asarray(right, dtype=np.float64)[order]
    counts = np.arange(1, len(order) + 1)
    return counts / max(len(order), 1), np.cumsum(wrong) / counts


def bootstrap(
    figure: Callable[[Ints], float], n: int, rng: np.random.Generator, *, n_draws: int = 1000, level: float = 0.95
) -> tuple[float, float]:
    """Percentile interval of a figure over items drawn anew with replacement. Source: Efron 1979.

    Args:
        figure: takes indices of shape (n,), gives the figure on those items.
        n: number of items.
        rng: random generator.
        n_draws: number of draws.
        level: share of the draws inside the interval.
    """
    values = [figure(rng.integers(0, n, n)) for _ in range(n_draws)]
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def told(value: float) -> float | None:
    """A figure as JSON has it, with five digits; None where it can't be had."""
    return round(float(value), 5) if isfinite(value) else None


def _pair(truth: ArrayLike, answer: ArrayLike) -> tuple[Ints, Ints]:
    true, said = np.asarray(truth, dtype=np.int64), np.asarray(answer, dtype=np.int64)
    if true.shape != said.shape or true.ndim != 1:
        raise ValueError(f"truth and answer must be two lists of one length, not {true.shape} and {said.shape}")
    return true, said


def _f1(true: NDArray[np.bool_], said: NDArray[np.bool_]) -> Floats:
    """F1 of each column; NaN where a column of the truth is empty."""
    both = (true & said).sum(0)
    occurs = true.sum(0)
    return np.where(occurs > 0, 2.0 * both / np.maximum(occurs + said.sum(0), 1), np.nan)


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
