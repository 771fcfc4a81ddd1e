"""A small transformer over channel tokens, fitted on votes: what the pool of ``fusion.fuse`` is held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

WIDTH, HEADS, INNER, DROPOUT = 16, 2, 32, 0.1
EPOCHS, BATCH, RATE, DECAY = 30, 256, 3e-3, 1e-2


def fit_attention(face: Rows, voice: Rows, both: Rows, *, seed: int,
                  epochs: int = EPOCHS) -> Callable[[Rows, Rows], Rows]:
    """Learn the shares for both channels from those of each.

    One token a channel (probabilities and their logarithms, mapped to ``WIDTH``, plus a vector that names the channel)
    and one that gathers; one encoder layer; the gathered token gives logits, added to a weighted sum of the channels'
    logarithms, so that it starts as a plain pool. About 2,600 parameters.

    Args:
        face: shares without zeros, shape (n, k).
        voice: the same.
        both: what is to be foretold, shape (n, k).
        seed: of the first weights and the order of the examples.
        epochs: times that every example is seen.

    Returns:
        A function from face and voice, shape (m, k), to shares of the same shape.

    Source: A. Vaswani et al., "Attention is all you need", NeurIPS 2017 (encoder layer, here normalised first).
    """
    import torch

    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    network = _network(face.shape[1])
    seen, wanted = _tokens(face, voice), torch.tensor(both, dtype=torch.float32)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    batch = min(BATCH, len(face))
    n_steps = epochs * (len(face) // batch)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=n_steps)
    network.train()
    for _ in range(epochs):
        shuffled = order.permutation(len(face))
        for start in range(0, len(face) - batch + 1, batch):
            part = torch.tensor(shuffled[start:start + batch])
            loss = -(wanted[part] * network(seen[part])).sum(dim=1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            pace.step()
    network.eval()

    def foretell(face: Rows, voice: Rows) -> Rows:
        with torch.no_grad():
            return network(_tokens(face, voice)).exp().double().numpy()

    return foretell


def _tokens(face: Rows, voice: Rows) -> Any:
    """Logarithms, shape (n, 2 channels, k)."""
    import torch

    return torch.tensor(np.log(np.stack([face, voice], axis=1)), dtype=torch.float32)


def _network(n_labels: int) -> Any:
    import torch
    from torch import nn

    class Attention(nn.Module):
        """Takes logarithms, shape (n, 2, k); gives log-probabilities, shape (n, k)."""

        def __init__(self) -> None:
            super().__init__()
            self.inwards = nn.Linear(2 * n_labels, WIDTH)
            self.names = nn.Parameter(0.1 * torch.randn(3, WIDTH))
            self.encoder = nn.TransformerEncoderLayer(WIDTH, HEADS, INNER, DROPOUT, activation="gelu",
                                                      batch_first=True, norm_first=True)
            self.outwards = nn.Linear(WIDTH, n_labels)
            nn.init.zeros_(self.outwards.weight)
            nn.init.zeros_(self.outwards.bias)
            self.powers = nn.Parameter(torch.tensor([1.0, 0.7]))

        def forward(self, logs: Any) -> Any:
            channels = self.inwards(torch.cat([logs, logs.exp()], dim=-1)) + self.names[1:]
            gather = self.names[0].expand(len(logs), 1, -1)
            said = self.outwards(self.encoder(torch.cat([gather, channels], dim=1))[:, 0])
            return (said + (self.powers[:, None] * logs).sum(dim=1)).log_softmax(dim=-1)

    return Attention()
