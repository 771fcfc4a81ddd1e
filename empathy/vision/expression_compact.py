"""The compact expression engine: a small network trained on FER2013 with FER+ votes, run through onnxruntime.

It ships, works offline and needs no torch; ``python -m empathy train face`` makes it. The file takes ``grey``
(n, 1, 48, 48), levels in [0, 255], and returns calibrated ``probabilities`` (n, 8) in the order of ``EMOTIONS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelRunError
from ..network_file import open_network
from ..registry import Bundled, ModelSpec
from ..types import EMOTIONS, Emotions, Picture

SIDE_PX = 48
"""Side of the pictures it was trained on."""

_MOST_AT_ONCE = 64


class CompactExpression:
    """An ``ExpressionEngine`` that ``KnowsPrior``. It holds no state: one serves all visitors and threads."""

    crop_scale = 1.0
    """It was trained on whole FER2013 pictures."""

    def __init__(self, session: Any, name: str, prior: Mapping[str, float]) -> None:
        self._session = session
        self.name = name
        self.prior = prior

    def express(self, crop: Picture) -> Emotions:
        """The expression on one upright face.

        Args:
            crop: RGB, square, framed as FER2013 frames a face.

        Raises:
            ModelRunError: the network failed.
        """
        return Emotions.of(self.probabilities(as_grey(crop)[None])[0])

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The same for many: grey, shape (n, 48, 48), to probabilities, shape (n, 8)."""
        starts = range(0, max(len(pictures), 1), _MOST_AT_ONCE)
        try:
            found = np.concatenate([self._run(pictures[start:start + _MOST_AT_ONCE]) for start in starts])
        except Exception as error:  # onnxruntime raises its own kinds
            raise ModelRunError(f"the compact expression network failed on this face: {error}") from error
        return found / found.sum(axis=1, keepdims=True)

    def _run(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        found = self._session.run(["probabilities"], {"grey": pictures[:, None].astype(np.float32)})[0]
        return np.asarray(found, dtype=np.float64)


def as_grey(crop: Picture) -> NDArray[np.uint8]:
    """Grey levels as FER2013 has them (ITU-R BT.601 luma): RGB of any size to shape (48, 48)."""
    import cv2

    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    shrinks = min(grey.shape) > SIDE_PX
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=how), dtype=np.uint8)


def load_file(path: Path) -> CompactExpression:
    """The engine in an ONNX file.

    Raises:
        ModelFileError: it is a network of another kind.
    """
    network = open_network(path, EMOTIONS, "face")
    return CompactExpression(network.session, f"face-compact@{network.version}", network.prior)


SPEC: ModelSpec[CompactExpression] = ModelSpec(
    name="face-compact", stage="expression", tier="compact", source=Bundled(files=("face.onnx",)),
    licence="research, non-commercial (trained on FER2013 with FER+ votes)",
    load=lambda paths: load_file(paths[0]),
    about="eight expressions of a face, two small residual networks averaged; needs no download")
