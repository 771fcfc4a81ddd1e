"""One visitor's eyes: follows the face from frame to frame, reads it, and keeps what gaze, lids and head did lately."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np

from ..catalog import System
from ..pipeline import Empathy
from ..protocols import FoundFace, TrackingFinder
from ..run import Provider, Run
from ..types import Box, FaceReading, Picture, PostureReading
from ..vision.gaze import gaze
from ..vision.read_face import read_faces
from ..vision.stance import movement
from ..watch import Following, Glance
from .options import LiveOptions

MOST_FACES = 2
"""Faces read in a frame, enough to keep following one person when another looks in."""

POSTURE_EVERY_S, POSTURE_BUSY_S, POSTURE_EASE = 1.0, 4.0, 20.0
"""The body changes slowly and costs more than the face: how often it is read on an idle and on a busy machine, but no
sooner than after so many times what it took."""

POSTURE_LATE_S = 2.0
"""A posture says nothing any more when the next is overdue by this."""

GAZE_S, LIDS_S, FACE_S = 4.0, 30.0, 4.0
"""How far back gaze and head, lids, and the face over a window are looked at."""

SHUT = 0.25
"""Mean eye openness below which the eyes count as shut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Of one frame with a face: angles in rad, openness of the eyes in [0, 1]."""

    at_s: float
    yaw_rad: float
    pitch_rad: float
    head: tuple[float, float, float]
    openness: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stood:
    """The newest posture, when it was read, until when it holds, and where the middle of the face was then, px."""

    at_s: float
    until_s: float
    posture: PostureReading
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sight:
    """What one frame showed. ``posture`` may be of an earlier frame, since which the face has moved by ``moved_px``;
    ``measures`` are those that need time, by the names of ``fusion/spectrum.toml``."""

    face: FaceReading | None = None
    posture: PostureReading | None = None
    moved_px: tuple[float, float] = (0.0, 0.0)
    measures: Mapping[str, float] = field(default_factory=dict[str, float])


class Eyes:
    """Not thread-safe: the session that owns it locks it.

    Args:
        system: the engines and settings.
        stopwatch: seconds, to tell how long the body takes.
    """

    def __init__(self, system: Empathy, stopwatch: Callable[[], float] = time.perf_counter) -> None:
        self._system = system
        self._stopwatch = stopwatch
        self._tracker: TrackingFinder | None = None
        self._following = Following()
        self._looks: deque[Look] = deque()
        self._glances: deque[Glance] = deque()
        self._stood: Stood | None = None
        self._posture_due_s = 0.0
        self._moved: float | None = None

    def look(self, run: Run, picture: Picture, at_s: float, options: LiveOptions, busy: float) -> Sight:
        """Read one frame.

        Args:
            run: keeps times and failures.
            picture: RGB, shape (height, width, 3).
            at_s: when it was taken.
            options: detector and expression engine.
            busy: share of the machine's time that is taken, in [0, 1]: the body is read more rarely then.
        """
        found = self._find(run, picture, options)
        faces = run.ask("expression", self._provider("expression", options.expression), lambda engine: read_faces(
            picture, found, engine, max_faces=MOST_FACES, abstain_below=self._system.settings.abstain_face)
            ) if found else None
        face = self._following.main(faces or ())
        if not options.posture:
            self._stood = None
        elif face is not None:
            self._stand(run, picture, face, at_s, busy)
        stood = self._stood if self._stood is not None and at_s <= self._stood.until_s else None
        self._glances.append(Glance(time_s=at_s, face=face, posture=None))
        self._forget(at_s)
        if face is None:
            return Sight()
        self._looks.append(_look(face, at_s))
        posture = stood.posture if stood else None
        x, y = _middle(face.box)
        moved_px = (x - stood.middle[0], y - stood.middle[1]) if stood else (0.0, 0.0)
        moved = {} if posture is None or self._moved is None else {"movement": self._moved}
        return Sight(face=face, posture=posture, moved_px=moved_px, measures={**self._looking(at_s), **moved})

    def window(self, end_s: float) -> tuple[Glance, ...]:
        """The frames of the last ``FACE_S`` seconds."""
        return tuple(glance for glance in self._glances if end_s - glance.time_s <= FACE_S)

    def close(self) -> None:
        """Give the tracker's memory back; the next frame opens another."""
        tracker, self._tracker = self._tracker, None
        if tracker is not None:
            tracker.close()

    def _find(self, run: Run, picture: Picture, options: LiveOptions) -> tuple[FoundFace, ...]:
        if options.detector != "fast":
            wish = "auto" if options.detector == "accurate" else options.detector
            return run.ask("faces", self._provider("faces", wish), lambda engine: engine.find(picture)) or ()
        faces = self._system.engines.faces
        if self._tracker is None:
            self._tracker = run.ask("faces", faces, lambda engine: engine.tracker())
        return run.attempt("faces", partial(self._tracker.find, picture)) or () if self._tracker else ()

    def _provider(self, stage: Literal["faces", "expression"], wish: str) -> Provider[Any]:
        """The engine that this visitor wishes for, where there is a choice."""
        system = self._system
        return system.provider(stage, wish) if isinstance(system, System) else getattr(system.engines, stage)

    def _stand(self, run: Run, picture: Picture, face: FaceReading, at_s: float, busy: float) -> None:
        if at_s < self._posture_due_s:
            return
        share, started = float(np.clip((busy - 0.5) / 0.4, 0.0, 1.0)), self._stopwatch()
        now = run.ask("posture", self._system.engines.posture, lambda engine: engine.stand(picture, face.box))
        pause_s = max(POSTURE_EVERY_S + share * (POSTURE_BUSY_S - POSTURE_EVERY_S),
                      POSTURE_EASE * (self._stopwatch() - started))
        self._posture_due_s = at_s + pause_s
        before, self._stood = self._stood, None if now is None else Stood(
            at_s=at_s, until_s=at_s + pause_s + POSTURE_LATE_S, posture=now, middle=_middle(face.box))
        self._moved = (movement(before.posture, now, at_s - before.at_s)
                       if before is not None and now is not None and at_s <= before.until_s else None)

    def _forget(self, at_s: float) -> None:
        """Drop what no measure looks back at any more."""
        while at_s - self._glances[0].time_s > FACE_S:
            self._glances.popleft()
        while self._looks and at_s - self._looks[0].at_s > LIDS_S:
            self._looks.popleft()

    def _looking(self, at_s: float) -> dict[str, float]:
        """What gaze, head and lids did lately."""
        recent = [look for look in self._looks if at_s - look.at_s <= GAZE_S]
        lids = [look.openness < SHUT for look in self._looks]
        found: dict[str, float] = {}
        if len(lids) >= 10:
            found["shut_share"] = float(np.mean(lids))
        if len(recent) >= 3 and recent[-1].at_s > recent[0].at_s:
            directions = np.degrees([(look.yaw_rad, look.pitch_rad) for look in recent])
            heads = np.degrees([look.head for look in recent])
            times = np.array([look.at_s for look in recent])
            found["gaze_spread_deg"] = float(np.hypot(*directions.std(axis=0)))
            found["head_speed_deg_s"] = float(np.linalg.norm(np.diff(heads, axis=0), axis=1).sum()
                                              / (times[-1] - times[0]))
        return found


def _middle(box: Box) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2


def _look(face: FaceReading, at_s: float) -> Look:
    yaw_rad, pitch_rad = gaze(face.landmarks, face.head_pose)
    pose = face.head_pose
    return Look(at_s=at_s, yaw_rad=yaw_rad, pitch_rad=pitch_rad, head=(pose.pitch_rad, pose.yaw_rad, pose.roll_rad),
                openness=sum(face.eye_openness) / 2)
