"""``train guard``: the classifier behind the guard's rules, from seeded sentences to the file and its card."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..reply.guard import stops
from ..reply.guard_scorer import CLASSES, FILE, LENGTHS, Seen, load_scorer, see
from ..text.encoder import bundled_encoder
from ..text.linear import Hashes, Linear
from ..text.network import place
from .command import add_folders, data_folder, say, say_made
from .guard_card import Measured, write_guard_card
from .guard_data import WEIGHT, Sentence, broken_by, read_composer, read_lists
from .report import make_run_folder
from .softmax import fit_softmax, shares

FOLDS = 5
STRENGTH = 16.0
"""How much the sentences count against the pull of all weights to 0."""
LEAST = 2
"""A feature counts when that many sentences hold it."""
MOST_FALSE = 0.035
"""Seeded fine sentences that rules and classifier may stop, by fits that had not seen them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """All sentences as rows of ``matrix`` (a scipy CSR matrix, loosely typed there): the columns of the features,
    sorted by ``keys``, then those of the vector; ``learned``: shape (n,), which rows are learned from."""

    matrix: Any
    keys: Hashes
    rarity: NDArray[np.float64]
    target: NDArray[np.float64]
    weight: NDArray[np.float64]
    learned: NDArray[np.bool_]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_folders(parser, "text/")
    parser.add_argument("--own", type=Path, default=Path("tests/data"), metavar="FOLDER",
                        help="folder of the seeded sentences, guard*.txt (tests/data)")
    parser.add_argument("--seed", type=int, default=1, help="draws the folds (1)")


def run(arguments: argparse.Namespace) -> int:
    """Train as told; what was made is said on standard error."""
    data = data_folder(arguments, seed=0)
    make_run_folder(arguments.out)  # before the minutes that the composer takes
    told = read_lists(arguments.own)
    say("the composer answers")
    made = train_guard([*told, *read_composer(data)], arguments.out, seed=arguments.seed, progress=say)
    say_made(made)
    return 0


def train_guard(told: Sequence[Sentence], out: Path, *, seed: int = 1,
                progress: Callable[[str], None] = lambda line: None) -> Path:
    """Fit on all but one fold in turn, choose the limit on what each fit had not seen, fit on all, export, write card.

    Args:
        told: all sentences; those whose source has no ``WEIGHT`` are measured, never fitted.
        out: folder of the run.
        seed: draws the folds.
        progress: gets a line a step.

    Returns:
        The safetensors file.

    Raises:
        InputError: ``out`` can't be written.
        ModelFileError: the text encoder's files are absent or broken.
    """
    from safetensors.numpy import save_file

    started = time.monotonic()
    make_run_folder(out)
    encoder = bundled_encoder()
    seen = [see(one.text.replace("\u2019", "'"), encoder) for one in told]
    progress(f"{len(told)} sentences are read")
    inputs = gather(told, seen)
    fold = np.array([crc32(f"{seed} {one.text[:40].lower()}".encode()) % FOLDS for one in told])
    found = np.full((len(told), len(CLASSES)), np.nan)
    for k in range(FOLDS):
        here = inputs.learned & (fold == k)
        found[here] = predict(fit(inputs, inputs.learned & ~here), inputs)[here]
        progress(f"fold {k + 1} of {FOLDS}")
    broken = broken_by(told)
    limit = choose_limit(told, found, broken)
    linear = fit(inputs, inputs.learned)
    path = out / FILE
    save_file({**linear.stored(), "limit": np.array([limit], np.float32)}, path,
              metadata={"made_by": "python -m empathy train guard"})
    scorer = load_scorer(path)
    sounds = [1.0 - found[i, 0] if inputs.learned[i] else scorer.judge(one.text)[1] for i, one in enumerate(told)]
    write_guard_card(path, Measured(
        sentences=told, stopped=np.array(sounds) >= limit, ruled=np.array([bool(rules) for rules in broken]),
        both=np.array([stops(rules, p, limit) for rules, p in zip(broken, sounds, strict=True)]), shares=found,
    ), limit=limit, seed=seed, minutes=(time.monotonic() - started) / 60)
    return path


