"""The file of the transformer that weighs face and voice, and its card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..fusion.attention import CHOICES, FILE, Attention
from ..registry import digest

DATA = ("CREMA-D (Cao et al. 2014): about ten people labelled each of 7,442 clips of 91 actors by the face alone, "
        "about ten by the voice alone, about ten by both; only these votes were used")
TERMS = "fitted on a database under ODbL 1.0 (see LICENSE in this folder)"
LIMITS = (
    "It foretells how people label acted clips of twelve neutral sentences, not what anybody feels.",
    "It knows six emotions: where contempt or surprise are seen, the pool weighs instead, in their share.",
    "It was fitted on people's votes. What it does with the engines' probabilities is told under on_engines: pairs of "
    "labelled faces and voices that were never one clip.",
)


def write_network(folder: Path, network: Attention, table: Mapping[str, Any], *, seed: int, epochs: int) -> None:
    """Write ``fusion.safetensors``, ``fusion.json`` and ``fusion.md``.

    Args:
        folder: made if absent.
        network: fitted on all clips.
        table: what ``evaluate_fusion`` found, five folds by actor.
        seed: of the fit.
        epochs: of the fit.
    """
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    save_file({name: array.astype(np.float32) for name, array in sorted(network.layers.items())}, path)
    card = {
        "name": "fusion", "file": FILE, "sha256": digest(path),
        "parameters": int(sum(array.size for array in network.layers.values())), "labels": list(CHOICES),
        "data": DATA, "terms": TERMS, "limits": list(LIMITS), "seed": seed, "epochs": epochs,
        "command": "python -m empathy evaluate fusion RATINGS.csv --faces FACES.csv --voices VOICES.csv --out DIR",
        "figures": {name: table[name] for name in ("n", "n_decided", "folds", "methods", "gain", "on_engines")
                    if name in table}}
    (folder / "fusion.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    (folder / "fusion.md").write_text(page(card), encoding="utf-8")


def page(card: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    figures = card["figures"]
    lines = [
        f"# {FILE}", "",
        "What people make of a face and a voice together: a transformer of one layer over two tokens "
        f"({card['parameters']} numbers, `fusion/attention.py`).", "",
        "| | |", "|---|---|", f"| Data | {card['data']} |", f"| Terms | {card['terms']} |",
        f"| Command | `{card['command']}` |", f"| Seed, epochs | {card['seed']}, {card['epochs']} |", "",
        f"Votes of {figures['n']} clips, {figures['folds']} folds by actor (accuracy on the {figures['n_decided']} "
        "with a majority):", "", *_rows(figures["methods"])]
    if "on_engines" in figures:
        lines += ["", "What the page's engines say of labelled faces and voices, paired by emotion; every method as "
                  "fitted on the votes:", "", *_rows(figures["on_engines"])]
    return "\n".join([*lines, "", "## Limits", *(f"- {limit}" for limit in card["limits"]), ""])


def _rows(methods: Mapping[str, Mapping[str, float]]) -> list[str]:
    return ["| method | accuracy | log-loss |", "|---|---|---|", *(
        f"| {name} | {row['accuracy']:.3f} ({row['accuracy_low']:.3f} to {row['accuracy_high']:.3f}) | "
        f"{row['log_loss']:.3f} ({row['log_loss_low']:.3f} to {row['log_loss_high']:.3f}) |"
        for name, row in methods.items())]
