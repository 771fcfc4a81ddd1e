"""How the judge of replies is fitted: levels from replies, bonds from real pairs and from the same replies dealt out
anew, topics from what is told together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..text.judge import BONDS, DIMENSIONS, LEVELS, ReplyJudge, Topics, reply_features, stems
from ..text.network import packed, unpacked
from ..text.vocabulary import Token, hashed, tokens
from .softmax import fit_softmax, rows_matrix, shares

Floats = NDArray[np.float64]

STRENGTH = 16.0
"""How much a labelled reply counts against the pull of all weights to 0."""
BOND_STRENGTH = 0.1
LEAST_FEATURE = 5
"""An n-gram counts when that many replies hold it."""
LEAST_STEM = 4
PRIOR = 3.0
"""Texts of either mood that a stem is thought to have been in before counting."""
WIDTH = 64
"""Dimensions of a topic vector; even, for they ship two to a byte."""
DEALS = 3
"""Times that the replies are dealt out among other people."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """What people told, what they were answered, and the levels: shape (n, 3), 0 to 2. ``fold``: shape (n,), the same
    for all answers to one post."""

    told: tuple[str, ...]
    replies: tuple[str, ...]
    levels: NDArray[np.int64]
    fold: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """What is fitted on: each reply's row of n-grams, the bonds of real and of dealt pairs, with their folds, and
    those of each reply with somebody's bad and with somebody's good news."""

    keys: NDArray[np.uint32]
    rarity: Floats
    rows: tuple[tuple[NDArray[np.int64], Floats], ...]
    real: Floats
    dealt: Floats
    dealt_pairs: NDArray[np.int64]
    dealt_fold: NDArray[np.int64]
    mood_bonds: tuple[Floats, Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class News:
    """Texts that tell good or bad news; ``good``: boolean, shape (n,)."""

    texts: tuple[str, ...]
    good: NDArray[np.bool_]


def topics_of(texts: Sequence[str], news: News) -> Topics:
    """Stems that enough texts hold, their rarity and mood, and vectors from a truncated singular value decomposition,
    in the 4 bits in which they ship. Source: latent semantic analysis, Deerwester et al. 1990."""
    from scipy.sparse.linalg import svds

    documents = [stems(text) for text in texts]
    count = Counter(one for document in documents for one in document)
    by_key = {hashed(one): n for one, n in count.items() if n >= LEAST_STEM}
    keys = np.array(sorted(by_key), np.uint32)
    rarity = np.log(len(documents) / np.array([by_key[int(key)] for key in keys], dtype=np.float64))
    place_of = {int(key): i for i, key in enumerate(keys)}
    rows = []
    for document in documents:
        at = np.array([place_of[key] for one in sorted(document) if (key := hashed(one)) in place_of], np.int64)
        rows.append((at, rarity[at]))
    start = np.random.default_rng(0).standard_normal(min(len(rows), len(keys)))
    width = min(WIDTH, (len(start) - 1) // 2 * 2)
    axes = np.asarray(svds(rows_matrix(rows, len(keys)), k=width, v0=start)[2]).T  # typed as if it might be absent
    vectors = axes / np.maximum(np.linalg.norm(axes, axis=1, keepdims=True), 1e-9)
    return Topics(keys=keys, rarity=rarity.astype(np.float16).astype(np.float64), moods=_moods(news, place_of),
                  vectors=unpacked(*packed(vectors.astype(np.float32))).astype(np.float64))


def _moods(news: News, place_of: dict[int, int]) -> Floats:
    """Log odds of good news where a stem is told, drawn towards 0 where it is rare: shape (n_stems,)."""
    counts = np.full((2, len(place_of)), PRIOR)
    for text, good in zip(news.texts, news.good, strict=True):
        at = [place_of[key] for one in stems(text) if (key := hashed(one)) in place_of]
        counts[int(good), at] += 1.0
    share = float(news.good.mean())
    odds = np.log(counts[1] / counts[0]) - np.log(share / (1.0 - share)) * (1.0 - 2.0 * PRIOR / counts.sum(axis=0))
    return odds.astype(np.float16).astype(np.float64)


def inputs_of(pairs: Pairs, topics: Topics, news: News, seed: int) -> Inputs:
    """Rows and bonds; replies are dealt out within their fold, so that no fold has seen another's."""
    replies, told = [tokens(text) for text in pairs.replies], [tokens(text) for text in pairs.told]
    grams = [reply_features(reply) for reply in replies]
    count = Counter(hashed(feature) for gram in grams for feature in gram)
    keys = np.array(sorted(key for key, n in count.items() if n >= LEAST_FEATURE), np.uint32)
    rarity = np.log(len(grams) / np.array([count[int(key)] for key in keys], dtype=np.float64))
    place_of = {int(key): i for i, key in enumerate(keys)}
    rows = []
    for gram in grams:
        at = np.array(sorted(place_of[key] for one in gram if (key := hashed(one)) in place_of), np.int64)
        rows.append((at, rarity[at] / max(float(np.linalg.norm(rarity[at])), 1e-6)))
    dealt = deal(pairs, seed)
    return Inputs(keys=keys, rarity=rarity, rows=tuple(rows),
                  real=np.array([topics.bonds(a, b) for a, b in zip(told, replies, strict=True)]),
                  dealt=np.array([topics.bonds(told[i], replies[j]) for i, j in dealt]), dealt_pairs=dealt,
                  dealt_fold=pairs.fold[dealt[:, 0]],
                  mood_bonds=(_dealt_news(news, ~news.good, replies, topics, seed),
                              _dealt_news(news, news.good, replies, topics, seed)))


