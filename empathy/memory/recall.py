"""Which of the remembered facts bear on what is being said now."""

from __future__ import annotations

import math
import re
from collections import Counter

from .fact_words import TIME
from .facts import Fact
from .plain import sentences, stem, stems
from .session import Session

_KIN: tuple[frozenset[str], ...] = tuple(
    frozenset(stem(word) for word in group.split())
    for group in (
        "exam test study school class finals midterm teacher grade exams",
        "job work boss interview office manager fired coworker",
        "mother mom mum mama",
        "father dad papa",
        "dog puppy pet",
        "cat kitten pet",
        "sister brother sibling",
        "wife husband partner marriage",
        "boyfriend girlfriend partner ex breakup",
        "sleep awake tired night insomnia",
        "hospital surgery operation doctor scan results ill sick",
        "wedding married marriage fiance fiancee",
        "money rent bills debt",
        "trip flight travel holiday vacation",
        "baby pregnant birth",
    )
)
"""Words that belong together though they share no letters."""

_OF_BEFORE = re.compile(r"(?:he|she|they|it)(?:'s|'re)?\b", re.IGNORECASE)
"""A sentence about what the one before it named."""
_TIMED = re.compile(rf"\b(?:{TIME})\b", re.IGNORECASE)


def recall(session: Session, words: str, *, limit: int = 3) -> tuple[Fact, ...]:
    """Facts from earlier turns that share content with ``words``, best first.

    Rare words count more than common ones (inverse document frequency over the session's own facts); a word of the
    same small family (exam and study) counts half."""
    asked = stems(words)
    if not asked or not session.facts:
        return ()
    bags = [stems(f"{fact.text} {' '.join(fact.key)}") for fact in session.facts]
    spread = Counter(word for bag in bags for word in bag)
    n = len(bags)

    def weight(word: str) -> float:
        return math.log(1 + n / (1 + spread[word])) + 0.2

    scored: list[tuple[float, int]] = []
    for i, bag in enumerate(bags):
        direct = sum(weight(word) for word in asked & bag)
        kin = sum(0.5 for family in _KIN if asked & family and bag & family and not asked & bag & family)
        if direct + kin > 0:
            scored.append((direct + kin, i))
    best = sorted(scored, key=lambda pair: (-pair[0], -pair[1]))[:limit]
    return tuple(session.facts[i] for _, i in best)


def quoted(session: Session, question: str, *, timed: bool, least: int = 1) -> str | None:
    """The sentence of an earlier turn that shares most with a question, at least so many words; one that names a time
    where that is asked."""
    asked = stems(question)
    best, most, before = None, float(least), frozenset[str]()
    for turn in session.turns:
        for sentence in sentences(turn.words):
            bag = stems(sentence) | (before if _OF_BEFORE.match(sentence) else frozenset())
            before = bag
            if sentence.endswith("?") or (timed and not _TIMED.search(sentence)):
                continue
            shared = len(asked & bag)
            if shared and shared >= most:  # the later one stands
                best, most = sentence, float(shared)
    return best


def upcoming(session: Session) -> tuple[Fact, ...]:
    """Dated things still to come as far as was said, newest first."""
    return tuple(fact for fact in reversed(session.facts) if fact.kind == "date")
