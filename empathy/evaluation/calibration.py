"""Fits an engine's calibration on labelled data, and tells what it gains on people it was not fitted on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import metrics
from ..fusion.calibrate import crossed, fit_calibration, keep_calibration
from ..types import EMOTIONS
from .channel import Channel, Rows

LEAST_GAIN = 0.005
"""In nats, on people it was not fitted on: less is no reason to change an engine."""


def evaluate_calibration(task: str, engine: str, read: Channel, models_dir: Path, manifest: Path) -> dict[str, Any]:
    """Fit, measure in five folds (by the column ``speaker`` where there is one), and keep.

    Args:
        task: "face" or "voice".
        engine: the name under which it speaks.
        read: what the uncalibrated engine said of labelled items.
        models_dir: where ``calibration.json`` lies.
        manifest: named in the file.

    Returns:
        ``before`` and ``after`` (cross-fitted) with ``accuracy, log_loss, ece``; ``temperature``; ``kept``: the file,
        None where the log-loss did not fall by ``LEAST_GAIN``.
    """
    truth = np.array([EMOTIONS.index(label) for label in read.labels])
    people = np.array(list(read.people) or [str(i) for i in range(len(truth))])
    before, after = _figures(read.rows, truth), _figures(crossed(read.rows, truth, people), truth)
    calibration = fit_calibration(read.rows, truth)
    found = {"task": f"calibrate {task}", "engine": engine, "n": len(truth), "before": before, "after": after,
             "temperature": round(calibration.temperature, 3)}
    if after["log_loss"] > before["log_loss"] - LEAST_GAIN:
        return {**found, "kept": None}
    path = keep_calibration(models_dir, engine, calibration,
                            {"data": str(manifest.name), "n": len(truth), "before": before, "after": after})
    return {**found, "kept": str(path)}


def _figures(rows: Rows, truth: NDArray[np.int64]) -> dict[str, float]:
    said = rows.argmax(axis=1)
    losses = -np.log(np.clip(rows[np.arange(len(truth)), truth], 1e-4, None))
    return {"accuracy": round(metrics.accuracy(truth, said), 4), "log_loss": round(float(losses.mean()), 4),
            "ece": round(metrics.ece(rows.max(axis=1), said == truth), 4)}
