"""Softmax regression over sparse rows, drawn towards 0 by a Gaussian prior: what the linear classifiers are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..logits import log_softmax, softmax

Floats = NDArray[np.float64]


def fit_softmax(matrix: Any, target: Floats, weight: Floats, *, rounds: int = 80) -> tuple[Floats, Floats]:
    """Fit by L-BFGS.

    Args:
        matrix: shape (n_rows, n_columns), a scipy CSR matrix (loosely typed there).
        target: shape (n_rows, n_classes), each row's share of every class.
        weight: shape (n_rows,), how much a row counts against the pull of all weights to 0.
        rounds: most iterations.

    Returns:
        Weights (n_columns, n_classes) and bias (n_classes,).
    """
    from scipy.optimize import minimize

    turned, n, k = matrix.T.tocsr(), matrix.shape[1], target.shape[1]
    heavy = weight[:, None]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, bias = flat[:-k].reshape(n, k), flat[-k:]
        log_p = log_softmax(matrix @ weights + bias)
        error = heavy * (np.exp(log_p) - target)
        value = -(heavy * target * log_p).sum() + 0.5 * (weights**2).sum()
        return float(value), np.concatenate([(turned @ error + weights).ravel(), error.sum(axis=0)])

    flat = minimize(loss, np.zeros((n + 1) * k), jac=True, method="L-BFGS-B", options={"maxiter": rounds}).x
    return flat[:-k].reshape(n, k), flat[-k:]


def shares(matrix: Any, weights: Floats, bias: Floats) -> Floats:
    """Class shares of every row: shape (n_rows, n_classes)."""
    return softmax(matrix @ weights + bias)


def rows_matrix(rows: Sequence[tuple[NDArray[np.int64], Floats]], n_columns: int) -> Any:
    """A scipy CSR matrix from each row's columns and values."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, columns, ends), shape=(len(rows), n_columns))
