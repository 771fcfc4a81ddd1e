"""The 28 labels of GoEmotions: how they fold into our eight emotions, where they lie on the axes of affect.

Source: Demszky et al. 2020, "GoEmotions: a dataset of fine-grained emotions" (labels, and their map to Ekman's six).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..types import EMOTIONS, Affect, Emotion, Emotions

LABELS = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity", "desire",
    "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear", "gratitude", "grief", "joy",
    "love", "nervousness", "optimism", "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral")
"""In the order of the data set's own ``labels.txt``."""

FOLD: Mapping[str, Emotion] = {
    "admiration": "happy", "amusement": "happy", "approval": "happy", "caring": "happy", "desire": "happy",
    "excitement": "happy", "gratitude": "happy", "joy": "happy", "love": "happy", "optimism": "happy", "pride": "happy",
    "relief": "happy", "anger": "angry", "annoyance": "angry", "disapproval": "angry", "disgust": "disgust",
    "fear": "fear", "nervousness": "fear", "disappointment": "sad", "embarrassment": "sad", "grief": "sad",
    "remorse": "sad", "sadness": "sad", "confusion": "surprise", "curiosity": "surprise", "realization": "surprise",
    "surprise": "surprise", "neutral": "neutral"}
"""The paper's map to Ekman's emotions (its ``ekman_mapping.json``). It has no contempt, so words never give any."""

CALM_SHARE: Mapping[str, float] = {
    "approval": 0.5, "caring": 0.5, "confusion": 0.5, "curiosity": 0.6, "realization": 0.5, "desire": 0.3}
"""Set by us: how much of a label is quiet talk rather than the emotion of its fold. A question ("where is it?") is
curiosity to the raters, but nobody who asks it looks surprised; that share goes to neutral."""

_PLACES: Mapping[str, tuple[float, float, float]] = {
    "admiration": (0.6, 0.3, -0.1), "amusement": (0.7, 0.5, 0.3), "anger": (-0.5, 0.6, 0.25),
    "annoyance": (-0.5, 0.4, 0.1), "approval": (0.4, 0.1, 0.2), "caring": (0.6, 0.1, 0.1),
    "confusion": (-0.3, 0.25, -0.3), "curiosity": (0.2, 0.5, 0.0), "desire": (0.4, 0.5, 0.0),
    "disappointment": (-0.6, -0.1, -0.3), "disapproval": (-0.4, 0.2, 0.2), "disgust": (-0.6, 0.35, 0.1),
    "embarrassment": (-0.45, 0.5, -0.3), "excitement": (0.6, 0.75, 0.4), "fear": (-0.65, 0.6, -0.45),
    "gratitude": (0.65, 0.2, -0.2), "grief": (-0.75, 0.1, -0.5), "joy": (0.75, 0.5, 0.35), "love": (0.85, 0.5, 0.0),
    "nervousness": (-0.3, 0.6, -0.35), "optimism": (0.5, 0.25, 0.2), "pride": (0.75, 0.4, 0.6),
    "realization": (0.1, 0.3, 0.1), "relief": (0.6, -0.2, 0.1), "remorse": (-0.55, 0.1, -0.35),
    "sadness": (-0.65, -0.25, -0.35), "surprise": (0.3, 0.65, -0.1), "neutral": (0.0, 0.0, 0.0)}
"""Valence, arousal, dominance. Placed by us, to the nearest twentieth, along the ratings that Russell & Mehrabian 1977
("Evidence for a three-factor theory of emotions", J. Research in Personality 11) report for the same or the nearest
words; no table is copied. A convention for comparing channels, not a measurement of this person."""

_WORD_SD = 0.3
"""How much people differ about one such word: the usual standard deviation of those ratings."""


def fold_matrix() -> NDArray[np.float64]:
    """What each label gives to each emotion: shape (28, 8), rows sum to 1."""
    matrix = np.zeros((len(LABELS), len(EMOTIONS)))
    for row, label in enumerate(LABELS):
        calm = CALM_SHARE.get(label, 0.0)
        matrix[row, EMOTIONS.index(FOLD[label])] += 1.0 - calm
        matrix[row, EMOTIONS.index("neutral")] += calm
    return matrix


def fold(probabilities: NDArray[np.float64]) -> Emotions:
    """Fold 28 independent probabilities into a distribution over our eight emotions."""
    return Emotions.of(np.maximum(np.asarray(probabilities, dtype=np.float64), 1e-6) @ fold_matrix())


def affect(probabilities: NDArray[np.float64]) -> Affect:
    """Affect of 28 independent probabilities: mean and standard deviation of the mixture of the labels' places."""
    weights = np.maximum(np.asarray(probabilities, dtype=np.float64), 1e-6)
    weights = weights / weights.sum()
    places = np.array([_PLACES[label] for label in LABELS])
    mean = weights @ places
    sd = np.sqrt(weights @ (places**2 + _WORD_SD**2) - mean**2)
    return Affect(valence=float(mean[0]), arousal=float(mean[1]), dominance=float(mean[2]),
                  valence_sd=float(sd[0]), arousal_sd=float(sd[1]), dominance_sd=float(sd[2]))
