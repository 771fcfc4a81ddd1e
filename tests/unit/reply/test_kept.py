"""What a model has read, by visitor, within bounds."""

from __future__ import annotations

import numpy as np
import pytest

from empathy.reply.kept import Kept, State, shared


def state(n_bytes: int) -> State:
    return State(np.arange(3, dtype=np.intc), b"x" * n_bytes)


def test_a_state_is_handed_back_once() -> None:
    kept = Kept(100)
    kept.put("ana", state(10))
    assert kept.take("ana") is not None
    assert kept.take("ana") is None


def test_the_longest_unused_goes_first_beyond_the_limit() -> None:
    kept = Kept(100)
    for name in ("ana", "ben", "ana", "cid"):
        kept.put(name, state(50))
    assert kept.take("ben") is None
    assert kept.take("ana") is not None and kept.take("cid") is not None


def test_what_alone_is_beyond_the_limit_is_not_kept_and_costs_nobody_theirs() -> None:
    kept = Kept(100)
    kept.put("ana", state(50))
    kept.put("ben", state(101))
    assert len(kept) == 1
    assert kept.take("ana") is not None


def test_a_limit_of_nothing_keeps_nothing() -> None:
    kept = Kept(0)
    kept.put("ana", state(1))
    assert len(kept) == 0


def test_who_is_dropped_is_gone() -> None:
    kept = Kept(100)
    kept.put("ana", state(1))
    kept.drop("ana")
    kept.drop("nobody")
    assert len(kept) == 0


@pytest.mark.parametrize(("one", "other", "n"), [
    ([], [], 0), ([1, 2], [], 0), ([1, 2], [1, 2, 3], 2), ([1, 2, 3], [1, 9, 3], 1), ([1], [2], 0), ([1, 2], [1, 2], 2),
])
def test_the_common_beginning_of_two_prompts(one: list[int], other: list[int], n: int) -> None:
    assert shared(np.array(one, dtype=np.intc), np.array(other, dtype=np.intc)) == n
