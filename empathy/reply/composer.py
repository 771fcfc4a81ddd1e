"""The reply without a language model: strategy first (reflect, validate, ask, celebrate, inform, offer), words after.

Every sentence is a human-written one from ``prompts/composer``, filled with the person's own words turned round. What
can't be said safely is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from ..memory.amend import righted
from ..memory.plain import sentences
from ..memory.session import Session, key
from ..protocols import ReplyEngine, ReplyRequest
from ..registry import ModelSpec, Packaged
from ..types import NO_CARE, CareLevel, Estimate
from .answers import asks_of_memory, from_memory, name_of, own_question
from .context import in_conversation, unasked
from .guard import Evidence, check
from .nouns import someone
from .phrases import Pen, lines, table, tidy
from .recollection import link, moved
from .reflect import ask, ask_of_event, option, react, reflect, remark, tails, validate
from .senses import beside_fine, mismatch, seen_and_heard
from .senses import slots as sense_slots
from .short import bare, brief
from .understand import Understanding, is_animal, understand

Parts = list[str | None]

_FELT = 0.04
"""Share of replies with a sentence of their own about the feeling; in the others the first sentence carries it."""
_INSIDE = 0.03
"""Share of replies that put the story into the question."""
_REMARK = 0.1
"""Share of replies with a remark about what is talked of."""
_LONG_STORY = 0.2
"""Share of replies that say more than one clause back."""

INTRODUCTION = 200
"""Letters in which people say their name, when they do."""

_NEEDS_ADVICE = re.compile(r"you (?:need|want|could use|'d like)(?: \w+)? advice")

_LIGHT = ("fine", "yes", "no", "greeting", "how_are_you", "dont_know")
"""Acts so slight that a face and a voice that disagree are worth more words than they are."""


_WARM_UP = ReplyRequest(words="I am glad.", estimate=None, care=NO_CARE, memory=None, messages=(), seed=0)


class Composer:
    """A ``ReplyEngine`` that needs nothing: two to four sentences, one open question, none repeated in a session."""

    name = "composer@1"

    def __init__(self) -> None:
        compose(_WARM_UP)  # reads the sentences once, so that the first word comes at once

    def reply(self, request: ReplyRequest) -> Iterator[str]:
        """Yields sentences; the second and later begin with a space, so that joining the pieces gives the text."""
        for i, sentence in enumerate(compose(request)):
            yield f" {sentence}" if i else sentence


def compose(request: ReplyRequest) -> tuple[str, ...]:
    """The sentences of one reply, the question last."""
    session = request.memory if isinstance(request.memory, Session) else Session.start(0.0)
    random = Random(f"{request.seed}|{session.n_turns}|{request.words}")
    told = understand(request.words, request.estimate)
    told = in_conversation(told, session)
    if request.care.level != "none" and told.tone == "good":  # joy is never the answer to what calls for care
        told = replace(told, tone="plain", feeling=None, situation=None)
    slots = {**_slots(told, session, random), **sense_slots(request.estimate, random)}
    pen = Pen(random, slots, session.said)
    parts = _plan(told, session, request.estimate, pen)
    if request.care.level == "crisis" or request.care.offers:  # care without new offers was spoken of before
        parts = _with_care(request.care.level, parts, pen)
    evidence = Evidence(" ".join([*(turn.words for turn in session.turns), request.words, told.said]), request.estimate)
    fit = [part for part in parts if part and _allowed(part, evidence)]
    if unasked(told, session):
        fit = [part for part in fit if not part.endswith("?")]
    elif any(part and part.endswith("?") for part in parts) and not any(part.endswith("?") for part in fit):
        fit += [another for another in [pen.write(lines("frames", "ask", "plain"))] if another]
    if len(fit) < len([part for part in parts if part]) and all(part.endswith("?") for part in fit):
        fit = [heard for heard in [pen.write(lines("frames", "reflect", f"none_{told.tone}"))] if heard] + fit
    unique = {key(part): part for part in fit}
    return tuple(unique.values()) or (pen.write(lines("frames", "last")) or lines("frames", "last")[0],)


def _allowed(part: str, evidence: Evidence) -> bool:
    """A person's own words said back may be what nobody should say to them: "you're sure you will pass"."""
    return not any(check(sentence, evidence) for sentence in sentences(part))


def _slots(told: Understanding, session: Session, random: Random) -> dict[str, str]:
    """What may be filled into sentences; an absent slot keeps the sentences that need it away."""
    name = name_of(session, told.said[:INTRODUCTION]) or ""
    filled = {"time": told.time, "tone": told.tone, "name": name, "comma_name": f", {name}" if name else " "}
    if told.clause:
        clause = brief(told.clause)
        filled["clause"] = filled["past" if told.past else "now"] = clause
        filled["story"] = brief(told.story or clause) if random.random() < _LONG_STORY else clause
        filled["bare"] = bare(filled["story"]) or ""
        if told.past and told.mould == "event" and clause.startswith(("you ", "your ")):
            filled["event"] = clause
    if right := righted(told.said):
        filled["right"] = right
    filled["tail"] = "" if told.carried or told.other_feeling or told.mould == "belief" else random.choice(tails(told))
    if told.second:
        filled["second"] = told.second
    single = None if (told.object or "s").endswith("s") else told.object  # "what does your potatoes" is no question
    named = (("single", single), ("gerund", told.gerund), ("object", told.object), ("somebody", told.somebody))
    for name, value in named:
        if value and told.mould != "harsh" and not (name == "somebody" and _asked_nothing(value)):
            filled[name] = value
    if told.topic:
        filled["topic"] = told.topic
        if is_animal(told.topic):
            filled["animal"] = told.topic
        elif someone(told.topic):
            filled["person"] = told.topic
        elif not told.topic.endswith("s"):  # "what does your exams" is no question
            filled["thing"] = told.topic
    if told.feeling:
        feeling = table("feelings")[told.feeling]
        filled["adj"], filled["noun"] = random.choice(feeling["adjective"]), random.choice(feeling["noun"])
    if told.other_feeling:
        filled["noun2"] = random.choice(table("feelings")[told.other_feeling]["noun"])
    return filled


