"""What the composer makes of one message: what the person does with it, what it is about, how it feels.

Closed lists and shallow grammar, so every decision can be traced to a word. What is not sure stays None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ..memory.clauses import Clause, clauses
from ..memory.plain import mend, stems, tokens
from ..memory.things import things
from ..memory.turn import gerund, turned
from ..memory.verbs import BE, is_past, word_set
from ..types import Estimate
from .acts import act_of
from .feel import (
    SIGN,
    Certainty,
    Tone,
    entry,
    feeling_of,
    harsh,
    matcher,
    polarity,
    situation_of,
    stated,
    tone_of,
    valence,
)
from .phrases import lines, pattern, table

Mould: TypeAlias = Literal["event", "feeling", "belief", "harsh", "own"]
"""How a clause may be said back: as what happened, as a feeling, as a view, as a judgement that is not repeated, as a
deed that may be regretted."""

Time: TypeAlias = Literal["past", "now", "ahead"]

MAX_READ = 2400
"""Letters read of one message: its beginning and its end; keeps the first word of the reply within 50 ms."""

SHORT = 8
"""Words up to which a message may lean on the one before it."""

MAX_STORY = 19
"""Words of two clauses said back together."""

_WORTH = 1.0
"""Points below which no clause is said back."""

_STATIVE = word_set("am is are was were i'm we're be been feel felt feels feeling get got became become i've")
_MODALS = frozenset({"should", "could", "would", "might", "may", "must", "shouldn't", "wouldn't"})
_SCENE = frozenset({"when", "while", "as", "since", "after", "before"})
_CARRIES = ("tell", "yes", "no", "dont_know", "ask_advice")
_GOES_ON = frozenset({"and", "but", "because", "so"})
_LIGHT = word_set(
    "be have do go get make see feel enjoy look think know want need love like hate hope wish start try say"
)
_SKIPPED = frozenset({"which", "who", "where", "if", "unless", "until", "although", "though", "whereas"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """One message understood. ``act`` names an act of ``acts.toml`` or "tell". ``clause`` is the person's own clause
    turned round, ``story`` that clause with the one that goes on from it, ``second`` another thing they did or that
    happened; ``verb`` the dictionary form of what they did; ``past`` whether the clause tells of something done;
    ``feeling`` and ``other_feeling`` (of the opposite sign) are names of ``feelings.toml``; ``situation`` one of
    ``situations.toml``; ``topic`` something of theirs ("your exam"); ``said`` the mended words."""

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
    feeling: str | None = None
    certainty: Certainty = "maybe"
    other_feeling: str | None = None
    situation: str | None = None
    said: str = ""


def understand(words: str, estimate: Estimate | None) -> Understanding:
    """Read one message.

    Args:
        words: what the person said, "" for nothing.
        estimate: leaned on only where it does not abstain and the words leave the feeling open.
    """
    plain = mend(words if len(words) <= MAX_READ else f"{words[: MAX_READ // 2]}. {words[-MAX_READ // 2 :]}")
    act = act_of(plain)
    if act in ("silence", "foreign", "gibberish"):
        return Understanding(act=act, tone="plain", said=plain)
    meant = matcher("lexicon", "figures").sub(" ", plain)
    situation, feelings = situation_of(meant), stated(meant)
    tone = tone_of(meant, feelings, situation, estimate)
    feeling, certainty = feeling_of(meant, feelings, situation, tone, estimate)
    candidates = _candidates(plain, feeling, situation, tone)
    chosen = candidates[0] if candidates else None
    story = _story(plain, chosen) if chosen else None
    others = (_deed(one, situation) for one in candidates[1:])
    opposite = (one.name for one in feelings if one.own and feeling and valence(one.name) * valence(feeling) < 0)
    return Understanding(
        act=act,
        tone=tone,
        clause=turned(chosen) if chosen else None,
        story=story,
        verb=chosen.main if chosen and chosen.subject in ("I", "we") else None,
        second=next((said for said in others if said and said not in (story or "")), None),
        past=bool(chosen and chosen.tense == "past" and chosen.main != "be"),
        time=_time(plain),
        gerund=gerund(chosen) if chosen else None,
        mould="harsh" if harsh(plain) else _mould(chosen, situation) if chosen else "event",
        topic=_topic(things(plain)),
        feeling=feeling,
        certainty=certainty,
        other_feeling=next(opposite, None),
        situation=situation,
        said=plain,
    )


def in_context(told: Understanding, before: Understanding) -> Understanding:
    """The message read after the one before it: a short one that tells no feeling of its own goes on with that of the
    message before, and after good news somebody's tears are no bad ones."""
    if told.act not in _CARRIES or before.act in ("silence", "foreign", "gibberish"):
        return told
    told = replace(told, topic=told.topic or before.topic)
    weak = told.certainty != "sure" and not entry(told.situation).get("strong")
    if before.tone == "good" and told.tone == "bad" and weak:
        return replace(told, tone="plain", feeling=None, situation=None)
    bare = not told.feeling and not told.situation and told.tone == "plain"
    if told.act != "tell" or not bare or len(told.said.split()) > SHORT:
        return told
    certainty: Certainty = "maybe" if before.certainty == "maybe" else "likely"
    return replace(told, tone=before.tone, feeling=before.feeling, situation=before.situation, certainty=certainty)


