"""Loads a published wav2vec2 checkpoint key by key: nothing may be missing, nothing left over, nothing random.

The stock classes of transformers fill a head they do not know with random numbers and go on; here that is an error.
Nothing is ever fetched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelFileError, ModelRunError
from ..types import Samples
from .segment import spread

ENCODER = "wav2vec2."
UNUSED = ("wav2vec2.masked_spec_embed",)
"""Only needed in training: may be there or not."""
OLD_TO_NEW = {"conv.weight_g": "conv.parametrizations.weight.original0",
              "conv.weight_v": "conv.parametrizations.weight.original1"}
"""How torch renamed the two halves of a weight norm."""

FILES = ("config.json", "preprocessor_config.json", "pytorch_model.bin")

MAX_S = 20.0
"""Most speech listened to; attention grows with the square of it. Longer speech is heard in spread windows."""
MIN_SAMPLES = 400
"""One frame of the encoder's convolutions."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wav2Vec2:
    """A loaded encoder with the tensors of its head."""

    encoder: Any
    head: Mapping[str, Any]
    labels: tuple[str, ...]
    """What the outputs of the head mean, in lower case, in their order."""
    normalise: bool
    device: str

    def hidden_states(self, speech: Samples) -> tuple[Any, ...]:
        """Output of the convolutions and of each layer, tensors of shape (1, n_frames, n_hidden)."""
        import torch

        if speech.size < MIN_SAMPLES:
            raise ModelRunError(f"a voice engine needs {MIN_SAMPLES} samples, not {speech.size}")
        heard = spread(speech, MAX_S).astype(np.float32)
        if self.normalise:
            heard = (heard - heard.mean()) / np.sqrt(heard.var() + 1e-7)
        values = torch.from_numpy(np.ascontiguousarray(heard))[None].to(self.device)
        with torch.inference_mode():
            return self.encoder(values, output_hidden_states=True).hidden_states

    def two_layers(self, states: tuple[Any, ...], first: str, second: str) -> NDArray[np.float64]:
        """Mean over time, dense layer, tanh, dense layer; shape (n_labels,)."""
        import torch

        with torch.inference_mode():
            pooled = states[-1].mean(dim=1)
            inner = torch.tanh(self.linear(pooled, first))
            return self.linear(inner, second)[0].double().cpu().numpy()

    def linear(self, values: Any, name: str) -> Any:
        """The dense layer of that name."""
        from torch.nn.functional import linear

        return linear(values, self.head[f"{name}.weight"], self.head[f"{name}.bias"])


def load_wav2vec2(paths: tuple[Path, ...], head: tuple[str, ...], device: str, name: str) -> Wav2Vec2:
    """Load config, preprocessor and weights.

    Args:
        paths: the three ``FILES``; the weights may also be safetensors.
        head: the keys the head must have, no more and no fewer.
        device: a torch device.
        name: of the engine, for messages.

    Raises:
        ModelFileError: a key is missing or left over, or a shape differs.
    """
    import torch
    from transformers import Wav2Vec2Config
    from transformers.models.wav2vec2.modeling_wav2vec2 import Wav2Vec2Model

    config_file, preprocessor_file, weights_file = paths
    raw = json.loads(config_file.read_text(encoding="utf-8"))
    config = Wav2Vec2Config.from_dict({key: value for key, value in raw.items() if key != "gradient_checkpointing"})
    preprocessor = json.loads(preprocessor_file.read_text(encoding="utf-8"))
    tensors = _tensors(weights_file)
    encoder: Any
    with torch.device("meta"):  # the weights come from the file: making random ones first would take seconds
        encoder = Wav2Vec2Model(config)
    wanted = {ENCODER + key for key in encoder.state_dict()}
    _refuse_other_keys(name, set(tensors), wanted | set(head))
    state = {key[len(ENCODER):]: value.float() for key, value in tensors.items() if key in wanted}
    for key in UNUSED:
        short = key[len(ENCODER):]
        if key in wanted and short not in state:
            state[short] = torch.zeros_like(encoder.state_dict()[short], device="cpu")
    try:
        encoder.load_state_dict(state, strict=True, assign=True)
    except RuntimeError as error:
        raise ModelFileError(f"the weights of {name} do not fit its config.json: {error}") from error
    labels = {int(index): str(label).lower() for index, label in raw.get("id2label", {}).items()}
    return Wav2Vec2(
        encoder=encoder.to(device).eval(), head={key: tensors[key].float().to(device) for key in head},
        labels=tuple(labels[index] for index in sorted(labels)), normalise=bool(preprocessor.get("do_normalize", True)),
        device=device)


def _tensors(file: Path) -> dict[str, Any]:
    """All tensors of a file by the names of today's torch; never unpickles anything but tensors."""
    import torch

    if file.suffix == ".safetensors":
        from safetensors.torch import load_file

        found: dict[str, Any] = load_file(str(file))
    else:
        found = torch.load(file, map_location="cpu", weights_only=True)
    renamed: dict[str, Any] = {}
    for key, value in found.items():
        old = next((old for old in OLD_TO_NEW if key.endswith(old)), None)
        renamed[key if old is None else key[:-len(old)] + OLD_TO_NEW[old]] = value
    return renamed


def _refuse_other_keys(name: str, found: set[str], wanted: set[str]) -> None:
    missing = sorted(wanted - found - set(UNUSED))
    extra = sorted(found - wanted - set(UNUSED))
    if missing or extra:
        raise ModelFileError(f"the weights of {name} are not the published ones: {len(missing)} tensors are missing "
                             f"({', '.join(missing[:3]) or 'none'}), {len(extra)} are left over "
                             f"({', '.join(extra[:3]) or 'none'}); delete the file, then run: "
                             f"python -m empathy models pull {name}")
