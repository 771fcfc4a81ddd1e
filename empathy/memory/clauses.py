"""The clauses of a text: who does what, and when. Only those whose subject and verb are sure.

No parser: closed word classes (``words``, ``verbs``) and a few rules of order. What they do not cover is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .cut import pieces
from .plain import join, mend, sentences
from .verbs import AUXILIARIES, BASES, FUTURE_AUXILIARIES, PAST_AUXILIARIES, base_of, is_past
from .words import (
    ADVERBS,
    ARTICLES,
    CONTRACTED,
    DANGLING,
    LEAD_IN,
    MINE,
    NOMINATIVE,
    OTHERS,
    OTHERS_CONTRACTED,
    PLURAL_HEADS,
    WEIGHTY,
)

Subject: TypeAlias = Literal["I", "we", "mine", "other"]
Tense: TypeAlias = Literal["past", "present", "future"]

_PARTICIPLES = ("done", "seen", "gone", "been", "known", "taken", "written", "broken")
_NOT_AFTER_I = ("is", "isn't", "has", "hasn't", "does", "doesn't", "been", "be")
_AFTER_UNSPOKEN = ("me", "out", "up", "to", "home", "at", "into", "through")


_ASIDE = re.compile(r", who (?:is|was|has|lives|works)\b[^,.!?]{1,40},(?= \w)")
"""What is told of somebody in passing: "my neighbour, who is nice, told me"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause as the person said it. ``verb`` is the index of its finite verb in ``words``; ``marker`` the word that
    joined it to what came before, lower case, or ""."""

    words: tuple[str, ...]
    marker: str
    subject: Subject
    verb: int
    tense: Tense
    negated: bool
    question: bool

    @property
    def text(self) -> str:
        """The clause as running text."""
        return join(self.words)

    @property
    def lows(self) -> list[str]:
        """Its words in lower case."""
        return [word.lower() for word in self.words]

    @property
    def main(self) -> str:
        """The dictionary form of the verb that carries the meaning, or "be"."""
        last = "be"
        for low in self.lows[self.verb :]:
            bare = low.removesuffix("n't")
            if low in AUXILIARIES or low in CONTRACTED or low.split("'")[0] in ("i", "we"):
                last = {"has": "have", "does": "do"}.get(bare, base_of(bare) or last)
            elif low not in ADVERBS and low != "not":
                return base_of(low) or last
        return last


def clauses(text: str) -> tuple[Clause, ...]:
    """Every clause whose subject and verb are sure, in order."""
    found: list[Clause] = []
    for sentence in sentences(_ASIDE.sub("", mend(text))):
        question = sentence.rstrip("\"' )").endswith("?")
        own = True  # whether a verb without a subject is the person's: at the start, and after a clause of theirs
        goes_on = False
        for piece in pieces(sentence):
            clause = _clause(piece.words, piece.marker, question=question, own=own, goes_on=goes_on)
            own = goes_on = clause is not None and clause.subject == "I"
            if clause:
                found.append(clause)
    return tuple(found)


def _clause(words: list[str], marker: str, *, question: bool, own: bool, goes_on: bool) -> Clause | None:
    while len(words) > 2 and words[0].lower() in LEAD_IN | ADVERBS - WEIGHTY:
        words = words[1:]
    words = _without_place(words)
    if len(words) < 2:
        return None
    if own and _unspoken_i(words, goes_on=goes_on):
        words = ["I", words[0].lower(), *words[1:]]
    words = [_plain_start(words[0]), *words[1:]]
    found = _subject(words)
    if found is None:
        return None
    subject, verb = found
    lows = [word.lower() for word in words]
    negated = any(low in ("not", "never", "cannot") or low.endswith("n't") for low in lows[verb : verb + 3])
    return Clause(words=tuple(words), marker=marker, subject=subject, verb=verb, tense=_tense(lows, verb),
                  negated=negated, question=question)


def _without_place(words: list[str]) -> list[str]:
    """"On the way home I saw my ex" without where it was."""
    if words and words[0].lower() in ("on", "in", "at", "after", "during"):
        start = next((i for i, word in enumerate(words[:6]) if word in NOMINATIVE), None)
        return words[start:] if start else words
    return words


def _plain_start(word: str) -> str:
    """A first word without its capital, unless it is "I" or a name."""
    low = word.lower()
    bare = low.split("'")[0]
    if bare == "i":
        return word
    known = low in MINE | OTHERS | ARTICLES | OTHERS_CONTRACTED or bare in ("we", "me")
    return low if known else word


def _tense(lows: list[str], verb: int) -> Tense:
    finite = lows[verb]
    if finite in FUTURE_AUXILIARIES or finite.endswith("'ll") or "going to" in " ".join(lows[verb : verb + 4]):
        return "future"
    if finite in PAST_AUXILIARIES or finite.endswith("'d"):
        return "past"
    return "past" if finite not in AUXILIARIES and "'" not in finite and is_past(finite) else "present"


def _unspoken_i(words: list[str], *, goes_on: bool) -> bool:
    """The subject that people leave out is themselves: "Found 100 dollars today", and after a clause of theirs "got
    fired"."""
    first, second = words[0].lower(), words[1].lower()
    if goes_on and is_past(first) and first not in BASES:
        return second[0].isalnum()
    if not is_past(first) or first in BASES or len(words) < 3:
        return False
    return second in MINE | ARTICLES or second in _AFTER_UNSPOKEN or second[0].isdigit() or second[0] == "$"


