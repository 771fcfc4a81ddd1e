"""How a message feels: feelings named, the situation it tells of, its tone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from ..memory.plain import tokens
from ..types import Emotion, Estimate
from .phrases import pattern, table

Tone: TypeAlias = Literal["bad", "good", "plain"]
Certainty: TypeAlias = Literal["sure", "likely", "maybe"]

SIGN: Mapping[Tone, int] = {"good": 1, "bad": -1, "plain": 0}

GOOD, BAD = 1.0, -0.5
"""Scores from which a message counts as good or bad; joy needs more ground than sympathy."""

LONG = 8
"""Letters from which a feeling word weighs no more; "devastated" is not less than "don't know what to"."""

MAX_SUBJECTS = 3
"""Subjects of one message that are worth a word."""

READ_FOR_SUBJECTS = 600
"""Letters in which people have said what it is about."""

LIKELY = 0.75
"""Confidence of an estimate from which its feeling is called likely rather than a guess."""

_OF_EMOTION: Mapping[Emotion, str | None] = {
    "angry": "annoyed", "contempt": "annoyed", "disgust": "disgusted", "fear": "anxious", "happy": "joyful",
    "neutral": None, "sad": "sad", "surprise": "surprised",
}
_PRONOUN = re.compile(
    r"\b(I|I'm|I've|I'd|[Ww]e|[Ww]e're|me|us|(?:[Mm]y|[Oo]ur) \w+"
    r"|(?i:he|she|they|him|her|them|he's|she's|they're|people|everyone|someone|who|his|their))\b"
)
_OWN = ("I", "I'm", "I've", "I'd", "we", "we're", "me", "us", "my heart", "my life", "my day", "my mind", "my week")
_DENIED = re.compile(
    r"(?:\b(?:not|never|no longer|hardly|barely|without|nothing to|stop being|don't be|instead of"
    r"|should(?: be| feel)?|supposed to be|ought to be|would be|wish I was|wish I were|used to be)|n't|'d be)"
    r"\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_TURNING = ("not", "never", "no", "hardly", "barely", "without")
_WORD = re.compile(r"[\w$'-]+")
_OTHERS = re.compile(r"(?:\b(?:his|her|their|your)|'s)\s+(?:\w+\s+)?$")
_TOLD_SO = re.compile(
    r"\b(?!I\b)(?:\w+ )(?:said|says|told me|tells me|thinks|thought|called|calls)(?: (?:that|me))*"
    r"(?: (?:I'm|I am|I was))?\s+(?:[\w']+\s+){0,3}$", re.IGNORECASE)
_KEEPS = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|could not) (?:seem to )?(?:stop|help) (?=\w+ing\b)", re.IGNORECASE)
_IN_VAIN = re.compile(
    r"\bbut (?:nothing|nobody|no one|none|(?:it|he|she|they) (?:didn't|doesn't|don't|won't|never))\b", re.IGNORECASE)
_MOCKED = re.compile(r"\b(?:laugh|smil|smirk|grinn?)(?:ed|es?|s|ing)? (?:at|about) (?:me|us|my \w+)\b", re.IGNORECASE)
_SELF = re.compile(r"\b(?:I'm|I am|I was|I feel like|I feel|I've been)\s+(?:[\w']+\s+){0,4}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A feeling word: ``own`` when the person says it of themselves."""

    name: str
    own: bool
    weight: float


def matcher(kind: str, name: str) -> re.Pattern[str]:
    """The expression of an entry of a file of ``prompts/composer`` that has a ``match``."""
    found = pattern(tuple(table(kind)[name]["match"]))
    if found is None:
        raise ValueError(f"[{name}] of prompts/composer/{kind}.toml has an empty match")
    return found


def entry(situation: str | None) -> Mapping[str, Any]:
    """A situation's table, empty for None."""
    return table("situations")[situation] if situation else {}


