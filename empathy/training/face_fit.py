"""The loop that trains one member of the compact expression network: seeded, checkpointed each epoch, resumable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils import convert_conv2d_weight_memory_format

from .. import metrics
from ..logits import log_softmax
from ..types import EMOTIONS
from ..vision.expression_network import ExpressionNetwork, mean_score
from .checkpoint import keep
from .face_augment import augment
from .face_data import Faces


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a member is trained; the card prints it."""

    epochs: int = 24
    """Passes over the training pictures."""
    batch: int = 128
    learning_rate: float = 0.1
    """Peak, for stochastic gradient descent with Nesterov momentum 0.9; a tenth of the steps to warm up, then a cosine
    to zero."""
    weight_decay: float = 5e-4
    averaging: float = 0.998
    """Decay of the running mean of the weights, which is what is kept."""
    balance: float = 0.5
    """Pictures are drawn in proportion to 1 / prior ** balance of their labels: 0 as they come, 1 all labels alike."""
    side_px: int = 44
    """Side of the training pictures; it reads 48 px ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A trained network, how it went (one dictionary an epoch), and the seconds that took."""

    network: ExpressionNetwork
    history: tuple[dict[str, float], ...]
    seconds: float


def fit(
    train: Faces, val: Faces, checkpoint: Path, *, recipe: Recipe, seed: int, device: str, clock: Callable[[], float]
) -> Member:
    """Train one member, or go on where its checkpoint stands (with the recipe given now, so that a run may be cut short
    or drawn out; ``planned`` in its history tells the epochs that each epoch was one of).

    Args:
        train: pictures to learn from, with votes as soft labels.
        val: pictures to watch; nothing is chosen by them here.
        checkpoint: file to keep the state in, written whole after each epoch.
        recipe: how.
        seed: draws the first weights, the order of the pictures and their variants.
        device: torch device.
        clock: seconds, for the time taken.
    """
    torch.manual_seed(seed)
    network = ExpressionNetwork().to(device)
    average = ExpressionNetwork().to(device).requires_grad_(False)
    for one in (network, average):
        convert_conv2d_weight_memory_format(one, torch.channels_last)
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.SGD(network.parameters(), lr=0.0, momentum=0.9, nesterov=True,
                                weight_decay=recipe.weight_decay)
    history: list[dict[str, float]] = []
    seconds = 0.0
    if checkpoint.is_file():
        kept: dict[str, Any] = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(kept["network"])
        average.load_state_dict(kept["average"])
        optimizer.load_state_dict(kept["optimizer"])
        history, seconds = kept["history"], kept["seconds"]
    for epoch in range(len(history), recipe.epochs):
        start = clock()
        loss = _epoch(network, average, optimizer, train, recipe, seed=seed, epoch=epoch, device=device)
        figures = _watch(average.eval(), train, val, device)
        seconds += clock() - start
        history.append({"epoch": epoch + 1, "planned": recipe.epochs, "loss": loss, **figures, "seconds": seconds})
        keep(checkpoint, {"network": network.state_dict(), "average": average.state_dict(),
                          "optimizer": optimizer.state_dict(), "history": history, "seconds": seconds})
    return Member(network=average.eval(), history=tuple(history), seconds=seconds)


def scores(network: torch.nn.Module, pictures: NDArray[np.uint8], device: str, batch: int = 256) -> NDArray[np.float64]:
    """Balanced scores of pictures of 48 px, as ``mean_score`` averages them: shape (n, 8)."""
    rows: list[NDArray[np.float64]] = []
    network.eval()
    with torch.inference_mode(), _precision(device):
        for start in range(0, len(pictures), batch):
            x = _tensor(pictures[start:start + batch], device)
            rows.append(mean_score(network, x).cpu().double().numpy())
    return np.concatenate(rows)


