"""Does weighing two channels beat one, or their average? Measured on how people label the same clips by face alone, by
voice alone, and by both (CREMA-D; Cao et al. 2014): the votes for both are to be foretold from the other two."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..fusion.fuse import RELIABILITY, TILT
from ..metrics import accuracy, bootstrap

Rows: TypeAlias = NDArray[np.float64]
"""Distributions, shape (n_clips, 6), in the order of ``LABELS``."""

LABELS = ("angry", "disgust", "fear", "happy", "neutral", "sad")
_COLUMNS = ("angry", "disgust", "fearful", "happy", "neutral", "sad")
N_FOLDS = 5
SMOOTHING_VOTES = 0.5
"""Votes added to each emotion, so that ten raters who all agree are not taken for certainty."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Votes:
    """What raters said of each clip; ``truth`` is the likeliest label for both channels, -1 where two are level."""

    face: Rows
    voice: Rows
    both: Rows
    truth: NDArray[np.int64]
    actors: Sequence[str]
    meant: Sequence[str] = ()
    """The emotion that the actor was asked for, in the table's own words."""


def read_votes(path: Path) -> Votes:
    """Read CREMA-D's vote shares (``face_p_angry``, ``face_n`` and so on), plain or gzipped.

    Raises:
        InputError: there is no such file, or it lacks a column.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        shares = {channel: np.array([[float(row[f"{channel}_p_{name}"] or 0) for name in _COLUMNS] for row in rows])
                  for channel in ("face", "voice", "av")}
        counts = {channel: np.array([[float(row[f"{channel}_n"] or 0)] for row in rows]) for channel in shares}
        actors, meant = ([row[name] for row in rows] for name in ("speaker", "intended"))
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{path} can't be read as CREMA-D vote shares (columns face_p_angry, face_n, voice_p_angry, "
                         f"av_p_angry, speaker and so on): {error}") from error
    kept = (counts["face"] > 0)[:, 0] & (counts["voice"] > 0)[:, 0] & (shares["av"].sum(axis=1) > 0.9)
    both = shares["av"][kept]
    level = np.sort(both, axis=1)
    truth = np.where(level[:, -1] - level[:, -2] > 1e-6, both.argmax(axis=1), -1)
    face, voice = (_smooth(shares[channel], counts[channel])[kept] for channel in ("face", "voice"))
    return Votes(face=face, voice=voice, both=both, truth=truth,
                 actors=[actor for actor, keep in zip(actors, kept, strict=True) if keep],
                 meant=[name for name, keep in zip(meant, kept, strict=True) if keep])


def evaluate_fusion(path: Path, *, seed: int = 0) -> dict[str, Any]:
    """Compare ways of weighing face and voice, five folds by actor where something is learnt.

    Returns:
        For each method accuracy (against the majority, clips with one) and log-loss (against the vote shares, all
        clips), each with a 95 % interval; ``gain`` of the pool over the confidence average; ``fitted`` on all clips
        beside ``shipped``, the constants of ``fusion.fuse``.
    """
    votes = read_votes(path)
    rng = np.random.default_rng(seed)
    order = rng.permutation(sorted(set(votes.actors)))
    fold = np.array([int(np.flatnonzero(order == actor)[0]) % N_FOLDS for actor in votes.actors])
    methods = {
        "face alone": votes.face, "voice alone": votes.voice,
        "average": (votes.face + votes.voice) / 2, "confidence average": _confidence_average(votes),
        "if-else": _if_else(votes), "log-linear pool": _crossed(votes, fold), "shipped pool": _pool(_shipped(), votes),
    }
    decided = np.flatnonzero(votes.truth >= 0)
    table = {name: _figures(rows, votes, decided, rng) for name, rows in methods.items()}
    ours, plain = methods["log-linear pool"], methods["confidence average"]
    low, high = bootstrap(lambda i: _accuracy(ours, votes, decided[i]) - _accuracy(plain, votes, decided[i]),
                          decided.size, rng)
    fitted = _fit(votes, np.arange(len(votes.actors)))
    return {"task": "fusion", "n": len(votes.actors), "n_decided": int(decided.size), "folds": N_FOLDS,
            "methods": table, "gain": {"accuracy_low": round(low, 4), "accuracy_high": round(high, 4)},
            "fitted": _named(fitted), "shipped": _named(_shipped())}


def _figures(rows: Rows, votes: Votes, decided: NDArray[np.int64], rng: np.random.Generator) -> dict[str, float]:
    losses = -(votes.both * np.log(np.clip(rows, 1e-9, None))).sum(axis=1)
    right = bootstrap(lambda i: _accuracy(rows, votes, decided[i]), decided.size, rng)
    loss = bootstrap(lambda i: float(losses[i].mean()), losses.size, rng)
    figures = {"accuracy": _accuracy(rows, votes, decided), "accuracy_low": right[0], "accuracy_high": right[1],
               "log_loss": float(losses.mean()), "log_loss_low": loss[0], "log_loss_high": loss[1]}
    return {name: round(value, 4) for name, value in figures.items()}


def _accuracy(rows: Rows, votes: Votes, where: NDArray[np.int64]) -> float:
    return accuracy(votes.truth[where], rows[where].argmax(axis=1))


def _confidence_average(votes: Votes) -> Rows:
    face, voice = votes.face.max(axis=1, keepdims=True), votes.voice.max(axis=1, keepdims=True)
    return (face * votes.face + voice * votes.voice) / (face + voice)


def _if_else(votes: Votes) -> Rows:
    """The rule of simple systems: the surer channel speaks alone."""
    surer = votes.face.max(axis=1, keepdims=True) >= votes.voice.max(axis=1, keepdims=True)
    return np.where(surer, votes.face, votes.voice)


def _pool(weights: NDArray[np.float64], votes: Votes) -> Rows:
    """``weights``: power of the face, power of the voice, then the six tilts."""
    logs = weights[0] * np.log(votes.face) + weights[1] * np.log(votes.voice) + weights[2:]
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _fit(votes: Votes, where: NDArray[np.int64]) -> NDArray[np.float64]:
    """Maximum likelihood of the votes for both; the tilts are centred, since only their differences count."""
    from scipy.optimize import minimize

    part = Votes(face=votes.face[where], voice=votes.voice[where], both=votes.both[where], truth=votes.truth[where],
                 actors=())

    def loss(weights: NDArray[np.float64]) -> float:
        return float(-(part.both * np.log(_pool(weights, part) + 1e-9)).sum(axis=1).mean())

    found = np.asarray(minimize(loss, np.r_[1.0, 1.0, np.zeros(len(LABELS))]).x)
    return np.r_[found[:2], found[2:] - found[2:].mean()]


def _crossed(votes: Votes, fold: NDArray[np.int64]) -> Rows:
    rows = np.zeros_like(votes.face)
    for number in range(N_FOLDS):
        held = fold == number
        rows[held] = _pool(_fit(votes, np.flatnonzero(~held)), votes)[held]
    return rows


def _shipped() -> NDArray[np.float64]:
    tilts: Mapping[Any, float] = TILT
    return np.r_[RELIABILITY["face"], RELIABILITY["voice"], [tilts[name] for name in LABELS]]


def _named(weights: NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(value), 3) for name, value in zip(("face", "voice", *LABELS), weights, strict=True)}


def _smooth(shares: Rows, counts: Rows) -> Rows:
    return (shares * counts + SMOOTHING_VOTES) / (counts + SMOOTHING_VOTES * len(LABELS))
