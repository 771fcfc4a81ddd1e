"""The loop that trains a network: on one process or many, in steps that can be taken up again after a break.

Everything that is drawn at random in a step depends on the seed, the step and the process alone, and the learning rate
on the step: a run that was interrupted goes on from its checkpoint to the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.utils.data import DataLoader

from ... import metrics
from ...avamerg.classes import N_CLASSES
from ...avamerg.inputs import Batch, pack
from ...avamerg.sizes import Modality
from ...errors import InputError
from ..checkpoint import keep
from .examples import Examples
from .loss import Loss
from .recipe import Recipe

if TYPE_CHECKING:
    from accelerate import Accelerator

WARM = 0.1

Tick = Callable[[int, int], None]
"""Called after each step with the step and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """How, where and by whom a network is trained. ``seed`` is that of the order and of dropout; ``folder`` keeps
    ``checkpoint.pt`` and ``best.safetensors``; ``accelerator`` was made with the recipe's precision and accumulation;
    ``clock`` gives seconds; ``tick`` gets each step."""

    recipe: Recipe
    seed: int
    folder: Path
    accelerator: Accelerator
    clock: Callable[[], float]
    tick: Tick = lambda step, steps: None

    @property
    def checkpoint(self) -> Path:
        """The file that a run goes on from."""
        return self.folder / "checkpoint.pt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """How it went: one dictionary an epoch, and the best epoch."""

    history: tuple[dict[str, float], ...]
    best_epoch: int


def fit(
    network: nn.Module, train: Examples, val: Examples, *, loss: Loss,
    groups: Sequence[tuple[list[nn.Parameter], float]], job: Job,
) -> Fitted:
    """Train, or go on where the checkpoint of the folder stands; the network ends with the weights of the best epoch.

    Args:
        network: on the processor; moved to the device.
        train: examples to learn from.
        val: examples whose macro-F1 says which epoch is best.
        loss: see ``loss.py``.
        groups: parameters that are trained, with their peak learning rates.
        job: how, where and by whom.
    """
    from safetensors.torch import load_file

    recipe, accelerator = job.recipe, job.accelerator
    optimizer = torch.optim.AdamW([{"params": group, "lr": rate, "peak": rate} for group, rate in groups],
                                  weight_decay=recipe.decay)
    model, optimizer = accelerator.prepare(network, optimizer)
    bare = accelerator.unwrap_model(model)
    per_epoch = steps_per_epoch(len(train), recipe, accelerator.num_processes)
    state = _load(job, bare, optimizer)
    history: list[dict[str, float]] = state["history"]
    while len(history) < recipe.epochs and len(history) - state["best_epoch"] < recipe.patience:
        epoch, start = len(history), job.clock()
        model.train()
        first = state["step"] - epoch * per_epoch
        for batch in _batches(train, job, epoch, first):
            _set_up(optimizer, state["step"], recipe.epochs * per_epoch, job)
            state["loss"] += _step(model, optimizer, batch, loss, job)
            state["step"] += 1
            job.tick(state["step"], recipe.epochs * per_epoch)
            every = recipe.checkpoint_steps
            if every and state["step"] % every == 0 and state["step"] % recipe.accumulate == 0:
                _keep(job, {**state, "seconds": state["seconds"] + job.clock() - start}, bare, optimizer)
        figures = _watch(predict(bare, val, recipe, accelerator), val.labels)
        state["seconds"] += job.clock() - start
        row = {"epoch": epoch + 1.0, "loss": _mean(state["loss"] / per_epoch, accelerator), **figures,
               "seconds": state["seconds"]}
        history.append(row)
        state["loss"] = 0.0
        if row["val_macro_f1"] > state["best"]:
            state["best"], state["best_epoch"] = row["val_macro_f1"], epoch + 1
            _keep_best(job, bare)
        _keep(job, state, bare, optimizer)
    accelerator.wait_for_everyone()
    bare.load_state_dict(load_file(job.folder / "best.safetensors"))
    return Fitted(history=tuple(history), best_epoch=state["best_epoch"])


def predict(
    network: nn.Module, examples: Examples, recipe: Recipe, accelerator: Accelerator,
    without: Sequence[Modality] = (),
) -> NDArray[np.float64]:
    """Logits of all examples, shape (n, 7), on every process; each reads its share."""
    from accelerate.utils import gather_object

    rank, n_ranks = accelerator.process_index, accelerator.num_processes
    mine = list(range(rank, len(examples), n_ranks))
    network.eval()
    rows: list[list[float]] = []
    with torch.inference_mode(), accelerator.autocast():
        for batch in _loader(examples, [mine[at:at + recipe.batch] for at in range(0, len(mine), recipe.batch)],
                             recipe.workers):
            rows += network(_to(batch, accelerator.device), without).float().cpu().tolist()
    pairs = list(zip(mine, rows, strict=True))
    found: dict[int, list[float]] = dict(gather_object(pairs) if n_ranks > 1 else pairs)
    return np.array([found[place] for place in range(len(examples))], np.float64).reshape(-1, N_CLASSES)


def steps_per_epoch(n: int, recipe: Recipe, n_ranks: int) -> int:
    """Whole batches in an epoch, a multiple of the accumulated ones.

    Raises:
        InputError: there are too few examples, or too few in a batch for the processes.
    """
    if recipe.batch % n_ranks:
        raise InputError(f"a batch of {recipe.batch} can't be dealt to {n_ranks} processes: give a multiple of them")
    steps = n // recipe.batch // recipe.accumulate * recipe.accumulate
    if steps < 1:
        raise InputError(f"{n} training conversations are fewer than the {recipe.batch * recipe.accumulate} that one "
                         "move of the weights reads: give more data, or a smaller batch in a --config file")
    return steps


def rate_share(step: int, steps: int) -> float:
    """Share of the peak learning rate: up over the first tenth, then down a cosine."""
    done = (step + 1) / steps
    return done / WARM if done < WARM else 0.5 * (1.0 + math.cos(math.pi * (done - WARM) / (1.0 - WARM)))


def _set_up(optimizer: Any, step: int, steps: int, job: Job) -> None:
    """The learning rates and the chance of a step."""
    torch.manual_seed((job.seed * 1_000_003 + step) * job.accelerator.num_processes + job.accelerator.process_index)
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * rate_share(step, steps)


def _step(model: nn.Module, optimizer: Any, batch: Batch, loss: Loss, job: Job) -> float:
    accelerator = job.accelerator
    with accelerator.accumulate(model):
        value = loss(model(batch), batch.label)
        accelerator.backward(value)
        if accelerator.sync_gradients:
            accelerator.clip_grad_norm_(model.parameters(), job.recipe.clip_norm)
        optimizer.step()
        optimizer.zero_grad()
    return float(value.detach())


def _batches(examples: Examples, job: Job, epoch: int, first: int) -> Iterator[Batch]:
    """This process's part of each batch of an epoch, from the ``first`` on, on the device."""
    recipe, accelerator = job.recipe, job.accelerator
    order = np.random.default_rng((job.seed, epoch)).permutation(len(examples))
    rank, n_ranks = accelerator.process_index, accelerator.num_processes
    parts = [order[step * recipe.batch:(step + 1) * recipe.batch][rank::n_ranks].tolist()
             for step in range(first, steps_per_epoch(len(examples), recipe, n_ranks))]
    for batch in _loader(examples, parts, recipe.workers):
        yield _to(batch, accelerator.device)


