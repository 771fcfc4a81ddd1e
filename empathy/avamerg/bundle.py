"""A trained network in a folder of its own: everything that is needed to use it, and what it was measured at.

    bundle.json               model, sizes, temperature, figures, and whether it has seen what leaks the label
    weights.safetensors       the network
    hearing.safetensors       the frozen wav2vec2 (model A)
    tokenizer.json, vocabulary.json
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..errors import EmpathyError, ModelFileError
from ..registry import digest
from .classes import CLASSES
from .sizes import Modality, Model, Sizes, made
from .vocabulary import Vocabulary, load_vocabulary

FORMAT = 1
BUNDLE, WEIGHTS, HEARING = "bundle.json", "weights.safetensors", "hearing.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bundle:
    """``network`` gives logits; divided by ``temperature`` they are calibrated. ``hearing`` is the frozen wav2vec2 of
    model A, else None. ``n_leaks`` is 0 except in a leaky run. ``figures`` are those of its test part."""

    model: Model
    sizes: Sizes
    uses: tuple[Modality, ...]
    network: Any
    vocabulary: Vocabulary
    hearing: Any
    temperature: float
    n_leaks: int
    majority: int
    figures: Mapping[str, Any] = field(default_factory=dict[str, Any])
    version: str = ""

    @property
    def leaky(self) -> bool:
        """Whether the label could be read off what it was given; such a bundle is never used on people."""
        return self.n_leaks > 0


def make_network(
    model: Model, sizes: Sizes, vocabulary: Vocabulary, *, uses: tuple[Modality, ...], n_leaks: int,
    download: bool = False, weights: bool = True,
) -> Any:
    """A network that fits a vocabulary.

    Args:
        model: which.
        sizes: its sizes.
        vocabulary: see ``Vocabulary``.
        uses: the modalities it is given.
        n_leaks: leaking fields; 0 except in a leaky run.
        download: published encoders may be fetched.
        weights: start from published encoders; without, all weights are of chance, to be replaced.

    Raises:
        InputError: an encoder's weights are not on this machine.
    """
    from .dialogue_network import NETWORKS

    return NETWORKS[model](
        sizes, n_tokens=vocabulary.n_tokens, n_identities=len(vocabulary.identities),
        n_leak_words=len(vocabulary.leak_words), n_leaks=n_leaks, uses=uses, download=download, weights=weights)


def save_bundle(folder: Path, bundle: Bundle) -> None:
    """Write the folder, ``bundle.json`` last, so that a broken-off one is not taken for whole."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    (folder / BUNDLE).unlink(missing_ok=True)
    bundle.vocabulary.save(folder)
    parts = {WEIGHTS: bundle.network, HEARING: bundle.hearing}
    for name, module in parts.items():
        if module is not None:
            state = {key: value.detach().cpu().contiguous() for key, value in module.state_dict().items()}
            save_file(state, folder / name)
    about = {
        "format": FORMAT, "model": bundle.model, "uses": bundle.uses, "leaky": bundle.leaky, "n_leaks": bundle.n_leaks,
        "classes": CLASSES, "temperature": bundle.temperature, "majority": bundle.majority,
        "version": digest(folder / WEIGHTS)[:8], "sizes": asdict(bundle.sizes), "figures": bundle.figures}
    (folder / BUNDLE).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def load_bundle(folder: Path) -> Bundle:
    """What ``save_bundle`` wrote, on the processor, not in training.

    Raises:
        ModelFileError: a file is missing, broken or of another version.
    """
    from safetensors.torch import load_file

    from .encoders_network import sound_encoder

    about = read_about(folder)
    vocabulary = load_vocabulary(folder)
    try:
        sizes: Sizes = made(Sizes, about["sizes"], str(folder / BUNDLE))
        network = make_network(about["model"], sizes, vocabulary, uses=tuple(about["uses"]), n_leaks=about["n_leaks"],
                               weights=False)
        network.load_state_dict(load_file(folder / WEIGHTS))
        hearing = None
        if about["model"] == "audio":
            hearing = sound_encoder(sizes, weights=False)
            hearing.load_state_dict(load_file(folder / HEARING))
    except (OSError, KeyError, TypeError, RuntimeError, EmpathyError) as error:
        raise ModelFileError(f"{folder} holds no whole AvaMERG bundle ({error}): train it again") from error
    return Bundle(
        model=about["model"], sizes=sizes, uses=tuple(about["uses"]), network=network.eval(), vocabulary=vocabulary,
        hearing=hearing, temperature=float(about["temperature"]), n_leaks=int(about["n_leaks"]),
        majority=int(about["majority"]), figures=about["figures"], version=about["version"])


def read_about(folder: Path) -> dict[str, Any]:
    """What ``bundle.json`` says.

    Raises:
        ModelFileError: it is missing, broken or of another version.
    """
    try:
        about: dict[str, Any] = json.loads((folder / BUNDLE).read_text(encoding="utf-8"))
        found, classes = about["format"], tuple(about["classes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"{folder} holds no AvaMERG bundle ({error}): give the folder `bundle` of a "
                             "run") from error
    if found != FORMAT or classes != CLASSES:
        raise ModelFileError(f"{folder} is a bundle of another version: train it again")
    return about
