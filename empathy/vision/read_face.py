"""From a picture to what its faces show."""

from __future__ import annotations

from collections.abc import Sequence

from ..affect import affect_of
from ..protocols import ExpressionEngine, FoundFace
from ..types import FaceReading, Picture
from .faces import order_faces
from .geometry import crop_face, eye_openness, head_pose
from .quality import face_quality


def read_faces(picture: Picture, found: Sequence[FoundFace], expression: ExpressionEngine, *, max_faces: int,
               abstain_below: float) -> tuple[FaceReading, ...]:
    """Read the faces of a picture, the main face first; empty when there is none.

    Args:
        picture: RGB, upright, shape (height, width, 3).
        found: its faces, as a ``FaceFinder`` gives them.
        expression: reads each.
        max_faces: most faces to read.
        abstain_below: a face whose confidence is below this abstains.

    Raises:
        ModelRunError: the engine failed.
    """
    faces = order_faces(found, picture.shape[1], picture.shape[0])[:max_faces]
    return tuple(_read(picture, face, expression, abstain_below) for face in faces)


def _read(picture: Picture, face: FoundFace, expression: ExpressionEngine, abstain_below: float) -> FaceReading:
    """One face. Its confidence is that of the detector times the quality's score: how far the reading may be leaned on,
    whatever it says. Affect is where the emotions lie (see ``empathy.affect``)."""
    pose = head_pose(face.landmarks)
    quality = face_quality(picture, face.landmarks, pose)
    emotions = expression.express(crop_face(picture, face.landmarks, expression.crop_scale))
    confidence = face.confidence * quality.score
    return FaceReading(
        box=face.box, detection_confidence=face.confidence, emotions=emotions, affect=affect_of(emotions),
        head_pose=pose, eye_openness=eye_openness(face.landmarks), quality=quality, confidence=confidence,
        abstains=confidence < abstain_below, engine=expression.name, landmarks=face.landmarks,
        blendshapes=face.blendshapes)
