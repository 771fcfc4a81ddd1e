"""Two of DeepFace's face detectors, on request: OpenCV's Haar cascade and RetinaFace. They say where faces may be; the
belief and the mesh are MediaPipe's, so that all engines mean the same by a face.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..errors import ModelFileError, ModelRunError
from ..protocols import FaceEngine
from ..registry import ModelSpec, Packaged, Url
from ..types import Box, Picture
from .faces import Candidate, FaceDetector, shrink
from .landmarks import MediaPipeFaces
from .mesh import FaceMeshModel

RETINAFACE_FILE = ".deepface/weights/retinaface.onnx"
"""Where the package looks below ``DEEPFACE_HOME``, which is set to our models folder."""

_LOOK_PX = 640
_EYES_DOWN, _EYES_ASIDE = 0.4, 0.2
"""Where the eyes of a face are taken to be when the cascade saw none, in shares of its box."""

Backend = Literal["opencv", "retinaface"]


class DeepFaceDetector(FaceDetector):
    """Looks once, with one of DeepFace's detectors. Not thread-safe: whoever holds it locks it."""

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        os.environ["DEEPFACE_BACKEND_ENGINE"] = "onnx"
        os.environ.setdefault("DEEPFACE_LOG_LEVEL", "40")
        from deepface.modules import modeling

        self._client: Any = modeling.build_model(task="face_detector", model_name=backend)

    def first_look(self, picture: Picture) -> tuple[Candidate, ...]:
        """Candidates on the whole picture, likeliest first.

        Raises:
            ModelRunError: DeepFace failed.
        """
        small, zoom = shrink(picture, _LOOK_PX)
        try:
            found = self._client.detect_faces(np.ascontiguousarray(small[:, :, ::-1]))
        except Exception as error:  # DeepFace raises its own kinds, OpenCV's and onnxruntime's
            raise ModelRunError(f"DeepFace's detector failed on a picture of shape {picture.shape}: {error}") from error
        return tuple(sorted((_candidate(one, zoom) for one in found), key=lambda one: -one.score))

    def second_look(self, picture: Picture) -> tuple[Candidate, ...]:
        """None: these detectors look at all sizes at once."""
        return ()

    def last_look(self, picture: Picture) -> tuple[Candidate, ...]:
        """None: whoever wants more takes MediaPipe's."""
        return ()


def _candidate(found: Any, zoom: float) -> Candidate:
    """A region of DeepFace's in px of the picture."""
    box = Box(x=float(found.x) / zoom, y=float(found.y) / zoom, width=float(found.w) / zoom,
              height=float(found.h) / zoom)
    middle, height = box.x + box.width / 2, box.y + _EYES_DOWN * box.height
    right, left = (tuple(float(value) / zoom for value in eye) if eye is not None
                   else (middle + side * _EYES_ASIDE * box.width, height)
                   for eye, side in ((found.right_eye, -1), (found.left_eye, 1)))
    return Candidate(box=box, score=float(np.clip(found.confidence or 0.0, 0.0, 1.0)), right_eye=(right[0], right[1]),
                     left_eye=(left[0], left[1]))


def _load_haar(_: tuple[Path, ...]) -> MediaPipeFaces:
    return MediaPipeFaces(f"deepface-haar@{version('deepface')}", DeepFaceDetector("opencv"), FaceMeshModel())


def _load_retinaface(paths: tuple[Path, ...]) -> MediaPipeFaces:
    os.environ["DEEPFACE_HOME"] = str(paths[0].parents[2])
    try:
        detector = DeepFaceDetector("retinaface")
        detector.first_look(np.zeros((64, 64, 3), np.uint8))
    except Exception as error:
        raise ModelFileError(f"{paths[0]} is not RetinaFace's network ({error}): delete it, then run: "
                             "python -m empathy models pull face-retinaface") from error
    return MediaPipeFaces(f"deepface-retinaface@{version('retina-face')}", detector, FaceMeshModel())


HAAR_SPEC: ModelSpec[FaceEngine] = ModelSpec(
    name="face-haar", stage="faces", tier="compact", source=Packaged(package="deepface"),
    licence="MIT (DeepFace), Apache-2.0 (OpenCV's cascade)", size_mb=0.9, load=_load_haar,
    about="OpenCV's Haar cascade through DeepFace, with MediaPipe's mesh; slower, sees upright faces alone")

RETINAFACE_SPEC: ModelSpec[FaceEngine] = ModelSpec(
    name="face-retinaface", stage="faces", tier="full",
    source=Url(name=RETINAFACE_FILE, urls=(
        "https://github.com/serengil/deepface_models/releases/download/v1.0/retinaface.onnx",
        "https://huggingface.co/serengil/deepface/resolve/main/retinaface.onnx")),
    licence="MIT", size_mb=109.0, load=_load_retinaface, package="retinaface",
    about="RetinaFace through DeepFace, with MediaPipe's mesh; slow without a graphics card")
