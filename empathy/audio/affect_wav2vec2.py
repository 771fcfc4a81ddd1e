"""Arousal, dominance and valence of a voice by audEERING's wav2vec2, trained on MSP-Podcast."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from ..errors import ModelFileError
from ..protocols import Tone
from ..registry import HubFile, ModelSpec
from ..settings import Settings
from ..types import Affect, Samples
from .device import pick_device
from .wav2vec2 import FILES, Wav2Vec2, load_wav2vec2

NAME = "msp-dim"
REPO = "audeering/wav2vec2-large-robust-12-ft-emotion-msp-dim"
REVISION = "8e3d0e563eeab584c131afcb65641492b14be7fb"
HEAD = ("classifier.dense.weight", "classifier.dense.bias", "classifier.out_proj.weight", "classifier.out_proj.bias")
AXES = ("valence", "arousal", "dominance")

SPREAD = {"valence": 0.30, "arousal": 0.25, "dominance": 0.27}
"""Standard deviation on [-1, 1]: what the published CCC (0.638, 0.745, 0.655 on MSP-Podcast) leaves of ratings that
spread by about 0.3, with a quarter added for other rooms and voices. Not measured by us."""


class Wav2Vec2Affect:
    """A ``ToneEngine`` that hears affect alone.

    Head: mean over time, dense, tanh, out_proj; its outputs lie around 0 to 1 and are mapped to [-1, 1] by 2 x - 1. Its
    valence leans on what is said as well as on how.

    Source: Wagner et al. 2023, "Dawn of the transformer era in speech emotion recognition", IEEE TPAMI;
    https://huggingface.co/audeering/wav2vec2-large-robust-12-ft-emotion-msp-dim, CC BY-NC-SA 4.0.
    """

    def __init__(self, model: Wav2Vec2) -> None:
        if set(model.labels) != set(AXES):
            raise ModelFileError(f"{NAME} must name the outputs {', '.join(AXES)}; its config.json names "
                                 f"{', '.join(model.labels) or 'none'}")
        self._model = model
        self.name = f"{NAME}@{REVISION[:7]}"

    def listen(self, speech: Samples) -> Tone:
        """``speech``: at least 0.3 s; of more than 20 s, windows spread evenly are heard."""
        model = self._model
        outputs = model.two_layers(model.hidden_states(speech), "classifier.dense", "classifier.out_proj")
        axes = {label: float(np.clip(2.0 * value - 1.0, -1.0, 1.0))
                for label, value in zip(model.labels, outputs, strict=True)}
        return Tone(emotions=None, affect=Affect(
            valence=axes["valence"], arousal=axes["arousal"], dominance=axes["dominance"],
            valence_sd=SPREAD["valence"], arousal_sd=SPREAD["arousal"], dominance_sd=SPREAD["dominance"]))


def spec(settings: Settings) -> ModelSpec[Wav2Vec2Affect]:
    """The engine on the device and threads of the settings."""
    return ModelSpec(
        name=NAME, stage="affect", tier="full", source=HubFile(repo=REPO, files=FILES, revision=REVISION),
        licence="CC BY-NC-SA 4.0", size_mb=661, load=partial(_load, settings),
        about="arousal, dominance and valence of a voice, trained on MSP-Podcast 1.7", package="transformers")


def _load(settings: Settings, paths: tuple[Path, ...]) -> Wav2Vec2Affect:
    device = pick_device(settings.device, settings.n_threads)
    return Wav2Vec2Affect(load_wav2vec2(paths, HEAD, device, NAME))
