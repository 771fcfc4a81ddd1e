"""Where the eight emotions lie on valence, arousal and dominance. Face, voice and words all read affect off here when
their engine gives emotions alone, so that the channels speak one language."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .types import EMOTIONS, Affect, Emotions

_PLACES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "angry": ((-0.51, 0.59, 0.25), (0.20, 0.33, 0.39)),
    "contempt": ((-0.45, 0.20, 0.35), (0.35, 0.40, 0.40)),
    "disgust": ((-0.60, 0.35, 0.11), (0.20, 0.41, 0.34)),
    "fear": ((-0.64, 0.60, -0.43), (0.20, 0.32, 0.30)),
    "happy": ((0.81, 0.51, 0.46), (0.21, 0.26, 0.38)),
    "neutral": ((0.0, 0.0, 0.0), (0.20, 0.20, 0.20)),
    "sad": ((-0.63, -0.27, -0.33), (0.23, 0.34, 0.22)),
    "surprise": ((0.40, 0.67, -0.13), (0.30, 0.27, 0.38)),
}
"""Mean and standard deviation of (valence, arousal, dominance) of each emotion's name.

Source: ratings of the words angry, disgusted, fearful, happy, sad and surprised by Russell & Mehrabian 1977, "Evidence
for a three-factor theory of emotions", J. Research in Personality 11. Two rows are set by us: neutral is the origin;
contempt, as a face shows it to somebody, lies near disgust with less arousal and more dominance (the rated word, a
milder state, lies at -0.23, 0.31, 0.18), and is given a wide spread to say so. The ratings are of English words by
students; they are a convention, not a measurement of this person."""


def places() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means and standard deviations, each of shape (8, 3): rows in the order of ``EMOTIONS``, columns valence, arousal,
    dominance, in [-1, 1]."""
    return (np.array([_PLACES[name][0] for name in EMOTIONS]), np.array([_PLACES[name][1] for name in EMOTIONS]))


def affect_of(emotions: Emotions) -> Affect:
    """Affect of a distribution over emotions: mean and standard deviation of the mixture of the eight places.

    A spread distribution gives a large standard deviation, since each emotion pulls elsewhere.
    """
    means, sds = places()
    weights = emotions.array() / emotions.array().sum()
    mean = weights @ means
    sd = np.sqrt(np.maximum(weights @ (sds**2 + means**2) - mean**2, 0.0))
    valence, arousal, dominance = (float(np.clip(value, -1.0, 1.0)) for value in mean)
    return Affect(valence=valence, arousal=arousal, dominance=dominance,
                  valence_sd=float(sd[0]), arousal_sd=float(sd[1]), dominance_sd=float(sd[2]))
