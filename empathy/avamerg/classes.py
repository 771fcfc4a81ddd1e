"""The seven classes of AvaMERG's multimodal labels, and ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..types import Emotion, Emotions

FeelingClass: TypeAlias = Literal["happy", "surprised", "angry", "fear", "sad", "disgusted", "contempt"]

CLASSES: tuple[FeelingClass, ...] = ("happy", "surprised", "angry", "fear", "sad", "disgusted", "contempt")
"""In the order of the official baseline (``all_dataset.py`` of AvaMERG-Pipeline), and of every array of classes here.
There is no neutral class."""

N_CLASSES = len(CLASSES)

OURS: Mapping[FeelingClass, Emotion] = {
    "happy": "happy", "surprised": "surprise", "angry": "angry", "fear": "fear", "sad": "sad", "disgusted": "disgust",
    "contempt": "contempt"}


def as_emotions(probabilities: NDArray[np.float64]) -> Emotions:
    """Our eight emotions from probabilities of shape (7,); neutral, which the labels lack, gets 0."""
    return Emotions.of({OURS[name]: float(value) for name, value in zip(CLASSES, probabilities, strict=True)})
