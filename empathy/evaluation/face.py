"""``evaluate face``: any expression engine on any labelled pictures."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..capture.image import load_picture
from ..errors import InputError, ModelRunError
from ..labels import Label, label_of
from ..protocols import ExpressionEngine, FaceFinder
from ..settings import Settings
from ..types import EMOTIONS, Picture
from ..vision.read_face import read_faces
from .manifest import Row, column, read_choice
from .scores import Answers, chosen, prior_to_take_out, score

log = logging.getLogger(__name__)
Progress = Callable[[Sequence[Row]], Iterable[Row]]
"""Shows a bar while the rows go by, such as ``tqdm``."""


def evaluate_face(
    manifest: Path, *, engine: ExpressionEngine, finder: FaceFinder | None, settings: Settings,
    labels: Sequence[Label] = (), by: str = "", progress: Progress = iter,
) -> dict[str, Any]:
    """Measure an engine by forced choice: every row gets an answer, and one that can't be read counts as wrong.

    Args:
        manifest: CSV with ``path,label``; see ``read_manifest``. ``calm`` counts as neutral.
        engine: reads the expression.
        finder: finds the main face of each picture; None: the pictures are face crops already (grey or colour, 48 px
            and up).
        settings: limits for pictures, and the threshold below which the page abstains.
        labels: the only classes to choose from; rows with other labels, known or not, are left out. Empty: all
            eight. A narrower choice takes the prior out that the engine learnt (see ``prior_to_take_out``).
        by: a column; the figures are also given for each of its values.
        progress: wraps the rows.

    Returns:
        What ``score`` gives, with ``task, engine, n_left_out, prior`` (``as learnt``, or ``equal`` where it was taken
        out), ``seconds, ms_per_item`` (engine and, for whole pictures, finder; reading the file is not counted).
        Confidence is that of the page for whole pictures, and the probability of the answer for crops, which have no
        detector.

    Raises:
        InputError: the manifest can't be read, or leaves no rows.
    """
    start = time.perf_counter()
    named: tuple[Label, ...] = tuple(dict.fromkeys(_expression(label) for label in labels))
    rows, n_left_out = read_choice(manifest, named)
    choice = named or tuple(label_of(name) for name in EMOTIONS)
    groups = column(rows, by) if by else ()
    prior = prior_to_take_out(engine, choice)
    probabilities, confidence, busy_s = np.full((len(rows), len(choice)), np.nan), np.zeros(len(rows)), 0.0
    for i, row in enumerate(progress(rows)):
        picture = open_picture(row.path, settings)
        begun = time.perf_counter()
        found = None if picture is None else read_expression(picture, engine, finder, settings, row.path)
        busy_s += time.perf_counter() - begun
        if found is not None:
            probabilities[i] = chosen(dict(zip(EMOTIONS, found[0].tolist(), strict=True)), choice, prior)
            confidence[i] = found[1] if finder else probabilities[i].max()
    truth = np.array([choice.index(_expression(row.label)) for row in rows])
    answers = Answers(labels=choice, truth=truth, probabilities=probabilities, confidence=confidence, columns=groups)
    return {
        "task": "face", "engine": engine.name, "crops": finder is None, "n_left_out": n_left_out,
        "prior": "as learnt" if prior is None else "equal", **score(answers, abstain_below=settings.abstain_face),
        "seconds": round(time.perf_counter() - start, 3), "ms_per_item": round(busy_s / len(rows) * 1000.0, 3),
    }


def _expression(label: Label) -> Label:
    return "neutral" if label == "calm" else label


def open_picture(path: Path, settings: Settings) -> Picture | None:
    try:
        return load_picture(path, settings)
    except InputError as error:
        log.warning("%s", error)
        return None


def read_expression(
    picture: Picture, engine: ExpressionEngine, finder: FaceFinder | None, settings: Settings, path: Path
) -> tuple[NDArray[np.float64], float] | None:
    """Probabilities of the eight emotions and the page's confidence; None where no face was found or an engine
    failed."""
    try:
        if finder is None:
            return engine.express(_square(picture)).array(), 0.0
        faces = read_faces(picture, finder.find(picture), engine, max_faces=1, abstain_below=settings.abstain_face)
    except ModelRunError as error:
        log.warning("%s: %s", path, error)
        return None
    if not faces:
        log.warning("%s: no face was found in it", path)
        return None
    return faces[0].emotions.array(), faces[0].confidence


def _square(picture: Picture) -> Picture:
    """A crop that is not square gets its border repeated on the shorter sides, so that no face is stretched."""
    height, width = picture.shape[:2]
    missing = abs(height - width)
    ends = (missing // 2, missing - missing // 2)
    pads = ((0, 0), ends) if width < height else (ends, (0, 0))
    return np.pad(picture, (*pads, (0, 0)), mode="edge") if missing else picture