def _subject(words: list[str]) -> tuple[Subject, int] | None:
    """The kind of subject and the index of its finite verb."""
    low = words[0].lower()
    person = low.split("'")[0]
    if person in ("i", "we"):
        verb = 0 if low in CONTRACTED or "'" in low else _after_adverbs(words, 1)
        sure = verb == 0 or (verb < len(words) and _finite_after_i(words[verb].lower()))
        return (("I" if person == "i" else "we"), verb) if sure else None
    if low in OTHERS_CONTRACTED:
        return "other", 0
    if low in OTHERS:
        verb = _after_adverbs(words, 1)
        plural = low in ("people", "they")
        return ("other", verb) if verb < len(words) and _finite(words[verb].lower(), plural=plural) else None
    return _noun_subject(words) if low in MINE or low in ARTICLES or low == "me" else None


def _noun_subject(words: list[str]) -> tuple[Subject, int] | None:
    verb = _noun_verb(words)
    if verb is None or any(word in NOMINATIVE and words[i - 1].lower() != "and" for i, word in enumerate(words[:verb])):
        return None  # "the day I left" is no clause of its own
    if "I" in words[:verb] or words[0].lower() == "me":
        return "we", verb
    return ("mine" if words[0].lower() in MINE else "other"), verb


def _after_adverbs(words: list[str], i: int) -> int:
    while i < len(words) - 1 and words[i].lower() in ADVERBS:
        i += 1
    return i


def _finite_after_i(low: str) -> bool:
    if low in AUXILIARIES:
        return low not in _NOT_AFTER_I
    return low in BASES or (is_past(low) and low not in _PARTICIPLES)


def _finite(low: str, *, plural: bool) -> bool:
    if low in AUXILIARIES:
        return low not in ("am", "be", "been")
    if is_past(low) and low not in _PARTICIPLES:
        return True
    return low in BASES if plural else low.endswith("s") and not low.endswith("ss") and base_of(low) is not None


def _noun_verb(words: list[str]) -> int | None:
    """The verb after a noun phrase that starts the clause: "my best friend of ten years | moved"."""
    for i in range(2, min(len(words), 9)):
        low, before = words[i].lower(), words[i - 1].lower()
        after = words[i + 1].lower() if i + 1 < len(words) else ""
        if not words[i][0].isalnum() or low in ("who", "that", "which", "when", "if", "because", "to"):
            return None
        plural = before in PLURAL_HEADS or words[i - 1] == "I" or (before.endswith("s") and not before.endswith("ss"))
        if low in ADVERBS and after and _finite(after, plural=plural):
            return i + 1
        ends_well = words[i - 1] == "I" or before not in DANGLING
        if ends_well and _finite(low, plural=plural) and (low in AUXILIARIES or after not in AUXILIARIES):
            return i
    return None
