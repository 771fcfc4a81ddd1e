"""The four moves of an answer to something told: reflect it, show the feeling was understood, link, ask."""

from __future__ import annotations

import re
from dataclasses import replace

from ..memory.facts import Fact
from ..memory.recall import recall, upcoming
from ..memory.session import Session, change, key
from .feel import SIGN, entry, leaning, matcher, polarity, valence
from .phrases import Pen, lines, table
from .understand import Understanding

Choices = tuple[str, ...]

WARM, OPENS = 0.65, 0.95
"""Share of replies to good or bad news that begin with a warm word of our own, and with that or, where the feeling is
known, a sentence of that feeling."""

SHORT = 0.1
"""Share of questions that are as short as a listener's."""

OFTEN = 0.65
"""Share of replies to a sure feeling that get a warm word where the first sentence had none."""

MOVED = 0.5
"""Change of valence over a session, in [-2, 2], that is worth a word."""

_WISHING = re.compile(
    r"(?:you|you're) (?:\w+ )?"
    r"(?:hoped?|wish(?:ed)?|want(?:ed)?|need|dream|think|thought|believe|guess|knew|know|have faith)\b"
)
_WARM = re.compile(r"\b(?:sorry|glad|happy for|I hope)\b", re.IGNORECASE)
_LINKS = re.compile(r"\byou (?:said|mentioned|told me)\b|\bremember you\b")
_NO_REGRET = ("jealous", "guilty", "ashamed", "grief")
"""Feelings that one does not say sorry for, and the one whose own sentences all do."""
_BURDENED = ("anxious", "afraid", "tired", "overwhelmed", "sad")


def reflect(told: Understanding, pen: Pen) -> str | None:
    """What they said, in their own terms turned round; failing that, their topic; failing that, that it was heard."""
    if told.mould == "harsh":
        return pen.write(lines("frames", "reflect", "harsh"))
    by_topic = lines("frames", "reflect", f"topic_{told.tone}") if told.tone != "good" else ()
    said_back = _frames(told) if told.clause else lines("frames", "reflect", f"doing_{told.tone}")
    for choices in (_openings(told, pen), said_back, by_topic, lines("frames", "reflect", f"none_{told.tone}")):
        text = pen.write(choices)
        if text:
            return text
    return None


def _openings(told: Understanding, pen: Pen) -> Choices:
    """Sentences with a warm word or with the feeling in them; not where the clause leans the other way, nor for what
    may be regretted."""
    if not told.clause or told.carried or told.mould in ("own", "belief"):
        return ()
    if polarity(told.clause) * SIGN[told.tone] < 0:
        return ()
    chance = pen.random.random()
    if chance < WARM and told.tone != "plain" and told.feeling not in _NO_REGRET:
        return lines("frames", "reflect", f"warm_{told.tone}")
    named = told.mould == "feeling"  # "how annoying that you're annoyed" says nothing
    if not told.feeling or told.certainty == "maybe" or named or chance > OPENS:
        return ()
    return () if polarity(told.clause) * valence(told.feeling) < 0 else lines("openings", told.feeling, "open")


def _frames(told: Understanding) -> Choices:
    match told.mould:
        case "own":
            return lines("frames", "reflect", "own")
        case "belief":
            return lines("frames", "reflect", "belief")
        case "feeling":
            neutral = lines("frames", "reflect", "feeling") if told.tone != "good" else ()
            return lines("frames", "reflect", f"feeling_{told.tone}") + neutral
        case _ if told.tone != "plain" and _fits(told):
            strong = entry(told.situation).get("strong") and told.time != "ahead"
            kind = f"{told.tone}_strong" if strong else told.tone
            return lines("frames", "reflect", f"{told.tone}_any") + lines("frames", "reflect", kind)
        case _:
            return lines("frames", "reflect", "plain")


def _fits(told: Understanding) -> bool:
    """Only before a clause that is itself hard or good may one say "I'm sorry" or "how good"."""
    clause, sign = told.clause or "", SIGN[told.tone]
    if _WISHING.match(clause):
        return False
    own = polarity(clause) * sign
    if own or not entry(told.situation).get("strong") or not told.situation:
        return own > 0
    said = re.sub(r"\byou\b", "I", re.sub(r"\byour\b", "my", clause))
    return bool(matcher("situations", told.situation).search(said)) and leaning(told.situation) == sign


def react(told: Understanding, first: str, pen: Pen) -> str | None:
    """A warm word where the first sentence had none; more often for what is hard."""
    plain = told.tone == "plain" or not (told.certainty == "sure" or entry(told.situation).get("strong"))
    if plain or told.mould in ("harsh", "own") or _WARM.search(first):
        return None
    return pen.write(lines("frames", "react", told.tone)) if pen.random.random() < OFTEN else None


