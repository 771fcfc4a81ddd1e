"""The person's clauses turned round: "I lost my job" becomes "you lost your job".

A clause is only turned when every step is sure. Saying nothing back is better than saying something wrong, so
``turned`` gives None freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from .clauses import Clause
from .plain import join
from .verbs import AUXILIARIES, BASES, BE, IRREGULAR, base_of, gerund_of, is_past
from .words import ADVERBS, DANGLING, HOLLOW, INTRANSITIVE, MINE, NO_GERUND, PAST_TIME, ROUGH, WEIGHTY

MAX_WORDS = 15
"""A longer clause said back sounds like a recording."""

_TURN: Mapping[str, str] = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "we": "you", "us": "you",
    "our": "your",
    "ours": "yours", "ourselves": "yourselves", "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll",
    "we're": "you're", "we've": "you've", "we'd": "you'd", "we'll": "you'll",
}
_AGREE: Mapping[str, str] = {"am": "are", "was": "were", "wasn't": "weren't", "ain't": "aren't"}
_YOU = ("you", "your", "you're", "you've", "you'd", "you'll", "yourself", "u")
_BEING = ("i'm", "we're", "he's", "she's", "they're")
_JOINTS = frozenset({"that", "who", "which", "how", "what", "and", "if", "because"})
_SPANS = ("week", "today", "yesterday", "ago", "month", "year", "day", "night")


def turned(clause: Clause, *, own: bool = True) -> str | None:
    """The clause as said back to the person, lower case at the start, without a final mark; None when not safe, or,
    where only their ``own`` will do, when it has nothing of theirs in it."""
    if clause.question or not _safe(clause, own=own):
        return None
    words, lows = clause.words, clause.lows
    out = [_TURN.get(low) or (_AGREE[low] if low in _AGREE and _belongs_to_i(words, i) else words[i])
           for i, low in enumerate(lows)]
    if lows[0] == "me" or ("I" in words[: clause.verb] and lows[0] in MINE):
        subject = [word for word in out[: clause.verb] if word not in ("you", "and")]
        out = ["you", "and", *subject, *out[clause.verb :]]  # not "your mom and you went"
    return join(out)


def gerund(clause: Clause) -> str | None:
    """The event as a thing, "losing your job": only for a plain past or present with the person as subject."""
    whole = turned(clause)
    finite = clause.lows[clause.verb]
    if whole is None or clause.negated or clause.words[0] != "I" or finite in AUXILIARIES - {"had", "have"}:
        return None
    if any(low in WEIGHTY for low in clause.lows[: clause.verb]):
        return None  # "almost" is the whole story
    if clause.tense == "present" and "and" in clause.lows:
        return None  # "working online and make money"
    base, rest = base_of(finite), _without_time(whole.split(" ")[clause.verb + 1 :])
    if base is None or base in NO_GERUND or not rest:
        return None
    if base == "have" and (rest[0] in ("to", "been", "a", "not") or is_past(rest[0].lower())):
        return None
    return f"{gerund_of(base)} {' '.join(rest)}"


def _without_time(rest: list[str]) -> list[str]:
    """"losing your job yesterday" is no way to speak: the time goes."""
    while len(rest) > 2:
        if rest[-1] == "ago":
            rest = rest[:-3]
        elif rest[-2] in ("last", "this"):
            rest = rest[:-2]
        elif rest[-1] in ("today", "yesterday", "tonight"):
            rest = rest[:-1]
        else:
            break
    return rest


def _belongs_to_i(words: tuple[str, ...], i: int) -> bool:
    j = i - 1
    while j >= 0 and words[j].lower() in ADVERBS:
        j -= 1
    return j >= 0 and words[j] == "I" and not (j >= 1 and words[j - 1].lower() == "and")


def _safe(clause: Clause, *, own: bool) -> bool:
    return _well_formed(clause) and _well_ended(clause) and _says_something(clause, own=own)


def _well_formed(clause: Clause) -> bool:
    """Words that are words, not too many, none that must not be said back."""
    lows = clause.lows
    if not 2 <= len(lows) <= MAX_WORDS or len(set(lows)) < 0.6 * len(lows):
        return False
    if any(len(low) > 18 or not (low[0].isalnum() or low[0] == "$") for low in lows):
        return False
    articles = {"the", "a", "an"}
    doubled = any(low in articles and after in articles | {"my", "our"} for low, after in pairwise(lows))
    return not doubled and not any(low in _YOU or ROUGH.match(low) for low in lows)


def _well_ended(clause: Clause) -> bool:
    """No loose end, no half of a pair, no second clause run on without a mark."""
    lows = clause.lows
    whole = lows[-1] == "her" and base_of(lows[-2]) is not None  # "hit her"
    if (lows[-1] in DANGLING and not whole) or lows[-1] in AUXILIARIES or "how" in lows[-3:]:
        return False
    if len(lows) == 2 and lows[0] not in _BEING and base_of(lows[-1]) not in INTRANSITIVE:
        return False
    if ("between" in lows and "and" not in lows) or "not only" in clause.text.lower():
        return False
    if sum(low in BE for low in lows) > 1 and not _JOINTS & set(lows):
        return False
    return not any(low in BE and before in _SPANS for before, low in pairwise(lows))


def _says_something(clause: Clause, *, own: bool) -> bool:
    """Not "I think so", not someone else's business, not a slip of tense that would look like ours."""
    lows = clause.lows
    verb = lows[clause.verb]
    if clause.tense == "present" and verb in BASES and verb not in IRREGULAR and PAST_TIME & set(lows):
        return False
    rest = lows[clause.verb :]
    if len(rest) <= 3 and any(low in HOLLOW for low in rest[:2]):
        return False
    if own and clause.subject == "other" and not {"me", "my", "us", "our", "i"} & set(lows):
        return False
    return not (lows[0] in ("it", "this", "that", "it's") and len(lows) < 4)
