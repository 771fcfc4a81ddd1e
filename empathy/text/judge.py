"""The judge of replies: how much empathy a reply shows for what somebody told, in the three dimensions of EPITOME.

Two parts, both linear. One reads the reply alone and says how likely each level (0 none, 1 weak, 2 strong) of each
dimension is. The other reads told and reply together and says how likely the reply was meant for that very story: it
was fitted on real pairs and on the same replies dealt out among other people, in bad mood and in good. A level counts
as much as the reply is meant: kind words for somebody else's trouble show no empathy for this one.

Nothing that answers a visitor uses it; it only measures.
Source: Sharma et al. 2020, "A Computational Approach to Understanding Empathy Expressed in Text-Based Mental Health
Support" (EMNLP), for the dimensions and levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..logits import softmax
from ..registry import WEIGHTS, reading
from .network import place, unpacked
from .vocabulary import Token, hashed, tokens, word_features

Floats = NDArray[np.float64]

DIMENSIONS = ("emotional_reaction", "interpretation", "exploration")
LEVELS = (0, 1, 2)
FILE = "judge.safetensors"

_STOP = """
a about again all also always am an and any anything are as at be because been being bit but by can can't could did
didn't do does doing don't down even ever every everything feel feeling feelings felt for from get getting go going got
had has have he he's her here him his how i i'd i'll i'm i've if in into is it it's its just know like lot made make
many me mine more most much my myself never no nor not nothing now of off oh on once one only or our out over own really
same she she's should so some something still such than that that's the their them then there these they they're thing
things think this those to too under up us very want was wasn't we we're went were what when where which while who why
will with would you you're your
"""
_STOP_WORDS = frozenset(_STOP.split())
"""Words that bind no reply to a story."""
_TURNED = {"i": "you", "my": "your", "me": "you", "i'm": "you're", "i've": "you've", "mine": "yours", "am": "are",
           "we": "you", "our": "your", "us": "you", "was": "were", "myself": "yourself"}
"""A teller's words as a listener says them."""
_ENDINGS = ("'s", "ing", "ed", "ies", "es", "s", "ly")
_RAREST = 9.0
"""Rarity of a word that the training text never held, in nats."""

BONDS = ("share of the story", "share of the reply", "rarest shared word", "shared words", "shared pairs of words",
         "likeness of topic", "likeness of mood", "length of the reply", "length of the story")
