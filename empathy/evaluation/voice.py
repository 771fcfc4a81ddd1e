"""``evaluate voice``: any voice engine on any labelled clips, through the path that live use takes.

Each clip is decoded, its speech found and joined, and the engine hears that. A clip in which no speech is found is
heard whole, since an answer is forced.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from ..audio.read_voice import MAX_TONE_S, voice_confidence
from ..audio.segment import is_clipped, joined, snr_db, spread
from ..capture.audio import load_sound
from ..errors import InputError, ModelRunError
from ..labels import HIGH_AROUSAL, LOW_AROUSAL, Label, label_of
from ..metrics import auc, ccc
from ..protocols import SpeechEngine, Tone, ToneEngine
from ..settings import Settings
from ..types import EMOTIONS, Affect, Samples, Span
from .manifest import Row, column, read_choice
from .scores import Answers, chosen, prior_to_take_out, score

log = logging.getLogger(__name__)
Progress = Callable[[Sequence[Row]], Iterable[Row]]
"""Shows a bar while the rows go by, such as ``tqdm``."""

WITH_CALM: tuple[Label, ...] = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""RAVDESS's classes: the choice where the table knows calm."""
AXES = ("arousal", "valence", "dominance")
STRONG = ("strong", "high", "hi", "02")
"""How tables write that an emotion was acted strongly."""
_NO_AFFECT = Affect(valence=0.0, arousal=0.0, dominance=0.0, valence_sd=1.0, arousal_sd=1.0, dominance_sd=1.0)


def evaluate_voice(
    manifest: Path, *, engine: ToneEngine, speech: SpeechEngine, settings: Settings, labels: Sequence[Label] = (),
    by: str = "", learnt_from: str = "", progress: Progress = iter,
) -> dict[str, Any]:
    """Measure an engine by forced choice: every row gets an answer, and one that can't be read counts as wrong.

    Args:
        manifest: CSV with ``path,label``; see ``read_manifest``. With the columns ``arousal``, ``valence``,
            ``dominance`` (in [-1, 1]) affect is measured too, on the rows where they are filled in.
        engine: hears emotions, affect or both; the figures of what it lacks are left out.
        speech: finds the speech.
        settings: limits for recordings, and the threshold below which the page abstains.
        labels: the only classes to choose from; rows with other labels, known or not, are left out. Empty: our eight,
            or RAVDESS's eight where a row is ``calm``. A choice with neutral and without calm counts calm as neutral.
            A narrower choice takes the prior out that the engine learnt (see ``prior_to_take_out``).
        by: a column; the figures are also given for each of its values.
        learnt_from: names of the files that the engine was trained on (see ``ModelSpec``).
        progress: wraps the rows.

    Returns:
        What ``score`` gives, with ``task, engine, n_left_out, n_no_speech, prior`` (``as learnt``, or ``equal`` where
        it was taken out), ``n_heard_in_training`` (rows whose file the engine was trained on: figures on those are
        contaminated), ``seconds, ms_per_item`` (speech detection and engine; reading the file is not counted), ``ccc``
        an axis where the table has any, and ``arousal_auc``: how well its arousal tells ``HIGH_AROUSAL`` (where the
        table has a column ``intensity``, at strong intensity) from ``LOW_AROUSAL``. What the page holds against its
        threshold is its confidence times the probability of the answer.

    Raises:
        InputError: the manifest can't be read, or leaves no rows.
    """
    start = time.perf_counter()
    rows, n_left_out = read_choice(manifest, tuple(dict.fromkeys(labels)))
    choice = tuple(dict.fromkeys(labels)) or choice_of(rows)
    groups = column(rows, by) if by else ()
    heard = [_hear(row, engine, speech, settings) for row in progress(rows)]
    tones = [one.tone for one in heard]
    found: dict[str, Any] = {
        "task": "voice", "engine": engine.name, "n_left_out": n_left_out,
        "n_no_speech": sum(one.is_silent for one in heard), "n": len(rows), "n_unread": tones.count(None),
        "n_heard_in_training": sum(bool(re.fullmatch(learnt_from, row.path.stem)) for row in rows)}
    if all(tone is None or tone.emotions is not None for tone in tones):
        prior = prior_to_take_out(engine, choice)
        found["prior"] = "as learnt" if prior is None else "equal"
        answers = _answers(rows, heard, choice, groups=groups, prior=prior)
        found |= score(answers, abstain_below=settings.abstain_voice)
    return {**found, **_affect(rows, tones), "seconds": round(time.perf_counter() - start, 3),
            "ms_per_item": round(float(np.mean([one.busy_s for one in heard])) * 1000.0, 3)}


