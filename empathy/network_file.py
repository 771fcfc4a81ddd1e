"""Opens the ONNX files that ship, each with its classes and version in its own metadata."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .errors import ModelFileError


def open_network(path: Path, classes: Sequence[str], kind: str) -> tuple[Any, str]:
    """A session of onnxruntime on one thread (small networks gain nothing from more), and the file's version.

    Args:
        path: the ONNX file.
        classes: what its outputs must mean, in their order.
        kind: the name of the training command, for the message.

    Raises:
        ModelFileError: it is a network of another kind.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    about = session.get_modelmeta().custom_metadata_map
    if about.get("classes") != ",".join(classes):
        raise ModelFileError(f"{path} is no compact {kind} network of this version: make one with python -m empathy "
                             f"train {kind}, or take the file of a full checkout")
    return session, str(about.get("version", "?"))
