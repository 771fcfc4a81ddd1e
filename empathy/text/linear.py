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
    features; ``dense``: (width, k) of the vector; ``bias``: (k,)."""

    keys: Hashes
    rarity: Floats
    weights: Floats
    dense: Floats
    bias: Floats

    def shares(self, groups: Sequence[tuple[Hashes, float]], vector: Floats) -> NDArray[np.float64]:
        """The probability of every class: shape (k,).

        Args:
            groups: features, each without doubles, and the length that they are weighted to.
            vector: the text's, shape (width,).
        """
        logits = self.bias + vector @ self.dense
        for hashes, length in groups:
            rows = place(self.keys, hashes)
            rows = rows[rows < len(self.keys)]
            values = self.rarity[rows]
            logits = logits + length * (values @ self.weights[rows]) / max(float(np.sqrt((values**2).sum())), 1e-6)
        return softmax(logits.astype(np.float64))

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
    """
    weights = stored["weights"].astype(np.float32) * stored["scale"].astype(np.float32)[:, None]
    return Linear(keys=stored["keys"].astype(np.uint32), rarity=stored["rarity"].astype(np.float32), weights=weights,
                  dense=stored["dense"].astype(np.float32), bias=stored["bias"].astype(np.float32))
