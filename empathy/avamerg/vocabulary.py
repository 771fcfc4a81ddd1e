"""From words and profiles to numbers. Nothing here has seen anything but the training part, or comes with an encoder.

Index 0 is what is padded or unknown, everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ModelFileError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

AGES, GENDERS, TIMBRES = ("child", "young", "middle-aged", "elderly"), ("male", "female"), ("high", "mid", "low")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

N_PROFILE = 8
"""Age, gender, timbre and identity of the speaker, then of the listener."""
IDENTITIES = (3, 7)
"""Places of the identities in a profile."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """A WordPiece tokenizer, the identities that were met, and (in a leaky run) the words of the leaking fields."""

    tokenizer: Tokenizer
    identities: tuple[int, ...]
    leak_words: tuple[str, ...] = ()

    @property
    def n_tokens(self) -> int:
        """Size of the tokenizer's table."""
        return int(self.tokenizer.get_vocab_size())

    def line(self, text: str, most: int) -> list[int]:
        """Tokens of one utterance between the marks of begin and end; the first ``most`` with them."""
        return self._framed(self.tokenizer.encode(text, add_special_tokens=False).ids[:most - 2])

    def context(self, texts: Sequence[str], most: int) -> list[int]:
        """Earlier turns in one row, the latest ``most`` tokens with the marks between them."""
        end = self._mark("[SEP]")
        tokens: list[int] = []
        for text in texts:
            tokens += [*self.tokenizer.encode(text, add_special_tokens=False).ids, end]
        return self._framed(tokens[:-1][-(most - 2):])

    def profile(self, age: str | None, gender: str | None, timbre: str | None, identity: int | None) -> list[int]:
        """Four indices; 0 is unknown."""
        return [_place(AGES, age), _place(GENDERS, gender), _place(TIMBRES, timbre), _place(self.identities, identity)]

    def leak(self, text: str) -> list[int]:
        """Words of a leaking field."""
        return [_place(self.leak_words, word) for word in text.lower().split()]

    def save(self, folder: Path) -> None:
        """Write ``tokenizer.json`` and ``vocabulary.json``."""
        self.tokenizer.save(str(folder / "tokenizer.json"))
        known = {"identities": self.identities, "leak_words": self.leak_words}
        (folder / "vocabulary.json").write_text(json.dumps(known) + "\n", encoding="utf-8")

    def _framed(self, tokens: list[int]) -> list[int]:
        return [self._mark("[CLS]"), *tokens, self._mark("[SEP]")]

    def _mark(self, name: str) -> int:
        place = self.tokenizer.token_to_id(name)
        if place is None:
            raise ModelFileError(f"the tokenizer has no {name}: give that of a BERT model")
        return place


def load_vocabulary(folder: Path) -> Vocabulary:
    """What ``Vocabulary.save`` wrote.

    Raises:
        ModelFileError: a file is missing or broken.
    """
    from tokenizers import Tokenizer

    try:
        known: dict[str, Any] = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        return Vocabulary(tokenizer=Tokenizer.from_file(str(folder / "tokenizer.json")),
                          identities=tuple(known["identities"]), leak_words=tuple(known["leak_words"]))
    except Exception as error:  # tokenizers raises plain Exception at a broken file
        raise ModelFileError(f"{folder} holds no vocabulary of an AvaMERG bundle ({error})") from error


def _place(known: Sequence[Any], value: Any) -> int:
    return known.index(value) + 1 if value in known else 0
