"""The compact words engine: 28 GoEmotions labels from an n-gram network that ships with the package."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_DOUBLE = re.compile(r"aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll|mm|nn|oo|pp|qq|rr|ss|tt|uu|vv|ww|xx|yy|zz")


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
        parts = tuple(self._unstretched(tokens(text)))
        read = [self.network.logits(window) for window in windows(parts)]
        if not read:
            none = np.zeros(len(LABELS))
            none[LABELS.index("neutral")] = 1.0
            return none, 0.0
        each = 1.0 / (1.0 + np.exp(-np.array([logits for logits, _ in read], dtype=np.float64)))
        together = each.max(axis=0)
        together[LABELS.index("neutral")] = each[:, LABELS.index("neutral")].min()
        return together, float(np.mean([known for _, known in read]))

    def _unstretched(self, parts: tuple[Token, ...]) -> Iterator[Token]:
        """"saad" (from "saaaad") as "sad", where only that is a known word."""
        for token, after in zip(parts, (*parts[1:], None)[:len(parts)], strict=True):
            if after is not None and after.form == "<long>" and not self._knows(token.form):
                thin = (token.form.replace(run, run[0]) for run in dict.fromkeys(_DOUBLE.findall(token.form)))
                tried = (*thin, _DOUBLE.sub(lambda match: match[0][0], token.form))
                known = next((form for form in tried if self._knows(form)), token.form)
                yield replace(token, form=known)
            else:
                yield token

    def _knows(self, form: str) -> bool:
        keys = self.network.members[0].word_keys
        return bool(place(keys, [hashed("w " + form)])[0] < len(keys))

    def chosen(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """The labels that pass their thresholds, shape (28,); where none does, the one nearest to its own."""
        ratio = probabilities / np.maximum(self.network.thresholds, 1e-6)
        return (ratio >= 1.0) | (ratio >= ratio.max())


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
    licence="research, non-commercial: GoEmotions CC BY 4.0, EmpatheticDialogues CC BY-NC 4.0", size_mb=6.1,
    load=_load, lacks=("contempt",),
    about="28 GoEmotions labels from words and letter n-grams, English")
