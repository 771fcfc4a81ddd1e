"""What a network is punished for: two ways of not forgetting rare classes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ...avamerg.classes import N_CLASSES

Loss = Callable[[Tensor, Tensor], Tensor]


def class_weights(labels: NDArray[np.int64], beta: float) -> NDArray[np.float64]:
    """Weight of each class, shape (7,): the inverse of its effective number, scaled to 1 in the mean over the rows.

    Source: Cui et al. 2019. A class without rows gets 0.
    """
    counts = np.bincount(labels, minlength=N_CLASSES).astype(np.float64)
    effective = (1.0 - beta**counts) / (1.0 - beta)
    weights = np.where(counts > 0, 1.0 / np.maximum(effective, 1e-12), 0.0)
    return weights * counts.sum() / (weights * counts).sum()


def focal_loss(labels: NDArray[np.int64], *, gamma: float, beta: float) -> Loss:
    """Class-balanced focal loss. Source: Lin et al. 2017 for the focus, Cui et al. 2019 for the balance.

    Args:
        labels: of the training part.
        gamma: how far easy rows are passed over; 0 is plain.
        beta: of the effective number; 0 weighs all classes alike.
    """
    weights = torch.tensor(class_weights(labels, beta), dtype=torch.float32)

    def loss(logits: Tensor, label: Tensor) -> Tensor:
        log_p = F.log_softmax(logits.float(), 1).gather(1, label[:, None])[:, 0]
        return (-weights.to(logits.device)[label] * (1.0 - log_p.exp()) ** gamma * log_p).mean()

    return loss


def adjusted_loss(labels: NDArray[np.int64]) -> Loss:
    """Cross-entropy with the log prior of the training part added to the logits, which so are balanced without it.

    Source: Menon et al. 2020.
    """
    counts = np.bincount(labels, minlength=N_CLASSES) + 0.5
    prior = torch.tensor(np.log(counts / counts.sum()), dtype=torch.float32)

    def loss(logits: Tensor, label: Tensor) -> Tensor:
        return F.cross_entropy(logits.float() + prior.to(logits.device), label)

    return loss
