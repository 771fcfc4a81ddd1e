"""What a face and a voice say together, by a small transformer over channel tokens: 2,600 numbers, run on NumPy.

It was fitted on the votes of CREMA-D (``python -m empathy evaluate fusion RATINGS.csv --out DIR``), knows the six
emotions that people could choose there, and foretells what they make of both channels. ``fuse`` takes it where face and
voice both speak; it is no better than what it was shown, so words and posture are weighed outside of it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelFileError
from ..logits import log_softmax, softmax
from ..types import EMOTIONS, Emotion

Floats = NDArray[np.float64]

CHOICES: tuple[Emotion, ...] = ("angry", "disgust", "fear", "happy", "neutral", "sad")
"""The emotions it knows, in its order."""

PLACES = [EMOTIONS.index(name) for name in CHOICES]
FILE = "fusion.safetensors"
WEIGHTS = Path(__file__).parents[1] / "weights"
N_HEADS = 2
FLOOR = 1e-3
"""Added to each probability before the logarithm."""

SHAPES: Mapping[str, tuple[str, ...]] = {
    "powers": ("c",), "names": ("c+1", "d"), "inwards": ("2k", "d"), "inwards_bias": ("d",), "norm_1": ("d",),
    "norm_1_bias": ("d",), "heads": ("d", "3d"), "heads_bias": ("3d",), "joined": ("d", "d"), "joined_bias": ("d",),
    "norm_2": ("d",), "norm_2_bias": ("d",), "middle": ("d", "m"), "middle_bias": ("m",), "back": ("m", "d"),
    "back_bias": ("d",), "outwards": ("d", "k"), "outwards_bias": ("k",)}
"""Names of the arrays and their shapes: c = 2 channels, k = 6 emotions, d wide, m in the middle."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attention:
    """One encoder layer, normalised first. Source: A. Vaswani et al., "Attention is all you need", NeurIPS 2017."""

    layers: Mapping[str, Floats]

    def log_shares(self, face: Floats, voice: Floats) -> Floats:
        """Logarithms of the shares of people who would choose each emotion, shape (n, 6).

        Args:
            face: distributions over ``CHOICES`` without zeros, shape (n, 6).
            voice: the same.
        """
        w = self.layers
        logs = np.log(np.stack([face, voice], axis=1))
        channels = np.concatenate([logs, np.exp(logs)], axis=-1) @ w["inwards"] + w["inwards_bias"] + w["names"][1:]
        gather = np.broadcast_to(w["names"][0], (len(face), 1, w["names"].shape[1]))
        tokens = np.concatenate([gather, channels], axis=1)
        tokens = tokens + self._attend(_normalised(tokens, w["norm_1"], w["norm_1_bias"]))
        first = tokens[:, 0]
        middle = np.maximum(_normalised(first, w["norm_2"], w["norm_2_bias"]) @ w["middle"] + w["middle_bias"], 0.0)
        first = first + middle @ w["back"] + w["back_bias"]
        logits = first @ w["outwards"] + w["outwards_bias"] + (w["powers"][:, None] * logs).sum(axis=1)
        return log_softmax(logits)

    def _attend(self, tokens: Floats) -> Floats:
        n, n_tokens, width = tokens.shape
        mixed = tokens @ self.layers["heads"] + self.layers["heads_bias"]
        asked, keys, values = (part.reshape(n, n_tokens, N_HEADS, width // N_HEADS).transpose(0, 2, 1, 3)
                               for part in np.split(mixed, 3, axis=-1))
        scores = asked @ keys.transpose(0, 1, 3, 2) / np.sqrt(width // N_HEADS)
        heard = softmax(scores) @ values
        return heard.transpose(0, 2, 1, 3).reshape(n, n_tokens, width) @ self.layers["joined"] \
            + self.layers["joined_bias"]


def choices(emotions: Floats) -> Floats:
    """Distributions over the eight, shape (n, 8), as ``Attention`` takes them: over ``CHOICES``, no zero."""
    rows = emotions[:, PLACES] + FLOOR
    return rows / rows.sum(axis=1, keepdims=True)


def load_attention(path: Path) -> Attention:
    """The network in a file.

    Raises:
        ModelFileError: it is no such network.
    """
    from safetensors.numpy import load_file

    try:
        layers = {name: array.astype(np.float64) for name, array in load_file(path).items()}
    except Exception as error:  # safetensors raises its own kind, and OSError
        raise ModelFileError(f"{path} can't be read ({error}): take the file of a full checkout") from error
    if set(layers) != set(SHAPES) or layers["outwards"].shape[1] != len(CHOICES):
        raise ModelFileError(f"{path} is no fusion network of this version: make one with python -m empathy evaluate "
                             "fusion RATINGS.csv --out DIR, or take the file of a full checkout")
    return Attention(layers=layers)


@cache
def bundled_attention() -> Attention | None:
    """The network that ships, loaded once; a broken file is said in the log, and the pool weighs alone."""
    try:
        return load_attention(WEIGHTS / FILE)
    except ModelFileError as error:
        logging.getLogger(__name__).error("face and voice are weighed without the transformer: %s", error)
        return None


def _normalised(rows: Floats, gain: Floats, bias: Floats) -> Floats:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5) * gain + bias