def choice_of(rows: Sequence[Row]) -> tuple[Label, ...]:
    """The labels to choose from: our eight; RAVDESS's where a row is calm, and contempt where one is that too."""
    present = {row.label for row in rows}
    if "calm" not in present:
        return tuple(label_of(name) for name in EMOTIONS)
    return (*WITH_CALM, "contempt") if "contempt" in present else WITH_CALM


def shares(tone: Tone) -> Mapping[str, float]:
    """An engine's probabilities by label, calm taking its part of neutral.

    Raises:
        ValueError: it hears no emotions.
    """
    if tone.emotions is None:
        raise ValueError("this engine hears no emotions")
    values = dict(zip(EMOTIONS, tone.emotions.array().tolist(), strict=True))
    calm = values["neutral"] * (tone.calm or 0.0)
    return {**values, "calm": calm, "neutral": values["neutral"] - calm}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """One clip: what the engine heard (None: unread), the page's confidence, whether no speech was found, the time."""

    tone: Tone | None = None
    confidence: float = 0.0
    is_silent: bool = False
    busy_s: float = 0.0


def _hear(row: Row, engine: ToneEngine, speech: SpeechEngine, settings: Settings) -> _Heard:
    sound = open_sound(row.path, settings)
    if sound is None:
        return _Heard()
    begun = time.perf_counter()
    spans = speech.spans(sound)
    tone = read_speech_tone(sound, engine, spans, row.path)
    busy_s = time.perf_counter() - begun
    clipped = is_clipped(joined(sound, spans) if spans else sound)
    confidence = voice_confidence(sum(span.duration_s for span in spans), snr_db(sound, spans), clipped)
    return _Heard(tone=tone, confidence=confidence, is_silent=not spans, busy_s=busy_s)


def _answers(rows: Sequence[Row], heard: Sequence[_Heard], choice: Sequence[Label], *, groups: Sequence[str],
             prior: Mapping[str, float] | None) -> Answers:
    unread = np.full(len(choice), np.nan)
    told = [unread if one.tone is None else chosen(shares(one.tone), choice, prior) for one in heard]
    certainty = [0.0 if one.tone is None else one.confidence * row.max() for one, row in zip(heard, told, strict=True)]
    return Answers(labels=choice, truth=np.array([choice.index(row.label) for row in rows]),
                   probabilities=np.array(told), confidence=np.array(certainty), columns=groups)


def _affect(rows: Sequence[Row], tones: Sequence[Tone | None]) -> dict[str, Any]:
    """What the engine heard of affect against what the table holds; an unread clip counts as 0, the middle."""
    if any(tone is not None and tone.affect is None for tone in tones):
        return {}
    said = [_NO_AFFECT if tone is None or tone.affect is None else tone.affect for tone in tones]
    agreement = _concordance(rows, said)
    high = [row.label in HIGH_AROUSAL and row.columns.get("intensity", "strong").lower() in STRONG for row in rows]
    places = [i for i, row in enumerate(rows) if high[i] or row.label in LOW_AROUSAL]
    area = auc([high[i] for i in places], [said[i].arousal for i in places])
    return {**({"ccc": agreement} if agreement else {}), **({"arousal_auc": round(area, 5)} if isfinite(area) else {})}


def _concordance(rows: Sequence[Row], said: Sequence[Affect]) -> dict[str, float]:
    """Concordance on each axis that the table has."""
    found: dict[str, float] = {}
    for axis in AXES:
        at = [i for i, row in enumerate(rows) if row.columns.get(axis)]
        if not at:
            continue
        try:
            truth = [float(rows[i].columns[axis]) for i in at]
        except ValueError as error:
            raise InputError(f"the column {axis} must hold numbers in [-1, 1] ({error})") from error
        if not all(abs(value) <= 1.0 for value in truth):
            raise InputError(f"the column {axis} must hold numbers in [-1, 1]; it reaches from {min(truth):g} to "
                             f"{max(truth):g}: scale it")
        found[axis] = round(ccc(truth, [float(getattr(said[i], axis)) for i in at]), 5)
    return found
