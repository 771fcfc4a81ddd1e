"""Makes an engine's probabilities calibrated ones over our eight emotions: a temperature, and a map of its labels.

``python -m empathy evaluate face|voice MANIFEST.csv --calibrate`` fits both on labelled data and keeps them in
``calibration.json`` in the models folder, under the engine's name; from then on the engine speaks through them,
wherever it is asked. The networks that ship are calibrated within their files and need none; engines whose weights come
later do, and those that lack emotions: an engine of four gives the others 0, as if it had ruled them out.

Source: temperature scaling, C. Guo et al., "On calibration of modern neural networks", ICML 2017.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..affect import affect_of
from ..protocols import ExpressionEngine, Tone, ToneEngine
from ..types import EMOTIONS, Emotions, Picture, Samples

Rows = NDArray[np.float64]
T = TypeVar("T")

FILE = "calibration.json"
FLOOR = 1e-4
"""Added to each probability before the logarithm."""

N_STEPS, OFF_DIAGONAL = 60, 0.02
"""Steps of the fit of the map, and what each label is first taken to mean beside itself."""

PRIOR_ITEMS = 20.0
"""The map counts so many items a label as if they were right, so that few labelled ones change little."""

TEMPERATURES = np.exp(np.linspace(np.log(0.25), np.log(8.0), 121))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """``labels`` has shape (8, 8): row s tells what is true, and how often, where the engine says s."""

    temperature: float
    labels: Rows

    def __call__(self, rows: Rows) -> Rows:
        """Distributions, shape (n, 8), calibrated."""
        powers = (rows + FLOOR) ** (1.0 / self.temperature)
        return powers / powers.sum(axis=1, keepdims=True) @ self.labels


def fit_calibration(rows: Rows, truth: NDArray[np.int64]) -> Calibration:
    """The temperature of the least log-loss, then the likeliest map (by expectation and maximisation: each item's truth
    is shared out among the labels that could have meant it).

    Args:
        rows: what the engine said, shape (n, 8).
        truth: places among ``EMOTIONS``, shape (n,).
    """
    same = np.eye(len(EMOTIONS))
    start = (1.0 - OFF_DIAGONAL) * same + OFF_DIAGONAL / len(EMOTIONS)
    losses = [_loss(Calibration(temperature=float(each), labels=start)(rows), truth) for each in TEMPERATURES]
    scaled = Calibration(temperature=float(TEMPERATURES[int(np.argmin(losses))]), labels=same)
    seen, labels = scaled(rows), start
    for _ in range(N_STEPS):
        shares = same[truth] / np.maximum(seen @ labels, FLOOR)
        counts = labels * (seen.T @ shares) + PRIOR_ITEMS * same
        labels = counts / counts.sum(axis=1, keepdims=True)
    return replace(scaled, labels=labels)


def crossed(rows: Rows, truth: NDArray[np.int64], people: NDArray[np.str_], n_folds: int = 5) -> Rows:
    """Each item as a calibration fitted on other people's makes it, shape (n, 8)."""
    names = sorted(set(people.tolist()))
    fold = np.array([names.index(str(name)) % n_folds for name in people])
    after = rows.copy()
    for number in range(n_folds):
        held = fold == number
        if held.any() and not held.all():
            after[held] = fit_calibration(rows[~held], truth[~held])(rows[held])
    return after


def read_calibrations(models_dir: Path) -> dict[str, Calibration]:
    """What the models folder holds, by engine name; a broken file is said in the log and counts as none."""
    path = models_dir / FILE
    if not path.is_file():
        return {}
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {name: _from_card(card) for name, card in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        logging.getLogger(__name__).error("%s can't be read (%s): engines speak uncalibrated", path, error)
        return {}


def keep_calibration(models_dir: Path, engine: str, calibration: Calibration, about: Mapping[str, Any]) -> Path:
    """Write it beside those of other engines; ``about`` tells data and figures."""
    path = models_dir / FILE
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if read_calibrations(models_dir) else {}
    kept[engine] = {"temperature": calibration.temperature, "labels": np.round(calibration.labels, 5).tolist(), **about}
    models_dir.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return path


class CalibratedExpression:
    """An ``ExpressionEngine`` through its calibration; ``raw`` is the engine itself."""

    def __init__(self, raw: ExpressionEngine, calibration: Calibration) -> None:
        self.raw = raw
        self.name = raw.name
        self.crop_scale = raw.crop_scale
        self._calibration = calibration

    def express(self, crop: Picture) -> Emotions:
        """See ``ExpressionEngine``."""
        return Emotions.of(self._calibration(self.raw.express(crop).array()[None])[0])


class CalibratedTone:
    """A ``ToneEngine`` through its calibration; affect of its own is left as it is, and taken off the emotions anew
    where it was."""

    def __init__(self, raw: ToneEngine, calibration: Calibration) -> None:
        self.raw = raw
        self.name = raw.name
        self._calibration = calibration

    def listen(self, speech: Samples) -> Tone:
        """See ``ToneEngine``."""
        tone = self.raw.listen(speech)
        if tone.emotions is None:
            return tone
        emotions = Emotions.of(self._calibration(tone.emotions.array()[None])[0])
        same = tone.affect is not None and tone.affect == affect_of(tone.emotions)
        return replace(tone, emotions=emotions, affect=affect_of(emotions) if same else tone.affect)


def calibrated(stage: str, engine: T, calibrations: Mapping[str, Calibration]) -> T:
    """The engine as it should speak: through its calibration, where there is one."""
    calibration = calibrations.get(getattr(engine, "name", ""))
    if calibration is None or stage not in ("expression", "tone", "affect"):
        return engine
    made: Any = CalibratedExpression if stage == "expression" else CalibratedTone
    return made(engine, calibration)


def uncalibrated(engine: T) -> T:
    """The engine itself."""
    return engine.raw if isinstance(engine, CalibratedExpression | CalibratedTone) else engine  # type: ignore[return-value]  # raw is what was wrapped


def _from_card(card: Mapping[str, Any]) -> Calibration:
    labels = np.array(card["labels"], dtype=np.float64)
    temperature = float(card["temperature"])
    if labels.shape != (8, 8) or not np.allclose(labels.sum(axis=1), 1.0, atol=1e-3) or not temperature > 0:
        raise ValueError("a calibration holds a temperature above 0 and eight rows of eight that sum to 1")
    return Calibration(temperature=temperature, labels=labels)


def _loss(rows: Rows, truth: NDArray[np.int64]) -> float:
    return float(-np.log(np.clip(rows[np.arange(len(truth)), truth], 1e-12, None)).mean())
