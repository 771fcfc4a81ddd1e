"""The risk classifier's arithmetic: sparse vectors, the softmax regression over them, and the network beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..text.linear import Floats, Hashes
from ..text.network import place
from ..text.risk import RULE_WEIGHT
from ..text.risk_features import Seen
from ..text.risk_network import RiskNetwork, mixed
from .risk_data import Example
from .softmax import fit_softmax

STRENGTH = 16.0
"""How much the data count against the pull of all weights to 0."""
LEAST = 3
"""An n-gram or a run of concepts counts when that many messages, lessons or sentences of our own hold it."""
OWN = 2.0
"""How many times as much our own sentences count for the network, which slights them otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """All texts as rows of ``matrix`` (a scipy CSR matrix, loosely typed there): columns sorted by ``keys``, then the
    text encoder's vector. ``beside``: what a network over ``rules`` sees of each, shape (n_texts, 384 + n_rules)."""

    matrix: Any
    keys: NDArray[np.uint32]
    rarity: NDArray[np.float64]
    rules: Hashes
    beside: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Weights (n, 8) over the inputs' ``keys``, ``meaning`` (384, 8) over the encoder's vector, and bias (8,); and the
    network beside them."""

    keys: NDArray[np.uint32]
    rarity: NDArray[np.float64]
    weights: NDArray[np.float64]
    meaning: NDArray[np.float64]
    bias: NDArray[np.float64]
    network: RiskNetwork


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
    shape = RiskNetwork(rules=rules, members=())
    beside = np.array([shape.inputs(vector, one.rules) for vector, one in zip(meanings, seen, strict=True)])
    return Inputs(matrix=csr_matrix(whole), keys=keys[order], rarity=rarity[order], rules=rules, beside=beside)


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


def fit(inputs: Inputs, examples: Sequence[Example], chosen: NDArray[np.bool_], seed: int) -> Fitted:
    """Softmax regression on the chosen texts, and the network on the same; ``seed`` draws its first weights."""
    from .risk_network import fit_members

    here = np.flatnonzero(chosen)
    target = np.array([examples[i].target for i in here])
    weight = np.array([examples[i].weight for i in here])
    weights, bias = fit_softmax(inputs.matrix[here], target, STRENGTH * weight)
    own = np.array([OWN if examples[i].source == "own, seen" else 1.0 for i in here], np.float64)
    members = fit_members(inputs.beside[here], target, own * weight, seed)
    n = len(inputs.keys)
    return Fitted(keys=inputs.keys, rarity=inputs.rarity, weights=weights[:n], meaning=weights[n:], bias=bias,
                  network=RiskNetwork(rules=inputs.rules, members=members))


def predict(fitted: Fitted, inputs: Inputs) -> NDArray[np.float64]:
    """Class shares of every text: shape (n, 8)."""
    logits = inputs.matrix @ np.concatenate([fitted.weights, fitted.meaning]) + fitted.bias
    return mixed(logits, fitted.network.log_shares(inputs.beside))
