"""From trained members to the one file that ships: calibration on validation pictures, export, half-size storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..logits import log_softmax
from ..metrics import accuracy
from ..types import EMOTIONS
from .onnx_export import held_prior, write_onnx

Floats = NDArray[np.float64]

ACCURACY_GIVEN = 0.005
"""Accuracy that is given for finding rare emotions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """``prior_share`` of the log prior is added to the balanced scores: 0 believes all emotions alike, 1 believes them
    as common as in the training pictures. Then the scores are divided by ``temperature``."""

    prior_share: float
    temperature: float


def calibrate(balanced: Floats, majority: NDArray[np.int64], log_prior: Floats) -> Calibration:
    """Choose the share of the prior, then the temperature by likelihood.

    The share is the smallest that costs at most ``ACCURACY_GIVEN`` of the best accuracy: a smaller share finds more of
    the rare emotions and mistakes more of the common ones for them.

    Args:
        balanced: scores on validation pictures, shape (n, 8).
        majority: the label of each, shape (n,).
        log_prior: of the training labels, shape (8,).
    """
    shares = np.linspace(0.0, 1.0, 21)
    accuracies = np.array([accuracy(majority, (balanced + share * log_prior).argmax(1)) for share in shares])
    share = float(shares[accuracies >= accuracies.max() - ACCURACY_GIVEN][0])
    temperatures = np.exp(np.linspace(np.log(0.3), np.log(3.0), 200))
    losses = [_loss((balanced + share * log_prior) / t, majority) for t in temperatures]
    return Calibration(prior_share=share, temperature=float(temperatures[int(np.argmin(losses))]))


def export(members: Sequence[Any], calibration: Calibration, log_prior: Floats, path: Path, version: str) -> None:
    """Write one ONNX file that answers with calibrated probabilities; its weights are stored in 16 bits.

    Args:
        members: trained ``ExpressionNetwork``s, whose scores are averaged.
        calibration: what ``calibrate`` chose.
        log_prior: of the training labels, shape (8,).
        path: file to write, renamed into place when whole.
        version: goes into the engine's name.
    """
    import torch

    from ..vision.expression_network import CalibratedExpression

    offset = torch.tensor(calibration.prior_share * log_prior)
    whole = CalibratedExpression([member.cpu() for member in members], offset, calibration.temperature).eval()
    write_onnx(whole, torch.zeros(2, 1, 48, 48), path, reads="grey", answers=["probabilities"],
               axes={"grey": {0: "n"}, "probabilities": {0: "n"}}, classes=EMOTIONS, version=version,
               prior=held_prior(np.exp(log_prior), calibration.prior_share / calibration.temperature))


def _loss(scores: Floats, majority: NDArray[np.int64]) -> float:
    return float(-log_softmax(scores)[np.arange(len(scores)), majority].mean())
