"""What a trained network is worth: its figures, without each modality too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ...avamerg.figures import figures, scores, short
from ...avamerg.sizes import Modality
from ...logits import softmax
from .examples import Examples
from .fit import predict
from .recipe import Recipe

if TYPE_CHECKING:
    from accelerate import Accelerator


def ablations(uses: Sequence[Modality]) -> dict[str, tuple[Modality, ...]]:
    """What is left out for each figure: ``text-only`` leaves out all but the words, and so on."""
    found: dict[str, tuple[Modality, ...]] = {}
    if len(uses) > 1:
        found |= {f"{kept}-only": tuple(other for other in uses if other != kept) for kept in uses}
        found |= {f"without {left}": (left,) for left in uses}
    return found


def measure(
    network: nn.Module, examples: Examples, recipe: Recipe, accelerator: Accelerator, *, temperature: float,
    majority: int, uses: Sequence[Modality],
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Figures on labelled examples, and the probabilities, shape (n, 7).

    The ablations are of the one network, to which the modalities are hidden (it learned to do without any of them);
    ``train --modalities`` trains one that never had them.
    """
    truth = examples.labels
    blocks = [one.block for one in examples.conversations]
    probabilities = softmax(predict(network, examples, recipe, accelerator) / temperature)
    found = figures(truth, probabilities, blocks, majority=majority)
    inside = np.array(blocks) == "dialogues"
    table: dict[str, Any] = {}
    for name, without in ablations(uses).items():
        told = softmax(predict(network, examples, recipe, accelerator, without) / temperature)
        table[name] = {**short(scores(truth, told)), "dialogues": short(scores(truth[inside], told[inside]))}
    return {**found, "ablations": table}, probabilities
