"""What was read, made ready for the page: lines in px of the frame that was read."""

from __future__ import annotations

from ..types import FaceReading, Picture, PostureReading
from ..vision.lines import BONES, CONTOURS
from .tick import FaceView, FrameView, PostureView

_SEEN = 0.5
_POINTS = [point for line in CONTOURS for point in line]


def frame_view(picture: Picture, captured_s: float) -> FrameView:
    """The frame without its pixels, which never leave the browser twice."""
    return FrameView(width=picture.shape[1], height=picture.shape[0], captured_s=captured_s)


def face_view(face: FaceReading) -> FaceView:
    """Box, expression and contour points."""
    box = face.box
    return FaceView(
        box=(box.x, box.y, box.width, box.height), label="unsure" if face.abstains else face.emotions.top,
        confidence=face.confidence, abstains=face.abstains, emotions=face.emotions,
        points=tuple((float(x), float(y)) for x, y in face.landmarks[_POINTS, :2]))


def posture_view(posture: PostureReading, moved_px: tuple[float, float]) -> PostureView:
    """Body lines whose ends are both seen, moved along with the face since the body was read."""
    points, seen = posture.landmarks[:, :2] + moved_px, posture.landmark_visibility >= _SEEN
    lines = tuple((float(points[a, 0]), float(points[a, 1]), float(points[b, 0]), float(points[b, 1]))
                  for a, b in BONES if seen[a] and seen[b])
    return PostureView(label=posture.label or "", lines=lines)
