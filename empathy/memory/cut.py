"""A sentence cut into pieces that may each be a clause: at marks, at conjunctions, and before a fresh subject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .fact_words import RELATION
from .plain import tokens
from .verbs import AUXILIARIES, BE, base_of, is_past
from .words import (
    ADVERBS,
    ARTICLES,
    CUTS,
    DANGLING,
    LEAD_IN,
    MINE,
    NOISE,
    NOMINATIVE,
    SUBORDINATORS,
    TAKES_CLAUSE,
)

_UNIT = r"(?:days?|weeks?|months?|years?|nights?|hours?)"
_FRONTED = re.compile(
    r"^(today|yesterday|tonight|recently|lately|one (?:time|day|night)|once|earlier today"
    r"|last (?:night|week|month|year|summer|winter|weekend|fall|spring)"
    r"|this (?:morning|week|month|evening|afternoon|year|weekend|summer)|the other (?:day|night|week)"
    rf"|(?:a|one|two|three|four|five|six|\d+|a few|several|a couple(?: of)?) {_UNIT} (?:ago|back)"
    r"|in the (?:morning|evening|afternoon)|at (?:work|school|home|night)|as a (?:kid|child|teenager)"
    r"|these days|right now|now)\s*,?\s+",
    re.IGNORECASE,
)
"""A time or place in front of its sentence."""

_SOMEBODY_DOES = re.compile(
    rf"^(?:my|our|his|her|their|the) {RELATION}(?: [A-Z]\w+)?(?: \w+ly)? (?!is\b)[a-z]+s (?!and\b)\w", re.IGNORECASE)
"""Somebody of theirs who does something now: "my sister Ana gets"."""

_KEPT = re.compile(r"^(?:today|yesterday|tonight|last|this|at|\w+ \w+ ago|a few|a couple)", re.IGNORECASE)
"""Those that are worth saying back; they then go to the end."""

_TIMES = ("today", "yesterday", "ago", "last", "tonight")
_CROWD = ("everyone", "someone", "nobody", "everybody")
_FRESH = ("it", "it's", "this", "that's", "there", "now", "then")


@dataclass(slots=True)
class Piece:
    """Words that belong together, and the conjunction before them ("" for none, "which" for a relative clause)."""

    marker: str
    words: list[str]


def pieces(sentence: str) -> list[Piece]:
    """Cut one sentence; pieces without words are left out."""
    sentence, tail = _without_front(sentence)
    words = [word for word in tokens(sentence) if word.lower() not in NOISE]
    found = [Piece("", [])]
    for i, word in enumerate(words):
        marker = _marker(words, i, found[-1])
        if marker is None:
            found[-1].words.append(word)
        else:
            found.append(Piece(marker, [word] if marker in ("when", "which") and word.lower() not in CUTS else []))
    found = [piece for piece in found if piece.words]
    if tail and found and not any(word.lower() in _TIMES for word in found[0].words):
        found[0].words.extend(tail.split())
    return found


def _without_front(sentence: str) -> tuple[str, str]:
    """The sentence without lead-in words and fronted time, and that time when it is worth keeping."""
    words = sentence.split(" ")
    while len(words) > 1 and words[0].lower().strip(",.!") in LEAD_IN:
        words = words[1:]
    sentence = " ".join(words)
    front = _FRONTED.match(sentence)
    if not front:
        return sentence, ""
    return sentence[front.end() :], front.group(1).lower() if _KEPT.match(front.group(1)) else ""


def _marker(words: list[str], i: int, piece: Piece) -> str | None:
    """The marker of the piece that begins at word ``i``; None when the word goes on with the piece before."""
    word, low = words[i], words[i].lower()
    after = words[i + 1] if i + 1 < len(words) else ""
    if not word[0].isalnum() and word[0] not in "$'%":
        return ""
    if low in CUTS and _cuts(low, after, piece.words):
        return low
    if low == "and" and _starts_clause(words, i) and not _joins_subjects(piece.words, after):
        return "and"
    subject = word in NOMINATIVE or low in _CROWD or (low == "it" and after.lower() in BE)
    if subject and _fresh_subject(piece):
        return "when" if piece.marker in SUBORDINATORS else "which"
    return None


def _cuts(low: str, after: str, current: list[str]) -> bool:
    """No cut in "so happy", "as if", nor at "when" after a verb of knowing."""
    if low in ("so", "as", "then") and after not in NOMINATIVE and after.lower() not in MINE:
        return False
    before = current[-1].lower() if current else ""
    if low == "after" and base_of(before) in ("look", "take", "run", "name"):
        return False
    return not (low in ("when", "if", "where") and before in ("know", "remember", "wonder", "about", "of", "as"))


def _starts_clause(words: list[str], i: int) -> bool:
    """Whether what follows "and" has a verb of its own."""
    after = words[i + 1] if i + 1 < len(words) else ""
    low = after.lower()
    if after in NOMINATIVE or low in _FRESH or low in AUXILIARIES or is_past(low):
        return True
    if low in MINE | ARTICLES:
        return has_verb(words[i + 2 : i + 8]) or bool(_SOMEBODY_DOES.match(" ".join(words[i + 1 : i + 9])))
    if low in ("on", "in", "at", "after", "during"):  # "and on the way home I saw my ex"
        return any(word in NOMINATIVE for word in words[i + 2 : i + 7]) and has_verb(words[i + 3 : i + 10])
    return low in ADVERBS and i + 2 < len(words) and is_past(words[i + 2].lower())


def has_verb(words: list[str]) -> bool:
    """True when one of the words is an auxiliary or a past tense."""
    return any(word.lower() in AUXILIARIES or is_past(word.lower()) for word in words)


def _joins_subjects(current: list[str], after: str) -> bool:
    """One subject, not two clauses: "my mom and I", "me and my dog"."""
    if not current or len(current) > 4 or has_verb(current):
        return False
    return current[0].lower() in ("my", "me", "our", "both") and (after == "I" or after.lower() in MINE)


def _fresh_subject(piece: Piece) -> bool:
    """A nominative pronoun after a noun, in a piece that has its verb already, starts a clause of its own."""
    current = piece.words
    if len(current) < 3 or not (has_verb(current) or current[0] in NOMINATIVE):
        return False
    last = current[-1].lower()
    if last in DANGLING:
        return False
    if piece.marker in SUBORDINATORS or current[0].lower() in SUBORDINATORS:
        return True
    return not (last in ADVERBS or last in TAKES_CLAUSE or base_of(last))