def gather(told: Sequence[Sentence], seen: Sequence[Seen]) -> Inputs:
    """Features weighted by rarity to the length of their group, and vectors beside them."""
    from scipy.sparse import csr_matrix, hstack

    weight = np.array([WEIGHT.get(one.source, 0.0) for one in told])
    learned = weight > 0
    groups = [_group(hashes, learned, length)
              for hashes, length in zip(([one.grams for one in seen], [one.frames for one in seen]), LENGTHS,
                                        strict=True)]
    keys = np.concatenate([keys for keys, _, _ in groups])
    order = np.argsort(keys)
    features = csr_matrix(hstack([values for _, _, values in groups]).tocsc()[:, order])
    return Inputs(matrix=csr_matrix(hstack([features, csr_matrix(np.array([one.vector for one in seen]))])),
                  keys=keys[order], rarity=np.concatenate([rarity for _, rarity, _ in groups])[order],
                  target=np.eye(len(CLASSES))[[CLASSES.index(one.kind) for one in told]], weight=STRENGTH * weight,
                  learned=learned)


def _group(hashes: Sequence[Hashes], learned: NDArray[np.bool_], length: float
           ) -> tuple[Hashes, NDArray[np.float64], Any]:
    """The keys of one group of features, their rarity, and each sentence's values, of the length given."""
    from scipy.sparse import csr_matrix, diags

    found, count = np.unique(np.concatenate([hashes[i] for i in np.flatnonzero(learned)]), return_counts=True)
    keys, count = found[count >= LEAST], count[count >= LEAST]
    rarity = np.log(learned.sum() / count)
    at = [place(keys, one) for one in hashes]
    at = [one[one < len(keys)] for one in at]
    columns = np.concatenate(at)
    rows = np.repeat(np.arange(len(at)), [len(one) for one in at])
    values = csr_matrix((rarity[columns], (rows, columns)), shape=(len(at), len(keys)))
    norm = np.sqrt(np.asarray(values.multiply(values).sum(axis=1)).ravel())
    return keys, rarity, diags(length / np.maximum(norm, 1e-6)) @ values


def fit(inputs: Inputs, chosen: NDArray[np.bool_]) -> Linear:
    """Softmax regression on the chosen rows."""
    rows, n = np.flatnonzero(chosen), len(inputs.keys)
    weights, bias = fit_softmax(inputs.matrix[rows], inputs.target[rows], inputs.weight[rows])
    return Linear(keys=inputs.keys, rarity=inputs.rarity.astype(np.float32), weights=weights[:n].astype(np.float32),
                  dense=weights[n:].astype(np.float32), bias=bias.astype(np.float32))


def predict(linear: Linear, inputs: Inputs) -> NDArray[np.float64]:
    """Class shares of every row: shape (n, 8)."""
    weights = np.concatenate([linear.weights, linear.dense]).astype(np.float64)
    return shares(inputs.matrix, weights, linear.bias.astype(np.float64))


def choose_limit(told: Sequence[Sentence], found: NDArray[np.float64], broken: Sequence[Sequence[str]]) -> float:
    """The lowest limit at which rules and classifier together stop at most ``MOST_FALSE`` of the seeded fine sentences.

    Args:
        told: all sentences.
        found: class shares of fits that had not seen the sentence, shape (n, 8).
        broken: the rules that each sentence breaks.
    """
    fine = [i for i, one in enumerate(told) if one.kind == CLASSES[0] and one.source in ("guard", "more")]
    sounds = 1.0 - found[fine, 0]
    for at, i in enumerate(fine):
        if broken[i]:  # then the limit has no say
            sounds[at] = np.inf if stops(broken[i], float(sounds[at]), 1.0) else 0.0
    allowed = int(MOST_FALSE * len(fine))
    return min(float(np.sort(sounds)[-1 - allowed]) + 1e-6, 1.0)
