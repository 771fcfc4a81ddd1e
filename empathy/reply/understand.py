"""What the composer makes of one message: what the person does with it, what it is about, how it feels.

Closed lists and shallow grammar, so every decision can be traced to a word. What is not sure stays None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..memory.amend import amended
from ..memory.clauses import Clause, clauses
from ..memory.plain import mend, tokens
from ..memory.things import things
from ..memory.turn import gerund
from ..memory.verbs import is_past
from ..types import Estimate
from .acts import act_of
from .feel import (
    Certainty,
    Tone,
    feeling_of,
    harsh,
    in_core,
    in_vain,
    judged,
    literal,
    matcher,
    situation_of,
    stated,
    subjects_of,
    tone_of,
    valence,
)
from .nouns import best_thing, noun_phrases, someone
from .phrases import lines, pattern
from .retell import Mould, candidates, deed, fragment, mould_of, said_back, story

Time: TypeAlias = Literal["past", "now", "ahead"]

MAX_READ = 2400
"""Letters read of one message: its beginning and its end; keeps the first word of the reply within 50 ms."""

_ON_DAY = re.compile(r"\bon (?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)

WORDLESS = ("silence", "emoji", "foreign", "gibberish")
"""Acts of messages in which nothing is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """One message understood. ``act`` names an act of ``acts.toml`` or "tell". ``clause`` is the person's own clause
    turned round, ``story`` that clause with the one that goes on from it, ``second`` another thing they did or that
    happened; ``verb`` the dictionary form of what they did; ``past`` whether the clause tells of something done;
    ``feeling`` and ``other_feeling`` (of the opposite sign) are names of ``feelings.toml``, ``theirs`` whether the
    first is somebody else's; ``situation`` one of ``situations.toml``, ``subjects`` of ``subjects.toml``; ``topic``
    something of theirs ("your exam"), ``object`` a thing and ``somebody`` a person or an animal that they named;
    ``carried`` whether the feeling is that of the message before; ``said`` the mended words."""

    act: str
    tone: Tone
    clause: str | None = None
    story: str | None = None
    second: str | None = None
    verb: str | None = None
    past: bool = False
    time: Time = "now"
    gerund: str | None = None
    mould: Mould = "event"
    topic: str | None = None
    object: str | None = None
    somebody: str | None = None
    feeling: str | None = None
    certainty: Certainty = "maybe"
    other_feeling: str | None = None
    theirs: bool = False
    situation: str | None = None
    subjects: tuple[str, ...] = ()
    carried: bool = False
    said: str = ""


def understand(words: str, estimate: Estimate | None) -> Understanding:
    """Read one message.

    Args:
        words: what the person said, "" for nothing.
        estimate: leaned on only where it does not abstain and the words leave the feeling open.
    """
    plain = mend(words if len(words) <= MAX_READ else f"{words[: MAX_READ // 2]}. {words[-MAX_READ // 2 :]}")
    plain = amended(plain)
    act = act_of(plain)
    if act in WORDLESS:
        return Understanding(act=act, tone="plain", said=plain)
    meant = literal(plain)
    situation, feelings = situation_of(meant), stated(meant)
    subjects = subjects_of(meant)
    tone = tone_of(meant, feelings, situation, estimate, subjects)
    light = tone == "bad" and matcher("lexicon", "laughter").search(plain)
    if not feelings and (light or matcher("lexicon", "narrow").search(plain)):
        tone, situation = "plain", None  # neither pity nor cheers for what they laugh at, or what only just went well
    feeling, certainty = feeling_of(meant, feelings, situation, tone, estimate)
    worth = candidates(plain, feeling, situation, tone)
    chosen = worth[0] if worth else None
    told = story(plain, worth) if chosen else None
    denied = chosen is not None and chosen.negated and tone == "plain"
    others = (deed(one, situation) for one in worth[1:])
    named = noun_phrases(plain)
    opposite = (one.name for one in feelings if one.own and feeling and valence(one.name) * valence(feeling) < 0)
    return Understanding(
        act=act,
        tone=tone,
        clause=said_back(chosen) if chosen else None,
        story=told,
        verb=chosen.main if chosen and chosen.subject in ("I", "we") else None,
        second=next((said for said in others if said and said not in (told or "")), None),
        past=bool(chosen and chosen.tense == "past" and chosen.main != "be"),
        time=_time(plain),
        gerund=gerund(chosen) if chosen else fragment(plain),
        mould=_mould(plain, chosen, situation),
        topic=_topic(things(plain)),
        object=best_thing(named),
        somebody=next(filter(someone, named), None),
        feeling=feeling,
        certainty=certainty,
        other_feeling=next(opposite, None),
        theirs=any(one.name == feeling and not one.own for one in feelings[:1]),
        situation=situation,
        subjects=() if denied or in_vain(plain) else in_core(subjects, chosen.text if chosen else ""),
        said=plain,
    )


def _mould(plain: str, chosen: Clause | None, situation: str | None) -> Mould:
    if judged(plain):
        return "judged"
    return "harsh" if harsh(plain) else mould_of(chosen, situation) if chosen else "event"


def _time(plain: str) -> Time:
    """Whether the message looks ahead, back, or is about now."""
    if matcher("lexicon", "ahead").search(plain):
        return "ahead"
    found = clauses(plain)
    if _ON_DAY.search(plain) and found and all(clause.tense == "present" for clause in found):
        return "ahead"
    if not found:
        past = any(is_past(word.lower()) or word.lower() in ("was", "were") for word in tokens(plain))
        return "past" if past else "now"
    return "past" if 2 * sum(clause.tense == "past" for clause in found) >= len(found) else "now"


def _topic(owned: tuple[str, ...]) -> str | None:
    """Something of the person's that is worth a question: people first, then things of weight ("your exam", not "your
    sandwich")."""
    known = pattern(lines("topics", "things", "match"))
    weighty = (thing for thing in owned if known and known.search(thing))
    return next((thing for thing in owned if someone(thing)), next(weighty, None))


def is_animal(thing: str) -> bool:
    """True for an animal the person lives with."""
    animals = pattern(lines("topics", "animals", "match"))
    return bool(animals and animals.search(thing))