def log_prior(votes: NDArray[np.float32], weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Logarithm of how common each emotion is among (weighted) pictures: shape (8,)."""
    return np.log(np.average(votes.astype(np.float64), axis=0, weights=weights))


def _epoch(
    network: ExpressionNetwork, average: ExpressionNetwork, optimizer: torch.optim.Optimizer, train: Faces,
    recipe: Recipe, *, seed: int, epoch: int, device: str,
) -> float:
    from tqdm import tqdm

    rng = np.random.default_rng((seed, epoch))
    torch.manual_seed(seed * 1000 + epoch)
    network.train()
    chances = draw_chances(train.votes, recipe.balance)
    prior = torch.tensor(log_prior(train.votes, chances), dtype=torch.float32, device=device)
    order = draw(chances, rng)
    n_steps = len(order) // recipe.batch
    total = 0.0
    bar = tqdm(range(n_steps), desc=f"epoch {epoch + 1}/{recipe.epochs}", leave=False)
    for step in bar:
        progress = (epoch * n_steps + step) / (recipe.epochs * n_steps)
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * _schedule(progress)
        chosen = order[step * recipe.batch:(step + 1) * recipe.batch]
        x = _tensor(augment(train.pictures[chosen], rng, recipe.side_px), device)
        votes = torch.tensor(train.votes[chosen], device=device)
        sure = torch.tensor(train.sure[chosen], device=device)
        with _precision(device):
            balanced = network(x)
        log_p = F.log_softmax(balanced.float() + prior, dim=1)
        loss = (-(votes * log_p).sum(1) * sure).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        steps_so_far = epoch * n_steps + step
        _average(average, network, min(recipe.averaging, (1 + steps_so_far) / (10 + steps_so_far)))
        total += loss.item()
        bar.set_postfix(loss=f"{total / (step + 1):.3f}")
    return total / n_steps


def draw_chances(votes: NDArray[np.float32], balance: float) -> NDArray[np.float64]:
    """Chance of each picture to be drawn, shape (n,), sums to 1: 1 / prior ** balance, averaged over its votes."""
    prior = votes.astype(np.float64).mean(0)
    chances = votes @ (prior ** -balance)
    return chances / chances.sum()


def draw(chances: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """As many indices as pictures, each about n times its chance often (systematic resampling), shuffled."""
    n = len(chances)
    ticks = (np.arange(n) + rng.random()) / n
    mixed = rng.permutation(n)
    places = np.searchsorted(np.cumsum(chances[mixed]), ticks).clip(max=n - 1)
    return rng.permutation(mixed[places])


def _schedule(progress: float) -> float:
    """Share of the peak learning rate: up over the first tenth, then down a cosine."""
    warm = 0.1
    if progress < warm:
        return progress / warm
    return 0.5 * (1.0 + float(np.cos(np.pi * (progress - warm) / (1.0 - warm))))


@torch.no_grad()
def _average(average: ExpressionNetwork, network: ExpressionNetwork, decay: float) -> None:
    for mean, now in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if mean.is_floating_point():
            mean.lerp_(now, 1.0 - decay)
        else:
            mean.copy_(now)


def _watch(network: ExpressionNetwork, train: Faces, val: Faces, device: str) -> dict[str, float]:
    """Accuracy believing the prior, and mean recall believing all emotions alike, on the agreed pictures of val."""
    known = np.flatnonzero(val.majority >= 0)
    balanced = scores(network, val.pictures[known], device)
    believed = balanced + log_prior(train.votes)
    truth = val.majority[known]
    loss = -(log_softmax(believed) * val.votes[known]).sum(1)
    return {"val_loss": float(loss.mean()), "val_accuracy": metrics.accuracy(truth, believed.argmax(1)),
            "val_balanced_uar": metrics.uar(truth, balanced.argmax(1), len(EMOTIONS))}


def _precision(device: str) -> torch.autocast:
    """bfloat16 where the processor multiplies it natively (about twice as fast), else float32."""
    kind = torch.device(device).type
    native = torch.cuda.is_bf16_supported() if kind == "cuda" else torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(kind, torch.bfloat16, enabled=bool(native))


def _tensor(pictures: NDArray[np.uint8], device: str) -> Tensor:
    """Shape (n, 1, side, side), float32, levels in [0, 255]."""
    return torch.from_numpy(pictures).to(device).float().unsqueeze(1).contiguous(memory_format=torch.channels_last)
