"""What words stand for: a thesaurus that people wrote (``prompts/risk_concepts.toml``), and a text seen through it.

The labelled messages are too few to teach a classifier that a scalpel is a kind of blade. Through the thesaurus "I put
the scalpel on my arm" and "I held a razor to my wrist" share most of their features.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..registry import PROMPTS

FILE = "risk_concepts.toml"
REACH = 8
"""Words within which two concepts count as said together; a full stop ends it."""
_STOPS = frozenset(".!?;")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """The names of each word, and of each stem ("bleed*")."""

    words: Mapping[str, tuple[str, ...]]
    stems: Mapping[str, tuple[str, ...]]

    def of(self, word: str) -> tuple[str, ...]:
        """What a word stands for, in the order of the file, its own names before those of its stems."""
        found = list(self.words.get(word, ()))
        for end in range(2, len(word) + 1):
            found += self.stems.get(word[:end], ())
        return tuple(dict.fromkeys(found))

    def features(self, form: str) -> Iterator[str]:
        """A plain text (``plain_text``) as features: concepts, runs of up to three words with concepts in place of the
        words that have one, and pairs of concepts near each other in one sentence. A feature may come twice."""
        words = form.split()
        named = [self.of(word) for word in words]
        plain = [f"{{{names[0]}}}" if names else word for word, names in zip(words, named, strict=True)]
        for i, one in enumerate(plain):
            if i + 1 < len(plain):
                yield f"kb {one} {plain[i + 1]}"
            if i + 2 < len(plain):
                yield f"kt {one} {plain[i + 1]} {plain[i + 2]}"
                yield f"ks {one} {plain[i + 2]}"
        last: dict[str, int] = {}
        for i, names in enumerate(named):
            if words[i] in _STOPS:
                last = {}
            for name in names:
                yield f"k {name}"
                yield from (f"kp {other} {name}" for other, at in last.items() if other != name and i - at <= REACH)
            last |= dict.fromkeys(names, i)


def load_concepts(folder: Path = PROMPTS) -> Concepts:
    """Read the thesaurus.

    Raises:
        OSError: the file is absent.
    """
    with (folder / FILE).open("rb") as file:
        content = tomllib.load(file)["concepts"]
    words: dict[str, tuple[str, ...]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    for name, told in content.items():
        for word in told.split():
            table = stems if word.endswith("*") else words
            table[word.rstrip("*")] = (*table.get(word.rstrip("*"), ()), name)
    return Concepts(words=words, stems=stems)
