"""The compact words network: what it is made of, and how it runs on NumPy alone.

A token is the sum of its own vector and the mean of its letter n-grams' vectors; a bidirectional GRU reads the tokens;
four attention heads and a maximum pool them; two layers give 28 logits. Members of different width, trained on
different parts of the data, are averaged. Vectors are stored in 4 bits with one scale a row, all else in 16 bits.

Source: GRU, Cho et al. 2014; letter n-grams, Bojanowski et al. 2017; attention pooling, Lin et al. 2017.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..registry import reading
from .vocabulary import Token, hashed, letter_features

Floats = NDArray[np.float32]
Stored = Mapping[str, NDArray[np.generic]]

N_LABELS = 28
N_HEADS = 4
MAX_TOKENS = 48
"""Tokens read at once: 99.8 % of the training comments are shorter."""
STEPS = 7
"""Largest step of a 4-bit number, either way from 0."""

LAYERS = ("gates_in", "gates_in_bias", "gates_back", "gates_back_bias", "heads", "heads_bias", "middle", "middle_bias",
          "last", "last_bias")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Member:
    """One network. Shapes, with d a vector's width and h the hidden width:

    ``words`` (n_words + 1, d), the last row for an unknown word; ``letters`` (n_letters, d); ``*_keys``: sorted
    hashes. ``layers``: ``gates_in`` (2 directions, d, 3 h), ``gates_back`` (2, h, 3 h), gates in the order reset,
    update, new; ``heads`` (2 h, 4); ``middle`` (10 h, m); ``last`` (m, 28); and their biases."""

    word_keys: NDArray[np.uint32]
    letter_keys: NDArray[np.uint32]
    words: Floats
    letters: Floats
    layers: Mapping[str, Floats]

    def logits(self, parts: Sequence[Token]) -> Floats:
        """Shape (28,)."""
        pooled = self._pool(self._read(self._vectors(parts)))
        middle = np.maximum(pooled @ self.layers["middle"] + self.layers["middle_bias"], 0.0)
        return middle @ self.layers["last"] + self.layers["last_bias"]

    def known(self, parts: Sequence[Token]) -> float:
        """The share of words that the training text held; 1 when there are none."""
        words = [hashed("w " + token.form) for token in parts if token.is_word]
        return float((place(self.word_keys, words) < len(self.word_keys)).mean()) if words else 1.0

    def _vectors(self, parts: Sequence[Token]) -> Floats:
        """Token vectors, shape (n_tokens, d)."""
        forms = list(dict.fromkeys(token.form for token in parts))
        table = self.words[place(self.word_keys, [hashed("w " + form) for form in forms])]
        for i, form in enumerate(forms):
            if form[0].isalpha():
                at = place(self.letter_keys, [hashed(feature) for feature in letter_features(form)])
                at = at[at < len(self.letter_keys)]
                if len(at):
                    table[i] += self.letters[at].mean(axis=0)
        where = {form: i for i, form in enumerate(forms)}
        return table[[where[token.form] for token in parts]]

    def _read(self, vectors: Floats) -> Floats:
        """Both directions side by side: shape (n_tokens, 2 h)."""
        both = np.stack([vectors, vectors[::-1]])
        inputs = both @ self.layers["gates_in"] + self.layers["gates_in_bias"][:, None]
        back, bias = self.layers["gates_back"], self.layers["gates_back_bias"]
        n_hidden = back.shape[1]
        state = np.zeros((2, n_hidden), np.float32)
        states = np.empty((2, len(vectors), n_hidden), np.float32)
        for t in range(len(vectors)):
            into, again = inputs[:, t], (state[:, None] @ back)[:, 0] + bias
            gates = 1.0 / (1.0 + np.exp(-(into[:, :2 * n_hidden] + again[:, :2 * n_hidden])))
            new = np.tanh(into[:, 2 * n_hidden:] + gates[:, :n_hidden] * again[:, 2 * n_hidden:])
            state = new + gates[:, n_hidden:] * (state - new)
            states[:, t] = state
        return np.concatenate([states[0], states[1, ::-1]], axis=-1)

    def _pool(self, states: Floats) -> Floats:
        """Attention heads, then the maximum: shape (10 h,)."""
        scores = states @ self.layers["heads"] + self.layers["heads_bias"]
        shares = np.exp(scores - scores.max(axis=0))
        heads = (shares / shares.sum(axis=0)).T @ states
        return np.concatenate([heads.ravel(), states.max(axis=0)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Members and what turns their mean logit into probabilities.

    ``slope`` and ``shift``: (28,), from the mean logit to a calibrated one. ``thresholds``: (28,), the probability from
    which a label is given when labels have to be chosen."""

    members: tuple[Member, ...]
    slope: Floats
    shift: Floats
    thresholds: Floats

    def logits(self, parts: Sequence[Token]) -> tuple[Floats, float]:
        """Read 1 to 48 tokens.

        Returns:
            Calibrated logits, shape (28,), and the share of words that the training text held.
        """
        mean = np.mean([member.logits(parts) for member in self.members], axis=0)
        return mean * self.slope + self.shift, self.members[0].known(parts)


