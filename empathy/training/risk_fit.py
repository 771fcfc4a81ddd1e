"""The risk classifier's arithmetic: sparse vectors, and the softmax regression over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..text.network import place
from ..text.risk import RULE_WEIGHT
from ..text.risk_features import Hashes, Seen
from .risk_data import Example
from .softmax import fit_softmax, shares

STRENGTH = 16.0
"""How much the data count against the pull of all weights to 0."""
LEAST = 3
"""An n-gram or a run of concepts counts when that many messages, lessons or sentences of our own hold it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """All texts as rows of ``matrix`` (a scipy CSR matrix, loosely typed there): columns sorted by ``keys``, then the
    text encoder's vector."""

    matrix: Any
    keys: NDArray[np.uint32]
    rarity: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Weights (n, 8) over the inputs' ``keys``, ``meaning`` (384, 8) over the encoder's vector, and bias (8,)."""

    keys: NDArray[np.uint32]
    rarity: NDArray[np.float64]
    weights: NDArray[np.float64]
    meaning: NDArray[np.float64]
    bias: NDArray[np.float64]


def vectors(examples: Sequence[Example], seen: Sequence[Seen], meanings: NDArray[np.float32]) -> Inputs:
    """N-grams and concepts of texts, weighted by rarity to a length of 1 each, rule features, and what the texts mean.

    Args:
        examples: the texts.
        seen: the features of each.
        meanings: the text encoder's vector of each, shape (n_texts, 384).
    """
    from scipy.sparse import csr_matrix, hstack

    near = [i for i, example in enumerate(examples) if example.source != "everyday"]
    counted = [i for i, example in enumerate(examples) if example.source != "lesson"]
    groups = [_group([one.grams for one in seen], near, counted), _group([one.concepts for one in seen], near, counted)]
    rules = np.unique(np.concatenate([one.rules for one in seen]))
    matrix = RULE_WEIGHT * _present([one.rules for one in seen], rules)
    keys = np.concatenate([*(keys for keys, _, _ in groups), rules])
    rarity = np.concatenate([*(rarity for _, rarity, _ in groups), np.zeros(len(rules))])
    order = np.argsort(keys)
    everything = hstack([*(values for _, _, values in groups), matrix]).tocsc()[:, order]
    whole = hstack([everything, csr_matrix(meanings.astype(np.float64))])
    return Inputs(matrix=csr_matrix(whole), keys=keys[order], rarity=rarity[order])


def _group(hashes: Sequence[Hashes], near: Sequence[int], counted: Sequence[int]
           ) -> tuple[Hashes, NDArray[np.float64], Any]:
    """The keys of one group of features, their rarity, and each text's values, of length 1."""
    from scipy.sparse import diags

    found, count = np.unique(np.concatenate([hashes[i] for i in near]), return_counts=True)
    keys = found[count >= LEAST]
    present = _present(hashes, keys)
    rarity = np.log(len(counted) / np.maximum(np.asarray(present[counted].sum(axis=0)).ravel(), 1.0))
    values = present @ diags(rarity)
    length = np.sqrt(np.asarray(values.multiply(values).sum(axis=1)).ravel())
    return keys, rarity, diags(1.0 / np.maximum(length, 1e-6)) @ values


def _present(hashes: Sequence[Hashes], keys: Hashes) -> Any:
    """1 where a text holds a key: a CSR matrix, shape (n_texts, n_keys)."""
    from scipy.sparse import csr_matrix

    at = [place(keys, one) for one in hashes]
    at = [one[one < len(keys)] for one in at]
    rows = np.repeat(np.arange(len(at)), [len(one) for one in at])
    return csr_matrix((np.ones(len(rows)), (rows, np.concatenate(at))), shape=(len(at), len(keys)))


def fit(inputs: Inputs, examples: Sequence[Example], chosen: NDArray[np.bool_]) -> Fitted:
    """Softmax regression on the chosen texts."""
    target = np.array([example.target for example in examples])[chosen]
    weight = STRENGTH * np.array([example.weight for example in examples])[chosen]
    weights, bias = fit_softmax(inputs.matrix[np.flatnonzero(chosen)], target, weight)
    n = len(inputs.keys)
    return Fitted(keys=inputs.keys, rarity=inputs.rarity, weights=weights[:n], meaning=weights[n:], bias=bias)


def predict(fitted: Fitted, inputs: Inputs) -> NDArray[np.float64]:
    """Class shares of every text: shape (n, 8)."""
    return shares(inputs.matrix, np.concatenate([fitted.weights, fitted.meaning]), fitted.bias)
