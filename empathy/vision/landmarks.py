"""Faces and their 478 points by MediaPipe: the face mesh its wheel carries, or the FaceLandmarker with blendshapes.

Both engines look the same way (see ``vision.faces``): the whole picture, tiles where more may hide, and each candidate
once more on its own levelled square, where the detector must see it again and the mesh must lie on it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ModelRunError
from ..protocols import FaceEngine, FoundFace, TrackingFinder
from ..registry import ModelSpec, Packaged, Url
from ..types import Box, Picture, Points
from .faces import Candidate, FaceDetector, same_face, shrink
from .geometry import eye_roll, level_square, mesh_box
from .mesh import FaceMeshModel, LandmarkerModel, MeshModel

MEDIAPIPE_LICENCE = "Apache-2.0"

_SQUARE_SIDES, _SQUARE_PX = 2.0, 256
"""The mesh is looked for on a levelled square of twice the face's box, shrunk or enlarged to 256 px: its network takes
192 px around the face."""
_SMALLEST_FACE_PX = 8.0
_TRACK_PX = 640


class MediaPipeFaces:
    """A ``FaceEngine``: for single pictures. May be shared: one call at a time goes in."""

    def __init__(self, name: str, detector: FaceDetector, mesh: MeshModel, *, task: Path | None = None) -> None:
        self.name = name
        self._detector = detector
        self._mesh = mesh
        self._task = task
        self._lock = threading.Lock()

    def find(self, picture: Picture) -> tuple[FoundFace, ...]:
        """All faces of a picture.

        Args:
            picture: RGB, any size.

        Raises:
            ModelRunError: MediaPipe failed on it.
        """
        return self._locked(picture, thorough=True)

    def glance(self, picture: Picture) -> tuple[FoundFace, ...]:
        """The faces that the first look finds, without tiles: for frames, of which the next comes soon."""
        return self._locked(picture, thorough=False)

    def confirm(self, picture: Picture, landmarks: Points) -> float:
        """How sure the detector is, in [0, 1], that a mesh from elsewhere lies on a face; 0 when it sees none there.

        The mesh stands for the detector's box: on 141 detections in photos it was 1.03 times as large (median), with
        the same middle.
        """
        box = mesh_box(landmarks)
        centre = (box.x + box.width / 2, box.y + box.height / 2)
        with self._lock:
            try:
                return self._detector.belief(picture, centre, max(box.width, box.height), eye_roll(landmarks))
            except Exception:  # a mesh that has drifted out of the picture; OpenCV and MediaPipe raise their own kinds
                return 0.0

    def tracker(self, n_faces: int = 2) -> TrackingFinder:
        """A new finder for one visitor's frames, which follows up to ``n_faces`` faces and keeps state."""
        model = LandmarkerModel(self._task, n_faces=n_faces, tracking=True) if self._task else FaceMeshModel(
            n_faces=n_faces, tracking=True)
        return MediaPipeTracker(self, model)

    def _locked(self, picture: Picture, *, thorough: bool) -> tuple[FoundFace, ...]:
        with self._lock:
            try:
                return self._look(picture, thorough=thorough)
            except (RuntimeError, ValueError) as error:
                raise ModelRunError(f"{self.name} failed on a picture of shape {picture.shape}: {error}") from error

    def _look(self, picture: Picture, *, thorough: bool) -> tuple[FoundFace, ...]:
        faces = self._believe(picture, self._detector.first_look(picture), ())
        if thorough and worth_second_look(faces, picture.shape[1], picture.shape[0]):
            faces = self._believe(picture, self._detector.second_look(picture), faces)
        if thorough and not faces:
            faces = self._believe(picture, self._detector.last_look(picture), faces)
        return faces

    def _believe(self, picture: Picture, candidates: Sequence[Candidate],
                 known: tuple[FoundFace, ...]) -> tuple[FoundFace, ...]:
        faces = list(known)
        for candidate in candidates:
            if any(same_face(candidate.box, face.box) for face in faces):
                continue
            face = self._face_at(picture, candidate)
            if face is not None and not any(same_face(face.box, other.box) for other in faces):
                faces.append(face)
        return tuple(faces)

    def _face_at(self, picture: Picture, candidate: Candidate) -> FoundFace | None:
        height, width = picture.shape[:2]
        x, y = candidate.centre
        if candidate.side < _SMALLEST_FACE_PX or not (0 <= x < width and 0 <= y < height):
            return None
        belief = self._detector.belief(picture, candidate.centre, candidate.side, candidate.roll_rad)
        if belief <= 0.0:
            return None
        square, matrix = level_square(picture, candidate.centre, candidate.side * _SQUARE_SIDES, candidate.roll_rad,
                                      _SQUARE_PX)
        meshes = self._mesh.lay(square)
        if not meshes:
            return None
        points, shapes = meshes[0]
        landmarks = _back(points, matrix)
        box = mesh_box(landmarks)
        away = np.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y)
        if away > 0.5 * candidate.side or not 0.5 < max(box.width, box.height) / candidate.side < 2.0:
            return None  # the mesh has slipped onto a neighbour
        return FoundFace(box=_inside(box, width, height), confidence=max(belief, candidate.score), landmarks=landmarks,
                         blendshapes=shapes)


