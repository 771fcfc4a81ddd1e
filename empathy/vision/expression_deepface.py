"""Expression by DeepFace's ``emotion`` model: seven emotions, through ``DeepFace.analyze`` on our own crop.

DeepFace is told to run its ONNX file (no TensorFlow), to look for it in our models folder, and to detect nothing: its
default detector takes 110 ms a picture and crops loosely, ours has already framed the face.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ModelFileError, ModelRunError
from ..protocols import ExpressionEngine
from ..registry import ModelSpec, Url
from ..types import Emotions, Picture

WEIGHTS_FILE = ".deepface/weights/facial_expression_model_weights.onnx"
"""Where DeepFace looks below ``DEEPFACE_HOME``, which is set to our models folder."""


class DeepFaceExpression:
    """An ``ExpressionEngine``. It has no contempt: that is always 0."""

    crop_scale = 1.0

    def __init__(self, weights: Path) -> None:
        os.environ["DEEPFACE_BACKEND_ENGINE"] = "onnx"
        os.environ["DEEPFACE_HOME"] = str(weights.parents[2])
        os.environ.setdefault("DEEPFACE_LOG_LEVEL", "40")
        from importlib.metadata import version

        from deepface import DeepFace
        from deepface.commons import backend_utils
        from deepface.modules import modeling

        if backend_utils.get_backend_engine() != "onnx":
            raise ModelRunError("DeepFace was started with another engine in this process: set "
                                "DEEPFACE_BACKEND_ENGINE=onnx and start again")
        kept: dict[str, dict[str, Any]] = getattr(modeling, "cached_models", {})
        kept.get("facial_attribute", {}).pop("Emotion", None)  # after a new download the old weights must go
        self.name = f"deepface@{version('deepface')}"
        self._analyze: Any = DeepFace.analyze
        try:
            self.express(np.zeros((48, 48, 3), np.uint8))
        except ModelRunError as error:
            raise ModelFileError(f"{weights} is not DeepFace's emotion model ({error}): delete it, then run: "
                                 "python -m empathy models pull deepface-emotion") from error

    def express(self, crop: Picture) -> Emotions:
        """Read one crop.

        Args:
            crop: RGB, square, any size from 16 px.

        Raises:
            ModelRunError: DeepFace failed, or gave what is no distribution.
        """
        try:
            faces = self._analyze(img_path=np.ascontiguousarray(crop[:, :, ::-1]), actions=["emotion"],
                                  detector_backend="skip", enforce_detection=False, align=False, silent=True)
            shares = {str(name): float(share) for name, share in faces[0]["emotion"].items()}
            return Emotions.of({name: max(0.0, share) for name, share in shares.items()})
        except Exception as error:  # DeepFace raises its own kinds, onnxruntime's and plain ones
            raise ModelRunError(f"DeepFace failed on a crop of shape {crop.shape}: {error}") from error


def _load(paths: tuple[Path, ...]) -> DeepFaceExpression:
    return DeepFaceExpression(paths[0])


SPEC: ModelSpec[ExpressionEngine] = ModelSpec(
    name="deepface-emotion", stage="expression", tier="full",
    source=Url(name=WEIGHTS_FILE, urls=(
        "https://github.com/serengil/deepface_models/releases/download/v1.0/facial_expression_model_weights.onnx",
        "https://huggingface.co/serengil/deepface/resolve/main/facial_expression_model_weights.onnx")),
    licence="MIT (DeepFace); trained on FER2013, research use", size_mb=5.95, load=_load, package="deepface",
    about="DeepFace emotion, 1.5 M parameters, seven emotions")
