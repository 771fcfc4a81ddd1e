"""Opens the ONNX files that ship, each with its classes and version in its own metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ModelFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFile:
    """An open file: a session of onnxruntime, the file's version, and the prior that its probabilities hold, by class:
    how common it takes each to be before it has seen or heard anything."""

    session: Any
    version: str
    prior: Mapping[str, float]


def open_network(path: Path, classes: Sequence[str], kind: str) -> NetworkFile:
    """Open a file and read what it tells of itself.

    Args:
        path: the ONNX file.
        classes: what its outputs must mean, in their order.
        kind: the name of the training command, for the message.

    Raises:
        ModelFileError: it is a network of another kind.
    """
    session = open_session(path)
    about = session.get_modelmeta().custom_metadata_map
    if about.get("classes") != ",".join(classes) or not {"prior", "version"} <= set(about):
        raise ModelFileError(f"{path} is no compact {kind} network of this version: make one with python -m empathy "
                             f"train {kind}, or take the file of a full checkout")
    prior = [float(share) for share in about["prior"].split(",")]
    return NetworkFile(session=session, version=about["version"], prior=dict(zip(classes, prior, strict=True)))


def open_session(path: Path) -> Any:
    """An ``onnxruntime.InferenceSession`` on one thread of the processor (small networks gain nothing from more)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
