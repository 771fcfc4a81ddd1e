"""Where faces may be, whether they are faces, and which one counts: MediaPipe's two face detectors and plain choices.

The short-range detector sees large faces, the full-range one small and turned ones; both are carried by MediaPipe's
wheel (Apache-2.0). The short-range detector also sees faces in walls and windows, cats and horses, and so does the face
mesh. What parts them: on a levelled square of three times the face's size the full-range detector gave every true face
of the 34 photos looked at 0.63 or more, and every false one nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, ceil
from typing import Any

import numpy as np

from ..protocols import FoundFace
from ..types import Box, Picture
from .geometry import level_square
from .quiet import quiet_stderr

_SCORE_TO_LOOK = 0.3
"""A candidate needs this score of one detector to be looked at more closely."""
_SCORE_TO_BELIEVE = 0.5
"""And this score of the full-range detector on its own levelled square to be believed."""
_SQUARE_SIDES = 3.0
_INPUT_PX = 256
"""Pictures go to the detectors at this size; their networks take 128 px (short range) and 192 px (full range)."""
_FIRST_LOOK_PX = 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a detector takes for a face: box and eyes (the person's right, left) in px of the picture."""

    box: Box
    score: float
    right_eye: tuple[float, float]
    left_eye: tuple[float, float]

    @property
    def side(self) -> float:
        """The longer side of the box, px."""
        return max(self.box.width, self.box.height)

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box (x, y), px."""
        return self.box.x + self.box.width / 2, self.box.y + self.box.height / 2

    @property
    def roll_rad(self) -> float:
        """Angle of the line through the eyes, > 0 clockwise."""
        return atan2(self.left_eye[1] - self.right_eye[1], self.left_eye[0] - self.right_eye[0])


class FaceDetector:
    """Both detectors of MediaPipe. Not thread-safe: whoever holds it locks it."""

    def __init__(self) -> None:
        import mediapipe as mp

        engine: Any = mp.solutions.face_detection.FaceDetection  # type: ignore[attr-defined]  # MediaPipe ships no types
        with quiet_stderr():
            self._short = engine(model_selection=0, min_detection_confidence=_SCORE_TO_LOOK)
            self._full = engine(model_selection=1, min_detection_confidence=_SCORE_TO_LOOK)
            for detector in (self._short, self._full):
                detector.process(np.zeros((_INPUT_PX, _INPUT_PX, 3), np.uint8))

    def first_look(self, picture: Picture) -> tuple[Candidate, ...]:
        """Candidates on the whole picture, likeliest first."""
        small, zoom = shrink(picture, _FIRST_LOOK_PX)
        found = [*_run(self._full, small, zoom), *_run(self._short, small, zoom)]
        return tuple(sorted(found, key=lambda one: -one.score))

    def second_look(self, picture: Picture) -> tuple[Candidate, ...]:
        """Candidates on overlapping tiles of the picture, where small faces are large enough to be seen."""
        height, width = picture.shape[:2]
        found: list[Candidate] = []
        for x, y, side in tiles(width, height):
            tile, zoom = shrink(picture[y:y + side, x:x + side], _INPUT_PX)
            found += [moved(one, x, y) for one in _run(self._full, tile, zoom)]
        return tuple(sorted(found, key=lambda one: -one.score))

    def last_look(self, picture: Picture) -> tuple[Candidate, ...]:
        """Candidates where nothing was found upright: faces that fill the picture, and pictures lying on a side."""
        import cv2

        small, zoom = shrink(picture, _INPUT_PX)
        height, width = small.shape[:2]
        pad = max(height, width) // 2
        wide = np.asarray(cv2.copyMakeBorder(small, pad, pad, pad, pad, cv2.BORDER_CONSTANT), dtype=np.uint8)
        found = [moved(one, -pad / zoom, -pad / zoom)
                 for detector in (self._full, self._short) for one in _run(detector, wide, zoom)]
        for quarter in (1, 3):
            turned = np.ascontiguousarray(np.rot90(small, quarter))
            found += [_turned_back(one, quarter, width / zoom, height / zoom)
                      for one in _run(self._full, turned, zoom)]
        return tuple(sorted(found, key=lambda one: -one.score))

    def belief(self, picture: Picture, centre: tuple[float, float], side: float, roll_rad: float) -> float:
        """Score in [0, 1] of a face of this size at this very place, 0 when it is none.

        Args:
            picture: RGB, shape (height, width, 3).
            centre: middle of the face (x, y), px.
            side: longer side of its detection box, px.
            roll_rad: its tilt, > 0 clockwise.
        """
        square, _ = level_square(picture, centre, side * _SQUARE_SIDES, roll_rad, _INPUT_PX)
        size = _INPUT_PX / _SQUARE_SIDES
        place = Box(x=(_INPUT_PX - size) / 2, y=(_INPUT_PX - size) / 2, width=size, height=size)
        scores = [one.score for one in _run(self._full, square, 1.0) if overlap(one.box, place) > 0.25]
        best = max(scores, default=0.0)
        return best if best >= _SCORE_TO_BELIEVE else 0.0

    def close(self) -> None:
        """Give the native memory back."""
        self._short.close()
        self._full.close()


def order_faces(faces: Sequence[FoundFace], width: int, height: int) -> tuple[FoundFace, ...]:
    """The main face first: by size, confidence and closeness to the middle.

    The rank is side x confidence x (1 - 0.4 x distance from the middle), where the distance is 1 in a corner: a face
    at the border has to be two thirds larger than one in the middle to come before it.
    """
    def rank(face: FoundFace) -> float:
        x = (face.box.x + face.box.width / 2) / max(1, width) * 2 - 1
        y = (face.box.y + face.box.height / 2) / max(1, height) * 2 - 1
        off = min(1.0, float(np.hypot(x, y)) / 2**0.5)
        return max(face.box.width, face.box.height) * face.confidence * (1.0 - 0.4 * off)

    return tuple(sorted(faces, key=rank, reverse=True))


def overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, in [0, 1]."""
    shared = _shared(a, b)
    union = a.width * a.height + b.width * b.height - shared
    return shared / union if union > 0 else 0.0


