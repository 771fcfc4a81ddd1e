"""How a network is trained; the report prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from ...avamerg.sizes import NAMED, Sizes, made, read_tables
from ...errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The defaults are for the full system."""

    epochs: int = 12
    batch: int = 32
    """Conversations a step, over all processes together."""
    accumulate: int = 1
    """Steps whose gradients are added up before the weights move."""
    rate: float = 3e-4
    """Peak learning rate of what starts from chance: up over a tenth of the steps, then down a cosine."""
    encoder_rate: float = 2e-5
    """The same for published encoders."""
    decay: float = 0.01
    clip_norm: float = 1.0
    loss: str = "focal"
    """``focal`` (class-balanced) or ``adjusted`` (by the log prior)."""
    gamma: float = 2.0
    beta: float = 0.999
    patience: int = 4
    """Epochs without a better macro-F1 on validation after which training ends."""
    checkpoint_steps: int = 200
    """Steps between checkpoints, beside the one at the end of each epoch; 0: only those."""
    precision: str = "no"
    """``no``, ``bf16`` or ``fp16``."""
    workers: int = 0
    """Processes that read features ahead."""

    def __post_init__(self) -> None:
        if min(self.epochs, self.batch, self.accumulate, self.patience) < 1 or min(self.rate, self.encoder_rate) <= 0:
            raise InputError("epochs, batch, accumulate and patience must be at least 1, the rates above 0")
        if min(self.checkpoint_steps, self.workers, self.decay, self.gamma) < 0 or not 0 <= self.beta < 1:
            raise InputError("checkpoint_steps, workers, decay and gamma must not be negative, beta lies in [0, 1)")
        if self.loss not in ("focal", "adjusted") or self.precision not in ("no", "bf16", "fp16"):
            raise InputError("loss is focal or adjusted, precision no, bf16 or fp16")


RECIPES: Mapping[Literal["full", "tiny"], Recipe] = {
    "full": Recipe(), "tiny": Recipe(epochs=36, batch=16, rate=3e-3, patience=14, gamma=1.0, checkpoint_steps=0)}


def read_plan(config: str, changes: Mapping[str, Any]) -> tuple[Sizes, Recipe]:
    """Sizes and recipe of ``full``, ``tiny`` or a TOML file with the tables ``sizes`` and ``recipe``, whose keys change
    those of ``full`` (or of the configuration that ``base`` names in a third table, ``from``).

    Raises:
        InputError: the file can't be read or has an unknown key.
    """
    if config in NAMED:
        name, tables = config, {}
    else:
        tables = read_tables(Path(config), ("sizes", "recipe", "from"))
        name = str(tables.get("from", {}).get("base", "full"))
        if name not in NAMED:
            raise InputError(f"--config {config}: base is {name!r}, not full or tiny")
    sizes = _changed(NAMED[name], tables.get("sizes", {}), f"{config} [sizes]")
    recipe = _changed(RECIPES["tiny" if name == "tiny" else "full"], tables.get("recipe", {}), f"{config} [recipe]")
    return sizes, _changed(recipe, changes, "the command line")


def describe(config: str) -> dict[str, Any]:
    """Weights of the networks of a configuration, by part: all, and those that are trained.

    The networks are put together with weights of chance, and a vocabulary of BERT's size (30,522 tokens).

    Raises:
        InputError: see ``read_plan``.
    """
    from ...avamerg.dialogue_network import NETWORKS
    from ...avamerg.encoders_network import sound_encoder
    from ...avamerg.sizes import USES

    sizes, recipe = read_plan(config, {})
    found: dict[str, Any] = {"config": config, "sizes": asdict(sizes), "recipe": asdict(recipe)}
    parts: dict[str, Any] = {"wav2vec2, frozen, run once a clip": sound_encoder(sizes, weights=False)}
    for model, kind in NETWORKS.items():
        parts[model] = kind(sizes, n_tokens=30_522, n_identities=100, uses=USES[model], weights=False)
    for name, network in parts.items():
        inner = {child: sum(weight.numel() for weight in part.parameters()) for child, part in network.named_children()}
        found[name] = {"weights": sum(weight.numel() for weight in network.parameters()), "parts": inner,
                       "trained": sum(weight.numel() for weight in network.parameters() if weight.requires_grad)}
    return found


def _changed(value: Any, changes: Mapping[str, Any], where: str) -> Any:
    return made(type(value), {**asdict(value), **changes}, where)
