"""The small network beside the linear risk classifier: what it is made of, and how the two are mixed.

It sees what the text encoder and the rules say, and no word by itself. What is linear gives each of these one say in
every text; here a direction of meaning may count beside one find and not beside another. Alone it is the weaker of the
two; where they differ, the mean of both is right more often than either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..logits import log_softmax, softmax
from .linear import Floats, Hashes
from .network import Stored, place

REACH = 8.0
"""What the encoder's vector, of length 1, is multiplied by, so that its numbers are about as large as a rule's 1."""
SHARE = 0.3
"""What the network's say is worth, the linear classifier's being the rest; cross-validated, of 0.2 to 0.5."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layers:
    """One member. ``first``: (width, hidden) with ``first_bias``, kept at 0 from below; ``last``: (hidden, k) with
    ``last_bias``."""

    first: Floats
    first_bias: Floats
    last: Floats
    last_bias: Floats

    def logits(self, inputs: Floats) -> Floats:
        """Shape (..., width) to (..., k)."""
        return np.maximum(inputs @ self.first + self.first_bias, 0.0) @ self.last + self.last_bias


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskNetwork:
    """``rules``: sorted hashes of the rule features that it knows, shape (n,). Its members see a text's vector and
    which of the rules are found, shape (384 + n,).

    Raises:
        ValueError: the arrays do not belong together.
    """

    rules: Hashes
    members: Sequence[Layers]

    def __post_init__(self) -> None:
        for member in self.members:
            (hidden,), (k,) = member.first_bias.shape, member.last_bias.shape
            if member.first.shape[1:] != (hidden,) or member.last.shape != (hidden, k):
                raise ValueError("the network's layers were made apart")

    def inputs(self, vector: Floats, found: Hashes) -> Floats:
        """What the members see of one text.

        Args:
            vector: the text encoder's, shape (384,).
            found: rule features, without doubles.
        """
        at = place(self.rules, found)
        ruled = np.zeros(len(self.rules), np.float32)
        ruled[at[at < len(self.rules)]] = 1.0
        return np.concatenate([REACH * vector, ruled])

    def log_shares(self, inputs: Floats) -> NDArray[np.float64]:
        """The mean of the members' logarithms of class shares: shape (..., 384 + n) to (..., k)."""
        return np.mean([log_softmax(member.logits(inputs).astype(np.float64)) for member in self.members], axis=0)

    def stored(self) -> dict[str, NDArray[np.generic]]:
        """Its arrays in 16 bits, members stacked."""
        layers = {f"network_{name}": np.stack([getattr(member, name) for member in self.members]).astype(np.float16)
                  for name in Layers.__slots__}
        return {"network_rules": self.rules, **layers}


def restored_network(stored: Stored) -> RiskNetwork:
    """The inverse of ``RiskNetwork.stored``.

    Raises:
        KeyError: an array is not there.
        ValueError: the arrays do not belong together.
    """
    stacked = {name: stored[f"network_{name}"].astype(np.float32) for name in Layers.__slots__}
    members = [Layers(**{name: stack[k] for name, stack in stacked.items()}) for k in range(len(stacked["first"]))]
    return RiskNetwork(rules=stored["network_rules"].astype(np.uint32), members=members)


def mixed(logits: NDArray[np.float64], beside: NDArray[np.float64]) -> NDArray[np.float64]:
    """Class shares by both: shapes (..., k).

    Args:
        logits: the linear classifier's.
        beside: the network's ``log_shares``.
    """
    return softmax((1.0 - SHARE) * log_softmax(logits) + SHARE * beside)
