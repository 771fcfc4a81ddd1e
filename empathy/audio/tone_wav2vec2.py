"""Emotions of a voice by two published wav2vec2 classifiers, each with the head it was trained with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelFileError
from ..logits import softmax
from ..protocols import Tone
from ..registry import HubFile, ModelSpec
from ..settings import Settings
from ..types import Emotion, Emotions, Samples
from .device import pick_device
from .wav2vec2 import FILES, Wav2Vec2, load_wav2vec2

OURS: dict[str, Emotion] = {
    "neu": "neutral", "hap": "happy", "ang": "angry",
    "angry": "angry", "calm": "neutral", "disgust": "disgust", "fearful": "fear", "happy": "happy",
    "neutral": "neutral", "sad": "sad", "surprised": "surprise",
}
"""Labels of the two checkpoints, as their config.json writes them, and ours."""
CALM = "calm"

SUPERB = "superb"
SUPERB_REPO = "superb/wav2vec2-base-superb-er"
SUPERB_REVISION = "441a7599c3b22107314dcbd9166621c5c83f2cc5"
SUPERB_HEAD = ("layer_weights", "projector.weight", "projector.bias", "classifier.weight", "classifier.bias")

EHCALABRES = "ehcalabres"
EHCALABRES_REPO = "ehcalabres/wav2vec2-lg-xlsr-en-speech-emotion-recognition"
EHCALABRES_REVISION = "73dd94db3acfb5178cfaef7b6ab0bb8e3851f195"
EHCALABRES_HEAD = ("classifier.dense.weight", "classifier.dense.bias", "classifier.output.weight",
                   "classifier.output.bias")


Head = Callable[[Wav2Vec2, Samples], NDArray[np.float64]]
"""From speech to logits, shape (n_labels,)."""


class Wav2Vec2Tone:
    """A ``ToneEngine`` that hears emotions alone, with the head it is given."""

    def __init__(self, model: Wav2Vec2, head: Head, name: str) -> None:
        unknown = sorted(set(model.labels) - set(OURS))
        if unknown or not model.labels:
            raise ModelFileError(f"{name} has labels that are not known ({', '.join(unknown) or 'none at all'}); "
                                 f"known are {', '.join(OURS)}: its config.json is not the published one")
        self._model = model
        self._head = head
        self.name = name

    def listen(self, speech: Samples) -> Tone:
        """``speech``: at least 0.3 s; of more than 20 s, windows spread evenly are heard."""
        logits = self._head(self._model, speech)
        shares = softmax(logits)
        weights: dict[str, float] = {}
        for label, share in zip(self._model.labels, shares.tolist(), strict=True):
            weights[OURS[label]] = weights.get(OURS[label], 0.0) + share
        calm = None
        if CALM in self._model.labels and weights["neutral"] > 0:
            calm = float(shares[self._model.labels.index(CALM)]) / weights["neutral"]
        return Tone(emotions=Emotions.of(weights), affect=None, calm=calm)


def superb_logits(model: Wav2Vec2, speech: Samples) -> NDArray[np.float64]:
    """Neutral, happy, angry, sad: the layers weighted, projected, averaged over time, classified.

    Source: Yang et al. 2021, SUPERB; https://huggingface.co/superb/wav2vec2-base-superb-er, Apache-2.0, trained on
    IEMOCAP.
    """
    import torch

    states = model.hidden_states(speech)
    with torch.inference_mode():
        shares = torch.softmax(model.head["layer_weights"], dim=-1)
        mixed = (torch.stack(states) * shares[:, None, None, None]).sum(dim=0)
        pooled = model.linear(mixed, "projector").mean(dim=1)
        return model.linear(pooled, "classifier")[0].double().cpu().numpy()


def ehcalabres_logits(model: Wav2Vec2, speech: Samples) -> NDArray[np.float64]:
    """The eight emotions of RAVDESS, calm among them: mean over time, dense, tanh, output.

    The repository keeps no code of its head. The tanh is that of the class such heads were trained with at the time
    (Wav2Vec2ForSpeechClassification); others who scored the candidates on RAVDESS found 92 to 93 % for tanh, for no
    activation and for a rectifier alike.

    Source: https://huggingface.co/ehcalabres/wav2vec2-lg-xlsr-en-speech-emotion-recognition, Apache-2.0, trained on
    RAVDESS (so that its accuracy there says nothing).
    """
    return model.two_layers(model.hidden_states(speech), "classifier.dense", "classifier.output")


def superb_spec(settings: Settings) -> ModelSpec[Wav2Vec2Tone]:
    """Four emotions, on the device and threads of the settings."""
    return ModelSpec(
        name=SUPERB, stage="tone", tier="full", licence="Apache-2.0", size_mb=378, load=partial(_superb, settings),
        source=HubFile(repo=SUPERB_REPO, files=FILES, revision=SUPERB_REVISION),
        about="neutral, happy, angry, sad; trained on IEMOCAP",
        package="transformers")


def ehcalabres_spec(settings: Settings) -> ModelSpec[Wav2Vec2Tone]:
    """Eight emotions, on the device and threads of the settings."""
    return ModelSpec(
        name=EHCALABRES, stage="tone", tier="full", licence="Apache-2.0", size_mb=1266,
        load=partial(_ehcalabres, settings),
        source=HubFile(repo=EHCALABRES_REPO, files=FILES, revision=EHCALABRES_REVISION),
        about="the emotions of RAVDESS, with calm; trained on RAVDESS", package="transformers",
        learnt_from=r"03-0[12](-\d\d){5}")


def _superb(settings: Settings, paths: tuple[Path, ...]) -> Wav2Vec2Tone:
    device = pick_device(settings.device, settings.n_threads)
    model = load_wav2vec2(paths, SUPERB_HEAD, device, SUPERB)
    return Wav2Vec2Tone(model, superb_logits, f"{SUPERB}@{SUPERB_REVISION[:7]}")


def _ehcalabres(settings: Settings, paths: tuple[Path, ...]) -> Wav2Vec2Tone:
    device = pick_device(settings.device, settings.n_threads)
    model = load_wav2vec2(paths, EHCALABRES_HEAD, device, EHCALABRES)
    return Wav2Vec2Tone(model, ehcalabres_logits, f"{EHCALABRES}@{EHCALABRES_REVISION[:7]}")
