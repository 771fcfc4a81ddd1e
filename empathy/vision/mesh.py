"""MediaPipe's two networks that lay 478 points on a face. ``vision.landmarks`` decides where they look."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..types import Picture, Points
from .quiet import quiet_stderr

_WARM_UP_PX = 256

Mesh = tuple[Points, Mapping[str, float] | None]


class MeshModel(Protocol):
    """A network that lays 478 points on the faces of a picture."""

    def lay(self, picture: Picture) -> tuple[Mesh, ...]:
        """Points in px of the picture, and blendshapes if it has them."""
        ...

    def close(self) -> None:
        """Give the native memory back."""
        ...


class FaceMeshModel:
    """``mp.solutions.face_mesh`` with irises."""

    def __init__(self, *, n_faces: int = 1, tracking: bool = False) -> None:
        import mediapipe as mp

        engine: Any = mp.solutions.face_mesh.FaceMesh  # type: ignore[attr-defined]  # MediaPipe ships no types
        with quiet_stderr():
            self._mesh = engine(static_image_mode=not tracking, max_num_faces=n_faces, refine_landmarks=True,
                                min_detection_confidence=0.5 if tracking else 0.3, min_tracking_confidence=0.5)
            self._mesh.process(np.zeros((_WARM_UP_PX, _WARM_UP_PX, 3), np.uint8))
        self._seen_a_face = False

    def lay(self, picture: Picture) -> tuple[Mesh, ...]:
        """See ``MeshModel``."""
        with nullcontext() if self._seen_a_face else quiet_stderr():  # its one warning comes with the first face
            faces = self._mesh.process(np.ascontiguousarray(picture)).multi_face_landmarks or ()
        self._seen_a_face |= bool(faces)
        return tuple((_points(face.landmark, picture), None) for face in faces)

    def close(self) -> None:
        """See ``MeshModel``."""
        self._mesh.close()


class LandmarkerModel:
    """MediaPipe Tasks' FaceLandmarker: the same points, and 52 blendshapes."""

    def __init__(self, path: Path, *, n_faces: int = 1, tracking: bool = False) -> None:
        import mediapipe as mp
        from mediapipe.tasks.python import BaseOptions, vision

        self._image: Any = mp.Image
        self._srgb: Any = mp.ImageFormat.SRGB
        self._time_ms = 0
        self._tracking = tracking
        self._seen_a_face = False
        mode = vision.RunningMode.VIDEO if tracking else vision.RunningMode.IMAGE
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=path.read_bytes()), running_mode=mode, num_faces=n_faces,
            min_face_detection_confidence=0.5 if tracking else 0.3, output_face_blendshapes=True)
        with quiet_stderr():
            self._task: Any = vision.FaceLandmarker.create_from_options(options)
            self.lay(np.zeros((_WARM_UP_PX, _WARM_UP_PX, 3), np.uint8))

    def lay(self, picture: Picture) -> tuple[Mesh, ...]:
        """See ``MeshModel``."""
        image = self._image(image_format=self._srgb, data=np.ascontiguousarray(picture))
        with nullcontext() if self._seen_a_face else quiet_stderr():  # its one warning comes with the first face
            if self._tracking:
                self._time_ms += 33  # it only has to grow
                result = self._task.detect_for_video(image, self._time_ms)
            else:
                result = self._task.detect(image)
        self._seen_a_face |= bool(result.face_landmarks)
        shapes = [{shape.category_name: float(shape.score) for shape in face if shape.category_name != "_neutral"}
                  for face in result.face_blendshapes]
        return tuple((_points(face, picture), shape)
                     for face, shape in zip(result.face_landmarks, shapes, strict=True))

    def close(self) -> None:
        """See ``MeshModel``."""
        self._task.close()


def _points(landmarks: Any, picture: Picture) -> Points:
    """Normalised landmarks to px; MediaPipe gives z in the scale of x."""
    height, width = picture.shape[:2]
    return np.array([(point.x * width, point.y * height, point.z * width) for point in landmarks], dtype=np.float32)
