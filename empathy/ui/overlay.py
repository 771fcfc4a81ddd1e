"""What was seen, drawn on the picture: boxes, face mesh, body lines, the expression of each face. Pure: a picture in, a
new picture out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from ..types import FaceReading, Picture, PostureReading
from ..vision.lines import BONES, CONTOURS
from .marks import share

_LARGEST_PX = 1600
_MAIN, _OTHER, _BODY, _PAPER, _INK = (46, 204, 150), (150, 160, 175), (255, 178, 64), (20, 24, 32), (245, 247, 250)
"""RGB; main face, other faces, body, ground and letters of a label."""

_EARS, _SHOULDERS = (7, 8), (11, 12)
"""Pairs of MediaPipe's body points: the neck runs between their middles."""


def draw_overlay(picture: Picture, faces: Sequence[FaceReading], posture: PostureReading | None = None, *,
                 mesh: bool = True, labels: bool = True) -> Picture:
    """Draw the readings on a copy of the picture.

    Args:
        picture: RGB, shape (height, width, 3), to whose pixels the readings refer.
        faces: the main face first; it gets the strong colour.
        posture: body lines, of the points that were seen.
        mesh: draw the face's contours, its points and the direction of the nose.
        labels: write each face's likeliest expression and its probability; a face that abstains gets "unsure"; of
            several, each gets its number.

    Returns:
        RGB, shape (h, w, 3); the longer side is at most 1,600 px.
    """
    import cv2

    height, width = picture.shape[:2]
    zoom = min(1.0, _LARGEST_PX / max(height, width))
    size = (max(1, round(width * zoom)), max(1, round(height * zoom)))
    canvas: NDArray[np.uint8] = np.array(
        cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if zoom < 1.0 else picture, dtype=np.uint8)
    thick = max(1, round(max(canvas.shape[:2]) / 400))
    if posture is not None:
        _draw_body(canvas, posture, zoom, thick)
    for index, face in reversed(tuple(enumerate(faces))):
        colour = _MAIN if index == 0 else _OTHER
        if mesh:
            _draw_mesh(canvas, face, zoom, colour)
        _draw_box(canvas, face, zoom, colour, thick)
        if labels:
            _draw_label(canvas, face, f"{index + 1}: " if len(faces) > 1 else "", zoom, colour)
    return canvas


def _draw_body(canvas: Picture, posture: PostureReading, zoom: float, thick: int) -> None:
    import cv2

    seen = posture.landmark_visibility >= 0.5
    points = np.round(posture.landmarks[:, :2] * zoom).astype(int)
    for a, b in BONES:
        if seen[a] and seen[b]:
            cv2.line(canvas, tuple(points[a].tolist()), tuple(points[b].tolist()), _BODY, thick + 1, cv2.LINE_AA)
    if all(seen[index] for index in (*_EARS, *_SHOULDERS)):
        head, base = (points[list(pair)].mean(axis=0).astype(int).tolist() for pair in (_EARS, _SHOULDERS))
        cv2.line(canvas, tuple(head), tuple(base), _BODY, thick + 1, cv2.LINE_AA)
    for index in sorted({index for bone in BONES for index in bone}):
        if seen[index]:
            cv2.circle(canvas, tuple(points[index].tolist()), thick * 2 + 1, _BODY, -1, cv2.LINE_AA)


def _draw_mesh(canvas: Picture, face: FaceReading, zoom: float, colour: tuple[int, int, int]) -> None:
    import cv2

    points = face.landmarks[:, :2] * zoom
    size = float(np.ptp(points[:, 1]))
    for x, y in points[:: 1 if size > 160 else 3]:
        cv2.circle(canvas, (round(float(x)), round(float(y))), max(1, round(size / 400)), colour, -1, cv2.LINE_AA)
    for contour in CONTOURS:
        for a, b in pairwise(np.round(points[list(contour)]).astype(int).tolist()):
            cv2.line(canvas, tuple(a), tuple(b), colour, 1, cv2.LINE_AA)
    nose, pose = points[4], face.head_pose
    tip = nose + 0.45 * size * np.array([sin(pose.yaw_rad), -sin(pose.pitch_rad) * cos(pose.yaw_rad)])
    cv2.arrowedLine(canvas, tuple(np.round(nose).astype(int).tolist()), tuple(np.round(tip).astype(int).tolist()),
                    _BODY, max(1, round(size / 120)), cv2.LINE_AA, tipLength=0.2)


def _draw_box(canvas: Picture, face: FaceReading, zoom: float, colour: tuple[int, int, int], thick: int) -> None:
    import cv2

    box = face.box
    corner = (round(box.x * zoom), round(box.y * zoom))
    opposite = (round((box.x + box.width) * zoom) - 1, round((box.y + box.height) * zoom) - 1)
    cv2.rectangle(canvas, corner, opposite, colour, thick, cv2.LINE_AA)


def _draw_label(canvas: Picture, face: FaceReading, which: str, zoom: float, colour: tuple[int, int, int]) -> None:
    import cv2

    name, chance = face.emotions.items()[0]
    text = which + ("unsure" if face.abstains else f"{name} {share(chance)}")
    scale = float(np.clip(face.box.width * zoom / 180, 0.4, 1.2))
    thick = max(1, round(scale * 1.6))
    (width, height), base = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    pad = max(2, round(4 * scale))
    left = int(np.clip(round(face.box.x * zoom), 0, max(0, canvas.shape[1] - width - 2 * pad)))
    over = round(face.box.y * zoom) - height - base - 2 * pad
    top = over if over >= 0 else min(round((face.box.y + face.box.height) * zoom),
                                     max(0, canvas.shape[0] - height - base - 2 * pad))
    cv2.rectangle(canvas, (left, top), (left + width + 2 * pad, top + height + base + 2 * pad), _PAPER, -1)
    cv2.rectangle(canvas, (left, top), (left + width + 2 * pad, top + height + base + 2 * pad), colour, 1)
    cv2.putText(canvas, text, (left + pad, top + pad + height), cv2.FONT_HERSHEY_SIMPLEX, scale, _INK, thick,
                cv2.LINE_AA)