def _time(plain: str) -> Time:
    """Whether the message looks ahead, back, or is about now."""
    if matcher("lexicon", "ahead").search(plain):
        return "ahead"
    found = clauses(plain)
    if not found:
        past = any(is_past(word.lower()) or word.lower() in ("was", "were") for word in tokens(plain))
        return "past" if past else "now"
    return "past" if 2 * sum(clause.tense == "past" for clause in found) >= len(found) else "now"


def _candidates(plain: str, feeling: str | None, situation: str | None, tone: Tone) -> list[Clause]:
    """The clauses worth saying back, the one that carries the message first."""
    weighed: list[tuple[float, Clause]] = []
    for i, clause in enumerate(clauses(plain)):
        skipped = clause.marker in _SKIPPED or (i == 0 and plain.lower().startswith("if "))
        scene = clause.marker in _SCENE - {"since", "as"} and clause.tense == "present"
        if skipped or scene or turned(clause) is None:
            continue
        points = _weight(clause, feeling, situation, tone) - 0.15 * i
        if points > _WORTH:
            weighed.append((points, clause))
    return [clause for _, clause in sorted(weighed, key=lambda pair: -pair[0])]


def _story(plain: str, chosen: Clause) -> str | None:
    """The chosen clause with the next one, where that goes on from it and both stay short."""
    said = turned(chosen)
    found = clauses(plain)
    at = found.index(chosen) + 1
    after = found[at] if at < len(found) else None
    more = turned(after) if after else None
    if not said or not after or not more or after.marker not in _GOES_ON or len(f"{said} {more}".split()) > MAX_STORY:
        return said
    return f"{said} {after.marker} {more}"


def _deed(clause: Clause, situation: str | None) -> str | None:
    """Something that was done or happened, once: what one can ask "what was it like when ..." about."""
    plain_past = clause.tense == "past" and clause.lows[clause.verb] not in BE
    past = plain_past and clause.main not in _LIGHT and not clause.negated and len(clause.words) > 3
    return turned(clause) if past and _mould(clause, situation) == "event" and clause.subject != "other" else None


def _weight(clause: Clause, feeling: str | None, situation: str | None, tone: Tone) -> float:
    """How much a clause carries: the situation or the feeling in it, whose it is, its length, its leaning."""
    lows, text = clause.lows, clause.text
    leaning = polarity(text)
    in_situation = bool(situation and matcher("situations", situation).search(text))
    points = 2.0 + 2.0 * in_situation + 0.7 * bool(feeling and matcher("feelings", feeling).search(text))
    points += {"I": 0.5, "mine": 0.6, "we": 0.5, "other": -0.3}[clause.subject]
    points += {"because": 1.0, "when": 0.4}.get(clause.marker, 0.0)
    points += 0.5 if 4 <= len(lows) <= 11 else -0.4
    points += 0.6 * max(-1, min(1, leaning * SIGN[tone]))
    if clause.marker in _SCENE and not leaning and not in_situation:
        points -= 1.3
    if clause.marker == "so" and {"could", "can", "would"} & set(lows):
        points -= 1.5
    if clause.main in ("think", "guess", "know", "remember", "try", "see", "look"):
        points -= 0.8
    if clause.tense == "past" and any(low.endswith("ing") for low in lows[1:3]):
        points -= 0.5
    if len(lows) > 2 and lows[1] in ("was", "were") and lows[2] in ("at", "in", "on", "driving", "walking", "sitting"):
        points -= 0.8
    if not stems(text) - {clause.main} and clause.main in _LIGHT:
        points -= 1.0
    return points - 0.6 * (_is_feeling(clause) and len(lows) <= 5)


def _is_feeling(clause: Clause) -> bool:
    """The person's own state, named: "I was so scared of it", "I feel lonely"."""
    if clause.subject not in ("I", "we") or clause.lows[clause.verb] not in _STATIVE:
        return False
    rest = " ".join(clause.words[clause.verb : clause.verb + 5])
    return any(matcher("feelings", name).search(rest) for name in table("feelings"))


def _mould(clause: Clause, situation: str | None) -> Mould:
    if clause.subject == "I" and entry(situation).get("own"):
        return "own"
    if _is_feeling(clause) or (clause.main == "feel" and clause.subject == "I"):
        return "feeling"
    lows = clause.lows
    if lows[clause.verb] in _MODALS:
        return "belief"
    judged = clause.subject in ("other", "mine") and clause.main == "be" and clause.tense == "present"
    if judged and polarity(clause.text) < 0 and not any(low.endswith("ing") for low in lows):
        return "belief"
    return "event"


def _topic(owned: tuple[str, ...]) -> str | None:
    """Something of the person's that is worth a question: people first, then things of weight ("your exam", not "your
    sandwich")."""
    known = pattern(lines("topics", "things", "match"))
    weighty = (thing for thing in owned if known and known.search(thing))
    return next((thing for thing in owned if is_person(thing)), next(weighty, None))


def is_person(thing: str) -> bool:
    """True for people and animals, by the words of ``topics.toml``."""
    people = pattern(lines("topics", "people", "match"))
    return bool(people and "'s " not in thing and people.search(thing))


def is_animal(thing: str) -> bool:
    """True for an animal the person lives with."""
    animals = pattern(lines("topics", "animals", "match"))
    return bool(animals and animals.search(thing))