def _asked_nothing(somebody: str) -> bool:
    """Whether no question takes the name: an animal has no opinion, and "does your sisters" is no question."""
    return is_animal(somebody) or "baby" in somebody or (somebody.endswith("s") and not somebody.endswith("ss"))


def _plan(told: Understanding, session: Session, estimate: Estimate | None, pen: Pen) -> Parts:
    if told.act == "silence":
        return _without_words(estimate, pen)
    if told.act in ("recall", "my_name") or own_question(told) or asks_of_memory(told, session):
        return [*from_memory(told, session, pen)]
    if told.act == "ask_advice":
        return _advise(told, session, pen)
    if told.act == "introduction" and told.clause:  # more was told than the name
        return [pen.write(lines("acts", "introduction", "say")), *_tell(told, session, estimate, pen)]
    return _tell(told, session, estimate, pen) if told.act == "tell" else _act(told, estimate, pen)


def _advise(told: Understanding, session: Session, pen: Pen) -> Parts:
    """One thing to try, or, where nothing was told yet, the question what it is about."""
    heard = reflect(told, pen) if told.clause and not _NEEDS_ADVICE.match(told.clause) else None
    if not heard and not told.feeling and not told.situation and not session.turns:
        return [pen.write(lines("advice", "about", "say")), pen.write(lines("advice", "about", "ask"))]
    lead = pen.write(lines("advice", "lead")) or "One thing to try:"
    return [heard, tidy(f"{lead} {option(told, pen)}."), pen.write(lines("advice", "ask"))]


def _without_words(estimate: Estimate | None, pen: Pen) -> Parts:
    both = mismatch(estimate, pen)
    if both:
        return [both, pen.write(lines("senses", "masking_ask"))]
    seen = seen_and_heard(estimate, pen)
    if seen:
        return [seen, pen.write(lines("senses", "ask_alone"))]
    return [pen.write(lines("acts", "silence", "say")), pen.write(lines("acts", "silence", "ask"))]


def _act(told: Understanding, estimate: Estimate | None, pen: Pen) -> Parts:
    if told.act == "emoji":
        act = next((name for name, one in table("acts").items() if set(one.get("signs", "")) & set(told.said)), "emoji")
        return [pen.write(lines("acts", act, "say")), pen.write(lines("acts", act, "ask"))]
    said = pen.write(lines("acts", told.act, "say"))
    both = mismatch(estimate, pen) if told.act in _LIGHT else None
    if told.act == "fine" and not both:
        both = beside_fine(estimate, pen)
        said = None if both else said
    if both:
        return [said, both, pen.write(lines("senses", "masking_ask"))]
    return [said, pen.write(lines("acts", told.act, "ask"))]


def _tell(told: Understanding, session: Session, estimate: Estimate | None, pen: Pen) -> Parts:
    """Reflect, show the feeling was understood, and ask about the very thing."""
    first = reflect(told, pen)
    both = mismatch(estimate, pen)
    if both:
        return [first, both, pen.write(lines("senses", "masking_ask"))]
    linked = link(told, session, pen)
    if linked:
        asks = linked.endswith("?")
        return [first, None if asks else validate(told, pen), linked, None if asks else ask(told, pen)]
    chance = pen.random.random()
    felt = validate(told, pen) if chance < _FELT else None
    if felt and told.past and told.tone == "plain" and chance < _INSIDE:  # said back inside the question
        about_it = ask_of_event(pen)
        return [felt, about_it] if about_it else [first, felt, ask(told, pen)]
    if told.other_feeling:
        return [first, pen.write(lines("frames", "name", "mixed")), ask(told, pen)]
    more = felt or (remark(told, pen, first or "") if chance < _FELT + _REMARK else react(told, first or "", pen))
    return [first, more, moved(told, session, pen), ask(told, pen)]


def _with_care(level: CareLevel, parts: Parts, pen: Pen) -> Parts:
    """More care asked for: one sentence of it, and its question instead of ours."""
    say, question = pen.write(lines("care", level, "say")), pen.write(lines("care", level, "ask"))
    if level == "crisis":
        return [say, question]
    heard = [part for part in parts if part and not part.endswith("?")]
    asked = next((part for part in parts if part and part.endswith("?")), None)
    return [*heard[:1], say, question or asked]


SPEC: ModelSpec[ReplyEngine] = ModelSpec(
    name="composer", stage="reply", tier="compact", source=Packaged(package="empathy"), licence="MIT", size_mb=0.2,
    load=lambda _: Composer(), about="grammar over human-written sentences; English only",
)
