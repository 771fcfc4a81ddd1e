"""What a person puts right: "sorry, I mean Tuesday", "Tom is my friend, not my brother", "I don't have a sister, she is
my cousin"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .fact_words import RELATION, TIME
from .facts import Fact

_MEANT = re.compile(
    rf"^(?:(?:no|oh|oops|wait|sorry|actually|well),? )*(?:I mean|I meant|it's|it is|make that) "
    rf"(?:actually )?({TIME})(?:,? (?:not|sorry)\b.*)?[.!]?$", re.IGNORECASE)
_NOT_MY = re.compile(
    rf"\b(she|he|they|it|[A-Z][a-zà-ÿ]+)(?: is|'s| are|'re) my ({RELATION}),? (?:and )?not my ({RELATION})\b",
    re.IGNORECASE)
_HAVE_NO = re.compile(
    rf"\bI (?:don't|do not) have an? ({RELATION})[,;.]? (?:but )?(she|he|they|[A-Z][a-zà-ÿ]+)(?: is|'s| are|'re) "
    rf"(?:actually |just |really )?my ({RELATION})\b", re.IGNORECASE)
_TIME = re.compile(rf"\b(?:{TIME})\b", re.IGNORECASE)
_PRONOUNS = ("she", "he", "they", "it")


def righted(words: str) -> str | None:
    """What was put right, said to the person: "Tom is your friend, not your brother"; None where nothing was."""
    if meant := _MEANT.search(words):
        return meant.group(1)
    if (found := next(_relations(words), None)) is None:
        return None
    name, right, wrong = found
    verb = "are" if name == "they" else "is"
    return f"{name} {verb} your {right}, not your {wrong}"


def meant(words: str, before: str) -> str:
    """A bare "I mean Tuesday" as the sentence ``before`` with the new time in it; other words as they are."""
    found = _MEANT.search(words)
    return _TIME.sub(found.group(1), before, count=1) if found and _TIME.search(before) else words


def put_right(facts: tuple[Fact, ...], words: str) -> tuple[Fact, ...]:
    """The facts with the right relation in place of the wrong one."""
    for name, right, wrong in _relations(words):
        facts = tuple(_renamed(fact, name, wrong, right) for fact in facts)
    return facts


def _relations(words: str) -> Iterator[tuple[str, str, str]]:
    """Who, what they are, what they are not."""
    for found in _NOT_MY.finditer(words):
        yield _who(found.group(1)), found.group(2).lower(), found.group(3).lower()
    for found in _HAVE_NO.finditer(words):
        yield _who(found.group(2)), found.group(3).lower(), found.group(1).lower()


def _who(word: str) -> str:
    return word.lower() if word.lower() in _PRONOUNS else word


def _renamed(fact: Fact, name: str, wrong: str, right: str) -> Fact:
    about = rf"\byour {wrong}\b"
    if not re.search(about, fact.text) or (name not in _PRONOUNS and name not in fact.text):
        return fact
    theirs = f"your {right}"
    return replace(fact, text=re.sub(about, theirs, fact.text), topic=re.sub(about, theirs, fact.topic),
                   key=tuple(right if part == wrong else part for part in fact.key))
