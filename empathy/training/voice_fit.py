"""The loop that trains one member of the compact voice network: seeded, checkpointed, resumable."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ..audio.tone_compact import CLASSES, SHORTEST_FRAMES
from ..audio.tone_network import VoiceNetwork
from .checkpoint import keep
from .voice_augment import augment_features, shuffled
from .voice_data import N_CLEAN, Bank

CHECKPOINT_EVERY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a member is trained; the card prints it."""

    epochs: int = 50
    """Passes over the training clips, another variant and crop each time."""
    batch: int = 32
    learning_rate: float = 2e-3
    """Peak of a one-cycle schedule for AdamW."""
    weight_decay: float = 0.02
    averaging: float = 0.995
    """Decay of the running mean of the weights, which is what is kept."""
    smoothing: float = 0.1
    """Share of each label given to all classes alike."""
    shuffle: float = 0.0
    """Share of clips whose pieces are put in another order, so that the two sentences are not learnt by heart."""
    clean: float = 0.2
    """Share of clips shown without sound augmentation."""
    shortest: int = 100
    longest: int = 220
    """Frames of a crop."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lessons:
    """What there is to learn: labels index ``CLASSES``, shape (n,); affect targets, shape (n, 3)."""

    bank: Bank
    labels: NDArray[np.int64]
    affect: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A trained network, its mean loss an epoch, and the seconds it took."""

    network: VoiceNetwork
    losses: tuple[float, ...]
    seconds: float


def fit(lessons: Lessons, clips: NDArray[np.int64], checkpoint: Path, *, recipe: Recipe, seed: int,
        progress: Callable[[str], None]) -> Member:
    """Train one member on some of the clips, or go on where its checkpoint stands.

    Args:
        lessons: everything that could be learnt.
        clips: indices of the clips to learn from.
        checkpoint: file to keep the state in, written whole every few epochs.
        recipe: how.
        seed: draws the first weights, the order of the clips and their variants.
        progress: gets a line an epoch.
    """
    torch.manual_seed(seed)
    network = VoiceNetwork(len(CLASSES))
    batch = min(recipe.batch, len(clips))
    steps = len(clips) // batch
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=recipe.epochs * steps, pct_start=0.15)
    state = _State(network=network, average=copy.deepcopy(network), optimizer=optimizer, schedule=schedule)
    state.load(checkpoint)
    while len(state.losses) < recipe.epochs:
        epoch, began = len(state.losses), time.monotonic()
        torch.manual_seed(seed * 1000 + epoch)
        rng = np.random.default_rng([seed, epoch])
        order = rng.permutation(clips)[: steps * batch].reshape(steps, batch)
        losses = [_step(state, lessons, ids, recipe=recipe, rng=rng, n_done=epoch * steps + i)
                  for i, ids in enumerate(order)]
        state.losses.append(float(np.mean(losses)))
        state.seconds += time.monotonic() - began
        if len(state.losses) % CHECKPOINT_EVERY == 0 or len(state.losses) == recipe.epochs:
            state.save(checkpoint)
        progress(f"epoch {epoch + 1} of {recipe.epochs}: loss {state.losses[-1]:.3f}, {state.seconds:.0f} s")
    return Member(network=state.average.eval(), losses=tuple(state.losses), seconds=state.seconds)


def predict(network: VoiceNetwork, bank: Bank, clips: Sequence[int] | NDArray[np.int64],
            variant: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-probabilities, shape (n, 8), and affect, shape (n, 3), of whole clips."""
    network.eval()
    logits: list[Tensor] = []
    affect: list[Tensor] = []
    with torch.no_grad():
        for clip in clips:
            features = bank.features(int(clip), variant)
            features = np.tile(features, (-(-SHORTEST_FRAMES // len(features)), 1))
            one, two = network(torch.from_numpy(features)[None])
            logits.append(one[0].log_softmax(0))
            affect.append(two[0])
    return torch.stack(logits).double().numpy(), torch.stack(affect).double().numpy()


@dataclass(slots=True, kw_only=True)
class _State:
    network: VoiceNetwork
    average: VoiceNetwork
    optimizer: torch.optim.AdamW
    schedule: torch.optim.lr_scheduler.OneCycleLR
    losses: list[float] = field(default_factory=list[float])
    seconds: float = 0.0

    def parts(self) -> dict[str, Any]:
        return {"network": self.network, "average": self.average, "optimizer": self.optimizer,
                "schedule": self.schedule}

    def save(self, path: Path) -> None:
        stored = {name: value.state_dict() for name, value in self.parts().items()}
        keep(path, {**stored, "losses": self.losses, "seconds": self.seconds})

    def load(self, path: Path) -> None:
        if not path.is_file():
            return
        stored = torch.load(path, weights_only=True)
        for name, value in self.parts().items():
            value.load_state_dict(stored[name])
        self.losses, self.seconds = list(stored["losses"]), float(stored["seconds"])


def _step(state: _State, lessons: Lessons, ids: NDArray[np.int64], *, recipe: Recipe, rng: np.random.Generator,
          n_done: int) -> float:
    """One batch: forward in bfloat16, back, and the running mean of the weights; returns the loss."""
    state.network.train()
    features, labels, affect = _batch(lessons, ids, recipe, rng)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, heard = state.network(features)
    loss = -(labels * logits.float().log_softmax(1)).sum(1).mean() + F.mse_loss(heard.float(), affect)
    state.optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.network.parameters(), 2.0)
    state.optimizer.step()
    state.schedule.step()
    decay = min(recipe.averaging, (1 + n_done) / (10 + n_done))
    with torch.no_grad():
        for mean, now in zip(state.average.state_dict().values(), state.network.state_dict().values(), strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - decay)
    return float(loss.detach())


def _batch(lessons: Lessons, ids: NDArray[np.int64], recipe: Recipe,
           rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Features of shape (batch, n_frames, 68), soft labels (batch, 8), affect (batch, 3)."""
    n_frames = int(rng.integers(recipe.shortest, recipe.longest))
    rows: list[NDArray[np.float32]] = []
    for clip in ids:
        clean = rng.random() < recipe.clean
        variant = int(rng.integers(0, N_CLEAN) if clean else rng.integers(N_CLEAN, lessons.bank.n_variants))
        features = lessons.bank.features(int(clip), variant)
        if rng.random() < recipe.shuffle:
            features = shuffled(features, rng)
        rows.append(augment_features(features, n_frames, rng))
    features = torch.from_numpy(np.stack(rows))
    n_classes = len(CLASSES)
    labels = F.one_hot(torch.from_numpy(lessons.labels[ids]), n_classes).float()
    labels = labels * (1 - recipe.smoothing) + recipe.smoothing / n_classes
    return features, labels, torch.from_numpy(lessons.affect[ids])
