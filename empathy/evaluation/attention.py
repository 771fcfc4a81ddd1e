"""Fits the transformer of ``fusion.attention`` on votes; PyTorch is needed here alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..fusion.attention import CHOICES, N_HEADS, Attention

Rows = NDArray[np.float64]

WIDTH, INNER, DROPOUT = 16, 32, 0.1
EPOCHS, BATCH, RATE, DECAY = 30, 256, 3e-3, 1e-2


def fit_attention(face: Rows, voice: Rows, both: Rows, *, seed: int, epochs: int = EPOCHS) -> Attention:
    """Learn the shares for both channels from those of each.

    One token a channel (probabilities and their logarithms, mapped to ``WIDTH``, plus a vector that names the channel)
    and one that gathers; one encoder layer; the gathered token gives logits, added to a weighted sum of the channels'
    logarithms, so that it starts as a plain pool.

    Args:
        face: shares over ``CHOICES`` without zeros, shape (n, 6).
        voice: the same.
        both: what is to be foretold, shape (n, 6).
        seed: of the first weights and the order of the examples.
        epochs: times that every example is seen.
    """
    import torch

    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    network = make_network()
    seen = torch.tensor(np.log(np.stack([face, voice], axis=1)), dtype=torch.float32)
    wanted = torch.tensor(both, dtype=torch.float32)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    batch = min(BATCH, len(face))
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=epochs * (len(face) // batch))
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
    return exported(network)


def make_network() -> Any:
    """The untrained network: from logarithms, shape (n, 2 channels, 6), to log-shares, shape (n, 6)."""
    import torch
    from torch import nn

    n_labels = len(CHOICES)

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inwards = nn.Linear(2 * n_labels, WIDTH)
            self.names = nn.Parameter(0.1 * torch.randn(3, WIDTH))
            self.encoder = nn.TransformerEncoderLayer(WIDTH, N_HEADS, INNER, DROPOUT, batch_first=True,
                                                      norm_first=True)
            self.outwards = nn.Linear(WIDTH, n_labels)
            nn.init.zeros_(self.outwards.weight)
            nn.init.zeros_(self.outwards.bias)
            self.powers = nn.Parameter(torch.tensor([1.0, 0.7]))

        def forward(self, logs: Any) -> Any:
            channels = self.inwards(torch.cat([logs, logs.exp()], dim=-1)) + self.names[1:]
            gather = self.names[0].expand(len(logs), 1, -1)
            said = self.outwards(self.encoder(torch.cat([gather, channels], dim=1))[:, 0])
            return (said + (self.powers[:, None] * logs).sum(dim=1)).log_softmax(dim=-1)

    return Network()


def exported(network: Any) -> Attention:
    """The same network, to run on NumPy."""
    encoder = network.encoder
    attention = encoder.self_attn
    linear = {"inwards": network.inwards, "joined": attention.out_proj, "middle": encoder.linear1,
              "back": encoder.linear2, "outwards": network.outwards}
    tensors = {"powers": network.powers, "names": network.names, "heads": attention.in_proj_weight.T,
               "heads_bias": attention.in_proj_bias}
    for name, layer in linear.items():
        tensors |= {name: layer.weight.T, f"{name}_bias": layer.bias}
    for name, layer in (("norm_1", encoder.norm1), ("norm_2", encoder.norm2)):
        tensors |= {name: layer.weight, f"{name}_bias": layer.bias}
    return Attention(layers={name: tensor.detach().double().numpy().copy() for name, tensor in tensors.items()})
