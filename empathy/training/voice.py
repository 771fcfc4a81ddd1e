"""``train voice``: the compact voice network, from RAVDESS to the file and its card.

The actors are split into folds. For each fold members are trained on the other actors and measured on the fold's; all
members together, averaged, are what ships. So every figure of the cross-validation is of members on actors they had
never heard, and the shipped average has heard each actor in all folds' members but one's.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..logits import softmax
from ..types import EMOTIONS
from .command import add_folders, data_folder, say, say_made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .voice_card import OutOfFold
    from .voice_data import Clip
    from .voice_fit import Lessons, Member, Recipe

VERSION = "2"
N_SPOILT = 4
"""Augmented variants of each clip that are measured for the card."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_folders(parser, "speech/ravdess/ and sounds/",
                run="folder of the run: features, checkpoints, voice.onnx, card; an interrupted run goes on")
    parser.add_argument("--epochs", type=int, default=50, help="passes over the clips for each member (50)")
    parser.add_argument("--folds", type=int, default=6, help="groups of actors, left out in turn (6)")
    parser.add_argument("--members", type=int, default=2, help="networks a fold, from different seeds (2)")
    parser.add_argument("--variants", type=int, default=16, help="variants of each clip, two of them clean (16)")
    parser.add_argument("--seed", type=int, default=1, help="draws weights, order and variants of the clips (1)")
    parser.add_argument("--threads", type=int, default=1, help="processor threads; 0: all cores (1)")


def run(arguments: argparse.Namespace) -> int:
    """Train as told; what was made is said on standard error."""
    data = data_folder(arguments, epochs=1, members=1, variants=3, seed=0, threads=0)
    made = train_voice(data, arguments.out, epochs=arguments.epochs, n_folds=arguments.folds,
                       n_members=arguments.members, n_variants=arguments.variants, seed=arguments.seed,
                       threads=arguments.threads)
    say_made(made)
    return 0


def train_voice(data: Path, out: Path, *, epochs: int = 50, n_folds: int = 6, n_members: int = 2,
                n_variants: int = 16, seed: int = 1, threads: int = 1) -> Path:
    """Train the members, calibrate on the clips each left out, export the average, write its card.

    Args:
        data: folder that holds ``speech/ravdess/`` and ``sounds/``.
        out: folder of the run. Where features and checkpoints of the same run lie there, it goes on from them.
        epochs: passes over the training clips for each member.
        n_folds: groups of actors.
        n_members: networks trained for each fold.
        n_variants: variants of each clip, the two clean ones included.
        seed: member k is seeded with ``seed + k``, k from 0.
        threads: processor threads; 0: all cores.

    Returns:
        The ONNX file.

    Raises:
        InputError: the data are not there, the folds can't be made, or ``out`` can't be written.
    """
    import torch

    from ..audio.tone_compact import CLASSES
    from .report import make_run_folder
    from .voice_card import write_voice_card
    from .voice_data import affect_targets, build_bank, cached_bank, folds_of, read_clips
    from .voice_export import export, temperature_of
    from .voice_fit import Lessons, Recipe

    torch.set_num_threads(threads or os.cpu_count() or 1)
    clips = read_clips(data)
    folds = folds_of(clips, n_folds)
    kept = out / f"{n_folds}-folds-{n_variants}-variants-seed-{seed}"
    make_run_folder(kept)
    bank = cached_bank(kept / "features.npz",
                       lambda: build_bank(clips, data, n_variants=n_variants, seed=seed, progress=say))
    lessons = Lessons(bank=bank, labels=np.array([clip.label for clip in clips]), affect=affect_targets(clips))
    recipe = Recipe(epochs=epochs)
    members, heard = _members(lessons, clips, folds * n_members, kept, recipe=recipe, seed=seed)
    temperature = temperature_of(heard.scores, lessons.labels)
    write_out_of_fold(out / "out_of_fold.csv", clips, heard.scores / temperature)
    path = out / "voice.onnx"
    export([member.network for member in members], path, temperature=temperature, version=VERSION,
           prior=np.bincount(lessons.labels, minlength=len(CLASSES)) / len(clips),
           residual_sd=np.sqrt(np.mean((heard.affect - lessons.affect) ** 2, axis=0)).tolist())
    command = f"python -m empathy train voice --out RUN --epochs {epochs} --folds {n_folds} --members {n_members} " \
              f"--variants {n_variants} --seed {seed}"
    write_voice_card(path, members, clips, heard, temperature=temperature, targets=lessons.affect, recipe=recipe,
                     seed=seed, command=command)
    return path


def write_out_of_fold(path: Path, clips: Sequence[Clip], logits: NDArray[np.float64]) -> None:
    """A manifest of the clips with what the members that had not heard the actor said, ``p_angry`` to ``p_surprise``:
    ``evaluate masking`` reads it, where the shipped average would judge voices that it learnt from."""
    import csv

    from ..audio.tone_compact import CLASSES, fold

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "label", "speaker", *(f"p_{name}" for name in EMOTIONS)])
        for clip, row in zip(clips, softmax(logits), strict=True):
            said = [f"{value:.6f}" for value in fold(row).array()]
            writer.writerow([clip.path, CLASSES[clip.label], clip.speaker, *said])


def _members(lessons: Lessons, clips: tuple[Clip, ...], folds: tuple[frozenset[str], ...], kept: Path, *,
             recipe: Recipe, seed: int) -> tuple[list[Member], OutOfFold]:
    """Train one member for each of ``folds``, which may name a fold several times; give back also what the members of
    a fold, averaged, said of its clips."""
    from ..audio.tone_compact import CLASSES
    from .voice_card import OutOfFold
    from .voice_data import N_CLEAN
    from .voice_fit import fit, predict

    members: list[Member] = []
    spoilt_ones = range(N_CLEAN, min(N_CLEAN + N_SPOILT, lessons.bank.n_variants))
    scores, affect = np.zeros((len(clips), len(CLASSES))), np.zeros((len(clips), 3))
    spoilt = np.zeros((len(spoilt_ones), *scores.shape))
    share = 1.0 / folds.count(folds[0])
    for k, fold in enumerate(folds):
        name = f"member {k + 1} of {len(folds)}"
        inside = np.array([clip.speaker in fold for clip in clips])
        members.append(fit(lessons, np.flatnonzero(~inside), kept / f"member-{k + 1}-{recipe.epochs}.pt",
                           recipe=recipe, seed=seed + k, progress=lambda line, name=name: say(f"{name}, {line}")))
        said, felt = predict(members[-1].network, lessons.bank, np.flatnonzero(inside))
        scores[inside] += share * said
        affect[inside] += share * felt
        for at, variant in enumerate(spoilt_ones):
            spoilt[at, inside] += share * predict(members[-1].network, lessons.bank, np.flatnonzero(inside), variant)[0]
        right = float((said.argmax(1) == lessons.labels[inside]).mean())
        say(f"{name}: accuracy {right:.3f} on the actors it left out")
    distinct = list(dict.fromkeys(folds))
    fold_of = np.array([next(k for k, fold in enumerate(distinct) if clip.speaker in fold) for clip in clips])
    return members, OutOfFold(scores=scores, affect=affect, spoilt=spoilt, fold=fold_of)