def valence(feeling: str) -> int:
    """-1, 0 or 1, as written in ``feelings.toml``."""
    return int(table("feelings")[feeling]["valence"])


def leaning(situation: str) -> int:
    """The valence of what most people feel in a situation."""
    return valence(str(entry(situation)["feeling"]))


def literal(plain: str) -> str:
    """A message without its figures of speech, and "can't stop worrying" as what it means: it goes on."""
    return _KEEPS.sub("keep ", matcher("lexicon", "figures").sub(" ", plain))


def stated(plain: str) -> tuple[Stated, ...]:
    """Every feeling named, the weightiest first: the person's own before others', after "but" before before it."""
    found: list[Stated] = []
    hits = [(name, hit) for name in table("feelings") for hit in matcher("feelings", name).finditer(plain)]
    spans = [hit.span() for _, hit in hits]
    for name, hit in hits:
        if not any(_within(hit.span(), other) for other in spans):  # "was looking forward" is no "looking forward"
            sentence = re.split(r"[.!?]\s", plain[: hit.start()])[-1]
            if _DENIED.search(sentence):
                continue
            pronouns = _PRONOUN.findall(sentence)
            own = not pronouns or pronouns[-1] in _OWN or pronouns[-1].lower() in _OWN
            late = 6.0 if re.search(r"\bbut\b", sentence) else 0.0
            found.append(Stated(name=name, own=own, weight=20.0 * own + late + min(LONG, len(hit.group()))))
    return tuple(sorted(found, key=lambda one: -one.weight))


def situation_of(plain: str) -> str | None:
    """The situation with the longest matching words; a weak one does not count when it is somebody else's."""
    best, score = None, 0
    for name, found in table("situations").items():
        hits = [hit for hit in matcher("situations", name).finditer(plain)
                if found.get("strong") or not _OTHERS.search(plain[: hit.start()])]
        length = sum(len(hit.group()) for hit in hits[:3]) * (2 if found.get("strong") else 1)
        if length > score:
            best, score = name, length
    return best


def subjects_of(plain: str) -> tuple[str, ...]:
    """What is talked about: names of ``subjects.toml``, the one named most precisely first; "lost my job" is not about
    "lost my ..."."""
    plain = plain[:READ_FOR_SUBJECTS]
    words = {word.lower() for word in _WORD.findall(plain)}
    begun = (name for beginnings, name in _beginnings() if any(word.startswith(beginnings) for word in words))
    spans = [(hit.span(), name) for name in begun for hit in matcher("subjects", name).finditer(plain)]
    best: dict[str, int] = {}
    for span, name in spans:
        if not any(_within(span, other) for other, _ in spans):
            best[name] = max(best.get(name, 0), span[1] - span[0])
    return tuple(sorted(best, key=lambda name: -best[name])[:MAX_SUBJECTS])


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a hit is a part of another, longer one."""
    return span != other and other[0] <= span[0] and span[1] <= other[1]


@cache
def _beginnings() -> tuple[tuple[tuple[str, ...], str], ...]:
    """The first words of a subject's phrases, so that most subjects are ruled out at a glance."""
    return tuple((tuple({re.split(r"[ *+]", phrase)[0] for phrase in found["match"]}), name)
                 for name, found in table("subjects").items())


def in_core(subjects: tuple[str, ...], core: str) -> tuple[str, ...]:
    """The subjects, those that the ``core`` of a message speaks of first."""
    return tuple(sorted(subjects, key=lambda name: matcher("subjects", name).search(core) is None))


@cache
def _leaning_words() -> tuple[frozenset[str], frozenset[str]]:
    lexicon = table("lexicon")
    return frozenset(lexicon["pleasant"]["words"]), frozenset(lexicon["unpleasant"]["words"])


