"""The composer's sentences: read from ``prompts/composer/*.toml``, filled, and never used twice in one conversation."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

from ..memory.plain import sentences
from ..memory.session import key
from ..registry import PROMPTS

TAIL = 6
"""Words at the end of a sentence by which two wordings of it are known."""

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_OWN_SLOT = "own"
"""Stands for a slot where the sentences are compared."""
TIMES, TONES = frozenset({"past", "now", "ahead"}), frozenset({"bad", "good", "plain"})

_LIMITS = re.compile(rf"^\(((?:{'|'.join(TIMES | TONES)})(?: \w+)*)\)\s*")


@cache
def table(name: str) -> Mapping[str, Any]:
    """One file of ``prompts/composer``, read once. ``Any``: the shape of each file stands in its own head."""
    return tomllib.loads((PROMPTS / "composer" / f"{name}.toml").read_text(encoding="utf-8"))


def lines(file: str, *path: str) -> tuple[str, ...]:
    """The list of sentences at ``path`` in a file; empty when there is none."""
    found: Any = table(file)
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return tuple(found) if isinstance(found, list) else ()


@cache
def pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for a list of phrases: ``*`` any ending, ``+`` up to three words between."""
    if not phrases:
        return None
    parts = [
        re.escape(phrase).replace(r"\*", r"[\w'-]*").replace(r"\+", r"(?:\s+[\w',]+){0,3}?\s*").replace(r"\ ", r"\s+")
        for phrase in phrases
    ]
    return re.compile(r"(?<![\w'])(?:" + "|".join(sorted(parts, key=len, reverse=True)) + r")(?![\w'])", re.IGNORECASE)


def particular(choice: str) -> float:
    """How much of a sentence's wording stands in no other of ours, in (0, 1]: "Glass and paper, or a shoe?" is nearly
    1, "What did you do about it?" nearer 0. The mean, over its pairs of neighbouring words, of one by the number of
    sentences that hold the pair; a shorter one is a little ahead.
    """
    pairs, holders = _pairs(choice), _holders()
    return (1 + sum(1 / max(1, holders[pair]) for pair in pairs)) / (1 + len(pairs))


@cache
def _holders() -> Counter[tuple[str, str]]:
    """How many of our sentences hold a pair of words."""
    names = sorted(path.stem for path in (PROMPTS / "composer").glob("*.toml"))
    return Counter(pair for name in names for choice in _sentences(table(name)) for pair in _pairs(choice))


def _sentences(part: Any) -> Iterator[str]:
    match part:
        case Mapping():
            for name, inner in part.items():
                yield from () if name == "match" else _sentences(inner)
        case list():
            yield from (one for one in part if isinstance(one, str))
        case _:
            pass


@cache
def _pairs(choice: str) -> tuple[tuple[str, str], ...]:
    """Neighbouring words; of ``[a|b]`` the first."""
    first = _CHOICE.sub(lambda found: found.group(1).partition("|")[0], _LIMITS.sub("", choice))
    words = re.findall(r"[a-z0-9']+", _SLOT.sub(_OWN_SLOT, first).lower())
    return tuple(pairwise(words))


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes one reply: what may be filled in, what was said before, and the chance that picks."""

    random: Random
    slots: Mapping[str, str]
    said: frozenset[str]

    def write(self, choices: Iterable[str], *, alike: bool = False) -> str | None:
        """One of the choices, filled; None when every one lacks a slot or was said before.

        Args:
            choices: sentences with ``[a|b]`` and ``{slot}``, the likelier the oftener they stand there; "(past)",
                "(bad)" or "(past good)" before one limits it to messages about that time, of that tone.
            alike: take also what ends as something said before does, for the same answer asked for twice.
        """
        return self.draw(Counter(choices), alike=alike)

    def draw(self, weights: Mapping[str, float], *, alike: bool = False) -> str | None:
        """As ``write``, the likelier the heavier; weights above 0."""
        usable = [choice for choice in weights if self.suits(choice)]
        # Source: Efraimidis and Spirakis 2006, an order drawn by weight without putting back.
        order = {choice: self.random.random() ** (1 / weights[choice]) for choice in usable}
        for choice in (_LIMITS.sub("", one) for one in sorted(usable, key=order.__getitem__, reverse=True)):
            for _ in range(3):
                text = self._fill(choice)
                if not any(self._known(part, alike) or part.lower().count("sorry") > 1 for part in sentences(text)):
                    return text
        return None

    def _known(self, part: str, alike: bool) -> bool:
        """Said before, or ending as something said before does: two choices of one sentence are too alike."""
        part = key(part)
        if alike:
            return part in self.said
        tail = part.split()[-TAIL:]
        return part in self.said or (
            len(tail) == TAIL and any(earlier.split()[-TAIL:] == tail for earlier in self.said))

    def suits(self, choice: str) -> bool:
        """Whether the time and the tone are right for it and there is something for each of its slots."""
        found = _LIMITS.match(choice)
        limits = frozenset(found.group(1).split()) if found else frozenset[str]()
        kinds = (("time", TIMES), ("tone", TONES))
        fits = all(not limits & kind or self.slots.get(name) in limits for name, kind in kinds)
        return fits and all(self.slots.get(slot) for slot in _SLOT.findall(choice))

    def _fill(self, choice: str) -> str:
        while _CHOICE.search(choice):
            choice = _CHOICE.sub(lambda found: self.random.choice(found.group(1).split("|")), choice)
        return tidy(_SLOT.sub(lambda found: self.slots[found.group(1)], choice))


def tidy(text: str) -> str:
    """Capitals after a full stop, one space, no doubled marks."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.!?;:])", r"\1", text)
    text = re.sub(r"([.!?])[.!]+", r"\1", text)
    return re.sub(r"(^|[.!?]\s+)([a-z])", lambda found: found.group(1) + found.group(2).upper(), text)
