"""What a person puts right: "sorry, I mean Tuesday", "Tom is my friend, not my brother", "I don't have a sister, she is
my cousin", "the exam was moved to Friday", "the interview got cancelled"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .fact_words import RELATION, TIME
from .facts import Fact
from .plain import stem
from .plans import dated

_MEANT = re.compile(
    rf"^(?:(?:no|oh|oops|wait|sorry|actually|well),? )*(?:I mean|I meant|it's|it is|make that) "
    rf"(?:actually |now )?({TIME})(?: now)?(?:,? (?:not|sorry)\b.*|,? (?:they|he|she)(?:'ve| have|'s| has)? "
    r"(?:moved|changed|postponed|pushed|delayed)\b.*)?[.!]?$", re.IGNORECASE)
_NOT_MY = re.compile(
    rf"\b(she|he|they|it|[A-Z][a-zà-ÿ]+)(?: is|'s| are|'re) my ({RELATION}),? (?:and )?not my ({RELATION})\b",
    re.IGNORECASE)
_HAVE_NO = re.compile(
    rf"\bI (?:don't|do not) have an? ({RELATION})[,;.]? (?:but )?(she|he|they|[A-Z][a-zà-ÿ]+)(?: is|'s| are|'re) "
    rf"(?:actually |just |really )?my ({RELATION})\b", re.IGNORECASE)
_TIME = re.compile(rf"\b(?:{TIME})\b", re.IGNORECASE)
_OTHER_DAY = re.compile(
    rf"^(?:(?:actually|so|well|oh|but),? )*(?:the|that) (?P<what>[a-z-]+)(?:'s| is| was| has been| got)?"
    rf"(?: (?:actually|now|only|been|moved|postponed|pushed|rescheduled|brought forward|back|to|until))* "
    rf"(?P<time>{TIME})(?: now)?[.!]?$", re.IGNORECASE)
_OFF = re.compile(
    r"\b(?:my|our|the|her|his|their) (?P<what>(?:[a-z'-]+ ){0,2}?[a-z-]+?)(?: (?:is|was|got|has been|been)|'s)? "
    r"(?:cancel+ed|called off)\b", re.IGNORECASE)
_SLIP = r"(?:no,? wait|wait,? no|no|wait|sorry|oops|I mean|I meant|actually|or rather|scratch that|well)"
_SLIPS = (
    (re.compile(rf"\b(?P<old>{TIME})[,.;]? (?:{_SLIP}[,.]? )+(?P<new>{TIME})\b", re.IGNORECASE), r"\g<new>"),
    (re.compile(rf"\bmy {RELATION},? (?:{_SLIP},? )+(my {RELATION})\b", re.IGNORECASE), r"\1"),
    (re.compile(rf"\b(with|at|in|to|from|for) [A-Z]\w+[,.]? (?:{_SLIP},? )+(?:\1 )?([A-Z]\w+)"), r"\1 \2"),
    (re.compile(rf"\b(?P<w>\w+)[,.;] (?:{_SLIP},? )*not (?P=w),? (?:but |rather )?(\w+)\b", re.IGNORECASE), r"\2"),
)
"""A slip of the tongue with what was meant after it: "Wednesday, no wait, Thursday", "excited; well, not excited,
terrified"."""
_OWN = re.compile(r"\b(?:my|our|I|I'm|I've|we)\b")
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


def amended(words: str) -> str:
    """The words with what was meant in place of a slip put right in the same breath."""
    for shape, instead in _SLIPS:
        words = shape.sub(instead, words)
    return words


def put_right(facts: tuple[Fact, ...], words: str) -> tuple[Fact, ...]:
    """The facts with the right relation in place of the wrong one, the new day in place of the old one, and what was
    called off said to be off."""
    for name, right, wrong in _relations(words):
        facts = tuple(_renamed(fact, name, wrong, right) for fact in facts)
    if found := _MEANT.search(words):
        return _on_another_day(facts, None, found.group(1))
    if found := _OTHER_DAY.search(words):
        return _on_another_day(facts, stem(found.group("what").lower()), found.group("time"))
    if found := _OFF.search(words):
        return _called_off(facts, found.group("what").lower())
    return facts


def without_doubles(found: tuple[Fact, ...], facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The new facts without a plan that only moves a known one of somebody else's: "the surgery is on Friday now"."""
    def doubled(fact: Fact) -> bool:
        moves = fact.kind == "date" and len(fact.key) == 2 and not _OWN.search(fact.quote)
        return moves and any(fact.key[0] in old.key[1:] for old in facts if old.kind == "date")
    return tuple(fact for fact in found if not doubled(fact))


def _on_another_day(facts: tuple[Fact, ...], what: str | None, time: str) -> tuple[Fact, ...]:
    """The newest plan, or the newest that is about ``what``, on another day."""
    i = _newest(facts, what)
    if i is None or not _TIME.search(facts[i].text):
        return facts
    text = dated(_TIME.sub(lambda _: time, facts[i].text, count=1))
    return (*facts[:i], replace(facts[i], text=text), *facts[i + 1 :])


def _called_off(facts: tuple[Fact, ...], what: str) -> tuple[Fact, ...]:
    i = _newest(facts, stem(what.rsplit(maxsplit=1)[-1]))
    if i is None:
        return facts
    name = facts[i].topic if facts[i].topic.endswith(what.rsplit(maxsplit=1)[-1]) else f"the {what}"
    return (*facts[:i], replace(facts[i], text=f"{name} was cancelled"), *facts[i + 1 :])


def _newest(facts: tuple[Fact, ...], what: str | None) -> int | None:
    """Where the newest plan stands, or the newest about ``what``."""
    return next((i for i in reversed(range(len(facts)))
                 if facts[i].kind == "date" and (what is None or what in facts[i].key)), None)


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