def polarity(text: str) -> int:
    """Pleasant minus unpleasant words, a negation before one turning it."""
    pleasant, unpleasant = _leaning_words()
    total, words = 0, [word.lower() for word in tokens(_MOCKED.sub("mocked", text))]
    for i, word in enumerate(words):
        value = (word in pleasant) - (word in unpleasant)
        before = words[max(0, i - 3) : i]
        if {"should", "would"} & set(before) or any(other.endswith("'d") for other in before):
            continue  # "he'd be proud", "I should be happy" say what is not so
        turned = any(other in _TURNING or other.endswith("n't") for other in before)
        total += -value if turned else value
    return total


def harsh(plain: str) -> bool:
    """True when the person passes judgement on themselves."""
    return any(_SELF.search(plain[: hit.start()]) for hit in matcher("lexicon", "harsh").finditer(plain))


def judged(plain: str) -> bool:
    """True when somebody else passed judgement on the person: "he said I was a disappointment"."""
    return any(_TOLD_SO.search(plain[: hit.start()]) for hit in matcher("lexicon", "harsh").finditer(plain))


def in_vain(plain: str) -> bool:
    """Whether an effort is told of that came to nothing: "I studied all week but nothing sticks"."""
    return bool(_IN_VAIN.search(plain))


def tone_of(plain: str, feelings: tuple[Stated, ...], situation: str | None, estimate: Estimate | None,
            subjects: tuple[str, ...] = ()) -> Tone:
    """Good, bad or plain, from words, feelings, situation, the first of the subjects and, where it does not abstain,
    the estimate."""
    score = float(polarity(plain))
    if score > 0 and not feelings and not situation:
        score /= 2  # one pleasant word makes no good news
    if score >= 0 and "!!" in plain:
        score += 1.0  # nobody shouts twice about nothing, and bad news has its own words
    if feelings:
        score += (1.5 if feelings[0].own else 0.8) * valence(feelings[0].name)
    if situation:
        score += (1.5 if entry(situation).get("strong") else 0.4) * leaning(situation)
    leans = float(table("subjects")[subjects[0]].get("leans", 0)) if subjects else 0.0
    if not (feelings and feelings[0].own and leans * valence(feelings[0].name) < 0):  # a holiday one missed is no joy
        score += 0.6 * leans
    if estimate is not None and not estimate.abstains:
        score += 2.0 * estimate.affect.valence * estimate.confidence
    grave = matcher("lexicon", "grave").search(plain) and not matcher("lexicon", "relief").search(plain)
    if harsh(plain) or judged(plain) or grave:
        score = min(score - 3.0, 0.5)
    if in_vain(plain):
        score = min(score, BAD)
    return "good" if score >= GOOD else "bad" if score <= BAD else "plain"


def feeling_of(plain: str, feelings: tuple[Stated, ...], situation: str | None, tone: Tone,
               estimate: Estimate | None) -> tuple[str | None, Certainty]:
    """The feeling and how sure it is: named by the person, following from the situation, or read by an engine. One
    that goes against the tone of the whole message is dropped."""
    strong = bool(entry(situation).get("strong"))
    for one in feelings:  # the childhood in "my childhood dog died" is not what it is about
        if _in_tone(one.name, tone) and not (strong and SIGN[tone] and not valence(one.name)):
            return one.name, "sure" if one.own else "likely"
    if situation:
        usual = str(entry(situation)["feeling"])
        backed = strong or polarity(plain) * valence(usual) > 1 or _backs(estimate, usual)
        if backed and _in_tone(usual, tone):
            return usual, "likely"
    if estimate is not None and not estimate.abstains:
        read = _OF_EMOTION[estimate.emotions.top]
        if read and _in_tone(read, tone):
            return read, "likely" if estimate.confidence > LIKELY else "maybe"
    return None, "maybe"


def _in_tone(feeling: str, tone: Tone) -> bool:
    return valence(feeling) * SIGN[tone] >= 0


def _backs(estimate: Estimate | None, feeling: str) -> bool:
    return estimate is not None and not estimate.abstains and estimate.affect.valence * valence(feeling) > 0.1
