import numpy as np
import pytest
from scipy import special

from empathy.logits import log_softmax, softmax

ROWS = np.random.default_rng(0).normal(0.0, 30.0, (2, 5, 7))


def test_equal_scores_are_equal_chances():
    assert softmax(np.full(4, 7.0)).tolist() == [0.25] * 4
    assert log_softmax(np.zeros((1, 2)))[0] == pytest.approx(np.log([0.5, 0.5]))


def test_both_agree_with_scipy_over_the_last_axis():
    assert softmax(ROWS) == pytest.approx(special.softmax(ROWS, axis=-1))
    assert log_softmax(ROWS) == pytest.approx(special.log_softmax(ROWS, axis=-1))


def test_huge_scores_overflow_nowhere():
    huge = np.array([1e4, -1e4, 0.0])
    assert softmax(huge).tolist() == [1.0, 0.0, 0.0]
    assert log_softmax(huge).tolist() == [0.0, -2e4, -1e4]