def validate(told: Understanding, pen: Pen) -> str | None:
    """An inference about the feeling: from the situation, from the feeling, or naming it, as sure as it is."""
    if told.feeling and told.other_feeling:
        return pen.write(lines("frames", "name", "mixed"))
    sources: list[Choices] = []
    if told.situation and _agrees(told) and (told.feeling or entry(told.situation).get("strong")):
        sources.append(lines("situations", told.situation, "validate"))
    if told.feeling and told.certainty != "maybe":
        sources.append(lines("feelings", told.feeling, "validate"))
    if told.feeling and not (told.certainty == "sure" and told.mould == "feeling"):
        good = "_good" if told.certainty != "maybe" and told.tone == "good" else ""
        sources.append(lines("frames", "name", f"{told.certainty}{good}"))
    return _first(sources, pen)


def _agrees(told: Understanding) -> bool:
    """A sentence about a wedding as joy is wrong where the wedding was called off."""
    usual = leaning(told.situation or "")
    return usual == 0 or told.tone == "plain" or SIGN[told.tone] == usual


def ask(told: Understanding, pen: Pen) -> str | None:
    """One open question: about what they told, the situation, the feeling, or one that fits anything."""
    if pen.random.random() < SHORT:
        short = pen.write(lines("frames", "ask", f"short_{told.tone}"))
        if short:
            return short
    sources: list[Choices] = [lines("frames", "ask", told.tone)]
    if told.situation and _agrees(told) and (told.feeling or leaning(told.situation) >= 0):
        sources += [lines("situations", told.situation, "ask")] * 3
    if told.feeling and told.certainty != "maybe":
        sources += [lines("questions", told.feeling, "ask")] * 4 + [lines("feelings", told.feeling, "ask")] * 2
    if told.second:
        sources += [lines("frames", "ask", "second")] * 4
    if told.object:
        sources += [lines("frames", "ask", f"object_{told.tone}")] * 3
    if told.somebody:
        sources += [lines("frames", "ask", f"somebody_{told.tone}")] * 2
    if told.verb:
        sources += [_after(told.verb)] * (3 if told.tone == "plain" else 1)
    if told.topic:
        sources.append(lines("frames", "ask", "topic"))
    return _first(sources, pen) or pen.write(lines("frames", "ask", "plain"))


def ask_of_event(pen: Pen) -> str | None:
    """A question that says back what happened."""
    return pen.write(lines("frames", "ask", "event"))


def _after(verb: str) -> Choices:
    """Questions that follow from what they did."""
    return tuple(text for group in table("verbs").values() if verb in group["verbs"] for text in group["ask"])


def _first(sources: list[Choices], pen: Pen) -> str | None:
    pen.random.shuffle(sources)
    return next((text for choices in sources for text in [pen.write(choices)] if text), None)


def link(told: Understanding, session: Session, pen: Pen) -> str | None:
    """Something said in an earlier turn, where it bears on this one and was not brought up before."""
    linked = [sentence for sentence in pen.said if _LINKS.search(sentence)]

    def fresh(fact: Fact) -> bool:
        mentioned = fact.text in (told.clause or "") or any(key(fact.text) in sentence for sentence in linked)
        return not mentioned and fact.kind not in ("self", "person") and fact.quote.rstrip(".!") not in told.said

    hits = [fact for fact in recall(session, told.said) if fresh(fact)]
    if hits and hits[0].kind != "date":
        return _linked(pen, "link", hits[0])
    if hits:
        return _linked(pen, "date_good" if told.tone == "good" else "date_bad", hits[0])
    if told.tone == "bad" and told.feeling in _BURDENED and not told.situation:
        ahead = next((fact for fact in upcoming(session) if fresh(fact)), None)
        return _linked(pen, "date_bad", ahead) if ahead else None
    return None


def _linked(pen: Pen, kind: str, fact: Fact) -> str | None:
    return replace(pen, slots={**pen.slots, "fact": fact.text}).write(lines("frames", "remember", kind))


def moved(session: Session, pen: Pen) -> str | None:
    """Now and then: how the mood has moved since the beginning."""
    by = change(session)
    if by is None or abs(by) < MOVED or pen.random.random() < 0.7:
        return None
    return pen.write(lines("frames", "remember", "lighter" if by > 0 else "heavier"))


def option(told: Understanding, pen: Pen) -> str:
    """One small, safe thing to try, the more specific the better."""
    named = (told.situation or "", told.feeling or "" if told.feeling and valence(told.feeling) < 0 else "", "any")
    found = next(choices for name in named if (choices := lines("advice", "options", name)))
    said = " ".join(pen.said)
    unused = [choice for choice in found if key(choice) not in said] or list(lines("advice", "options", "any"))
    return pen.random.choice(unused)
