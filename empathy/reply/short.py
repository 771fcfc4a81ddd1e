"""A clause said back, made shorter, as a listener says it: without what adds nothing, and without its "you"."""

from __future__ import annotations

import re

from ..memory.verbs import BASES, BE, base_of, is_past, word_set

MIN_WORDS = 4
"""Words that must remain of a clause that loses some."""

_PADDING = word_set("just really actually totally absolutely literally honestly completely definitely very")
_NEGATIONS = word_set("not never no hardly")
_UNIT = "(?:night|week|weekend|month|year|morning|summer|winter|spring|fall|evening|afternoon)"
_WHEN = re.compile(
    rf",? (?:the other (?:day|night|week)|one (?:day|time|night)|today|yesterday|recently|lately|right now|last {_UNIT}"
    rf"|this (?:past )?{_UNIT}|(?:a (?:few|couple(?: of)?)|two|three|some) (?:day|week|month|year)s ago)$"
)
_NO_START = word_set("supposed about able not at in on by with from to for going a an the there here never one")
"""Words after "you are" that do not stand alone well: "in the store", "going to see"."""
_STARTS_THING = word_set("a an no")


def brief(said: str) -> str:
    """Without padding, and without the day it happened on, which is no news to who told it."""
    words = said.split()
    kept = [word for i, word in enumerate(words) if not _is_padding(words, i)]
    short = " ".join(kept)
    timeless = _WHEN.sub("", short)
    return timeless if len(timeless.split()) >= MIN_WORDS else short


def bare(said: str) -> str | None:
    """The clause without its "you", as one says it among friends: "lost your job"; None where that would not do."""
    words = said.split()
    if len(words) < MIN_WORDS or words[0] not in ("you", "you're"):
        return None
    if words[0] == "you're" or words[1] in BE:
        rest = words[1:] if words[0] == "you're" else words[2:]
        return None if rest[0] in _NO_START or len(rest) < MIN_WORDS - 1 else " ".join(rest)
    if words[1] in ("had", "have") and words[2] in _STARTS_THING:
        return " ".join(words[2:]) if len(words) > MIN_WORDS + 1 else None
    start = 2 if words[1].endswith("ly") else 1  # "finally got"
    verb = words[start]
    spoken = is_past(verb) and verb not in BASES and verb not in BE and base_of(verb) not in ("have", "do", "be")
    return " ".join(words[1:]) if spoken and verb not in ("could", "would", "might", "should") else None


def _is_padding(words: list[str], i: int) -> bool:
    before = {word.lower() for word in words[max(0, i - 2) : i]}
    negated = before & _NEGATIONS or any(word.endswith("n't") for word in before)
    return words[i] in _PADDING and not negated and 0 < i < len(words) - 1 and words[i - 1] not in ("the", "a", "so")
