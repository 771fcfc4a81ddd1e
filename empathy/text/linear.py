"""A linear classifier over hashed features and a text's vector: what it is made of, and how it judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..logits import softmax
from .network import Stored, place, small

Hashes: TypeAlias = NDArray[np.uint32]
Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linear:
    """``keys``: sorted hashes, shape (n,); ``rarity``: (n,), inverse document frequency; ``weights``: (n, k) of the
    features; ``dense``: (width, k) of the vector; ``bias``: (k,).

    Raises:
        ValueError: the arrays do not belong together.
    """

    keys: Hashes
    rarity: Floats
    weights: Floats
    dense: Floats
    bias: Floats

    def __post_init__(self) -> None:
        (n,), (k,) = self.keys.shape, self.bias.shape
        if self.rarity.shape != (n,) or self.weights.shape != (n, k) or self.dense.shape[1:] != (k,):
            raise ValueError(f"its arrays tell other classes apart, or were made apart: weights {self.weights.shape}, "
                             f"of the vector {self.dense.shape}, for {n} features and {k} classes")

    def shares(self, groups: Sequence[tuple[Hashes, float]], vector: Floats) -> NDArray[np.float64]:
        """The probability of every class: shape (k,).

        Args:
            groups: features, each without doubles, and the length that they are weighted to.
            vector: the text's, shape (width,).
        """
        return softmax(self.logits(groups, vector).astype(np.float64))

    def logits(self, groups: Sequence[tuple[Hashes, float]], vector: Floats) -> Floats:
        """What ``shares`` are the softmax of: shape (k,)."""
        logits = self.bias + vector @ self.dense
        for hashes, length in groups:
            rows = self.rows(hashes)
            values = self.rarity[rows]
            logits = logits + length * (values @ self.weights[rows]) / max(float(np.sqrt((values**2).sum())), 1e-6)
        return logits

    def rows(self, hashes: Hashes) -> NDArray[np.int64]:
        """Where the known ones of some features stand among ``keys``."""
        rows = place(self.keys, hashes)
        return rows[rows < len(self.keys)]

    def stored(self) -> dict[str, NDArray[np.generic]]:
        """Its arrays, weights in 8 bits; features without any say are left out."""
        loud = np.abs(self.weights).max(axis=1) > 1e-3
        weights, scale = small(self.weights[loud])
        return {"keys": self.keys[loud], "rarity": self.rarity[loud].astype(np.float16), "weights": weights,
                "scale": scale, "dense": self.dense.astype(np.float16), "bias": self.bias.astype(np.float32)}


def restored(stored: Stored) -> Linear:
    """The inverse of ``stored``.

    Raises:
        KeyError: an array is not there.
        ValueError: the arrays do not belong together.
    """
    weights = stored["weights"].astype(np.float32) * stored["scale"].astype(np.float32)[:, None]
    return Linear(keys=stored["keys"].astype(np.uint32), rarity=stored["rarity"].astype(np.float32), weights=weights,
                  dense=stored["dense"].astype(np.float32), bias=stored["bias"].astype(np.float32))
