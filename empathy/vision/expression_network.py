"""The compact expression network as PyTorch sees it: needed to train it, never to run it (``expression_compact`` runs
the exported graph through onnxruntime). A small residual network (He et al. 2015) over 48 x 48 grey pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..types import EMOTIONS

WIDTHS = (48, 96, 192)
"""Channels of its stages; each halves the picture, so that the last one sees 6 x 6 cells."""

MARGIN_PX = 2
"""Cut from each side for the second view, which has the side of the training pictures."""

LEAST_CONTRAST = 6.0
"""Grey levels added to a picture's own spread before dividing by it, so that noise in an even picture stays small."""


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, n_in: int, n_out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(n_out)
        self.conv2 = nn.Conv2d(n_out, n_out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(n_out)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or n_in != n_out:
            self.shortcut = nn.Sequential(nn.Conv2d(n_in, n_out, 1, stride, bias=False), nn.BatchNorm2d(n_out))

    def forward(self, x: Tensor) -> Tensor:
        """Shape (n, n_in, h, w) to (n, n_out, h / stride, w / stride)."""
        inner = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(self.norm2(self.conv2(inner)) + self.shortcut(x))


class ExpressionNetwork(nn.Module):
    """Grey levels in, one score for each of the eight emotions out.

    The scores are balanced: trained with the log prior of the training labels added to them (logit adjustment, Menon
    et al. 2020), they compare how well each emotion explains the picture, as if all were equally common.
    """

    def __init__(self, widths: Sequence[int] = WIDTHS, dropout: float = 0.2) -> None:
        super().__init__()
        stem = 32
        self.stem = nn.Sequential(nn.Conv2d(1, stem, 3, 1, 1, bias=False), nn.BatchNorm2d(stem), nn.ReLU())
        blocks: list[nn.Module] = []
        n_in = stem
        for width in widths:
            blocks += [Block(n_in, width, 2), Block(width, width, 1)]
            n_in = width
        self.stages = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(n_in, len(EMOTIONS))

    def forward(self, grey: Tensor) -> Tensor:
        """``grey``: float, shape (n, 1, height, width), levels in [0, 255]. Returns scores, shape (n, 8)."""
        mean = grey.mean(dim=(1, 2, 3), keepdim=True)
        spread = (grey - mean).square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
        x = (grey - mean) / (spread + LEAST_CONTRAST)
        x = self.stages(self.stem(x)).mean(dim=(2, 3))
        return self.head(self.dropout(x))


def mean_score(network: nn.Module, grey: Tensor) -> Tensor:
    """Scores averaged over four views: the picture and its middle (44 of 48 px), each as it is and mirrored.

    Args:
        network: an ``ExpressionNetwork``.
        grey: shape (n, 1, 48, 48).

    Returns:
        Shape (n, 8).
    """
    middle = grey[:, :, MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]
    whole = network(grey).float() + network(grey.flip(3)).float()
    return (whole + network(middle).float() + network(middle.flip(3)).float()) / 4


class CalibratedExpression(nn.Module):
    """What is exported: the mean score over four views and over all members, turned into calibrated probabilities.

    ``offset`` is added to the scores (a share of the log prior: how much rarer emotions are believed to be), then they
    are divided by ``temperature`` (Guo et al. 2017).
    """

    offset: Tensor
    temperature: Tensor

    def __init__(self, members: Sequence[ExpressionNetwork], offset: Tensor, temperature: float) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.register_buffer("offset", offset.to(torch.float32))
        self.register_buffer("temperature", torch.tensor(float(temperature)))

    def forward(self, grey: Tensor) -> Tensor:
        """``grey``: float, shape (n, 1, 48, 48), levels in [0, 255]. Returns probabilities, shape (n, 8)."""
        balanced = torch.stack([mean_score(member, grey) for member in self.members]).mean(0)
        return torch.softmax((balanced + self.offset) / self.temperature, dim=1)
