"""What the composer makes of one message: what the person does with it, what it is about, how it feels.

Closed lists and shallow grammar, so every decision can be traced to a word. What is not sure stays None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..memory.clauses import Clause, clauses, gerund, things, turned
from ..memory.plain import mend, tokens
from ..types import Emotion, Estimate
from .language import is_english, is_gibberish
from .phrases import lines, pattern, table

Tone: TypeAlias = Literal["bad", "good", "plain"]
Certainty: TypeAlias = Literal["sure", "likely", "maybe"]
Mould: TypeAlias = Literal["event", "feeling", "belief", "harsh", "own"]

_FACT = re.compile(r"^(?:so |and |ok |okay |hey |please )*(?:what|who|when|where|which|how (?:many|much|far|old|tall|big|long|do you (?:make|cook|spell|say))|"
                   r"is it true|can you (?:tell me|look up|search|find|calculate|translate|write)|could you (?:tell me|look up|translate|write)|"
                   r"tell me (?:about|the|what|who|when)|define|translate|calculate|does|did|is|are|why (?:is|are|do|does|did))\b", re.IGNORECASE)
_ABOUT_SELF = re.compile(r"\b(I|I'm|I've|me|my|mine|myself|we|our|us|you|your)\b")
_HARSH = re.compile(r"\b(?:I'm|I am|I was|I feel like|I feel)\s+(?:(?:just|such|so|like|being|really|always|a|an|the|complete|total|totally|completely|absolute)\s+)*"
                    r"(?:failure|loser|idiot|stupid|worthless|useless|pathetic|burden|mess|disappointment|fraud|fool|coward|bad (?:person|mother|father|mom|dad|friend|parent|"
                    r"wife|husband|daughter|son)|terrible (?:person|mother|father|mom|dad|friend|parent)|horrible person|awful person|disgusting|ugly|weak|dumb|waste)\b", re.IGNORECASE)
_POSITIVE = frozenset("""good great happy glad love lovely wonderful amazing excited proud fun won win best beautiful enjoy grateful thankful blessed nice
perfect awesome fantastic finally delicious relaxing thrilled hopeful improved recovered passed promoted accepted gift celebrate surprise pleased delighted
successful cured healthy engaged sweet kind generous confident ready prepared content ecstatic favorite favourite excellent joy lucky""".split())
_NEGATIVE = frozenset("""bad sad lost lose died dead death sick ill cancer hurt pain broke broken alone lonely afraid scared worried anxious angry mad furious
upset terrible horrible awful worst hate fail failed failing failure cry crying cried fired stole stolen cheated lied accident crash hospital problem problems
annoying annoyed frustrated frustrating ashamed embarrassed guilty regret disappointed nervous stressed tired exhausted bored jealous disgusted gross
stuck struggling struggle unfair rude mean ignored forgot missed miss missing fight argument divorce debt broke homeless scary terrified unfortunately ruined
damaged late never wrong yelled hit attacked robbed abused bullied rejected dumped laid depressed devastated can't couldn't won't stomach throw threw vomit
smell burned burnt flooded evicted sore poor""".split())
_FEEL_VERBS = re.compile(r"\b(?:I|we)(?:'m|'ve been|'re)?\s+(?:[a-z]+\s+){0,2}?(?:am|was|were|feel|felt|feeling|get|got|become|became|been)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """One message understood. ``act`` names an act of ``acts.toml`` or "tell". ``clause`` is the person's own clause turned
    round, with its tense and its mould; ``feeling`` a name of ``feelings.toml``; ``situation`` one of
    ``situations.toml``; ``topic`` something of theirs ("your exam")."""

    act: str
    tone: Tone
    clause: str | None = None
    past: bool = False
    gerund: str | None = None
    mould: Mould = "event"
    topic: str | None = None
    feeling: str | None = None
    certainty: Certainty = "maybe"
    situation: str | None = None
    said: str = ""


def understand(words: str, estimate: Estimate | None) -> Understanding:
    """Read one message.

    Args:
        words: what the person said, "" for nothing.
        estimate: leaned on only where it does not abstain and the words leave the feeling open.
    """
    plain = mend(words)
    act = _act(plain)
    if act in ("silence", "foreign", "gibberish"):
        return Understanding(act=act, tone="plain", said=plain)
    situation = _situation(plain)
    feeling, certainty = _feeling(plain, situation, estimate)
    tone = _tone(plain, feeling, situation, estimate)
    if feeling and tone != "plain" and _valence(feeling) * (1 if tone == "good" else -1) < 0:
        feeling, certainty = None, "maybe"
    chosen = _choose(plain, feeling, situation, tone)
    owned = things(plain)
    harsh = bool(_HARSH.search(plain))
    mould: Mould = "harsh" if harsh else "event"
    said = past = ger = None
    if chosen:
        said, past, ger = turned(chosen), chosen.tense == "past", gerund(chosen)
        if not harsh:
            mould = _mould(chosen, situation)
    return Understanding(act=act, tone=tone, clause=said, past=bool(past), gerund=ger, mould=mould, topic=_topic(owned, plain), feeling=feeling,
                         certainty=certainty, situation=situation, said=plain)


def _act(plain: str) -> str:
    if not any(char.isalnum() for char in plain):
        return "silence"
    if not is_english(plain):
        return "foreign"
    if is_gibberish(plain):
        return "gibberish"
    n_words = len([word for word in tokens(plain) if word[0].isalnum()])
    for name, act in table("acts").items():
        found = pattern(tuple(act["match"]))
        if not found or n_words > act.get("max_words", 60) or not found.search(plain):
            continue
        if act.get("max_words", 60) <= 10 and not _mostly(found, plain, n_words):
            continue
        return name
    if plain.endswith("?") and _FACT.match(plain) and not _ABOUT_SELF.search(plain):
        return "fact_question"
    if re.match(r"^(?:please )?(?:translate|calculate|define|solve|convert|google|look up|write (?:me )?(?:a|an|some) )\b", plain, re.IGNORECASE) or re.search(
            r"\d\s*[-+*/x]\s*\d", plain):
        return "fact_question"
    return "tell"


def _mostly(found: re.Pattern[str], plain: str, n_words: int) -> bool:
    """A greeting in front of a story is no greeting: what is left after the match must be short."""
    rest = [word for word in tokens(found.sub(" ", plain)) if word[0].isalnum()]
    return len(rest) <= max(2, n_words // 2) and not (len(rest) > 3 and any(word.startswith("I") for word in rest))


def _situation(plain: str) -> str | None:
    best, score = None, 0
    for name, entry in table("situations").items():
        found = pattern(tuple(entry["match"]))
        if found is None:
            continue
        length = sum(len(hit.group()) for hit in list(found.finditer(plain))[:3])
        if length > score:
            best, score = name, length
    return best


def _feeling(plain: str, situation: str | None, estimate: Estimate | None) -> tuple[str | None, Certainty]:
    """The feeling and how sure it is: named by the person, following from the situation, or read by an engine."""
    stated: list[tuple[int, str]] = []
    for name, entry in table("feelings").items():
        found = pattern(tuple(entry["match"]))
        for hit in found.finditer(plain) if found else ():
            before = plain[max(0, hit.start() - 24):hit.start()].lower()
            if re.search(r"\b(?:not|n't|never|no longer|without|nothing to be|stop being|don't be)\s+(?:\w+\s+){0,2}$", before):
                continue
            own = bool(re.search(r"\b(?:i|i'm|i've|we|we're|me|makes me|made me|feel|felt|feeling|so|was|am)\b[\w' ]*$", before)) or hit.start() < 3
            stated.append(((20 if own else 0) + len(hit.group()), name))
    if stated:
        weight, name = max(stated)
        return name, "sure" if weight >= 20 else "likely"
    if situation:
        return str(table("situations")[situation]["feeling"]), "likely"
    if estimate is not None and not estimate.abstains and estimate.emotions.top != "neutral":
        return _of_emotion(estimate.emotions.top), "likely" if estimate.confidence > 0.75 else "maybe"
    return None, "maybe"


_OF_EMOTION: Mapping[Emotion, str | None] = {"angry": "annoyed", "contempt": "annoyed", "disgust": "disgusted", "fear": "anxious", "happy": "joyful",
                                             "neutral": None, "sad": "sad", "surprise": "surprised"}


def _of_emotion(emotion: Emotion) -> str | None:
    return _OF_EMOTION[emotion]


def _valence(feeling: str) -> int:
    return int(table("feelings")[feeling]["valence"])


def polarity(text: str) -> int:
    """Pleasant minus unpleasant words, a negation before one turning it."""
    total, words = 0, [word.lower() for word in tokens(text)]
    for i, word in enumerate(words):
        value = (word in _POSITIVE) - (word in _NEGATIVE)
        if value and any(before in ("not", "never", "no") or before.endswith("n't") for before in words[max(0, i - 3):i]):
            value = -value
        total += value
    return total


def _tone(plain: str, feeling: str | None, situation: str | None, estimate: Estimate | None) -> Tone:
    score = 1.0 * polarity(plain)
    if feeling:
        score += 1.5 * _valence(feeling)
    if estimate is not None and not estimate.abstains:
        score += 2.0 * estimate.affect.valence * estimate.confidence
    if _HARSH.search(plain) or (situation and table("situations")[situation].get("own")):
        score -= 2
    return "good" if score >= 1 else "bad" if score <= -0.5 else "plain"


def _choose(plain: str, feeling: str | None, situation: str | None, tone: Tone) -> Clause | None:
    """The clause that carries the message, among those that can be turned round."""
    best, score = None, 0.0
    for i, clause in enumerate(clauses(plain)):
        said = turned(clause)
        if said is None:
            continue
        points = 2.0 - 0.15 * i
        sit = pattern(tuple(table("situations")[situation]["match"])) if situation else None
        feel = pattern(tuple(table("feelings")[feeling]["match"])) if feeling else None
        if sit and sit.search(clause.text):
            points += 2.0
        if feel and feel.search(clause.text):
            points += 0.7
        points += {"because": 1.0, "when": 0.7, "that": 0.3}.get(clause.marker, 0.0)
        points += {"I": 0.5, "mine": 0.6, "we": 0.5, "other": -0.3}[clause.subject]
        words = said.split()
        points += 0.5 if 4 <= len(words) <= 11 else -0.4
        if clause.main in ("think", "guess", "know", "remember", "try", "see", "look"):
            points -= 0.8
        if len(words) > 1 and any(word.endswith("ing") for word in words[1:3]) and clause.tense == "past":
            points -= 0.5
        if _is_feeling(clause) and len(words) <= 5:
            points -= 0.6
        if clause.marker in ("if", "unless", "until", "although", "though"):
            points -= 1.5
        leaning = polarity(clause.text)
        points += 0.6 if leaning * {"good": 1, "bad": -1, "plain": 0}[tone] > 0 else -0.6 if leaning * {"good": 1, "bad": -1, "plain": 0}[tone] < 0 else 0
        if points > score:
            best, score = clause, points
    return best


def _is_feeling(clause: Clause) -> bool:
    if clause.subject not in ("I", "we") or clause.main not in ("be", "feel", "get"):
        return False
    rest = " ".join(clause.words[clause.verb:])
    return any(found.search(rest) for entry in table("feelings").values() if (found := pattern(tuple(entry["match"]))))


def _mould(clause: Clause, situation: str | None) -> Mould:
    if situation and table("situations")[situation].get("own") and clause.subject == "I":
        return "own"
    if _is_feeling(clause) or (clause.main == "feel" and clause.subject == "I"):
        return "feeling"
    if clause.main in ("think", "believe", "guess", "wish", "hope", "want", "suppose", "doubt", "wonder", "know", "need") or clause.tense == "future" or (
            clause.subject in ("other", "mine") and clause.main == "be" and clause.tense == "present"):
        return "belief"
    return "event"


def _topic(owned: tuple[str, ...], plain: str) -> str | None:
    """The first thing of the person's that could be asked about; people before things."""
    people = pattern(tuple(lines("topics", "people", "match")))
    for thing in owned:
        if people and people.search(thing):
            return thing
    return owned[0] if owned else None