def place(keys: NDArray[np.uint32], wanted: Sequence[int] | NDArray[np.uint32]) -> NDArray[np.int64]:
    """Where hashes stand among sorted keys; ``len(keys)`` for those that don't."""
    hashes = np.asarray(wanted, dtype=np.uint32)
    at = np.searchsorted(keys, hashes)
    found = keys[np.minimum(at, len(keys) - 1)] == hashes
    return np.where(found, at, len(keys))


def load_network(path: Path) -> Network:
    """Read a network from a safetensors file.

    Raises:
        ModelFileError: the file is broken or of another network.
    """
    from safetensors.numpy import load_file

    with reading(path, "words network", "words --out RUN"):
        stored = load_file(path)
        members = tuple(_member(stored, f"{k}.") for k in range(int(stored["n_members"][0])))
        return Network(members=members, **{name: stored[name].astype(np.float32)
                                           for name in ("slope", "shift", "thresholds")})


def _member(stored: Stored, at: str) -> Member:
    return Member(
        word_keys=stored[at + "word_keys"].astype(np.uint32), letter_keys=stored[at + "letter_keys"].astype(np.uint32),
        words=unpacked(stored[at + "words"], stored[at + "words_scale"]),
        letters=unpacked(stored[at + "letters"], stored[at + "letters_scale"]),
        layers={name: stored[at + name].astype(np.float32) for name in LAYERS})


def packed(vectors: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Vectors in 4 bits, two to a byte, and one scale a row, chosen to lose least.

    Args:
        vectors: shape (n, d), d even.

    Returns:
        Shapes (n, d / 2) and (n,).
    """
    top = np.maximum(np.abs(vectors).max(axis=1), 1e-6)
    best, scale = np.full(len(vectors), np.inf), top / STEPS
    for share in (0.6, 0.7, 0.8, 0.9, 1.0):
        tried = top * share / STEPS
        steps = np.clip(np.rint(vectors / tried[:, None]), -STEPS, STEPS)
        loss = ((steps * tried[:, None] - vectors) ** 2).sum(axis=1)
        scale, best = np.where(loss < best, tried, scale), np.minimum(loss, best)
    scale = np.maximum(scale, 1e-6).astype(np.float16)
    steps = np.rint(vectors / scale.astype(np.float32)[:, None])
    nibbles = (np.clip(steps, -STEPS, STEPS) + STEPS).astype(np.uint8)
    return np.bitwise_or(nibbles[:, ::2], np.left_shift(nibbles[:, 1::2], 4), dtype=np.uint8), scale


def unpacked(pairs: NDArray[np.generic], scale: NDArray[np.generic]) -> Floats:
    """The inverse of ``packed``: shape (n, d)."""
    bytes_ = pairs.astype(np.uint8)
    nibbles = np.stack([bytes_ & 15, bytes_ >> 4], axis=-1).reshape(len(bytes_), -1)
    return (nibbles.astype(np.float32) - STEPS) * scale.astype(np.float32)[:, None]


def small(vectors: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Vectors in 8 bits and one scale a row; the loss is below half a step of 1/127 of the row's largest."""
    scale = np.maximum(np.abs(vectors).max(axis=-1) / 127.0, 1e-6).astype(np.float16)
    steps = np.rint(vectors / scale.astype(np.float32)[..., None])
    return np.clip(steps, -127, 127).astype(np.int8), scale
