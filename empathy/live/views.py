"""What was read, made ready for the page: the frame as a small JPEG, and lines in its pixels."""

from __future__ import annotations

import base64

from ..types import FaceReading, Picture, PostureReading
from ..vision.faces import shrink
from ..vision.lines import BONES, CONTOURS
from .tick import FaceView, FrameView, PostureView

LARGEST_PX, JPEG_QUALITY = 480, 70
_SEEN = 0.5


def frame_view(picture: Picture, captured_s: float) -> tuple[FrameView, float]:
    """The frame for the page, and by how much it was shrunk."""
    import cv2

    small, zoom = shrink(picture, LARGEST_PX)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    jpeg = "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode("ascii")
    return FrameView(width=small.shape[1], height=small.shape[0], jpeg=jpeg, captured_s=captured_s), zoom


def face_view(face: FaceReading, zoom: float) -> FaceView:
    """Box, expression and contour points in px of the shrunk frame."""
    box = face.box
    points = face.landmarks[[point for line in CONTOURS for point in line], :2] * zoom
    return FaceView(
        box=(box.x * zoom, box.y * zoom, box.width * zoom, box.height * zoom),
        label="unsure" if face.abstains else face.emotions.top, confidence=face.confidence, abstains=face.abstains,
        emotions=face.emotions, points=tuple((float(x), float(y)) for x, y in points))


def posture_view(posture: PostureReading, zoom: float) -> PostureView:
    """Body lines whose ends are both seen."""
    seen = posture.landmark_visibility >= _SEEN
    points = posture.landmarks[:, :2] * zoom
    lines = tuple((float(points[a, 0]), float(points[a, 1]), float(points[b, 0]), float(points[b, 1]))
                  for a, b in BONES if seen[a] and seen[b])
    return PostureView(label=posture.label or "", lines=lines)
