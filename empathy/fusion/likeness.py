"""How alike emotions are: smoothing and disagreement that know that anger is near disgust and far from joy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..affect import places
from ..types import EMOTIONS

Rows = NDArray[np.float64]

WIDTH = 0.5
"""Standard deviation of the kernel over (valence, arousal, dominance), on axes of [-1, 1]. Set by us: anger is then
like contempt and disgust, joy like surprise alone. ``evaluate fusion`` tells what it gains."""

NEAR, EVEN = 0.05, 0.05
"""Shares of each channel's probabilities that go to emotions like its own, and to all alike: so that a channel sure of
anger does not veto disgust, and no zero vetoes anything."""

APART = 0.5
"""Share that goes to emotions like its own before two channels are compared."""


@cache
def likeness() -> Rows:
    """Shape (8, 8), in the order of ``EMOTIONS``: row e tells how e is spread over emotions like it; rows sum to 1."""
    means, _ = places()
    distances = ((means[:, None] - means[None]) ** 2).sum(axis=-1)
    kernel = np.exp(-distances / (2.0 * WIDTH**2))
    kernel /= kernel.sum(axis=1, keepdims=True)
    kernel.setflags(write=False)
    return kernel


def spread(rows: Rows, near: float = NEAR, even: float = EVEN) -> Rows:
    """Distributions, shape (..., 8), with a share moved to like emotions and a share to all; no value is 0."""
    return (1.0 - near - even) * rows + near * (rows @ likeness()) + even / len(EMOTIONS)


def kept_still(rows: Rows, share: float) -> Rows:
    """Likelihood of what a channel shows given each emotion, where any emotion goes unshown, and looks neutral, in a
    share of cases; shape (..., 8), not normalised."""
    neutral = EMOTIONS.index("neutral")
    likelihood = (1.0 - share) * rows + share * rows[..., [neutral]]
    likelihood[..., neutral] = rows[..., neutral]
    return likelihood


def divergence(rows: Sequence[Rows], weights: Sequence[float]) -> float:
    """How far channels contradict each other, in [0, 1]: 0 when all agree, or all but one are neutral, 1 for a certain
    happy face with a certain sad voice.

    The Jensen-Shannon divergence between their spread emotions, over that of certain happiness and sadness, each
    channel weighing as much as it says anything: its weight times its probability of something else than neutral.

    Args:
        rows: one distribution a channel, shape (8,).
        weights: one a channel, none negative.
    """
    neutral = EMOTIONS.index("neutral")
    shares = np.array([weight * (1.0 - row[neutral]) for row, weight in zip(rows, weights, strict=True)])
    if len(rows) < 2 or shares.sum() <= 1e-9:
        return 0.0
    return float(min(_jensen_shannon(np.array(rows), shares / shares.sum()) / _farthest(), 1.0))


@cache
def _farthest() -> float:
    certain = np.eye(len(EMOTIONS))[[EMOTIONS.index("happy"), EMOTIONS.index("sad")]]
    return _jensen_shannon(certain, np.array([0.5, 0.5]))


def _jensen_shannon(rows: Rows, weights: Rows) -> float:
    """In bits."""
    seen = spread(rows, near=APART)
    entropies = -(seen * np.log2(seen)).sum(axis=1)
    mixture = weights @ seen
    return float(-(mixture * np.log2(mixture)).sum() - weights @ entropies)
