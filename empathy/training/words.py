"""``train words``: the compact words network, from GoEmotions to the file and its card."""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..text.measure import read_comments
from .command import add_folders, data_folder, say, say_made
from .report import make_run_folder
from .words_card import write_words_card

if TYPE_CHECKING:
    from .words_fit import Material, Trained


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One member: the width of its vectors, how often a letter n-gram must occur to be kept, its seed over the
    command's, and the part of the comments (by their id) that it never sees."""

    width: int
    least_letters: int
    seed: int
    part: int
    parts: int


PLANS = (Plan(width=96, least_letters=13, seed=0, part=0, parts=6),
         Plan(width=128, least_letters=6, seed=0, part=0, parts=8))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_folders(parser, "text/",
                run="folder of the run: checkpoints, words.safetensors, its card; an interrupted run goes on")
    parser.add_argument("--epochs", type=int, default=6, help="passes over the comments for each member (6)")
    parser.add_argument("--members", type=int, default=len(PLANS),
                        help=f"networks trained and averaged, 1 to {len(PLANS)} ({len(PLANS)})")
    parser.add_argument("--seed", type=int, default=1, help="draws weights, order and dropout (1)")
    parser.add_argument("--threads", type=int, default=1,
                        help="processor threads; 0: all cores; another number may give other last digits (1)")


def run(arguments: argparse.Namespace) -> int:
    """Train as told; what was made is said on standard error."""
    data = data_folder(arguments, epochs=1, members=1, seed=0, threads=0)
    if arguments.members > len(PLANS):
        raise InputError(f"--members must be at most {len(PLANS)}, not {arguments.members}")
    made = train_words(data, arguments.out, epochs=arguments.epochs, members=arguments.members,
                       seed=arguments.seed, threads=arguments.threads, progress=say)
    say_made(made)
    return 0


def train_words(
    data: Path, out: Path, *, epochs: int = 6, members: int = len(PLANS), seed: int = 1, threads: int = 1,
    progress: Callable[[str], None] = lambda line: None,
) -> Path:
    """Train the members, calibrate them on the parts they did not see, export, measure on dev, write the card.

    Args:
        data: folder that holds ``text/``.
        out: folder of the run. Where checkpoints of the same run lie there, it goes on from them.
        epochs: passes over the training comments for each member.
        members: how many of ``PLANS`` are trained and averaged.
        seed: draws weights, order and dropout.
        threads: processor threads; 0: all cores.
        progress: gets a line an epoch.

    Returns:
        The safetensors file.

    Raises:
        InputError: the data are not there, or ``out`` can't be written.
    """
    import torch

    from .words_fit import Material, lines
    from .words_lessons import lessons

    torch.set_num_threads(threads or os.cpu_count() or 1)
    labels = data / "text/goemotions/original/labels.txt"
    comments = read_comments(labels.with_name("train.tsv"), labels)
    dev = read_comments(labels.with_name("dev.tsv"), labels)
    told, feelings = read_situations(data / "text/empatheticdialogues/jointmatch_situation_dev.csv")
    make_run_folder(out)
    made, made_truth = lessons(seed)
    whole = Material(texts=lines(comments.texts), truth=comments.truth.astype(np.float32), lessons=lines(made),
                     lesson_truth=made_truth, told=lines(told), feelings=feelings)
    codes = np.array([crc32(key.encode()) for key in comments.keys])
    fitted = [train_member(whole, codes, plan, epochs=epochs, seed=seed, path=out / f"member-{k}.pt",
                           progress=lambda line, k=k: progress(f"member {k} of {members}, {line}"))
              for k, plan in enumerate(PLANS[:members], 1)]
    trained, rest, path = [one for one, _, _ in fitted], [left for _, left, _ in fitted], out / "words.safetensors"
    export(path, trained, fit_limits(np.concatenate([logits for _, _, logits in fitted]),
                                     comments.truth[np.concatenate(rest)]))
    command = f"python -m empathy train words --out RUN --epochs {epochs} --members {members} --seed {seed}"
    write_words_card(path, dev, trained[0].history, command=command, seed=seed,
                     minutes=sum(one.seconds for one in trained) / 60, n_train=len(comments.texts))
    return path


def train_member(whole: Material, codes: NDArray[np.int64], plan: Plan, *, epochs: int, seed: int, path: Path,
                 progress: Callable[[str], None]) -> tuple[Trained, NDArray[np.int64], NDArray[np.float32]]:
    """Train one member on all but its part; ``codes``: shape (n,), a number of each comment by which its part is
    chosen.

    Returns:
        The member, the comments of its part, and its logits for them, shape (n, 28).
    """
    from .words_fit import Recipe, fit, lexicon, predict

    part = codes % plan.parts == plan.part
    seen, left = np.flatnonzero(~part), np.flatnonzero(part)
    known = lexicon([*whole.texts, *whole.told, *whole.lessons], least_letters=plan.least_letters)
    unseen = [whole.texts[i] for i in left]
    material = replace(whole, texts=[whole.texts[i] for i in seen], truth=whole.truth[seen])
    trained = fit(material, unseen, whole.truth[left], known, recipe=Recipe(epochs=epochs, n_vector=plan.width),
                  seed=seed + plan.seed, path=path, clock=time.monotonic, progress=progress)
    return trained, left, predict(trained.member, known, unseen)