"""What is measured between a story and a reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Expected levels, each in [0, 2]; ``meant`` the probability, in [0, 1], that the reply was meant for the story
    rather than for another one (even odds before reading)."""

    emotional_reaction: float
    interpretation: float
    exploration: float
    meant: float

    @property
    def empathy(self) -> float:
        """The sum of the three, in [0, 6]."""
        return self.emotional_reaction + self.interpretation + self.exploration


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Topics:
    """Word stems with their rarity (nats), how good (above 0) or bad the news is that they are told with (nats), and a
    vector of what they are told together with: shapes (n,), (n,), (n, d); ``keys`` are sorted hashes."""

    keys: NDArray[np.uint32]
    rarity: Floats
    moods: Floats
    vectors: Floats

    def bonds(self, told: Sequence[Token], reply: Sequence[Token]) -> Floats:
        """The numbers of ``BONDS``: shape (9,)."""
        one, other = _content(told), _content(reply)
        weight = {stem: self._rarity(stem) for stem in one | other}
        shared = [weight[stem] for stem in one & other]
        alike = _pairs(told, turned=True) & _pairs(reply, turned=False)
        return np.array([
            sum(shared) / max(sum(weight[stem] for stem in one), 1.0),
            sum(shared) / max(sum(weight[stem] for stem in other), 1.0),
            max(shared, default=0.0), np.log1p(sum(shared)), np.log1p(len(alike)),
            float(self._topic(one, weight) @ self._topic(other, weight)), self.mood(one) * self.mood(other),
            np.log1p(len(other)), np.log1p(len(one))])

    def mood(self, stems: frozenset[str]) -> float:
        """Whether words speak of good or of bad news, in [-1, 1]; 0 where none is known."""
        at = place(self.keys, [hashed(one) for one in sorted(stems)]) if stems else np.zeros(0, np.int64)
        return float(np.tanh(0.5 * self.moods[at[at < len(self.keys)]].sum()))

    def _rarity(self, stem: str) -> float:
        at = int(place(self.keys, [hashed(stem)])[0])
        return float(self.rarity[at]) if at < len(self.keys) else _RAREST

    def _topic(self, stems: frozenset[str], weight: dict[str, float]) -> Floats:
        """A unit vector, or zeros where no word is known; shape (d,)."""
        known = sorted(stems)
        at = place(self.keys, [hashed(stem) for stem in known]) if known else np.zeros(0, np.int64)
        inside = at < len(self.keys)
        weights = np.array([weight[stem] for stem in known])[inside] if known else np.zeros(0)
        total = weights @ self.vectors[at[inside]]
        return total / max(float(np.linalg.norm(total)), 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplyJudge:
    """Fitted on EPITOME. ``keys``: sorted hashes of n-grams, ``rarity`` of each; ``weights`` (n, 9) and ``bias`` (9,)
    to the levels of the dimensions in turn; ``bond_weights`` (9,) and ``bond_bias`` to the log odds that a reply is
    meant; ``usual`` the mean of that probability over real pairs."""

    keys: NDArray[np.uint32]
    rarity: Floats
    weights: Floats
    bias: Floats
    topics: Topics
    bond_weights: Floats
    bond_bias: float
    usual: float

    name = "epitome-judge@1"

    def judge(self, told: str, reply: str) -> Judgement:
        """Judge one reply.

        Args:
            told: what the person said, all of it.
            reply: the answer.
        """
        parts = tokens(reply)
        meant = self.meant(tokens(told), parts)
        expected = self.levels(parts) @ np.array(LEVELS, dtype=np.float64)
        scaled = np.minimum(expected * meant / self.usual, LEVELS[-1])
        return Judgement(**dict(zip(DIMENSIONS, map(float, scaled), strict=True)), meant=meant)

    def levels(self, reply: tuple[Token, ...]) -> Floats:
        """Probability of each level of each dimension, whoever the reply was for: shape (3, 3), rows sum to 1."""
        found = [hashed(feature) for feature in reply_features(reply)]
        at = place(self.keys, found) if found else np.zeros(0, np.int64)
        at = at[at < len(self.keys)]
        values = self.rarity[at] / max(float(np.linalg.norm(self.rarity[at])), 1e-6)
        logits = (self.bias + values @ self.weights[at]).reshape(len(DIMENSIONS), len(LEVELS))
        return softmax(logits)

    def meant(self, told: tuple[Token, ...], reply: tuple[Token, ...]) -> float:
        """The probability that the reply is for this story, against even odds."""
        logit = float(self.topics.bonds(told, reply) @ self.bond_weights) + self.bond_bias
        return float(1.0 / (1.0 + np.exp(-logit)))


def reply_features(parts: tuple[Token, ...]) -> frozenset[str]:
    """Words, negated words and pairs of words of a reply, how it begins and ends, its questions and its length."""
    found = {feature for feature in word_features(parts) if feature[:2] in {"w ", "n ", "b "}}
    forms = [token.form for token in parts]
    if forms:
        found |= {"first " + forms[0], "first " + " ".join(forms[:2]), "last " + forms[-1]}
    return frozenset({*found, f"questions {min(forms.count('?'), 3)}", f"length {min(len(forms).bit_length(), 8)}"})


def stem(form: str) -> str:
    """A word without its commonest ending; crude, and the same for both sides."""
    ending = next((end for end in _ENDINGS if form.endswith(end) and len(form) - len(end) >= 3), "")
    return form.removesuffix(ending)


def stems(text: str) -> frozenset[str]:
    """The stems of a text's content words."""
    return _content(tokens(text))


def _content(parts: Sequence[Token]) -> frozenset[str]:
    return frozenset(stem(token.form) for token in parts if token.is_word and token.form not in _STOP_WORDS)


def _pairs(parts: Sequence[Token], *, turned: bool) -> frozenset[tuple[str, str]]:
    """Neighbouring words of which one carries content, a teller's turned to a listener's."""
    words = [token.form for token in parts if token.is_word]
    kept = [pair for pair in pairwise(words) if not _STOP_WORDS.issuperset(pair)]
    return frozenset((_TURNED.get(a, a), _TURNED.get(b, b)) if turned else (a, b) for a, b in kept)


def load_judge(path: Path) -> ReplyJudge:
    """Read the judge.

    Raises:
        ModelFileError: the file is absent, broken or of another model.
    """
    from safetensors.numpy import load_file

    with reading(path, "judge of replies", "judge --out RUN"):
        stored = load_file(path)
        weights = stored["weights"].astype(np.float64) * stored["scale"].astype(np.float64)[:, None]
        topics = Topics(keys=stored["topic_keys"], rarity=stored["topic_rarity"].astype(np.float64),
                        moods=stored["topic_moods"].astype(np.float64),
                        vectors=unpacked(stored["topics"], stored["topics_scale"]).astype(np.float64))
        return ReplyJudge(
            keys=stored["keys"], rarity=stored["rarity"].astype(np.float64), weights=weights,
            bias=stored["bias"].astype(np.float64), topics=topics,
            bond_weights=stored["bond_weights"].astype(np.float64), bond_bias=float(stored["bond_bias"][0]),
            usual=float(stored["usual"][0]))


@cache
def bundled_judge() -> ReplyJudge:
    """The judge that ships, loaded once."""
    return load_judge(WEIGHTS / FILE)
