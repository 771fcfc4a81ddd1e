"""What the page's engines say of labelled faces and voices, for ``evaluate masking``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..labels import Label
from ..protocols import ExpressionEngine, FaceFinder, SpeechEngine, ToneEngine
from ..settings import Settings
from ..types import EMOTIONS, Emotion
from .face import open_picture, read_expression
from .manifest import Row, read_manifest
from .masking import Channel, Rows
from .voice import open_sound, read_speech_tone

Progress = Callable[[Sequence[Row]], Iterable[Row]]


def face_channel(manifest: Path, engine: ExpressionEngine, finder: FaceFinder | None, settings: Settings,
                 progress: Progress = iter) -> Channel:
    """Expressions of labelled pictures (``path,label``); None as finder: they are face crops. Unread ones are left out.

    Raises:
        InputError: the manifest can't be read, or none of its pictures could.
    """
    rows = read_manifest(manifest)
    found: list[tuple[Row, Rows]] = []
    for row in progress(rows):
        picture = open_picture(row.path, settings)
        read = None if picture is None else read_expression(picture, engine, finder, settings, row.path)
        if read is not None:
            found.append((row, read[0]))
    return _channel(manifest, found)


def voice_channel(manifest: Path, engine: ToneEngine, speech: SpeechEngine, settings: Settings,
                  progress: Progress = iter) -> Channel:
    """Tones of labelled clips (``path,label``), over their speech. Unread ones are left out.

    Raises:
        InputError: the manifest can't be read, or none of its clips could.
    """
    rows = read_manifest(manifest)
    found: list[tuple[Row, Rows]] = []
    for row in progress(rows):
        sound = open_sound(row.path, settings)
        tone = None if sound is None else read_speech_tone(sound, engine, speech.spans(sound), row.path)
        if tone is not None and tone.emotions is not None:
            found.append((row, tone.emotions.array()))
    return _channel(manifest, found)


def _channel(manifest: Path, found: Sequence[tuple[Row, Rows]]) -> Channel:
    if not found:
        raise InputError(f"nothing in {manifest} could be read")
    return Channel(rows=np.array([read for _, read in found]), labels=[_emotion(row.label) for row, _ in found],
                   names=[str(row.path) for row, _ in found])


def _emotion(label: Label) -> Emotion:
    return "neutral" if label == "calm" else EMOTIONS[EMOTIONS.index(label)]
