"""The compact voice engine: several small networks in one ONNX file, trained by ``python -m empathy train voice``.

It ships, works offline and needs no torch. The file takes ``features`` (n_windows, n_frames, 68) as ``voice_features``
gives them and returns, a window, calibrated ``probabilities`` over ``CLASSES`` and ``affect`` (valence, arousal,
dominance) with ``affect_sd``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelRunError
from ..network_file import open_network
from ..protocols import Tone
from ..registry import Bundled, ModelSpec
from ..types import SAMPLE_RATE_HZ, Affect, Emotions, Samples
from .logmel import voice_features

CLASSES = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""What the network tells apart: RAVDESS's eight, in the names of ``EMOTIONS``; calm is a kind of neutral."""

SHORTEST_FRAMES = 60
"""Shorter speech is repeated until it is this long, as in training."""
WINDOW_S, HOP_S = 3.0, 2.0
"""Longer speech is heard in windows, whose answers are averaged."""
MOST_WINDOWS = 40
"""A minute in full; beyond that, as many windows spread evenly."""


class CompactTone:
    """A ``ToneEngine`` that ``KnowsPrior``. It holds no state: one serves all visitors and threads."""

    def __init__(self, session: Any, name: str, prior: Mapping[str, float]) -> None:
        self._session = session
        self.name = name
        self.prior = prior

    def listen(self, speech: Samples) -> Tone:
        """Emotions, the share of neutral that is calm, and affect of the speech spans joined.

        Raises:
            ModelRunError: the network failed.
        """
        probabilities, affect, affect_sd = self.hear(speech)
        calm = float(probabilities[CLASSES.index("calm")])
        neutral = calm + float(probabilities[CLASSES.index("neutral")])
        valence, arousal, dominance = (float(value) for value in np.clip(affect, -1.0, 1.0))
        valence_sd, arousal_sd, dominance_sd = (float(value) for value in affect_sd)
        return Tone(
            emotions=fold(probabilities), calm=calm / neutral if neutral > 0 else 0.0,
            affect=Affect(valence=valence, arousal=arousal, dominance=dominance,
                          valence_sd=valence_sd, arousal_sd=arousal_sd, dominance_sd=dominance_sd))

    def hear(self, speech: Samples) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """The network's own answer, averaged over windows.

        Returns:
            Probabilities over ``CLASSES``, shape (8,); affect and its standard deviation (within windows and between
            them), each of shape (3,) in the order valence, arousal, dominance.
        """
        try:
            found = self._session.run(["probabilities", "affect", "affect_sd"], {"features": windows(speech)})
        except Exception as error:  # onnxruntime raises its own kinds
            raise ModelRunError(f"the compact voice network failed on this sound: {error}") from error
        probabilities, affect, affect_sd = (np.asarray(value, dtype=np.float64) for value in found)
        spread = np.sqrt(np.mean(affect_sd**2, axis=0) + affect.var(axis=0))
        mean = probabilities.mean(axis=0)
        return mean / mean.sum(), affect.mean(axis=0), spread


def windows(speech: Samples) -> NDArray[np.float32]:
    """Features of the windows that the network hears, shape (n_windows, n_frames, 68); all have the same length."""
    length, hop = round(WINDOW_S * SAMPLE_RATE_HZ), round(HOP_S * SAMPLE_RATE_HZ)
    if speech.size <= length:
        features = voice_features(speech)
        n_repeats = -(-SHORTEST_FRAMES // len(features))
        return np.tile(features, (n_repeats, 1))[None]
    count = min(MOST_WINDOWS, 1 + -(-(speech.size - length) // hop))
    starts = np.linspace(0, speech.size - length, count).astype(np.int64)
    return np.stack([voice_features(speech[start:start + length]) for start in starts])


def fold(probabilities: NDArray[np.float64]) -> Emotions:
    """Our eight emotions out of ``CLASSES``: calm counts as neutral, contempt is 0."""
    weights: dict[str, float] = {}
    for heard, probability in zip(CLASSES, probabilities, strict=True):
        name = "neutral" if heard == "calm" else heard
        weights[name] = weights.get(name, 0.0) + float(probability)
    return Emotions.of(weights)


def load_file(path: Path) -> CompactTone:
    """The engine in an ONNX file.

    Raises:
        ModelFileError: it is a network of another kind.
    """
    network = open_network(path, CLASSES, "voice")
    return CompactTone(network.session, f"voice-compact@{network.version}", network.prior)


SPEC: ModelSpec[CompactTone] = ModelSpec(
    name="voice-compact", stage="tone", tier="compact", source=Bundled(files=("voice.onnx",)),
    licence="CC BY-NC-SA 4.0 (trained on RAVDESS)", load=lambda paths: load_file(paths[0]),
    about="eight tones of a voice and its affect, small networks averaged; needs no download",
    learnt_from=r"03-01(-\d\d){4}-(0[1-9]|1[0-8])")
