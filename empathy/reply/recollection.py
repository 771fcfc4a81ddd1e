"""What the composer brings up by itself: something told earlier that bears on this message, and how the mood moved."""

from __future__ import annotations

import re
from dataclasses import replace

from ..memory.facts import Fact
from ..memory.recall import recall, upcoming
from ..memory.session import Session, change, key
from .feel import SIGN, leaning, situation_of
from .phrases import Pen, lines
from .understand import Understanding

MOVED = 0.5
"""Change of valence over a session, in [-2, 2], that is worth a word."""

_GRAVE = re.compile(r"\b(?:dying|die|died|dead|kill\w*)\b")
_LINKS = re.compile(r"\byou (?:said|mentioned|told me)\b|\bremember you\b")
_MOOD_TOLD = re.compile(r"\b(?:lighter|heavier|more light|got heavier)\b")
_BURDENED = ("anxious", "afraid", "tired", "overwhelmed", "sad")


def link(told: Understanding, session: Session, pen: Pen) -> str | None:
    """Something said in an earlier turn, where it bears on this one and was not brought up before."""
    linked = [sentence for sentence in pen.said if _LINKS.search(sentence)]

    def fresh(fact: Fact) -> bool:
        mentioned = fact.text in (told.clause or "") or any(key(fact.text) in sentence for sentence in linked)
        if _GRAVE.search(fact.text):  # often a figure of speech, and never to be thrown in
            return False
        return not mentioned and fact.kind not in ("self", "person") and fact.quote.rstrip(".!") not in told.said

    known = replace(session, facts=tuple(fact for fact in session.facts if _ripe(fact, session)))
    hits = [fact for fact in recall(known, told.said) if fresh(fact)]
    if hits and hits[0].kind != "date":
        return _linked(pen, "link", hits[0])
    if hits:
        return _linked(pen, _of_date(told, hits[0]), hits[0])
    if told.tone == "bad" and told.feeling in _BURDENED and not told.situation:
        ahead = next((fact for fact in upcoming(known) if fresh(fact)), None)
        return _linked(pen, _of_date(told, ahead), ahead) if ahead else None
    return None


def _of_date(told: Understanding, fact: Fact) -> str:
    """How to speak of a plan: a wedding weighs on nobody by itself."""
    if told.tone == "good":
        return "date_good"
    about = situation_of(fact.text)
    return "date_plain" if about and leaning(about) > 0 else "date_bad"


def _ripe(fact: Fact, session: Session) -> bool:
    """What was said just before is in mind anyway, and needs no "you told me"."""
    return not session.turns or fact.at_s < session.turns[-1].at_s


def _linked(pen: Pen, kind: str, fact: Fact) -> str | None:
    return replace(pen, slots={**pen.slots, "fact": fact.text}).write(lines("frames", "remember", kind))


def moved(told: Understanding, session: Session, pen: Pen) -> str | None:
    """Once, and now and then: how the mood has moved since the beginning, where this message goes the same way."""
    by = change(session)
    if by is None or by * SIGN[told.tone] < MOVED or pen.random.random() < 0.7:
        return None
    if any(_MOOD_TOLD.search(said) for said in pen.said):
        return None
    return pen.write(lines("frames", "remember", "lighter" if by > 0 else "heavier"))
