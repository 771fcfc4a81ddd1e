"""The compact voice network in torch: imported by training alone; live use runs its ONNX export.

A small two-dimensional convolutional front end over time and mel bands, the pitch tracks joined in, temporal
convolutions, attentive statistics pooling (Okabe et al. 2018) and heads for eight classes and three affect axes.
About 0.3 M parameters; several are averaged in what ships.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .logmel import N_FEATURES, N_MELS

N_TRACKS = N_FEATURES - N_MELS


def _block2d(n_in: int, n_out: int, stride: tuple[int, int], size: int = 3) -> nn.Sequential:
    conv = nn.Conv2d(n_in, n_out, size, stride=stride, padding=size // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(n_out), nn.ReLU())


class _Residual(nn.Module):
    """A dilated temporal convolution with a short cut, shape (batch, n, time) in and out."""

    def __init__(self, n: int, dilation: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(n, n, 3, padding=dilation, dilation=dilation, bias=False), nn.BatchNorm1d(n), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


class VoiceNetwork(nn.Module):
    """Hears one stretch of speech.

    Args:
        n_classes: classes it tells apart.
        width: channels of the first layer; the others follow.
        dropout: share of units dropped before the heads while training.
    """

    def __init__(self, n_classes: int = 8, width: int = 24, dropout: float = 0.3) -> None:
        super().__init__()
        hidden = 128
        self.front = nn.Sequential(
            _block2d(2, width, (2, 2), size=5),
            _block2d(width, 2 * width, (1, 2)),
            nn.Dropout2d(0.1),
            _block2d(2 * width, 3 * width, (2, 2)),
            _block2d(3 * width, 4 * width, (1, 2)),
        )
        self.melody = nn.Sequential(
            nn.Conv1d(N_TRACKS, 24, 5, stride=2, padding=2, bias=False), nn.BatchNorm1d(24), nn.ReLU(),
            nn.Conv1d(24, 32, 5, stride=2, padding=2, bias=False), nn.BatchNorm1d(32), nn.ReLU())
        self.join = nn.Sequential(
            nn.Conv1d(4 * width * (N_MELS // 16) + 32, hidden, 1, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(),
            nn.Dropout(0.1), _Residual(hidden, 1), _Residual(hidden, 2), _Residual(hidden, 4))
        self.attention = nn.Sequential(nn.Conv1d(hidden, 32, 1), nn.Tanh(), nn.Conv1d(32, hidden, 1))
        self.drop = nn.Sequential(nn.BatchNorm1d(2 * hidden), nn.Dropout(dropout))
        self.classes = nn.Linear(2 * hidden, n_classes)
        self.affect = nn.Linear(2 * hidden, 3)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Features of shape (batch, time, 68), at least 8 frames.

        Returns:
            logits of shape (batch, n_classes); valence, arousal, dominance in (-1, 1), shape (batch, 3).
        """
        pooled = self.drop(self._pool(self._frames(features)))
        return self.classes(pooled), torch.tanh(self.affect(pooled))

    def _frames(self, features: Tensor) -> Tensor:
        """Shape (batch, hidden, time / 4). The bands are given twice: as they are, and freed of the line's response by
        taking their own mean over time away."""
        bands, tracks = features[:, :, :N_MELS] / 4.0 + 1.0, features[:, :, N_MELS:]
        centred = bands - bands.mean(dim=1, keepdim=True)
        seen = self.front(torch.stack([bands, centred], dim=1))
        seen = seen.permute(0, 1, 3, 2).flatten(1, 2)
        sung = self.melody(tracks.transpose(1, 2))
        return self.join(torch.cat([seen, sung], dim=1))

    def _pool(self, frames: Tensor) -> Tensor:
        """Weighted mean and standard deviation over time, shape (batch, 2 * hidden)."""
        weights = torch.softmax(self.attention(frames), dim=2)
        mean = (weights * frames).sum(dim=2)
        spread = (weights * frames**2).sum(dim=2) - mean**2
        return torch.cat([mean, torch.sqrt(spread.clamp(min=1e-4))], dim=1)


class CalibratedVoice(nn.Module):
    """What ships: trained members, whose log-probabilities and affect are averaged.

    Args:
        members: trained networks with the same classes.
        temperature: divides the averaged log-probabilities; above 1 makes answers less sure.
        residual_sd: standard deviation of the members' error on each affect axis, for clips they had not heard.
    """

    def __init__(self, members: Sequence[VoiceNetwork], temperature: float, residual_sd: Sequence[float]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.temperature = temperature
        self.register_buffer("residual_variance", torch.tensor(residual_sd, dtype=torch.float32) ** 2)
        self.residual_variance: Tensor

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Features of shape (batch, time, 68).

        Returns:
            probabilities of shape (batch, n_classes); affect and its standard deviation (error and disagreement of
            the members together), each of shape (batch, 3).
        """
        answers = [member(features) for member in self.members]
        scores = torch.stack([torch.log_softmax(logits, dim=1) for logits, _ in answers]).mean(dim=0)
        affect = torch.stack([heard for _, heard in answers])
        mean = affect.mean(dim=0)
        variance = ((affect - mean) ** 2).mean(dim=0) + self.residual_variance
        return torch.softmax(scores / self.temperature, dim=1), mean, torch.sqrt(variance)
