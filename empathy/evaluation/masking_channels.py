"""What the page's engines say of labelled faces and voices, for ``evaluate masking``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..labels import Label, label_of
from ..protocols import ExpressionEngine, FaceFinder, SpeechEngine, ToneEngine
from ..settings import Settings
from ..types import EMOTIONS, Emotion, Emotions
from .channel import Channel, Rows
from .face import open_picture, read_expression
from .manifest import Row, read_manifest
from .voice import open_sound, read_speech_tone
from .votes import among_eight, read_votes

Progress = Callable[[Sequence[Row]], Iterable[Row]]


def face_channel(manifest: Path, engine: ExpressionEngine, finder: FaceFinder | None, settings: Settings,
                 progress: Progress = iter) -> Channel:
    """Expressions of labelled pictures (``path,label``); None as finder: they are face crops. Unread ones are left out.
    A manifest that gives the probabilities itself is believed (see ``given``).

    Raises:
        InputError: the manifest can't be read, or none of its pictures could.
    """
    rows = read_manifest(manifest)
    if (told := given(rows)) is not None:
        return told
    found: list[tuple[Row, Rows]] = []
    for row in progress(rows):
        picture = open_picture(row.path, settings)
        read = None if picture is None else read_expression(picture, engine, finder, settings, row.path)
        if read is not None:
            found.append((row, read[0]))
    return _channel(manifest, found)


def voice_channel(manifest: Path, engine: ToneEngine, speech: SpeechEngine, settings: Settings,
                  progress: Progress = iter) -> Channel:
    """Tones of labelled clips (``path,label``), over their speech. Unread ones are left out. A manifest that gives the
    probabilities itself is believed (see ``given``).

    Raises:
        InputError: the manifest can't be read, or none of its clips could.
    """
    rows = read_manifest(manifest)
    if (told := given(rows)) is not None:
        return told
    found: list[tuple[Row, Rows]] = []
    for row in progress(rows):
        sound = open_sound(row.path, settings)
        tone = None if sound is None else read_speech_tone(sound, engine, speech.spans(sound), row.path)
        if tone is not None and tone.emotions is not None:
            found.append((row, tone.emotions.array()))
    return _channel(manifest, found)


def given(rows: Sequence[Row]) -> Channel | None:
    """Probabilities that a manifest holds itself, in columns ``p_angry`` to ``p_surprise``: those of another engine, or
    of ours on clips that it has not learnt from. None where a column is absent.

    Raises:
        InputError: a value is no weight.
    """
    if not all(f"p_{name}" in row.columns for row in rows for name in EMOTIONS):
        return None
    try:
        told = [Emotions.of({name: float(row.columns[f"p_{name}"]) for name in EMOTIONS}).array() for row in rows]
    except ValueError as error:
        raise InputError(f"the columns p_angry to p_surprise must hold weights of 0 and up: {error}") from error
    return _channel_of(rows, np.array(told))


def human_channels(ratings: Path) -> tuple[Channel, Channel]:
    """What about ten people saw in each face, and about ten heard in each voice, of the same clips (CREMA-D): the
    reference that any engine is held against. Labels are the emotions the actors meant.

    Raises:
        InputError: the table can't be read.
    """
    votes = read_votes(ratings)
    meant: list[Emotion] = [_emotion(label_of(name)) for name in votes.meant]
    names = [str(i) for i in range(len(meant))]
    face, voice = (Channel(rows=among_eight(rows), labels=meant, names=names) for rows in (votes.face, votes.voice))
    return face, voice


def _channel(manifest: Path, found: Sequence[tuple[Row, Rows]]) -> Channel:
    if not found:
        raise InputError(f"nothing in {manifest} could be read")
    return _channel_of([row for row, _ in found], np.array([read for _, read in found]))


def _channel_of(rows: Sequence[Row], read: Rows) -> Channel:
    """People are told by a column ``speaker``, where every row has it."""
    people = [row.columns.get("speaker", "") for row in rows]
    return Channel(rows=read, labels=[_emotion(row.label) for row in rows], names=[str(row.path) for row in rows],
                   people=people if all(people) else ())


def _emotion(label: Label) -> Emotion:
    return "neutral" if label == "calm" else EMOTIONS[EMOTIONS.index(label)]
