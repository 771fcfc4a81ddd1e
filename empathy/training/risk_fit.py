"""The risk classifier's arithmetic: sparse vectors, and the softmax regression over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..text.network import place
from ..text.risk import RULE_WEIGHT, rule_features
from ..text.risk_rules import Cue
from ..text.vocabulary import features, hashed, tokens
from .softmax import fit_softmax, shares

STRENGTH = 16.0
"""How much the data count against the pull of all weights to 0."""
LEAST = 3
"""An n-gram counts when that many texts that bear a crisis, or our own, hold it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """One text. ``target``: shape (7,), the share of its labellings for each class; ``source`` and ``kind`` say where
    it comes from."""

    text: str
    target: NDArray[np.float64]
    crisis: bool
    source: str
    kind: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """All texts as rows of ``matrix`` (a scipy CSR matrix, loosely typed there), columns sorted by ``keys``."""

    matrix: Any
    keys: NDArray[np.uint32]
    rarity: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Weights (n, 7) and bias (7,) over the columns of the inputs."""

    keys: NDArray[np.uint32]
    rarity: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]


def vectors(examples: Sequence[Example], cues: Sequence[tuple[Cue, ...]], usable: NDArray[np.bool_]) -> Inputs:
    """N-grams weighted by rarity to a length of 1, and rule features.

    Args:
        examples: all texts.
        cues: what the rules found in each.
        usable: texts that may choose the vocabulary.
    """
    from scipy.sparse import csr_matrix

    grams = [features(tokens(example.text)) for example in examples]
    near = [g for g, example, ok in zip(grams, examples, usable, strict=True) if ok and example.source != "everyday"]
    found, count = np.unique(np.concatenate(near), return_counts=True)
    grams_kept = found[count >= LEAST]
    named = [[hashed(name) for name in rule_features(one)] for one in cues]
    rules = np.array(sorted({key for names in named for key in names}), np.uint32)
    keys = np.union1d(grams_kept, rules)
    is_rule = np.isin(keys, rules)
    seen = np.zeros(len(keys))
    columns = [at[at < len(keys)] for at in (place(keys, gram) for gram in grams)]
    for at, ok in zip(columns, usable, strict=True):
        if ok:
            seen[at] += 1.0
    rarity = np.where(is_rule, 0.0, np.log(usable.sum() / np.maximum(seen, 1.0)))
    rows, at, values = [], [], []
    for i, (column, names) in enumerate(zip(columns, named, strict=True)):
        rarities = rarity[column]
        rule_at = place(keys, names) if names else np.zeros(0, np.int64)
        rows.append(np.full(len(column) + len(rule_at), i))
        at.append(np.concatenate([column, rule_at]))
        values.append(np.concatenate([rarities / max(float(np.sqrt((rarities**2).sum())), 1e-6),
                                      np.full(len(rule_at), RULE_WEIGHT)]))
    matrix = csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(at))),
                        shape=(len(examples), len(keys)))
    return Inputs(matrix=matrix, keys=keys, rarity=rarity)


def fit(inputs: Inputs, examples: Sequence[Example], chosen: NDArray[np.bool_]) -> Fitted:
    """Softmax regression on the chosen texts."""
    target = np.array([example.target for example in examples])[chosen]
    weight = STRENGTH * np.array([example.weight for example in examples])[chosen]
    weights, bias = fit_softmax(inputs.matrix[np.flatnonzero(chosen)], target, weight)
    return Fitted(keys=inputs.keys, rarity=inputs.rarity, weights=weights, bias=bias)


def predict(fitted: Fitted, inputs: Inputs) -> NDArray[np.float64]:
    """Class shares of every text: shape (n, 7)."""
    return shares(inputs.matrix, fitted.weights, fitted.bias)
