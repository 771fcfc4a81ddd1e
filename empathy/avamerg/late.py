"""Late fusion: one answer from those of the audio and the video model.

A model that has nothing to say about a row (NaN) leaves it to the other one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from .. import metrics
from ..errors import ModelFileError
from ..logits import log_softmax, softmax
from .classes import CLASSES, N_CLASSES

Probabilities = NDArray[np.float64]
"""Shape (n, 7); a row of NaN is no answer."""

Way: TypeAlias = Literal["average", "reliability", "stacking", "audio", "video"]
WAYS: tuple[Way, ...] = get_args(Way)
"""From the simplest on; of equal ones the first is taken."""

LATE = "late.json"
PULL = 1.0
"""How strongly stacking is drawn to the average, in rows of validation."""
LEAST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Late:
    """``weights``: for reliability shape (2, 7), how far each model is believed about each class; for stacking (15, 7),
    from the logarithms of both and a constant to scores; else empty."""

    way: Way
    weights: NDArray[np.float64]

    def fuse(self, audio: Probabilities, video: Probabilities) -> Probabilities:
        """Answers of both models on n rows to those of the fusion."""
        both = np.stack([audio, video])
        told = np.isfinite(both).all(2)
        safe = np.where(told[..., None], both, 1.0 / N_CLASSES)
        match self.way:
            case "average":
                fused = safe.mean(0)
            case "reliability":
                fused = (self.weights[:, None] * safe).sum(0)
            case "stacking":
                fused = softmax(_inputs(safe) @ self.weights)
            case "audio":
                fused = safe[0]
            case "video":
                fused = safe[1]
        fused = fused / fused.sum(1, keepdims=True)
        alone = np.where(told[0][:, None], safe[0], safe[1])
        return np.where((told[0] & told[1])[:, None], fused, np.where((told[0] | told[1])[:, None], alone, np.nan))


def fit_late(way: Way, audio: Probabilities, video: Probabilities, truth: NDArray[np.int64]) -> Late:
    """Learn a way on rows that neither model was trained on."""
    match way:
        case "reliability":
            weights = np.stack([reliability(one, truth) for one in (audio, video)])
        case "stacking":
            weights = _stack(np.stack([audio, video]), truth)
        case _:
            weights = np.zeros(0)
    return Late(way=way, weights=weights)


def reliability(told: Probabilities, truth: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 of each class, shape (7,), drawn to the accuracy as if two more rows of each class had been told so well."""
    counts = metrics.confusion(truth, told.argmax(1), N_CLASSES).astype(np.float64)
    hits = counts.diagonal()
    total = counts.sum(0) + counts.sum(1)
    return (2 * hits + 4 * hits.sum() / max(len(truth), 1)) / (total + 4) + LEAST


def save_late(folder: Path, late: Late) -> None:
    """Write ``late.json``."""
    about = {"format": 1, "classes": CLASSES, "way": late.way, "weights": late.weights.tolist()}
    (folder / LATE).write_text(json.dumps(about) + "\n", encoding="utf-8")


def load_late(folder: Path) -> Late:
    """What ``save_late`` wrote.

    Raises:
        ModelFileError: it is missing or broken.
    """
    try:
        about = json.loads((folder / LATE).read_text(encoding="utf-8"))
        late = Late(way=about["way"], weights=np.array(about["weights"], np.float64))
        shape = {"reliability": (2, N_CLASSES), "stacking": (2 * N_CLASSES + 1, N_CLASSES)}.get(late.way, (0,))
        whole = late.way in WAYS and late.weights.shape == shape and tuple(about["classes"]) == CLASSES
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"{folder} holds no late fusion ({error}): train it again") from error
    if not whole:
        raise ModelFileError(f"{folder / LATE} is of another version: train it again")
    return late


def _inputs(both: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms of both models' answers, and a constant: shape (n, 15)."""
    logs = np.log(np.maximum(both, LEAST))
    return np.concatenate([logs[0], logs[1], np.ones((both.shape[1], 1))], 1)


def _stack(both: NDArray[np.float64], truth: NDArray[np.int64]) -> NDArray[np.float64]:
    """Logistic regression on the logarithms, from the product of both (half of each) as its prior."""
    from scipy.optimize import minimize

    x = _inputs(both)
    start = np.concatenate([0.5 * np.eye(N_CLASSES), 0.5 * np.eye(N_CLASSES), np.zeros((1, N_CLASSES))])
    onehot = np.eye(N_CLASSES)[truth]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(start.shape)
        log_p = log_softmax(x @ weights)
        away = weights - start
        slope = x.T @ (np.exp(log_p) - onehot) + 2 * PULL * away
        return float(-(log_p * onehot).sum() + PULL * (away**2).sum()), slope.ravel()

    return np.asarray(minimize(loss, start.ravel(), jac=True, method="L-BFGS-B").x, np.float64).reshape(start.shape)