class MediaPipeTracker:
    """A ``TrackingFinder``: quicker than looking anew, and steadier."""

    def __init__(self, finder: MediaPipeFaces, mesh: MeshModel) -> None:
        self.name = finder.name
        self._finder = finder
        self._mesh = mesh
        self._lock = threading.Lock()

    def find(self, picture: Picture) -> tuple[FoundFace, ...]:
        """The faces of the next frame; where tracking sees none, those of a glance."""
        height, width = picture.shape[:2]
        frame, zoom = shrink(picture, _TRACK_PX)
        with self._lock:
            try:
                meshes = self._mesh.lay(frame)
            except (RuntimeError, ValueError) as error:
                raise ModelRunError(f"{self.name} failed on a frame of shape {picture.shape}: {error}") from error
        faces: list[FoundFace] = []
        for points, shapes in meshes:
            belief = self._finder.confirm(frame, points)
            landmarks = np.asarray(points / zoom, dtype=np.float32)
            box = _inside(mesh_box(landmarks), width, height)
            if belief > 0 and not any(same_face(box, face.box) for face in faces):
                faces.append(FoundFace(box=box, confidence=belief, landmarks=landmarks, blendshapes=shapes))
        return tuple(faces) or self._finder.glance(picture)

    def close(self) -> None:
        """Give the native memory back."""
        with self._lock:
            self._mesh.close()


def worth_second_look(faces: Sequence[FoundFace], width: int, height: int) -> bool:
    """True unless a large face explains the picture.

    Tiles cost 25 to 75 ms. They pay when there is no face or only small ones, since a small face is seldom alone; and
    in a picture of 1,000 px and more, which may hold faces that the first look was too coarse for. A portrait (face
    above 0.30 of the shorter side there, 0.15 in a smaller picture) is left at the first look.
    """
    largest = max((max(face.box.width, face.box.height) for face in faces), default=0.0)
    enough = 0.30 if max(width, height) >= 1000 else 0.15
    return largest < enough * min(width, height)


def _back(points: Points, matrix: Any) -> Points:
    """From a levelled square back to the picture; ``matrix``, shape (2, 3), led there."""
    turn = np.asarray(matrix, dtype=np.float64)[:, :2]
    plane = (points[:, :2] - matrix[:, 2]) @ np.linalg.inv(turn).T
    zoom = float(np.hypot(turn[0, 0], turn[0, 1]))
    return np.column_stack([plane, points[:, 2] / zoom]).astype(np.float32)


def _inside(box: Box, width: int, height: int) -> Box:
    """The part of a box that lies in the picture."""
    left, top = min(max(box.x, 0.0), width - 1.0), min(max(box.y, 0.0), height - 1.0)
    right, bottom = min(max(box.x + box.width, left + 1.0), width), min(max(box.y + box.height, top + 1.0), height)
    return Box(x=left, y=top, width=right - left, height=bottom - top)


def _version() -> str:
    from importlib.metadata import version

    return version("mediapipe")


def _load_mesh(_: tuple[Path, ...]) -> MediaPipeFaces:
    return MediaPipeFaces(f"mediapipe-face-mesh@{_version()}", FaceDetector(), FaceMeshModel())


def _load_landmarker(paths: tuple[Path, ...]) -> MediaPipeFaces:
    return MediaPipeFaces(f"mediapipe-face-landmarker@{_version()}", FaceDetector(), LandmarkerModel(paths[0]),
                          task=paths[0])


MESH_SPEC: ModelSpec[FaceEngine] = ModelSpec(
    name="face-mesh", stage="faces", tier="compact", source=Packaged(package="mediapipe"),
    licence=MEDIAPIPE_LICENCE, size_mb=4.0, load=_load_mesh,
    about="MediaPipe face detection (short and full range) and face mesh with irises, 478 points; in its wheel")

LANDMARKER_SPEC: ModelSpec[FaceEngine] = ModelSpec(
    name="face-landmarker", stage="faces", tier="full",
    source=Url(name="face_landmarker.task", urls=(
        "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/"
        "face_landmarker.task",)),
    licence=MEDIAPIPE_LICENCE, size_mb=3.8, load=_load_landmarker, package="mediapipe",
    sha256={"face_landmarker.task": "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"},
    about="MediaPipe FaceLandmarker: 478 points and 52 blendshapes")