def fit_limits(logits: NDArray[np.float32], truth: NDArray[np.bool_]) -> dict[str, NDArray[np.float32]]:
    """``slope``, ``shift`` and ``thresholds`` of ``text.network.Network``, on texts that no member has seen."""
    slope, shift = calibrate(logits, truth.astype(np.float32))
    sure = (1.0 / (1.0 + np.exp(-(logits * slope + shift)))).astype(np.float32)
    return {"slope": slope, "shift": shift, "thresholds": thresholds(sure, truth)}


def read_situations(path: Path) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Situations and the index (from 0) of the feeling that their teller named.

    Raises:
        InputError: the file can't be read.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return tuple(row["content"] for row in rows), np.array([int(row["label"]) - 1 for row in rows])
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{path} can't be read as a table with label,content ({error})") from error


def calibrate(
    logits: NDArray[np.float32], truth: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Slope and shift of each label's logit that fit texts no member has seen, drawn towards 1 and 0 where a label is
    rare. Source: Platt 1999."""
    from scipy.optimize import minimize

    slope, shift = np.ones(logits.shape[1]), np.zeros(logits.shape[1])
    for k in range(logits.shape[1]):
        x, y = logits[:, k].astype(np.float64), truth[:, k]

        def loss(p: NDArray[np.float64], x: NDArray[np.float64] = x, y: NDArray[np.float32] = y) -> float:
            z = p[0] * x + p[1]
            return float((np.logaddexp(0.0, z) - y * z).sum() + 20.0 * (p[0] - 1.0) ** 2 + 5.0 * p[1] ** 2)

        slope[k], shift[k] = minimize(loss, np.array([1.0, 0.0])).x
    return slope.astype(np.float32), shift.astype(np.float32)


def thresholds(sure: NDArray[np.float32], truth: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The probability from which giving each label serves its F1 best.

    Half of the best F1 is the best threshold of a calibrated probability (Lipton et al. 2014); the threshold measured
    on few examples is noisy, so the two meet in the middle, on the log scale, the more to the measured one the more
    examples a label has.
    """
    found = np.zeros(truth.shape[1])
    for k in range(truth.shape[1]):
        order = np.argsort(-sure[:, k])
        hits = np.cumsum(truth[order, k])
        f1 = 2.0 * hits / (np.arange(1, len(order) + 1) + hits[-1])
        smooth = np.convolve(f1, np.ones(5) / 5, mode="same")
        best = sure[order[int(smooth[2:-2].argmax()) + 2], k]
        trust = hits[-1] / (hits[-1] + 100.0)
        found[k] = np.exp(trust * np.log(best) + (1.0 - trust) * np.log(max(f1.max() / 2.0, 1e-3)))
    return found.astype(np.float32)


def export(path: Path, trained: Sequence[Trained], fitted: Mapping[str, NDArray[np.float32]]) -> None:
    """Write the members, as ``text/network.py`` reads them.

    Args:
        path: the file.
        trained: members with their lexicons.
        fitted: ``slope``, ``shift``, ``thresholds``.
    """
    from safetensors.numpy import save_file

    from ..text.network import LAYERS, packed

    stored: dict[str, NDArray[Any]] = {"n_members": np.array([len(trained)], np.int64), **fitted}
    for k, one in enumerate(trained):
        weights = {name: value.detach().numpy() for name, value in one.member.named_parameters()}

        def gates(name: str, weights: Mapping[str, NDArray[np.float32]] = weights) -> NDArray[np.float32]:
            return np.stack([weights[f"gates.{name}_l0"], weights[f"gates.{name}_l0_reverse"]])

        dense = dict(zip(LAYERS, (
            gates("weight_ih").swapaxes(1, 2), gates("bias_ih"), gates("weight_hh").swapaxes(1, 2), gates("bias_hh"),
            weights["heads.weight"].T, weights["heads.bias"], weights["middle.weight"].T, weights["middle.bias"],
            weights["last.weight"].T, weights["last.bias"]), strict=True))
        words, words_scale = packed(weights["words.weight"])
        letters, letters_scale = packed(weights["letters.weight"])
        each = {"word_keys": one.known.word_keys, "letter_keys": one.known.letter_keys, "words": words,
                "words_scale": words_scale, "letters": letters, "letters_scale": letters_scale,
                **{name: np.ascontiguousarray(layer).astype(np.float16) for name, layer in dense.items()}}
        stored |= {f"{k}.{name}": value for name, value in each.items()}
    save_file(stored, path, metadata={"made_by": "python -m empathy train words"})
