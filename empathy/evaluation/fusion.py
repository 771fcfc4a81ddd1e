"""Does weighing two channels beat one, or their average? Measured on how people label the same clips by face alone, by
voice alone, and by both (CREMA-D; Cao et al. 2014): the votes for both are to be foretold from the other two.

What wins on people's votes need not win on what engines say. ``on_engines`` therefore applies every method, fitted on
the votes, to what the page's own engines say of labelled faces and voices, paired by emotion; the page takes the method
that holds on both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..fusion.attention import CHOICES, PLACES, Attention
from ..fusion.fuse import RELIABILITY, STILL, TILT
from ..fusion.likeness import kept_still, spread
from ..logits import softmax
from ..metrics import bootstrap
from .attention import EPOCHS, fit_attention
from .channel import Channel
from .fusion_card import write_network
from .votes import Rows, Votes, among_eight, read_votes

Method: TypeAlias = Callable[[Rows, Rows], Rows]
"""From the shares of face and voice, shape (n, 6), to those of both."""

Learner: TypeAlias = Callable[[Votes, NDArray[np.int64]], Method]
"""Learns a method from some of the clips."""

Weights: TypeAlias = NDArray[np.float64]
"""Power of the face, of the voice; how often each keeps still; then the six tilts."""

N_FOLDS = 5
N_PAIRS = 1000
ZERO = 1e-3
"""Added to each of an engine's probabilities: logarithms are taken."""


def evaluate_fusion(path: Path, *, seed: int = 0, engines: tuple[Channel, Channel] | None = None,
                    epochs: int = EPOCHS, out: Path | None = None) -> dict[str, Any]:
    """Compare ways of weighing face and voice, five folds by actor where something is learnt.

    Args:
        path: CREMA-D's vote shares.
        seed: of the folds, the transformer and the intervals.
        engines: what the page's engines say of labelled faces and of labelled voices.
        epochs: of the transformer.
        out: folder for the transformer fitted on all clips, and its card.

    Returns:
        For each method accuracy (against the majority, clips with one) and log-loss (against the vote shares, all
        clips), each with a 95 % interval; ``gain``: accuracy of the pool minus that of the confidence average, and of
        the transformer minus that of the pool, with log-loss; ``fitted`` on all clips beside ``shipped``, the constants
        of ``fusion.fuse``; ``on_engines`` where engines are given.

    Raises:
        InputError: the table can't be read.
    """
    started = time.perf_counter()
    votes = read_votes(path)
    rng = np.random.default_rng(seed)
    order = rng.permutation(sorted(set(votes.actors)))
    fold = np.array([int(np.flatnonzero(order == actor)[0]) % N_FOLDS for actor in votes.actors])
    foretold = {name: method(votes.face, votes.voice) for name, method in FIXED.items()}
    learners = _learners(seed, epochs)
    foretold |= {name: _crossed(learn, votes, fold) for name, learn in learners.items()}
    table = {name: _figures(rows, votes.truth, votes.both, rng) for name, rows in foretold.items()}
    every = np.arange(len(votes.actors))
    found: dict[str, Any] = {
        "task": "fusion", "n": len(votes.actors), "n_decided": int((votes.truth >= 0).sum()), "folds": N_FOLDS,
        "methods": table,
        "gain": {"pool over confidence average": _gain(foretold["pool"], foretold["confidence average"], votes, rng),
                 "transformer over pool": _gain(foretold["transformer"], foretold["pool"], votes, rng)},
        "fitted": _named(_fit(votes, every)), "shipped": _named(_shipped())}
    if engines is not None:
        found["on_engines"] = _on_engines(votes, engines, learners, rng)
    found["seconds"] = round(time.perf_counter() - started, 1)
    if out is not None:
        network = fit_attention(votes.face, votes.voice, votes.both, seed=seed, epochs=epochs)
        write_network(out, network, found, seed=seed, epochs=epochs)
    return found


def _learners(seed: int, epochs: int) -> dict[str, Learner]:
    def pool(votes: Votes, where: NDArray[np.int64]) -> Method:
        return partial(_pool, _fit(votes, where))

    def transformer(votes: Votes, where: NDArray[np.int64]) -> Method:
        return partial(_attended, fit_attention(votes.face[where], votes.voice[where], votes.both[where], seed=seed,
                                                epochs=epochs))

    return {"pool": pool, "transformer": transformer}


def _on_engines(votes: Votes, engines: tuple[Channel, Channel], learners: Mapping[str, Learner],
                rng: np.random.Generator) -> dict[str, dict[str, float]]:
    """Each method, fitted on all votes, on pairs of a face and a voice of the same labelled emotion."""
    sides: list[Rows] = []
    for channel in engines:
        labels = np.array(channel.labels)
        drawn = np.concatenate([rng.choice(np.flatnonzero(labels == name), N_PAIRS) for name in CHOICES])
        rows = channel.rows[drawn][:, PLACES] + ZERO
        sides.append(rows / rows.sum(axis=1, keepdims=True))
    truth = np.repeat(np.arange(len(CHOICES)), N_PAIRS)
    every = np.arange(len(votes.actors))
    methods = {**FIXED, **{name: learn(votes, every) for name, learn in learners.items()}}
    return {name: _figures(method(*sides), truth, np.eye(len(CHOICES))[truth], rng) for name, method in methods.items()}


