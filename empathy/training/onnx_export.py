"""From a torch network to the file that ships: one ONNX graph, its large weights stored in less space."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Axes = Mapping[str, Mapping[int, str]]


def held_prior(prior: NDArray[np.float64], sharpness: float) -> NDArray[np.float64]:
    """The prior that calibrated probabilities hold: that of the training labels, raised to a power.

    Args:
        prior: how common each class was in training, shape (n_classes,).
        sharpness: the share of its logarithm within the scores, over the temperature that divided them.

    Returns:
        Shape (n_classes,), sums to 1.
    """
    powers = prior**sharpness
    return powers / powers.sum()


def write_onnx(network: Any, example: Any, path: Path, *, reads: str, answers: Sequence[str], axes: Axes,
               classes: Sequence[str], prior: NDArray[np.float64], version: str) -> None:
    """Export a network; the file tells its classes, the prior that its probabilities hold, and its version.

    Args:
        network: a ``torch.nn.Module`` in evaluation mode.
        example: a tensor of the shape it reads.
        path: file to write, renamed into place when whole.
        reads: name of its input.
        answers: names of its outputs.
        axes: axes of any length, by input and output.
        classes: what its probabilities mean, in their order.
        prior: see ``held_prior``.
        version: goes into the engine's name.
    """
    write_graph(network, example, path, reads=reads, answers=answers, axes=axes, store=_store_in_16_bits,
                about={"classes": ",".join(classes), "version": version,
                       "prior": ",".join(f"{share:.6g}" for share in prior)})


def write_graph(network: Any, example: Any, path: Path, *, reads: str, answers: Sequence[str], axes: Axes,
                store: Callable[[Any], None], about: Mapping[str, str]) -> None:
    """Export a network without classes.

    Args:
        network: as of ``write_onnx``, like the next five.
        example: see there.
        path: see there.
        reads: see there.
        answers: see there.
        axes: see there.
        store: makes the weights of an ``onnx.ModelProto`` small, in place.
        about: what the file tells of itself.
    """
    import onnx
    import torch

    part = path.with_name(path.name + ".part")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter is deprecated; the new one needs onnxscript
        torch.onnx.export(network, (example,), str(part), dynamo=False, opset_version=17, input_names=[reads],
                          output_names=list(answers), dynamic_axes={name: dict(free) for name, free in axes.items()})
    model = onnx.load(str(part))
    store(model)
    onnx.helper.set_model_props(model, dict(about))
    onnx.checker.check_model(model)
    onnx.save(model, str(part))
    part.replace(path)


def _store_in_16_bits(model: Any) -> None:
    """Keep the large weights of an ``onnx.ModelProto`` as float16 with a cast behind each, in place.

    Arithmetic stays in 32 bits: onnxruntime casts once, when it loads.
    """
    import onnx

    casts: list[Any] = []
    for weights in model.graph.initializer:
        values = onnx.numpy_helper.to_array(weights)
        if values.dtype == np.float32 and values.size > 256:
            name = weights.name
            weights.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
            casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)


def store_in_8_bits(model: Any) -> None:
    """Keep the large matrices of an ``onnx.ModelProto`` in 8 bits with one scale a column, all else in 16, in place.

    Arithmetic stays in 32 bits: onnxruntime multiplies once, when it loads.
    """
    import onnx

    from ..text.network import small

    made: list[Any] = []
    for weights in list(model.graph.initializer):
        values = onnx.numpy_helper.to_array(weights)
        if values.dtype == np.float32 and values.ndim == 2 and values.size > 16384:
            name = weights.name
            steps, scale = small(np.ascontiguousarray(values.T))
            weights.CopyFrom(onnx.numpy_helper.from_array(np.ascontiguousarray(steps.T), f"{name}.steps"))
            model.graph.initializer.append(onnx.numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"))
            made += [onnx.helper.make_node("Cast", [f"{name}.steps"], [f"{name}.whole"], to=onnx.TensorProto.FLOAT),
                     onnx.helper.make_node("Mul", [f"{name}.whole", f"{name}.scale"], [name])]
    for node in reversed(made):
        model.graph.node.insert(0, node)
    _store_in_16_bits(model)
