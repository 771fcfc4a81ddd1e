"""The reply without a language model: strategy first (reflect, validate, explore, celebrate, inform, offer), words after.

Every sentence is a human-written one from ``prompts/composer``, filled with the person's own words turned round. What
can't be said safely is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from ..memory.facts import Fact
from ..memory.recall import recall, upcoming
from ..memory.session import Session, change, key
from ..protocols import ReplyEngine, ReplyRequest
from ..registry import ModelSpec, Packaged
from ..types import Estimate
from .answers import from_memory, own_question
from .phrases import Pen, lines, table, tidy
from .senses import mismatch, seen_and_heard, slots as sense_slots
from .understand import Understanding, understand

Choices = tuple[str, ...]


class Composer:
    """A ``ReplyEngine`` that needs nothing: two to four sentences, one open question, none repeated in a session."""

    name = "composer@1"

    def reply(self, request: ReplyRequest) -> Iterator[str]:
        """Yields sentences; the second and later begin with a space, so that joining the pieces gives the text."""
        for i, sentence in enumerate(compose(request)):
            yield f" {sentence}" if i else sentence


def compose(request: ReplyRequest) -> tuple[str, ...]:
    """The sentences of one reply, the question last."""
    session = request.memory if isinstance(request.memory, Session) else Session.start(0.0)
    estimate = request.estimate
    random = Random(f"{request.seed}|{session.n_turns}|{request.words}")
    understood = understand(request.words, estimate)
    blank = Pen(random, {}, session.said)
    pen = Pen(random, {**_slots(understood, session, random), **sense_slots(estimate, blank)}, session.said)
    parts = _plan(understood, session, estimate, pen)
    if request.care.level != "none":
        parts = _with_care(request.care.level, parts, pen)
    unique: list[str] = []
    for part in parts:
        if part and key(part) not in {key(earlier) for earlier in unique}:
            unique.append(part)
    return tuple(unique) or ("I'm here.",)


def _slots(understood: Understanding, session: Session, random: Random) -> dict[str, str]:
    filled: dict[str, str] = {}
    if understood.clause:
        filled["clause"] = understood.clause
        filled["past" if understood.past else "now"] = understood.clause
    if understood.gerund:
        filled["gerund"] = understood.gerund
    if understood.topic:
        filled["topic"] = understood.topic
    if understood.feeling:
        feeling = table("feelings")[understood.feeling]
        filled["adj"], filled["noun"] = random.choice(feeling["adjective"]), random.choice(feeling["noun"])
    name = next((fact.text.rsplit(" ", 1)[-1] for fact in session.facts if fact.key == ("you", "name")), "")
    filled["name"] = name
    filled["comma_name"] = f", {name}" if name else " "
    return filled


def _plan(understood: Understanding, session: Session, estimate: Estimate | None, pen: Pen) -> list[str | None]:
    if understood.act == "silence":
        return _without_words(estimate, pen)
    if understood.act in ("recall", "my_name") or own_question(understood):
        return [*from_memory(understood, session, pen)]
    if understood.act == "ask_advice":
        return _offer(understood, pen)
    if understood.act != "tell":
        return _answer_act(understood, estimate, pen)
    return _tell(understood, session, estimate, pen)


def _without_words(estimate: Estimate | None, pen: Pen) -> list[str | None]:
    both = mismatch(estimate, pen)
    if both:
        return [both, pen.write(lines("senses", "masking_ask"))]
    seen = seen_and_heard(estimate, pen)
    if seen:
        return [*seen, pen.write(lines("senses", "ask_alone"))]
    return [pen.write(lines("acts", "silence", "say")), pen.write(lines("acts", "silence", "ask"))]


def _answer_act(understood: Understanding, estimate: Estimate | None, pen: Pen) -> list[str | None]:
    parts = [pen.write(lines("acts", understood.act, "say"))]
    both = mismatch(estimate, pen)
    if both and understood.act in ("fine", "yes", "no", "greeting", "how_are_you", "dont_know"):
        return [*parts, both, pen.write(lines("senses", "masking_ask"))]
    return [*parts, pen.write(lines("acts", understood.act, "ask"))]


def _offer(understood: Understanding, pen: Pen) -> list[str | None]:
    options = lines("advice", "options", understood.situation or "") or lines("advice", "options", understood.feeling or "") or lines(
        "advice", "options", "any")
    unused = tuple(option for option in options if key(option) not in " ".join(pen.said)) or lines("advice", "options", "any")
    lead, option = pen.write(lines("advice", "lead")), pen.random.choice(unused)
    told = _reflect(understood, pen) if understood.clause or understood.feeling else None
    return [told, tidy(f"{lead or 'One thing to try:'} {option}."), pen.write(lines("advice", "ask"))]


def _tell(understood: Understanding, session: Session, estimate: Estimate | None, pen: Pen) -> list[str | None]:
    """Reflect, show the feeling was understood, and ask about the very thing."""
    first = _reflect(understood, pen)
    both = mismatch(estimate, pen)
    if both:
        return [first, both, pen.write(lines("senses", "masking_ask"))]
    linked = _remember(understood, session, pen)
    middle = _validate(understood, pen)
    if linked:
        return [first, None if linked.endswith("?") and pen.random.random() < 0.4 else middle, linked,
                None if linked.endswith("?") else _ask(understood, pen)]
    if pen.random.random() < 0.15:
        first, middle = middle, first if first and first != middle else None
    return [first, middle, _moved(session, pen), _ask(understood, pen)]


def _reflect(understood: Understanding, pen: Pen) -> str | None:
    tone = understood.tone
    if understood.mould == "harsh":
        return pen.write(lines("frames", "reflect", "harsh"))
    choices: Choices = ()
    if understood.clause:
        if understood.mould == "own":
            choices = lines("frames", "reflect", "own")
        elif understood.mould == "belief":
            choices = lines("frames", "reflect", "belief")
        elif understood.mould == "feeling":
            choices = lines("frames", "reflect", "feeling") + (lines("frames", "reflect", f"feeling_{tone}") * 2 if tone != "plain" else ())
        elif tone in ("bad", "good") and _fits(understood):
            choices = lines("frames", "reflect", tone) + lines("frames", "reflect", f"{tone}_gerund")
        else:
            choices = lines("frames", "reflect", "plain")
    return pen.write(choices) or pen.write(lines("frames", "reflect", f"topic_{tone}")) or pen.write(lines("frames", "reflect", f"none_{tone}"))


def _fits(understood: Understanding) -> bool:
    """"I'm sorry" and "how good" go only before a clause that is itself hard or good."""
    from .understand import polarity
    from .phrases import pattern

    clause = understood.clause or ""
    sign = 1 if understood.tone == "good" else -1
    if polarity(clause) * sign > 0:
        return True
    if polarity(clause) * sign < 0:
        return False
    if not understood.situation:
        return False
    situation = table("situations")[understood.situation]
    found = pattern(tuple(situation["match"]))
    return bool(found and found.search(_first_person(clause))) and table("feelings")[situation["feeling"]]["valence"] == sign


def _first_person(clause: str) -> str:
    return clause.replace("your ", "my ").replace("you ", "i ")


def _validate(understood: Understanding, pen: Pen) -> str | None:
    """An inference about the feeling: from the situation, from the feeling, or naming it, as sure as it is."""
    sources: list[Choices] = []
    if understood.situation and _agrees(understood):
        sources.append(lines("situations", understood.situation, "validate"))
    if understood.feeling:
        if understood.certainty != "maybe":
            sources.append(lines("feelings", understood.feeling, "validate"))
        naming = "likely_good" if understood.certainty == "likely" and understood.tone == "good" else understood.certainty
        if naming != "sure" or understood.mould != "feeling":
            sources.append(lines("frames", "name", naming))
    pen.random.shuffle(sources)
    return next((text for choices in sources for text in [pen.write(choices)] if text), None)


def _agrees(understood: Understanding) -> bool:
    """A sentence about a wedding as joy is wrong where the wedding was called off."""
    situation = table("situations")[understood.situation or ""]
    valence = int(table("feelings")[situation["feeling"]]["valence"])
    return valence == 0 or {"good": 1, "bad": -1, "plain": valence}[understood.tone] == valence


def _ask(understood: Understanding, pen: Pen) -> str | None:
    sources: list[Choices] = []
    if understood.situation and _agrees(understood):
        sources += [lines("situations", understood.situation, "ask")] * 2
    if understood.feeling and understood.certainty != "maybe":
        sources += [lines("feelings", understood.feeling, "ask")] * 2
    sources.append(lines("frames", "ask", understood.tone))
    pen.random.shuffle(sources)
    asked = next((text for choices in sources for text in [pen.write(choices)] if text), None)
    return asked or pen.write(lines("frames", "ask", "plain"))


def _remember(understood: Understanding, session: Session, pen: Pen) -> str | None:
    """A link to something said in an earlier turn, where it bears on this one and was not brought up before."""
    brought_up = " ".join(pen.said)

    def fresh(fact: Fact) -> bool:
        return key(fact.text) not in brought_up and fact.text not in (understood.clause or "") and fact.kind not in ("self", "person")

    hits = [fact for fact in recall(session, understood.said) if fresh(fact) and not _told_now(fact, understood)]
    if hits:
        return _linked(pen, "link" if hits[0].kind != "date" else _date_kind(understood), hits[0])
    if understood.tone == "bad" and understood.feeling in ("anxious", "afraid", "tired", "overwhelmed", "sad") and not understood.situation:
        ahead = [fact for fact in upcoming(session) if fresh(fact)]
        if ahead:
            return _linked(pen, "date_bad", ahead[0])
    return None


def _date_kind(understood: Understanding) -> str:
    return "date_good" if understood.tone == "good" else "date_bad"


def _told_now(fact: Fact, understood: Understanding) -> bool:
    return fact.quote.lower().rstrip(".!") in understood.said.lower()


def _linked(pen: Pen, kind: str, fact: Fact) -> str | None:
    return Pen(pen.random, {**pen.slots, "fact": fact.text}, pen.said).write(lines("frames", "remember", kind))


def _moved(session: Session, pen: Pen) -> str | None:
    """Now and then: how the mood has moved since the beginning."""
    moved = change(session)
    if moved is None or abs(moved) < 0.5 or pen.random.random() < 0.7:
        return None
    return pen.write(lines("frames", "remember", "lighter" if moved > 0 else "heavier"))


def _with_care(level: str, parts: list[str | None], pen: Pen) -> list[str | None]:
    """More care asked for: one sentence of it, and its question instead of ours."""
    told = [part for part in parts if part and not part.endswith("?")]
    say, ask = pen.write(lines("care", level, "say")), pen.write(lines("care", level, "ask"))
    if level == "crisis":
        return [say, ask]
    return [*told[:1], say, ask or next((part for part in parts if part and part.endswith("?")), None)]




SPEC: ModelSpec[ReplyEngine] = ModelSpec(
    name="composer", stage="reply", tier="compact", source=Packaged(package="empathy"), licence="MIT", size_mb=0.2, load=lambda _: Composer(),
    about="grammar over human-written sentences; English only")
