"""What a language model has already read, kept for each visitor, so that a second visitor does not cost the first one
the reading of the whole conversation again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The tokens read, shape (n_tokens,), and what the model made of them."""

    tokens: NDArray[np.intc]
    data: bytes


class Kept:
    """States by visitor, the least recently used dropped beyond ``limit_bytes``."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._states: OrderedDict[str, State] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, visitor: str, state: State) -> None:
        """Keep it, unless it alone is beyond the limit."""
        with self._lock:
            self._states.pop(visitor, None)
            if len(state.data) > self._limit:
                return
            self._states[visitor] = state
            while self._bytes() > self._limit:
                self._states.popitem(last=False)

    def take(self, visitor: str) -> State | None:
        """The visitor's state, which is then no longer kept here."""
        with self._lock:
            return self._states.pop(visitor, None)

    def drop(self, visitor: str) -> None:
        """Forget it."""
        self.take(visitor)

    def _bytes(self) -> int:
        return sum(len(state.data) for state in self._states.values())

    def __len__(self) -> int:
        return len(self._states)


def shared(one: NDArray[np.intc], other: NDArray[np.intc]) -> int:
    """How many tokens two prompts have in common from their beginning."""
    n = min(len(one), len(other))
    differ = np.flatnonzero(one[:n] != other[:n])
    return int(differ[0]) if differ.size else n
