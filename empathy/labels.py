"""The words for emotions in data sets, and ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from .errors import InputError
from .types import EMOTIONS, Emotion

Label: TypeAlias = Literal[Emotion, "calm"]
"""The eight emotions, and calm, which recordings of voices tell from neutral."""

WORDS: Mapping[str, Label] = {
    "angry": "angry", "contempt": "contempt", "disgust": "disgust", "fear": "fear", "happy": "happy",
    "neutral": "neutral", "sad": "sad", "surprise": "surprise", "calm": "calm",
    "anger": "angry", "ang": "angry", "contemptuous": "contempt", "con": "contempt",
    "disgusted": "disgust", "dis": "disgust", "fearful": "fear", "fea": "fear", "afraid": "fear", "scared": "fear",
    "happiness": "happy", "hap": "happy", "joy": "happy", "joyful": "happy", "neutrality": "neutral", "neu": "neutral",
    "sadness": "sad", "surprised": "surprise", "sur": "surprise", "calmness": "calm",
    "anxiety": "fear", "anxious": "fear", "ps": "surprise", "pleasant surprise": "surprise",
    "pleasant_surprise": "surprise",
}  # fmt: skip
"""Our labels, and what data sets call them."""

HIGH_AROUSAL: tuple[Label, ...] = ("angry", "fear", "happy", "surprise")
LOW_AROUSAL: tuple[Label, ...] = ("calm", "neutral", "sad")
"""What arousal should tell apart: the first acted strongly, the second at any intensity."""


def label_of(name: str) -> Label:
    """Our word for a label: ``happiness``, ``Anger``, ``fearful`` and their like; case and spaces do not matter.

    Raises:
        InputError: nobody knows the word.
    """
    word = name.strip().lower()
    if word not in WORDS:
        raise InputError(f"{name!r} is not a label: use {', '.join(EMOTIONS)}, calm, or a form such as happiness")
    return WORDS[word]


def labels_of(names: str) -> tuple[Label, ...]:
    """The value of ``--labels``: names with commas between, each once, in the order given; none where empty.

    Raises:
        InputError: one of them is unknown, or only one is given.
    """
    labels: tuple[Label, ...] = tuple(dict.fromkeys(label_of(name) for name in names.split(",") if name.strip()))
    if len(labels) == 1:
        raise InputError(f"--labels {names} leaves no choice: name at least two")
    return labels
