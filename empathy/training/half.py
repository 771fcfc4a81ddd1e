"""Storing a network in half the space."""

from __future__ import annotations

from typing import Any

import numpy as np


def store_in_16_bits(model: Any) -> None:
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
