"""A TimeSformer: a clip cut into patches, attention over time and over space in turns.

Source: Bertasius et al. 2021, "Is Space-Time Attention All You Need for Video Understanding?", divided attention.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MEAN, SPREAD = 0.45, 0.225
"""Levels in [0, 1] are brought to 0 and 1 by these, as the published TimeSformers expect."""


class Attention(nn.Module):
    """Self-attention with a norm before it."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.all = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (n, tokens, width) to the same."""
        n, tokens, width = x.shape
        q, k, v = self.all(self.norm(x)).view(n, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        return self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, tokens, width))


class Layer(nn.Module):
    """Attention over time, over space, and a small network for each token."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.time, self.space = Attention(width, heads), Attention(width, heads)
        self.time_out = nn.Linear(width, width)
        self.each = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Dropout(dropout),
                                  nn.Linear(4 * width, width))

    def forward(self, whole: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
        """``whole`` (n, 1, width) sums up the clip; ``x`` (n, frames, patches, width)."""
        n, frames, patches, width = x.shape
        over_time = self.time(x.transpose(1, 2).reshape(n * patches, frames, width))
        x = x + self.time_out(over_time).view(n, patches, frames, width).transpose(1, 2)
        spread = whole[:, None].expand(n, frames, 1, width)
        over_space = self.space(torch.cat([spread, x], 2).flatten(0, 1)).view(n, frames, 1 + patches, width)
        whole = whole + over_space[:, :, 0].mean(1, keepdim=True)
        x = x + over_space[:, :, 1:]
        return whole + self.each(whole), x + self.each(x)


class TimeSformer(nn.Module):
    """From a clip to one vector."""

    def __init__(self, *, frames: int, side_px: int, patch_px: int, width: int, layers: int, heads: int,
                 dropout: float) -> None:
        super().__init__()
        self.patch_px = patch_px
        n_patches = (side_px // patch_px) ** 2
        self.patch = nn.Linear(3 * patch_px**2, width)
        self.whole = nn.Parameter(torch.zeros(1, 1, width))
        self.where = nn.Parameter(torch.randn(1, 1, n_patches, width) * 0.02)
        self.when = nn.Parameter(torch.randn(1, frames, 1, width) * 0.02)
        self.layers = nn.ModuleList(Layer(width, heads, dropout) for _ in range(layers))
        self.out = nn.Sequential(nn.LayerNorm(2 * width), nn.Linear(2 * width, width))

    def forward(self, pictures: Tensor) -> Tensor:
        """``pictures``: bytes, shape (n, frames, side, side, 3). Returns shape (n, width)."""
        n, frames, side, _, _ = pictures.shape
        p, cells = self.patch_px, side // self.patch_px
        x = normalised(pictures).view(n, frames, cells, p, cells, p, 3).permute(0, 1, 2, 4, 3, 5, 6)
        x = self.patch(x.reshape(n, frames, cells * cells, 3 * p * p)) + self.where + self.when
        whole = self.whole.expand(n, 1, -1)
        for layer in self.layers:
            whole, x = layer(whole, x)
        return self.out(torch.cat([whole[:, 0], x.mean((1, 2))], 1))


def normalised(pictures: Tensor) -> Tensor:
    """Bytes to floats about 0."""
    return (pictures.float() / 255.0 - MEAN) / SPREAD
