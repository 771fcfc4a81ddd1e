"""The main person's posture by MediaPipe's pose model (33 points), on a crop around that person, and its hand model on
a crop around the face: the pose model guesses hands that it can't see.

Pose complexity 1 alone: it is carried by the wheel, the other two would be fetched from the net without asking.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelRunError
from ..protocols import PostureEngine
from ..registry import ModelSpec, Packaged
from ..types import Box, Picture, PostureReading
from .faces import shrink
from .geometry import level_square
from .quiet import quiet_stderr
from .stance import HEAD_AND_SHOULDERS, NOSE, Body, read_stance

_INPUT_PX = 640
_CROPS = ((4.0, 3.0, 8.0), (2.2, 2.0, 6.0), (1.5, 1.5, 4.0))
"""How far a crop reaches from the middle of the face to the sides, up and down, in sides of the face; the narrower ones
are tried when the model took a neighbour for the person."""
_LEAST_VISIBILITY = 0.4
_HAND_SIDES, _HAND_PX = 3.0, 320
"""Hands are looked for on a square of three times the face."""


class MediaPipePosture:
    """A ``PostureEngine``. May be shared: one call at a time goes in."""

    def __init__(self) -> None:
        from importlib.metadata import version

        import mediapipe as mp

        self.name = f"mediapipe-pose@{version('mediapipe')}"
        self._lock = threading.Lock()
        solutions: Any = mp.solutions  # type: ignore[attr-defined]  # MediaPipe ships no types
        with quiet_stderr():
            self._pose = solutions.pose.Pose(static_image_mode=True, model_complexity=1, min_detection_confidence=0.5)
            self._hands = solutions.hands.Hands(static_image_mode=True, max_num_hands=2, model_complexity=0,
                                                min_detection_confidence=0.5)
            for model in (self._pose, self._hands):
                model.process(np.zeros((_HAND_PX, _HAND_PX, 3), np.uint8))
        self._quiet_until_seen = True

    def stand(self, picture: Picture, near: Box | None) -> PostureReading | None:
        """Read one person.

        Args:
            picture: RGB, shape (height, width, 3).
            near: box of that person's face; None takes whoever the model sees first.

        Returns:
            None when there is nobody, or too little of them to speak of posture (a face without shoulders).

        Raises:
            ModelRunError: MediaPipe failed on it.
        """
        with self._lock:
            try:
                body = self._person(picture, near)
                if body is not None and near is not None:
                    body = replace(body, hands=self._hands_about(picture, near))
            except (RuntimeError, ValueError) as error:
                raise ModelRunError(f"{self.name} failed on a picture of shape {picture.shape}: {error}") from error
        if body is None:
            return None
        reading = read_stance(body, self.name)
        return reading if reading.visibility >= _LEAST_VISIBILITY else None

    def close(self) -> None:
        """Give the native memory back."""
        with self._lock:
            self._pose.close()
            self._hands.close()

    def _person(self, picture: Picture, near: Box | None) -> Body | None:
        for window in _windows(picture, near):
            body = self._body(picture, window, near)
            if body is not None and (near is None or _is_of(body, near)):
                return body
        return None

    def _body(self, picture: Picture, window: tuple[int, int, int, int], near: Box | None) -> Body | None:
        left, top, right, bottom = window
        crop, zoom = shrink(picture[top:bottom, left:right], _INPUT_PX)
        with quiet_stderr() if self._quiet_until_seen else nullcontext():  # its one warning comes with the first person
            result = self._pose.process(np.ascontiguousarray(crop))
        if not result.pose_landmarks or not result.pose_world_landmarks:
            return None
        self._quiet_until_seen = False
        marks = result.pose_landmarks.landmark
        scale = np.array([crop.shape[1], crop.shape[0], crop.shape[1]]) / zoom
        points = np.array([(mark.x, mark.y, mark.z) for mark in marks]) * scale + (left, top, 0)
        world = np.array([(mark.x, mark.y, mark.z) for mark in result.pose_world_landmarks.landmark])
        height, width = picture.shape[:2]
        within = (points[:, 0] >= 0) & (points[:, 0] < width) & (points[:, 1] >= 0) & (points[:, 1] < height)
        seen = np.clip(np.array([mark.visibility for mark in marks]) * within, 0.0, 1.0)
        return Body(points=points.astype(np.float32), world=world, head=near, seen=seen.astype(np.float32))

    def _hands_about(self, picture: Picture, face: Box) -> tuple[NDArray[np.float64], ...]:
        side = max(face.width, face.height) * _HAND_SIDES
        centre = face.x + face.width / 2, face.y + face.height / 2
        square, _ = level_square(picture, centre, side, 0.0, _HAND_PX)
        corner = np.array(centre) - side / 2
        return tuple(np.array([(mark.x, mark.y) for mark in hand.landmark]) * side + corner
                     for hand in self._hands.process(square).multi_hand_landmarks or ())


def _windows(picture: Picture, near: Box | None) -> Iterator[tuple[int, int, int, int]]:
    """Crops (left, top, right, bottom) to try, the widest first, each once."""
    height, width = picture.shape[:2]
    if near is None:
        yield 0, 0, width, height
        return
    x, y, side = near.x + near.width / 2, near.y + near.height / 2, max(near.width, near.height)
    tried: set[tuple[int, int, int, int]] = set()
    for beside, above, below in _CROPS:
        window = (max(0, int(x - beside * side)), max(0, int(y - above * side)),
                  min(width, int(x + beside * side) + 1), min(height, int(y + below * side) + 1))
        if window not in tried and window[2] > window[0] and window[3] > window[1]:
            tried.add(window)
            yield window


def _is_of(body: Body, face: Box) -> bool:
    """True when the body's nose lies in the face or just beside it."""
    x, y = (float(value) for value in body.points[NOSE, :2])
    slack = 0.25 * max(face.width, face.height)
    return (face.x - slack <= x <= face.x + face.width + slack
            and face.y - slack <= y <= face.y + face.height + slack
            and bool(np.all(np.isfinite(body.points[list(HEAD_AND_SHOULDERS)]))))


def _load(_: tuple[Any, ...]) -> MediaPipePosture:
    return MediaPipePosture()


SPEC: ModelSpec[PostureEngine] = ModelSpec(
    name="pose", stage="posture", tier="compact", source=Packaged(package="mediapipe"), licence="Apache-2.0",
    size_mb=14.0, load=_load,
    about="MediaPipe pose (complexity 1, 33 points in the picture and in metres) and hands; in its wheel")
