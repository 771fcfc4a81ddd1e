"""Which clauses of a message are worth saying back, and how they are said."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from ..memory.clauses import Clause, clauses
from ..memory.fact_words import STATES
from ..memory.plain import join, stems, tokens
from ..memory.turn import turned
from ..memory.verbs import AUXILIARIES, BE, base_of, is_past, word_set
from ..memory.words import DANGLING, HOLLOW, ROUGH
from .feel import SIGN, Tone, entry, matcher, polarity
from .phrases import table

Mould: TypeAlias = Literal["event", "feeling", "belief", "harsh", "judged", "own"]
"""How a clause may be said back: as what happened, as a feeling, as a view, as a judgement that is not repeated, passed
by themselves or by others, as a deed that may be regretted."""

MAX_STORY = 26
"""Words of two clauses said back together."""

MAX_FRAGMENT = 14
MIN_OTHERS = 4
"""Words from which a clause about others is worth saying back."""

_WORTH = 1.0
"""Points below which no clause is said back."""

_STATIVE = word_set("am is are was were i'm we're be been feel felt feels feeling get got became become i've")
_MODALS = frozenset({"should", "could", "would", "might", "may", "must", "shouldn't", "wouldn't"})
_SCENE = frozenset({"when", "while", "as", "since", "after", "before"})
_GOES_ON = frozenset({"and", "but", "because", "so"})
_LIGHT = word_set(
    "be have do go get make see feel enjoy look think know want need love like hate hope wish start try say"
)
_VAGUE = word_set("it it's that that's there this these those")
_OTHERS = word_set("him her them")
_YOURS = word_set("you your you're")
_POINTING = word_set("person one thing way reason")
"""Words after which the clause that says which is missing: "he was the last person"."""
_NEVER_BACK = re.compile(r"kill|suicid|rap(?:e|ed|ing)$|murder|stab|strangl")
_EVERYDAY = word_set("bake buy clean cook do drive eat feed make put shop sit stand stop wait walk wash watch wear")
_MEALS = word_set("breakfast lunch dinner coffee tea")
_BY_THE_WAY = 2.2
"""Points that an everyday deed loses where there is more."""
_NEWS = re.compile(
    r"(?:i |we )?(?:just )?(?:found out|heard|learned|learnt|was told|were told|got told|realised|realized|saw)\b"
    r"|(?:he|she|they|my \w+|the \w+) (?:just )?told (?:me|us)\b", re.IGNORECASE)
"""What brings the news: "found out that they're closing our department"."""
_NAMING = re.compile(r"(?:my name(?:'s| is)|(?:his|her|its) name(?:'s| is)|i'm called)\b", re.IGNORECASE)
_SKIPPED = word_set("which whom whose lest who where if unless until although though whereas")


def candidates(plain: str, feeling: str | None, situation: str | None, tone: Tone) -> list[Clause]:
    """The clauses worth saying back, the one that carries the message first."""
    weighed: list[tuple[float, Clause]] = []
    told = clauses(plain)
    for i, clause in enumerate(told):
        skipped = clause.marker in _SKIPPED or (i == 0 and plain.lower().startswith("if "))
        scene = clause.marker in _SCENE - {"since", "as"} and clause.tense == "present"
        if skipped or scene or _NAMING.match(clause.text) or said_back(clause) is None:
            continue
        points = _weight(clause, feeling, situation, tone) - 0.15 * i
        points -= _BY_THE_WAY * (len(told) > 1 and _is_daily(clause))
        if points > _WORTH:
            weighed.append((points, clause))
    return [clause for _, clause in sorted(weighed, key=lambda pair: _bare_feeling(pair[1]) - pair[0])]


def said_back(clause: Clause) -> str | None:
    """The clause turned round; one about others alone only when it tells of something that happened to somebody."""
    if clause.lows[-1] in _POINTING or any(_NEVER_BACK.match(low) for low in clause.lows):
        return None
    if clause.main == "find" and clause.lows[-1] == "out":
        return None  # what was found out follows
    if clause.main == "die" and clause.subject in ("I", "we"):
        return None  # nobody who writes has died
    theirs = turned(clause)
    if theirs or clause.subject != "other":
        return theirs
    somebody = clause.lows[0].split("'")[0] in ("he", "she", "they") and (
        clause.main != "be" or (clause.tense == "present" and "they" not in clause.lows[0]))
    if not somebody and (clause.tense != "past" or clause.main == "be"):
        return None
    least = 2 if somebody else MIN_OTHERS
    return None if clause.lows[0] in _VAGUE or len(clause.words) < least else turned(clause, own=False)


def story(plain: str, worth: list[Clause]) -> str | None:
    """The clause that carries the message with the one that goes on from it, else with another that is worth saying,
    in the order they were told; where both stay short."""
    found, chosen = clauses(plain), worth[0]
    at = found.index(chosen)
    after = found[at + 1] if at + 1 < len(found) else None
    if after and after.marker in _GOES_ON and said_back(after):
        return _joined(chosen, after, after.marker) or said_back(chosen)
    for other in worth[1:]:
        if other.tense == chosen.tense and other.subject != "other" and other.main not in HOLLOW:
            first, second = (chosen, other) if at < found.index(other) else (other, chosen)
            told = _joined(first, second, "")
            if told:
                return told
    return said_back(chosen)


def _joined(first: Clause, second: Clause, marker: str) -> str | None:
    said, more = said_back(first), said_back(second)
    if not said or not more or len(f"{said} {more}".split()) > MAX_STORY or _is_feeling(second):
        return None
    return f"{said} {marker} {more}" if marker else f"{said}, and {more}"


def fragment(plain: str) -> str | None:
    """A message without a verb of its own, as a thing: "hanging out with my dog" said back."""
    words = tokens(plain.strip().rstrip(".!"))
    lows = [word.lower() for word in words]
    if not 3 <= len(words) <= MAX_FRAGMENT or not lows[0].endswith("ing") or base_of(lows[0]) is None:
        return None
    if any(not low[0].isalnum() or low in _YOURS or low in AUXILIARIES or ROUGH.match(low) for low in lows):
        return None
    if any(is_past(low) or (low.endswith("s") and base_of(low) is not None) for low in lows):
        return None  # "moving scares me" has a verb
    theirs = {"my": "your", "our": "your", "me": "you", "us": "you", "i'm": "you're"}
    return None if "I" in words or lows[-1] in DANGLING else join([theirs.get(low, word) for low, word in
                                                                 zip(lows, [lows[0], *words[1:]], strict=True)])


def deed(clause: Clause, situation: str | None) -> str | None:
    """Something that was done or happened, once: what one can ask "what was it like when ..." about."""
    plain_past = clause.tense == "past" and clause.lows[clause.verb] not in BE
    past = plain_past and clause.main not in _LIGHT and not clause.negated and len(clause.words) > 3
    return turned(clause) if past and mould_of(clause, situation) == "event" and clause.subject != "other" else None


def _weight(clause: Clause, feeling: str | None, situation: str | None, tone: Tone) -> float:
    """How much a clause carries: the situation or the feeling in it, whose it is, its length, its leaning."""
    lows, text = clause.lows, clause.text
    leaning = polarity(text)
    in_situation = bool(situation and matcher("situations", situation).search(text))
    points = 2.0 + 0.7 * bool(feeling and matcher("feelings", feeling).search(text))
    points += 2.0 * (in_situation and leaning * SIGN[tone] >= 0)
    points += {"I": 0.5, "mine": 0.6, "we": 0.5, "other": -0.3}[clause.subject]
    points += {"because": 1.0, "when": 0.4, "but": 0.6}.get(clause.marker, 0.0)
    points += 1.2 * bool(_NEWS.match(text))
    points += 0.5 if 4 <= len(lows) <= (15 if _NEWS.match(text) else 11) else -0.4
    points += 0.6 * max(-1, min(1, leaning * SIGN[tone]))
    if clause.marker in _SCENE and not leaning and not in_situation:
        points -= 1.3
    if clause.main in ("go", "come") and clause.tense == "past" and not leaning and not in_situation:
        points -= 1.8  # where they went is where it begins
    if clause.marker == "so" and {"could", "can", "would"} & set(lows):
        points -= 1.5
    if clause.main in ("think", "guess", "know", "remember", "try", "see", "look"):
        points -= 0.8
    if clause.tense == "past" and any(low.endswith("ing") for low in lows[1:3]):
        points -= 0.5
    if len(lows) > 2 and lows[1] in ("was", "were") and lows[2] in ("at", "in", "on", "driving", "walking", "sitting"):
        points -= 0.8
    if len(lows) <= 4 and lows[-1] in _VAGUE | _OTHERS:
        points -= 0.7 if tone == "good" and leaning > 0 else 1.5  # "I miss it" says nothing without what it is
    if not stems(text) - {clause.main} and clause.main in _LIGHT:
        points -= 1.0
    return points - 0.6 * _bare_feeling(clause)


def _is_daily(clause: Clause) -> bool:
    """Something done every day, told on the way to what matters: "I fed the cat", "I had breakfast"."""
    arrived = clause.main == "get" and clause.lows[clause.verb + 1 :][:1] == ["to"]
    done = arrived or clause.main in _EVERYDAY or (clause.main == "have" and bool(_MEALS & set(clause.lows)))
    return done and clause.subject in ("I", "we") and clause.tense == "past" and not polarity(clause.text)


def _bare_feeling(clause: Clause) -> bool:
    """"I was so scared": said back only where there is nothing to say it of."""
    return _is_feeling(clause) and len(clause.lows) <= 5


def _is_feeling(clause: Clause) -> bool:
    """The person's own state, named: "I was so scared of it", "I feel lonely"."""
    if clause.subject not in ("I", "we") or clause.lows[clause.verb] not in _STATIVE:
        return False
    rest = " ".join(clause.words[clause.verb : clause.verb + 5])
    return any(matcher("feelings", name).search(rest) for name in table("feelings"))


def mould_of(clause: Clause, situation: str | None) -> Mould:
    if clause.subject == "I" and entry(situation).get("own"):
        return "own"
    if _is_feeling(clause) or (clause.main == "feel" and clause.subject == "I"):
        return "feeling"
    lows = clause.lows
    if lows[clause.verb] in _MODALS:
        return "belief"
    judged = clause.subject in ("other", "mine") and clause.main == "be" and clause.tense == "present"
    state = STATES.search(clause.text.lower()) or any(low.endswith("ing") for low in lows)
    if judged and polarity(clause.text) < 0 and not (state or entry(situation).get("strong")):
        return "belief"
    return "event"
