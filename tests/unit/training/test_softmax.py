import numpy as np
import pytest
from numpy.typing import NDArray

from empathy.training.softmax import fit_softmax, rows_matrix, shares


def rows(*values: float) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    return [(np.array([0]), np.array([value])) for value in values]


def test_a_fit_without_signal_gives_the_shares_of_the_classes() -> None:
    matrix = rows_matrix(rows(0.0, 0.0, 0.0, 0.0), 1)
    weights, bias = fit_softmax(matrix, np.eye(2)[[0, 0, 0, 1]], np.ones(4))
    assert shares(matrix, weights, bias)[0] == pytest.approx([0.75, 0.25], abs=1e-3)


def test_a_heavier_row_counts_for_more() -> None:
    matrix = rows_matrix(rows(0.0, 0.0), 1)
    weights, bias = fit_softmax(matrix, np.eye(2)[[0, 1]], np.array([3.0, 1.0]))
    assert shares(matrix, weights, bias)[0, 0] == pytest.approx(0.75, abs=1e-3)


def test_the_slope_solves_the_penalized_problem() -> None:
    """At the optimum the gradient of one weight, w + sum of weighted errors, is zero."""
    matrix, target = rows_matrix(rows(-1.0, 2.0, 0.5), 1), np.eye(2)[[0, 1, 0]]
    weights, bias = fit_softmax(matrix, target, np.full(3, 2.0))
    gradient = weights + matrix.T @ (2.0 * (shares(matrix, weights, bias) - target))
    assert np.abs(gradient).max() < 1e-3


def test_empty_rows_are_rows_too() -> None:
    matrix = rows_matrix([(np.array([], int), np.array([])), (np.array([1]), np.array([2.0]))], 3)
    assert matrix.toarray().tolist() == [[0.0, 0.0, 0.0], [0.0, 2.0, 0.0]]
