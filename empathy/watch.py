"""A video clip as one reading: the main person's face over time, the voice in windows, both on one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .affect import affect_of
from .capture.video import Clip
from .protocols import ClipEngine, FaceEngine, Tone
from .run import Provider, Run
from .types import (
    SAMPLE_RATE_HZ,
    Box,
    ClipReading,
    Emotions,
    FaceReading,
    Moment,
    Picture,
    PostureReading,
    Samples,
    Span,
)
from .vision.faces import overlap

WINDOW_S = 2.0
HOP_S = 1.0
MIN_SPEECH_S = 0.5
"""A window with less speech than this says nothing about the voice."""

SAME_PERSON = 0.2
"""Overlap (intersection over union) with the last main face above which it is taken for the same person."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Glance:
    """One frame: what the main face showed and how the body stood, None where unseen."""

    time_s: float
    face: FaceReading | None
    posture: PostureReading | None


class Following:
    """Keeps to one person: of a frame's faces the one nearest the last main face is the main face."""

    def __init__(self) -> None:
        self._last: Box | None = None

    def main(self, faces: Sequence[FaceReading]) -> FaceReading | None:
        """The main face of the next frame; the last one is still looked for after frames without anybody."""
        if not faces:
            return None
        face = faces[0]
        if self._last is not None:
            nearest = max(faces, key=lambda other: overlap(other.box, self._last or other.box))
            face = nearest if overlap(nearest.box, self._last) >= SAME_PERSON else face
        self._last = face.box
        return face


def whole_face(glances: Sequence[Glance], abstain_below: float) -> FaceReading | None:
    """The clip's face: emotions as the mean over its frames, weighted by confidence; the rest from the best frame.

    Confidence is the weighted mean times the share of frames with a face, so a face seen for a moment counts little."""
    faces = [glance.face for glance in glances if glance.face is not None]
    if not faces:
        return None
    weights = np.array([face.confidence for face in faces]) + 1e-6
    emotions = Emotions.of(weights @ np.array([face.emotions.array() for face in faces]))
    best = max(faces, key=lambda face: face.confidence)
    confidence = min(float((weights**2).sum() / weights.sum()) * len(faces) / len(glances), 1.0)
    return replace(best, emotions=emotions, affect=affect_of(emotions), confidence=confidence,
                   abstains=confidence < abstain_below)


def whole_posture(glances: Sequence[Glance], moved: Callable[[PostureReading, PostureReading, float], float | None],
                  ) -> PostureReading | None:
    """The clip's posture: the best seen one, with the mean movement between neighbours (shoulder widths a second)."""
    seen = [(glance.time_s, glance.posture) for glance in glances if glance.posture is not None]
    if not seen:
        return None
    steps = [step for (before_s, before), (now_s, now) in pairwise(seen)
             if now_s > before_s and (step := moved(before, now, now_s - before_s)) is not None]
    best = max((posture for _, posture in seen), key=lambda posture: posture.visibility)
    return replace(best, movement=float(np.mean(steps)) if steps else None)


def windows(samples: Samples, speech: Sequence[Span]) -> Iterator[tuple[float, Samples]]:
    """Centre time and joined speech of each window of ``WINDOW_S`` that holds enough speech, every ``HOP_S``."""
    end_s = len(samples) / SAMPLE_RATE_HZ
    for start_s in np.arange(0.0, max(end_s - MIN_SPEECH_S, 0.0) + 1e-9, HOP_S):
        cuts = [(max(span.start_s, start_s), min(span.end_s, start_s + WINDOW_S)) for span in speech]
        pieces = [samples[round(a * SAMPLE_RATE_HZ):round(b * SAMPLE_RATE_HZ)] for a, b in cuts if b > a]
        if sum(map(len, pieces)) >= MIN_SPEECH_S * SAMPLE_RATE_HZ:
            yield float(min(start_s + WINDOW_S / 2, end_s)), np.concatenate(pieces)


def timeline(glances: Sequence[Glance], tones: Sequence[tuple[float, Tone]], duration_s: float) -> tuple[Moment, ...]:
    """Face and voice on one clock: a point for each frame, or for each voice window where there are no pictures."""
    times = [glance.time_s for glance in glances] or [time_s for time_s, _ in tones]
    faces = {glance.time_s: glance.face for glance in glances}
    moments: list[Moment] = []
    for time_s in times:
        face = faces.get(time_s)
        tone = _nearest(tones, min(time_s, duration_s))
        emotions = tone.emotions if tone else None
        affect = tone.affect if tone else None
        moments.append(Moment(
            time_s=time_s, face=face.emotions if face else None, face_affect=face.affect if face else None,
            voice=emotions, voice_affect=affect or (affect_of(emotions) if emotions else None)))
    return tuple(moments)


def _nearest(tones: Sequence[tuple[float, Tone]], time_s: float) -> Tone | None:
    """The tone of the window whose centre is nearest, if that window covers the time."""
    if not tones:
        return None
    centre_s, tone = min(tones, key=lambda pair: abs(pair[0] - time_s))
    return tone if abs(centre_s - time_s) <= WINDOW_S / 2 else None


def feel(run: Run, engine: Provider[ClipEngine], faces: Provider[FaceEngine], samples: Samples | None,
         clip: Clip | None) -> ClipReading | None:
    """Words, sound and pictures of a clip at once; None where the engine says nothing.

    Args:
        run: holds the words, and takes what failed.
        engine: who is asked.
        faces: who finds the main face in a picture.
        samples: the clip's sound.
        clip: its pictures.
    """
    finder = run.ask("faces", faces, lambda one: one) if clip else None

    def find(picture: Picture) -> Box | None:
        boxes = (face.box for face in finder.find(picture)) if finder else ()
        return max(boxes, key=lambda box: box.width * box.height, default=None)

    return run.ask("avamerg", engine, lambda one: one.feel(
        run.said, samples, lambda: (picture for _, picture in clip.frames()) if clip else (), find))