def _loader(examples: Examples, parts: Sequence[list[int]], workers: int) -> DataLoader[Any]:
    return DataLoader(examples, batch_sampler=parts, collate_fn=pack, num_workers=workers)


def _to(batch: Batch, device: Any) -> Batch:
    return Batch(*(value.to(device, non_blocking=True) for value in batch))


def _watch(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> dict[str, float]:
    said = logits.argmax(1)
    return {"val_macro_f1": metrics.macro_f1(labels, said, N_CLASSES), "val_accuracy": metrics.accuracy(labels, said)}


def _mean(value: float, accelerator: Accelerator) -> float:
    """The mean over the processes."""
    total: Any = accelerator.reduce(torch.tensor(value, device=accelerator.device), "mean")  # typed as any container
    return float(total)


def _load(job: Job, network: nn.Module, optimizer: Any) -> dict[str, Any]:
    if not job.checkpoint.is_file():
        return {"step": 0, "loss": 0.0, "history": [], "best": -1.0, "best_epoch": 0, "seconds": 0.0}
    kept: dict[str, Any] = torch.load(job.checkpoint, map_location="cpu", weights_only=True)
    network.load_state_dict(kept.pop("network"))
    optimizer.load_state_dict(kept.pop("optimizer"))
    scaler = kept.pop("scaler")
    if scaler is not None and job.accelerator.scaler is not None:
        job.accelerator.scaler.load_state_dict(scaler)
    return kept


def _keep_best(job: Job, network: nn.Module) -> None:
    from safetensors.torch import save_file

    if job.accelerator.is_main_process:
        save_file({name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()},
                  job.folder / "best.safetensors")


def _keep(job: Job, state: dict[str, Any], network: nn.Module, optimizer: Any) -> None:
    if not job.accelerator.is_main_process:
        return
    scaler = job.accelerator.scaler
    keep(job.checkpoint, {**state, "network": network.state_dict(), "optimizer": optimizer.state_dict(),
                          "scaler": None if scaler is None else scaler.state_dict()})
