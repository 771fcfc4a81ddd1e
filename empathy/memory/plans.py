"""What is to happen, and when: "my brother flies to Rome tomorrow", "she has surgery on Tuesday"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .clauses import Clause, clauses
from .fact_words import DAY, EVENTS, MONTH, RELATION, TIME
from .people import meant_by
from .plain import stem
from .turn import turned
from .verbs import word_set

_TIME = re.compile(rf"\b(?:{TIME})(?!\w)", re.IGNORECASE)
_NEAR = re.compile(r"^(?:today|tonight|this|at)\b", re.IGNORECASE)
_HABIT = re.compile(r"\b(?:every|always|usually|often|sometimes|never|rarely|each)\b", re.IGNORECASE)
_BARE_DAY = re.compile(
    rf"(?<!on )(?<!next )(?<!this )(?<!by )(?<!until )(?<!this coming )(?<!last )(?<!every )\b({DAY})\b", re.IGNORECASE)
_STATES = word_set("""
be believe deserve dream enjoy fear feel guess hate have hope know like love mean miss need remember seem think want
wish wonder
""")
"""What is no plan of one's own: "I want to cry tomorrow"; of "have" and "be" only with an event."""

_OWNER = re.compile(rf"^your (?P<who>{RELATION})\b", re.IGNORECASE)
_VAGUE = word_set("it it's it'll that that's this these those there people everybody everyone nobody someone somebody")
_OBJECT = re.compile(rf"\b(her|him)(?= (?:{TIME})| again\b|$)", re.IGNORECASE)
_SUBJECT = re.compile(r"^(she|he)('s|'ll)?\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(her|his)(?= [a-z])", re.IGNORECASE)


def plans(sentence: str, people: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Key, text and topic of every plan with a time to it.

    Args:
        sentence: mended, no question.
        people: who was mentioned before, for "she has surgery on Tuesday"; the last one last.
    """
    for clause in clauses(sentence):
        said = turned(clause, own=False) if _is_plan(clause) else None
        if said is None:
            continue
        said = dated(_named(said, people))
        event = _event(clause)
        owner = _OWNER.match(said)
        whose = "you" if clause.subject in ("I", "we") else owner.group("who").lower() if owner else said.split()[0]
        own = whose == "you" and event in EVENTS
        yield ((stem(event), "when") if own else (stem(whose), stem(event), "when")), said, said


def dated(text: str) -> str:
    """Days and months with a capital, and a bare day with its preposition: "has surgery tuesday" as "on Tuesday"."""
    text = re.sub(rf"\b(?:{DAY}|{MONTH})\b", lambda found: found.group().capitalize(), text, flags=re.IGNORECASE)
    return _BARE_DAY.sub(r"on \1", text)


def _is_plan(clause: Clause) -> bool:
    time = _TIME.search(clause.text)
    if clause.tense == "past" or clause.negated or clause.question or not time or _HABIT.search(clause.text):
        return False
    if clause.lows[0] in _VAGUE:
        return False
    event = _event(clause)
    if clause.subject in ("I", "we") or _NEAR.match(time.group()):
        return event in EVENTS or clause.main not in _STATES
    return True


def _event(clause: Clause) -> str:
    """The event that a clause names, else its verb; whoever marries has a wedding."""
    found = next((low for low in clause.lows[:0:-1] if low in EVENTS), None)
    if found or {"marry", "married", "marries"} & set(clause.lows):
        return found or "wedding"
    return clause.main


def _named(said: str, people: tuple[str, ...]) -> str:
    """The text with the person's name for them in place of a pronoun, where it can only mean one."""
    for shape, form in ((_SUBJECT, "{}"), (_OBJECT, "{}"), (_POSSESSIVE, "{}'s")):
        found = shape.search(said)
        who = meant_by(found.group(1), people) if found else None
        if found and who:
            verb = {"'s": " is", "'ll": " will"}.get(found.groups("")[-1] if shape is _SUBJECT else "", "")
            name = form.format(f"your {who}")
            return f"{said[: found.start()]}{name}{verb}{said[found.end():]}"
    return said
