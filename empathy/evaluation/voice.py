"""``evaluate voice``: any voice engine on any labelled clips, through the path that live use takes.

Each clip is decoded, its speech found and joined, and the engine hears that. A clip in which no speech is found is
heard whole, since an answer is forced.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..audio.read_voice import MAX_TONE_S, voice_confidence
from ..audio.segment import is_clipped, joined, snr_db, spread
from ..capture.audio import load_sound
from ..errors import InputError, ModelRunError
from ..labels import Label, label_of
from ..metrics import ccc
from ..protocols import SpeechEngine, Tone, ToneEngine
from ..settings import Settings
from ..types import EMOTIONS, Samples, Span
from .manifest import Row, column, read_manifest
from .scores import Answers, score

log = logging.getLogger(__name__)
Progress = Callable[[Sequence[Row]], Iterable[Row]]
"""Shows a bar while the rows go by, such as ``tqdm``."""

WITH_CALM: tuple[Label, ...] = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""RAVDESS's classes: the choice where the table knows calm."""
AXES = ("arousal", "valence", "dominance")


def evaluate_voice(
    manifest: Path, *, engine: ToneEngine, speech: SpeechEngine, settings: Settings, labels: Sequence[Label] = (),
    by: str = "", progress: Progress = iter,
) -> dict[str, Any]:
    """Measure an engine by forced choice: every row gets an answer, and one that can't be read counts as wrong.

    Args:
        manifest: CSV with ``path,label``; see ``read_manifest``. With the columns ``arousal``, ``valence``,
            ``dominance`` (in [-1, 1]) affect is measured too, on the rows where they are filled in.
        engine: hears emotions, affect or both; the figures of what it lacks are left out.
        speech: finds the speech.
        settings: limits for recordings, and the threshold below which the page abstains.
        labels: the only classes to choose from; rows with other labels are left out. Empty: our eight, or RAVDESS's
            eight where a row is ``calm``. A choice with neutral and without calm counts calm as neutral.
        by: a column; the figures are also given for each of its values.
        progress: wraps the rows.

    Returns:
        What ``score`` gives, with ``task, engine, n_left_out, n_no_speech, seconds, ms_per_item`` (speech detection
        and engine; reading the file is not counted), and ``ccc`` an axis where the table has any. Confidence is that
        of the page: how much, how clean the speech is.

    Raises:
        InputError: the manifest can't be read, or leaves no rows.
    """
    start = time.perf_counter()
    every = read_manifest(manifest)
    choice = tuple(dict.fromkeys(labels)) or choice_of(every)
    rows = _rows_within(every, choice)
    groups = column(rows, by) if by else ()
    tones, confidence, n_no_speech, busy_s = list[Tone | None](), np.zeros(len(rows)), 0, 0.0
    for i, row in enumerate(progress(rows)):
        sound = open_sound(row.path, settings)
        if sound is None:
            tones.append(None)
            continue
        begun = time.perf_counter()
        spans = speech.spans(sound)
        tones.append(read_speech_tone(sound, engine, spans, row.path))
        busy_s += time.perf_counter() - begun
        confidence[i] = _confidence(sound, spans)
        n_no_speech += not spans
    found: dict[str, Any] = {"task": "voice", "engine": engine.name, "n_left_out": len(every) - len(rows),
                             "n_no_speech": n_no_speech, "n": len(rows), "n_unread": tones.count(None)}
    if all(tone is None or tone.emotions is not None for tone in tones):
        found |= score(_answers(rows, tones, confidence, choice, groups), abstain_below=settings.abstain_voice)
    agreement = _concordance(rows, tones)
    return {**found, **({"ccc": agreement} if agreement else {}), "seconds": round(time.perf_counter() - start, 3),
            "ms_per_item": round(busy_s / len(rows) * 1000.0, 3)}


def choice_of(rows: Sequence[Row]) -> tuple[Label, ...]:
    """The labels to choose from: our eight; RAVDESS's where a row is calm, and contempt where one is that too."""
    present = {row.label for row in rows}
    if "calm" not in present:
        return tuple(label_of(name) for name in EMOTIONS)
    return (*WITH_CALM, "contempt") if "contempt" in present else WITH_CALM


def shares(tone: Tone, choice: Sequence[Label]) -> NDArray[np.float64]:
    """An engine's probabilities over the choice, shape (n_labels,), summing to 1; all alike where it gives them none.

    Where calm may be chosen it takes its part of neutral.
    """
    if tone.emotions is None:
        raise ValueError("this engine hears no emotions")
    values: dict[str, float] = dict(zip(EMOTIONS, tone.emotions.array().tolist(), strict=True))
    calm = values["neutral"] * (tone.calm or 0.0)
    if "calm" in choice:
        values = {**values, "calm": calm, "neutral": values["neutral"] - calm}
    found = np.array([values[label] for label in choice])
    return found / found.sum() if found.sum() > 0 else np.full(len(choice), 1.0 / len(choice))


def _rows_within(rows: Sequence[Row], choice: Sequence[Label]) -> tuple[Row, ...]:
    fold = "calm" not in choice and "neutral" in choice
    folded = (replace(row, label="neutral") if fold and row.label == "calm" else row for row in rows)
    within = tuple(row for row in folded if row.label in choice)
    if not within:
        raise InputError(f"the manifest has no row labelled {', '.join(choice)}; it has "
                         f"{', '.join(sorted({row.label for row in rows}))}")
    return within


def open_sound(path: Path, settings: Settings) -> Samples | None:
    try:
        return load_sound(path, settings)
    except InputError as error:
        log.warning("%s", error)
        return None


def read_speech_tone(sound: Samples, engine: ToneEngine, spans: tuple[Span, ...], path: Path) -> Tone | None:
    """What the engine hears in the speech, in the whole clip where none was found; None where it failed."""
    try:
        return engine.listen(spread(joined(sound, spans) if spans else sound, MAX_TONE_S))
    except ModelRunError as error:
        log.warning("%s: %s", path, error)
        return None


def _confidence(sound: Samples, spans: tuple[Span, ...]) -> float:
    speech_s = sum(span.duration_s for span in spans)
    return voice_confidence(speech_s, snr_db(sound, spans), is_clipped(joined(sound, spans) if spans else sound))


def _answers(rows: Sequence[Row], tones: Sequence[Tone | None], confidence: NDArray[np.float64],
             choice: Sequence[Label], groups: Sequence[str]) -> Answers:
    unread = np.full(len(choice), np.nan)
    probabilities = np.array([unread if tone is None else shares(tone, choice) for tone in tones])
    return Answers(labels=choice, truth=np.array([choice.index(row.label) for row in rows]),
                   probabilities=probabilities, confidence=confidence, columns=groups)


def _concordance(rows: Sequence[Row], tones: Sequence[Tone | None]) -> dict[str, float]:
    """Concordance on each axis that the table has; an unread clip counts as 0, the middle of the scale."""
    found: dict[str, float] = {}
    for axis in AXES:
        at = [i for i, row in enumerate(rows) if row.columns.get(axis)]
        if not at or any(tone is not None and tone.affect is None for tone in tones):
            continue
        try:
            truth = [float(rows[i].columns[axis]) for i in at]
        except ValueError as error:
            raise InputError(f"the column {axis} must hold numbers in [-1, 1] ({error})") from error
        said = [0.0 if (tone := tones[i]) is None else float(getattr(tone.affect, axis)) for i in at]
        found[axis] = round(ccc(truth, said), 5)
    return found