def same_face(a: Box, b: Box) -> bool:
    """True when two boxes show one face: half of the smaller lies in the larger."""
    smaller = min(a.width * a.height, b.width * b.height)
    return smaller > 0 and _shared(a, b) > 0.5 * smaller


def _shared(a: Box, b: Box) -> float:
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return max(0.0, across) * max(0.0, down)


def tiles(width: int, height: int) -> Iterator[tuple[int, int, int]]:
    """Squares (x, y, side) that cover a picture, neighbours sharing 30 % or more: two, three and, from 2,400 px on,
    six along the longer side, so that a face of 2 % of the picture still fills a tenth of a tile."""
    longer, shorter = max(width, height), min(width, height)
    for n in (2, 3, 6) if longer >= 2400 else (2, 3):
        side = min(ceil(longer / (1 + 0.7 * (n - 1))), longer)
        xs, ys = _starts(width, side), _starts(height, side)
        if side >= shorter and len(xs) * len(ys) == 1:
            continue
        yield from ((x, y, side) for y in ys for x in xs)


def _starts(length: int, side: int) -> tuple[int, ...]:
    if length <= side:
        return (0,)
    n = ceil((length - side) / (0.7 * side)) + 1
    return tuple(round(i * (length - side) / (n - 1)) for i in range(n))


def shrink(picture: Picture, longest_px: int) -> tuple[Picture, float]:
    """A picture whose longer side is at most ``longest_px``, and the factor that was applied."""
    import cv2

    height, width = picture.shape[:2]
    zoom = longest_px / max(height, width)
    if zoom >= 1.0:
        return picture, 1.0
    size = (max(1, round(width * zoom)), max(1, round(height * zoom)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), zoom


def moved(one: Candidate, x: float, y: float) -> Candidate:
    """The candidate in a picture whose corner lies at (-x, -y)."""
    box = Box(x=one.box.x + x, y=one.box.y + y, width=one.box.width, height=one.box.height)
    return Candidate(box=box, score=one.score, right_eye=(one.right_eye[0] + x, one.right_eye[1] + y),
                     left_eye=(one.left_eye[0] + x, one.left_eye[1] + y))


def _turned_back(one: Candidate, quarter: int, width: float, height: float) -> Candidate:
    """From a picture turned by ``quarter`` quarters anticlockwise back to the one of width and height."""
    def back(x: float, y: float) -> tuple[float, float]:
        return (width - y, x) if quarter == 1 else (y, height - x)

    corners = back(one.box.x, one.box.y), back(one.box.x + one.box.width, one.box.y + one.box.height)
    left, top = min(corner[0] for corner in corners), min(corner[1] for corner in corners)
    return Candidate(box=Box(x=left, y=top, width=one.box.height, height=one.box.width), score=one.score,
                     right_eye=back(*one.right_eye), left_eye=back(*one.left_eye))


def _run(detector: Any, picture: Picture, zoom: float) -> Iterator[Candidate]:
    """The detections on one picture, in px of the picture before it was shrunk by ``zoom``."""
    height, width = picture.shape[0] / zoom, picture.shape[1] / zoom
    for detection in detector.process(np.ascontiguousarray(picture)).detections or ():
        place = detection.location_data
        box, eyes = place.relative_bounding_box, place.relative_keypoints
        values = (box.xmin, box.ymin, box.width, box.height, eyes[0].x, eyes[0].y, eyes[1].x, eyes[1].y)
        if not np.all(np.isfinite(values)) or box.width <= 0 or box.height <= 0:
            continue
        yield Candidate(
            box=Box(x=box.xmin * width, y=box.ymin * height, width=box.width * width, height=box.height * height),
            score=float(np.clip(detection.score[0], 0.0, 1.0)),
            right_eye=(eyes[0].x * width, eyes[0].y * height),
            left_eye=(eyes[1].x * width, eyes[1].y * height),
        )
