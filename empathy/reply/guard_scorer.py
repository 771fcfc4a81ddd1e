"""What a sentence sounds like to whoever has read many forbidden ones: the classifier behind the guard's rules.

Linear over three things: the vector of the text encoder, which puts sentences that mean alike near each other; word and
letter n-grams; and the frames of the guard's own classes of words.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ..errors import ModelFileError
from ..registry import WEIGHTS
from ..text.encoder import WIDTH, Encoder, bundled_encoder
from ..text.linear import Floats, Hashes, Linear, restored
from ..text.vocabulary import features, hashed, tokens
from .guard_words import frame_features

FILE = "guard.safetensors"
CLASSES = ("fine", "claim", "diagnosis", "harm", "human", "link", "medication", "promise")
LENGTHS = (1.0, 0.5)
"""How long n-grams and frames are beside the vector, of length 1; chosen by cross-validation (docs/experiments.md)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """One sentence as the classifier sees it: hashes of two groups, and the vector, shape (384,)."""

    grams: Hashes
    frames: Hashes
    vector: Floats


def see(sentence: str, encoder: Encoder) -> Seen:
    """Everything the classifier looks at."""
    frames = {hashed(feature) for feature in frame_features(sentence)}
    return Seen(grams=features(tokens(sentence)), frames=np.array(sorted(frames), dtype=np.uint32),
                vector=encoder.read(sentence))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scorer:
    """``limit``: what the classes other than fine have to reach together for a sentence that breaks no rule to be
    stopped."""

    linear: Linear
    limit: float
    encoder: Encoder

    def judge(self, sentence: str) -> tuple[str, float]:
        """The rule that a sentence would most likely break, and the probability that it is not fine."""
        seen = see(sentence, self.encoder)
        shares = self.linear.shares(list(zip((seen.grams, seen.frames), LENGTHS, strict=True)), seen.vector)
        return CLASSES[1 + int(shares[1:].argmax())], 1.0 - float(shares[0])


def load_scorer(path: Path) -> Scorer:
    """Read the classifier; the encoder is the one that ships.

    Raises:
        ModelFileError: a file is absent, broken or of another model.
    """
    from safetensors.numpy import load_file

    encoder = bundled_encoder()
    try:
        stored = load_file(path)
        linear = restored(stored)
        if linear.dense.shape != (WIDTH, len(CLASSES)) or linear.weights.shape[1:] != linear.bias.shape:
            raise ValueError("it tells other classes apart")
        return Scorer(linear=linear, limit=float(stored["limit"][0]), encoder=encoder)
    except Exception as error:  # the reader raises its own kinds at a broken file
        raise ModelFileError(f"{path} is no classifier of the guard ({type(error).__name__}: {error}): take "
                             "empathy/weights from a full checkout, or run: python -m empathy train guard --out RUN"
                             ) from error


def scorer_or_none(path: Path) -> Scorer | None:
    """The classifier of a file; None, which the log tells, where something of it is absent or broken."""
    try:
        return load_scorer(path)
    except ModelFileError as error:
        logging.getLogger(__name__).error("guard: the rules go on without the classifier: %s", error)
        return None


@cache
def bundled_scorer() -> Scorer | None:
    """The one that ships, loaded once."""
    return scorer_or_none(WEIGHTS / FILE)
