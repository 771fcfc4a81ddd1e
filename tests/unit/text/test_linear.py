"""The linear classifier against arithmetic by hand, and through the form that it is stored in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from empathy.text.linear import Linear, restored

LINEAR = Linear(
    keys=np.array([3, 5, 9], np.uint32), rarity=np.array([3.0, 4.0, 2.0], np.float32),
    weights=np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], np.float32),
    dense=np.array([[0.5, 0.0], [0.0, 0.25]], np.float32), bias=np.array([0.0, 0.1], np.float32))
NONE = np.array([], np.uint32)
STILL = np.zeros(2, np.float32)


def odds(shares: NDArray[np.float64]) -> float:
    """The difference of two classes' logits."""
    return float(np.log(shares[0] / shares[1]))


def test_rarity_weighs_features_and_their_length_is_the_one_given() -> None:
    shares = LINEAR.shares([(np.array([3, 5, 77], np.uint32), 2.0)], STILL)
    assert odds(shares) == pytest.approx(2.0 * (3.0 - 4.0) / 5.0 - 0.1)
    assert shares.sum() == pytest.approx(1.0)


def test_groups_and_the_vector_add_up() -> None:
    shares = LINEAR.shares([(np.array([3], np.uint32), 1.0), (np.array([5], np.uint32), 0.5)],
                           np.array([2.0, 4.0], np.float32))
    assert odds(shares) == pytest.approx(1.0 - 0.5 + (2.0 * 0.5 - 4.0 * 0.25) - 0.1)


def test_unknown_features_leave_the_bias_alone() -> None:
    assert odds(LINEAR.shares([(NONE, 1.0)], STILL)) == pytest.approx(-0.1)
    assert odds(LINEAR.shares([(np.array([4], np.uint32), 1.0)], STILL)) == pytest.approx(-0.1)


def test_what_is_stored_and_restored_says_the_same_without_silent_features() -> None:
    again = restored(LINEAR.stored())
    assert again.keys.tolist() == [3, 5]
    groups = [(np.array([3, 5, 9], np.uint32), 1.0)]
    loud = [(np.array([3, 5], np.uint32), 1.0)]
    assert again.shares(groups, STILL) == pytest.approx(LINEAR.shares(loud, STILL), abs=1e-3)


def test_a_file_without_its_arrays_is_refused() -> None:
    with pytest.raises(KeyError):
        restored({"keys": np.array([1], np.uint32)})


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="made apart"):
        replace(LINEAR, bias=np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="made apart"):
        replace(LINEAR, rarity=np.zeros(2, np.float32))
