"""From trained members to the one file that ships: calibration on clips they had not heard, export, 16-bit storage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..audio.logmel import N_FEATURES
from ..audio.tone_compact import CLASSES, SHORTEST_FRAMES
from ..audio.tone_network import CalibratedVoice, VoiceNetwork
from ..logits import log_softmax
from .onnx_export import held_prior, write_onnx

Floats = NDArray[np.float64]


def temperature_of(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature under which held-out log-probabilities, shape (n, 8), make the labels likeliest.

    Source: Guo et al. 2017, temperature scaling.
    """
    choices = np.exp(np.linspace(np.log(0.4), np.log(4.0), 200))
    losses = [-log_softmax(scores / t)[np.arange(len(labels)), labels].mean() for t in choices]
    return float(choices[int(np.argmin(losses))])


def export(members: Sequence[VoiceNetwork], path: Path, *, temperature: float, residual_sd: Sequence[float],
           prior: Floats, version: str) -> None:
    """Write one ONNX file that answers with calibrated probabilities, affect and its standard deviation.

    Args:
        members: trained networks, whose answers are averaged.
        path: file to write, renamed into place when whole.
        temperature: what ``temperature_of`` chose.
        residual_sd: error on valence, arousal and dominance for clips not heard in training.
        prior: how common each class was among the clips, shape (8,).
        version: goes into the engine's name.
    """
    whole = CalibratedVoice([member.cpu() for member in members], temperature, residual_sd).eval()
    names = ["probabilities", "affect", "affect_sd"]
    axes = {"features": {0: "windows", 1: "frames"}, **{name: {0: "windows"} for name in names}}
    write_onnx(whole, torch.zeros(2, SHORTEST_FRAMES, N_FEATURES), path, reads="features", answers=names, axes=axes,
               classes=CLASSES, version=version, prior=held_prior(prior, 1.0 / temperature))
