"""What a text means, as one vector: a published language model, made small enough to ship.

The model is all-MiniLM-L6-v2 (Wang et al. 2020, MiniLM; Reimers & Gurevych 2019, Sentence-BERT; Apache 2.0). It learnt
from a billion pairs of sentences which mean alike, so texts that say one thing in other words lie near each other. What
danger or a forbidden promise sounds like is learnt on top of it, by classifiers that know far fewer examples.
``python -m empathy train encoder`` makes the files from the published ones; nothing in them is trained by us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..network_file import open_session
from ..registry import WEIGHTS, reading
from .network import unpacked

FILES = ("encoder.safetensors", "encoder-lower.onnx", "encoder-upper.onnx")
"""The vocabulary with its vectors, in 4 bits, and two halves of the layers, in 8: each file stays below the 10 MB that
a repository on the hub takes without large-file storage."""
WIDTH = 384
MOST_TOKENS = 254
"""Word pieces read at once; longer texts are read in windows of as many."""
MOST_WINDOWS = 8
"""About 1,500 words; of a longer text, as many windows spread evenly."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Encoder:
    """``vectors``: a vocabulary's word pieces, two numbers to a byte, shape (n_pieces, 192), with ``scale``, shape
    (n_pieces,). It holds no state: one serves all visitors and threads."""

    tokenizer: Any
    halves: Sequence[Any]
    vectors: NDArray[np.uint8]
    scale: NDArray[np.float16]

    def read(self, text: str) -> Floats:
        """The text's vector: shape (384,), of length 1; zeros for a text without anything to read."""
        pieces = self.tokenizer.encode(text, add_special_tokens=False).ids
        if not pieces:
            return np.zeros(WIDTH, np.float32)
        parts = windows(pieces)
        means = [self._mean(part) * len(part) for part in parts]
        whole = np.sum(means, axis=0)
        return (whole / np.linalg.norm(whole)).astype(np.float32)

    def _mean(self, pieces: Sequence[int]) -> Floats:
        """The mean of what the last layer says of each word piece: shape (384,)."""
        ids = np.array([self.tokenizer.token_to_id("[CLS]"), *pieces, self.tokenizer.token_to_id("[SEP]")])
        states = unpacked(self.vectors[ids], self.scale[ids])[None]
        for half in self.halves:
            states = half.run(["states"], {"vectors": states})[0]
        return states[0].mean(axis=0)


def windows(pieces: Sequence[int]) -> list[Sequence[int]]:
    """Stretches of at most 254 word pieces, eight at the most."""
    parts = [pieces[at:at + MOST_TOKENS] for at in range(0, len(pieces), MOST_TOKENS)]
    if len(parts) <= MOST_WINDOWS:
        return parts
    return [parts[at] for at in np.linspace(0, len(parts) - 1, MOST_WINDOWS).round().astype(int)]


def load_encoder(folder: Path) -> Encoder:
    """Read both files from a folder.

    Raises:
        ModelFileError: one is absent, broken or of another model.
    """
    from safetensors.numpy import load_file
    from tokenizers import BertWordPieceTokenizer

    with reading(folder / FILES[0], "text encoder", "encoder --base FOLDER --out RUN"):
        stored = load_file(folder / FILES[0])
        words = bytes(stored["vocabulary"]).decode("utf-8").split("\n")
        tokenizer = BertWordPieceTokenizer({word: at for at, word in enumerate(words)}, lowercase=True)
        if stored["vectors"].shape != (len(words), WIDTH // 2):
            raise ValueError("its vectors and its vocabulary differ in number")
        return Encoder(tokenizer=tokenizer, halves=[open_session(folder / name) for name in FILES[1:]],
                       vectors=stored["vectors"], scale=stored["scale"])


@cache
def bundled_encoder() -> Encoder:
    """The one that ships, loaded once.

    Raises:
        ModelFileError: its files are absent or broken.
    """
    return load_encoder(WEIGHTS)