def _dealt_news(news: News, chosen: NDArray[np.bool_], replies: Sequence[tuple[Token, ...]], topics: Topics, seed: int
                ) -> Floats:
    """Bonds of every reply with one of the chosen news, drawn at random."""
    drawn = np.random.default_rng(seed).choice(np.flatnonzero(chosen), len(replies))
    return np.array([topics.bonds(tokens(news.texts[i]), reply) for i, reply in zip(drawn, replies, strict=True)])


def deal(pairs: Pairs, seed: int) -> NDArray[np.int64]:
    """Indices of a story and of a reply to another one: shape (n, 2)."""
    random = np.random.default_rng(seed)
    found: list[tuple[int, int]] = []
    for _ in range(DEALS):
        for fold in np.unique(pairs.fold):
            at = np.flatnonzero(pairs.fold == fold)
            drawn = zip(at, random.permutation(at), strict=True)
            found += [(i, j) for i, j in drawn if pairs.told[i] != pairs.told[j]]
    return np.array(found)


def fit_judge(pairs: Pairs, inputs: Inputs, topics: Topics, held: int | None = None) -> ReplyJudge:
    """Fit on all folds but ``held``."""
    seen = np.flatnonzero(pairs.fold != held) if held is not None else np.arange(len(pairs.told))
    matrix = rows_matrix([inputs.rows[i] for i in seen], len(inputs.keys))
    made = [fit_softmax(matrix, np.eye(len(LEVELS))[pairs.levels[seen, d]], np.full(len(seen), STRENGTH))
            for d in range(len(DIMENSIONS))]
    sad, glad = (bonds[seen] for bonds in inputs.mood_bonds)
    bond_weights, bond_bias = _fit_bonds(inputs.real[seen], inputs.dealt[inputs.dealt_fold != held], sad, glad)
    meant = 1.0 / (1.0 + np.exp(-(inputs.real[seen] @ bond_weights + bond_bias)))
    expected = np.stack([shares(matrix, *one) @ np.array(LEVELS) for one in made], axis=1)
    usual = float((expected * meant[:, None]).sum() / expected.sum())  # real pairs keep the people's mean
    return ReplyJudge(
        keys=inputs.keys, rarity=inputs.rarity, weights=np.concatenate([weights for weights, _ in made], axis=1),
        bias=np.concatenate([bias for _, bias in made]), topics=topics, bond_weights=bond_weights,
        bond_bias=bond_bias, usual=usual)


def _fit_bonds(real: Floats, dealt: Floats, sad: Floats, glad: Floats) -> tuple[Floats, float]:
    """Two logistic regressions: real pairs against dealt ones on all bonds but the mood; and on the mood alone, these
    replies (all to people in distress) beside strangers' bad news against beside good news."""
    mood = BONDS.index("likeness of mood")
    others = [i for i in range(len(BONDS)) if i != mood]
    slope = np.zeros(len(BONDS))
    slope[others], bias = _logistic(real[:, others], dealt[:, others])
    slope[mood] = _logistic(sad[:, [mood]], glad[:, [mood]])[0][0]
    return slope, bias


def _logistic(meant: Floats, other: Floats) -> tuple[Floats, float]:
    """Logistic regression on standardized columns; both kinds weigh alike as a whole."""
    every = np.concatenate([meant, other])
    middle, width = every.mean(axis=0), np.maximum(every.std(axis=0), 1e-6)
    rows = [(np.arange(every.shape[1]), (row - middle) / width) for row in every]
    is_meant = np.arange(len(every)) < len(meant)
    weight = BOND_STRENGTH * np.where(is_meant, 1.0, len(meant) / len(other))
    weights, bias = fit_softmax(rows_matrix(rows, every.shape[1]), np.eye(2)[is_meant.astype(int)], weight)
    slope = (weights[:, 1] - weights[:, 0]) / width
    return slope, float(bias[1] - bias[0] - slope @ middle)