def _figures(rows: Rows, truth: NDArray[np.int64], both: Rows, rng: np.random.Generator) -> dict[str, float]:
    right, losses = _right(rows, truth), _losses(rows, both)
    figures: dict[str, float] = {}
    for name, values in (("accuracy", right), ("log_loss", losses)):
        low, high = bootstrap(lambda i, values=values: float(values[i].mean()), values.size, rng)
        figures |= {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}
    return {name: round(value, 4) for name, value in figures.items()}


def _gain(ours: Rows, other: Rows, votes: Votes, rng: np.random.Generator) -> dict[str, float]:
    """Differences on the same clips, with intervals; a gain in log-loss is negative."""
    right = _right(ours, votes.truth) - _right(other, votes.truth)
    losses = _losses(ours, votes.both) - _losses(other, votes.both)
    figures: dict[str, float] = {}
    for name, values in (("accuracy", right), ("log_loss", losses)):
        low, high = bootstrap(lambda i, values=values: float(values[i].mean()), values.size, rng)
        figures |= {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}
    return {name: round(value, 4) for name, value in figures.items()}


def _right(rows: Rows, truth: NDArray[np.int64]) -> Rows:
    """1 where the likeliest label is the majority's, clips with one."""
    decided = truth >= 0
    return (rows[decided].argmax(axis=1) == truth[decided]).astype(np.float64)


def _losses(rows: Rows, both: Rows) -> Rows:
    return -(both * np.log(np.clip(rows, 1e-9, None))).sum(axis=1)


def _face(face: Rows, voice: Rows) -> Rows:
    del voice
    return face


def _voice(face: Rows, voice: Rows) -> Rows:
    del face
    return voice


def _average(face: Rows, voice: Rows) -> Rows:
    return (face + voice) / 2


def _confidence_average(face: Rows, voice: Rows) -> Rows:
    seen, heard = face.max(axis=1, keepdims=True), voice.max(axis=1, keepdims=True)
    return (seen * face + heard * voice) / (seen + heard)


def _if_else(face: Rows, voice: Rows) -> Rows:
    """The rule of simple systems: the surer channel speaks alone."""
    return np.where(face.max(axis=1, keepdims=True) >= voice.max(axis=1, keepdims=True), face, voice)


def _pool(weights: Weights, face: Rows, voice: Rows) -> Rows:
    """That of ``fusion.fuse`` for two channels that are sure of themselves."""
    logs = np.zeros(len(CHOICES)) + weights[4:]
    for rows, power, still in ((face, weights[0], weights[2]), (voice, weights[1], weights[3])):
        logs = logs + power * np.log(kept_still(spread(among_eight(rows)), still)[:, PLACES])
    return softmax(logs)


def _attended(network: Attention, face: Rows, voice: Rows) -> Rows:
    return np.exp(network.log_shares(face, voice))


def _fit(votes: Votes, where: NDArray[np.int64]) -> Weights:
    """Maximum likelihood of the votes for both; the tilts are centred, since only their differences count."""
    from scipy.optimize import minimize

    face, voice, both = votes.face[where], votes.voice[where], votes.both[where]

    def loss(weights: Weights) -> float:
        return float(_losses(_pool(weights, face, voice), both).mean())

    start = np.r_[1.0, 1.0, 0.1, 0.1, np.zeros(len(CHOICES))]
    bounds = [(None, None)] * 2 + [(0.0, 0.5)] * 2 + [(None, None)] * len(CHOICES)
    found = np.asarray(minimize(loss, start, bounds=bounds, method="L-BFGS-B").x)
    return np.r_[found[:4], found[4:] - found[4:].mean()]


def _crossed(learn: Learner, votes: Votes, fold: NDArray[np.int64]) -> Rows:
    """Each fold foretold by what was learnt on the others."""
    rows = np.zeros_like(votes.face)
    for number in range(N_FOLDS):
        held = fold == number
        rows[held] = learn(votes, np.flatnonzero(~held))(votes.face[held], votes.voice[held])
    return rows


def _shipped() -> Weights:
    tilts: Mapping[Any, float] = TILT
    return np.r_[RELIABILITY["face"], RELIABILITY["voice"], STILL["face"], STILL["voice"],
                 [tilts[name] for name in CHOICES]]


def _named(weights: Weights) -> dict[str, float]:
    names = ("face", "voice", "face still", "voice still", *CHOICES)
    return {name: round(float(value), 3) for name, value in zip(names, weights, strict=True)}


FIXED: Mapping[str, Method] = {
    "face alone": _face, "voice alone": _voice, "average": _average, "confidence average": _confidence_average,
    "if-else": _if_else}
