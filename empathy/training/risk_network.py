"""How the small network beside the linear risk classifier is fitted."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ..text.linear import Floats
from ..text.risk_network import Layers

MEMBERS = 2
HIDDEN = 256
ROUNDS = 15
"""Times that all texts are seen; with 8, the messages lose half a point."""
BATCH = 128
RATE = 3e-3
"""The highest rate of learning, reached after a third of all steps."""
DECAY = 0.01
DROP = (0.1, 0.5)
"""The share of inputs and of hidden numbers that is left out at random while it learns."""


def fit_members(inputs: Floats, target: NDArray[np.float64], weight: NDArray[np.float64], seed: int) -> list[Layers]:
    """Fit the members one after the other, each from other first weights and in another order of the texts.

    Args:
        inputs: what a ``RiskNetwork`` sees of each text, shape (n_texts, width).
        target: each text's share of every class, shape (n_texts, k).
        weight: how much each text counts, shape (n_texts,).
        seed: draws weights, order and what is left out; the same gives the same.
    """
    return [_member(torch.from_numpy(inputs), torch.from_numpy(target.astype(np.float32)),
                    torch.from_numpy(weight.astype(np.float32)), MEMBERS * seed + k) for k in range(MEMBERS)]


def _member(inputs: torch.Tensor, target: torch.Tensor, weight: torch.Tensor, seed: int) -> Layers:
    with torch.random.fork_rng(devices=[]):  # what else draws numbers in this process goes on undisturbed
        torch.manual_seed(seed)
        first, last = nn.Linear(inputs.shape[1], HIDDEN), nn.Linear(HIDDEN, target.shape[1])
        network = nn.Sequential(nn.Dropout(DROP[0]), first, nn.ReLU(), nn.Dropout(DROP[1]), last)
        optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
        steps = ROUNDS * -(-len(inputs) // BATCH)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
        for _ in range(ROUNDS):
            for here in torch.randperm(len(inputs)).split(BATCH):
                log_shares = network(inputs[here]).log_softmax(dim=1)
                loss = -((target[here] * log_shares).sum(dim=1) * weight[here]).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
    return Layers(first=_array(first.weight.T), first_bias=_array(first.bias), last=_array(last.weight.T),
                  last_bias=_array(last.bias))


def _array(tensor: torch.Tensor) -> Floats:
    return np.ascontiguousarray(tensor.detach().numpy())
