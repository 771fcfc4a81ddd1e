"""The compact words engine: 28 GoEmotions labels from an n-gram network that ships with the package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..protocols import Meaning
from ..registry import Bundled, ModelSpec
from .goemotions import LABELS, affect, fold
from .network import MAX_TOKENS, Network, load_network, place
from .vocabulary import Token, hashed, tokens

NAME = "words-compact@1"
SHORTEST = 4
"""Letters from which on an unknown word is looked up with its slips undone; set by us."""
_UNABLE = frozenset({"can't", "cannot", "couldn't"})
_DOUBLE = re.compile(r"([a-z])\1")


class CompactWords:
    """Reads emotions in a text; English only, others show as a low ``known``."""

    name = NAME

    def __init__(self, network: Network) -> None:
        self.network = network

    def read(self, text: str) -> Meaning:
        """Read a text in windows of at most 48 tokens, cut at sentences where possible.

        A label counts as said when one window says it; neutral when all do.
        """
        probabilities, known = self.probabilities(text)
        return Meaning(labels=dict(zip(LABELS, map(float, probabilities), strict=True)), emotions=fold(probabilities),
                       affect=affect(probabilities), known=known)

    def probabilities(self, text: str) -> tuple[NDArray[np.float64], float]:
        """Independent calibrated probabilities, shape (28,), and the known share of the words."""
        parts = tuple(self._respelled(going_on(tokens(text))))
        read = [self.network.logits(window) for window in windows(parts)]
        if not read:
            none = np.zeros(len(LABELS))
            none[LABELS.index("neutral")] = 1.0
            return none, 0.0
        each = 1.0 / (1.0 + np.exp(-np.array([logits for logits, _ in read], dtype=np.float64)))
        together = each.max(axis=0)
        together[LABELS.index("neutral")] = each[:, LABELS.index("neutral")].min()
        return together, float(np.mean([known for _, known in read]))

    def _respelled(self, parts: Sequence[Token]) -> Iterator[Token]:
        """"saad" (from "saaaad") as "sad", "exicted" as "excited", where only that is a known word."""
        for token in parts:
            if not token.is_word or len(token.form) < SHORTEST or self._knows(token.form):
                yield token
            else:
                known = next((form for form in slips(token.form) if self._knows(form)), token.form)
                yield replace(token, form=known)

    def _knows(self, form: str) -> bool:
        keys = self.network.members[0].word_keys
        return bool(place(keys, [hashed("w " + form)])[0] < len(keys))

    def chosen(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """The labels that pass their thresholds, shape (28,); where none does, the one nearest to its own."""
        ratio = probabilities / np.maximum(self.network.thresholds, 1e-6)
        return (ratio >= 1.0) | (ratio >= ratio.max())


def going_on(parts: Sequence[Token]) -> list[Token]:
    """"can't stop worrying" as "keep worrying": what looks like a negation is none."""
    kept: list[Token] = []
    for i, token in enumerate(parts):
        after = [part.form for part in parts[i + 1 : i + 3]]
        if token.form in _UNABLE and after[:1] == ["stop"] and after[-1].endswith("ing"):
            kept.append(replace(token, form="keep"))
        elif not (token.form == "stop" and kept and kept[-1].form == "keep" and parts[i - 1].form in _UNABLE):
            kept.append(token)
    return kept


def slips(form: str) -> Iterator[str]:
    """A word with one slip of the fingers undone: doubled letters once, neighbours changed over, a letter doubled.

    Letters left out or put in are not guessed at: too many other words, and words of other languages, are one such slip
    away from a known one."""
    yield _DOUBLE.sub(r"\1", form)
    for match in _DOUBLE.finditer(form):
        yield form[:match.start()] + form[match.start() + 1:]
    for i in range(len(form) - 1):
        yield form[:i] + form[i + 1] + form[i] + form[i + 2:]
    for i in range(1, len(form)):
        yield form[:i] + form[i - 1] + form[i:]


def windows(parts: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """Cut tokens into stretches of at most 48, after the last full stop that fits, else anywhere."""
    cut: list[tuple[Token, ...]] = []
    while parts:
        end = min(MAX_TOKENS, len(parts))
        if end < len(parts):
            stops = [i + 1 for i in range(MAX_TOKENS // 2, end) if parts[i].form in {".", "!", "?", "..."}]
            end = stops[-1] if stops else end
        cut.append(parts[:end])
        parts = parts[end:]
    return cut


def _load(paths: tuple[Path, ...]) -> CompactWords:
    return CompactWords(load_network(paths[0]))


SPEC: ModelSpec[CompactWords] = ModelSpec(
    name="words-compact", stage="words", tier="compact", source=Bundled(files=("words.safetensors",)),
    licence="research, non-commercial: GoEmotions CC BY 4.0, EmpatheticDialogues CC BY-NC 4.0",
    load=_load,
    about="28 GoEmotions labels from words and letter n-grams, English")
