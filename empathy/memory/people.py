"""Whom a pronoun means: the one last mentioned of those it can stand for."""

from __future__ import annotations

import re

from .fact_words import RELATION
from .verbs import word_set

_WOMEN = word_set("""
aunt daughter fiancée girlfriend grandma grandmother mom mother mum niece sister wife
""")
_MEN = word_set("""
boyfriend brother dad father grandfather grandpa husband nephew son uncle
""")
_PRONOUNS = {"she": _WOMEN, "her": _WOMEN, "she's": _WOMEN, "he": _MEN, "him": _MEN, "his": _MEN, "he's": _MEN}
_MENTION = re.compile(rf"\b(?:my|our) ({RELATION})\b", re.IGNORECASE)


def mentioned(text: str) -> tuple[str, ...]:
    """The people and animals of theirs that a text names, in order: "best friend", "sister"."""
    return tuple(found.group(1).lower() for found in _MENTION.finditer(text))


def meant_by(pronoun: str, people: tuple[str, ...]) -> str | None:
    """The last of the people that the pronoun can mean; None where it can mean nobody of them, or may mean two."""
    own = _PRONOUNS.get(pronoun.lower())
    if own is None:
        return None
    others = (_WOMEN | _MEN) - own
    fit = [person for person in people if _head(person) not in others]
    sure = [person for person in fit if _head(person) in own]
    if len(set(fit)) > 1 and fit[-1] not in sure:
        return None
    return fit[-1] if fit else None


def _head(relation: str) -> str:
    """"Sister" of "little sister"."""
    return relation.rsplit(maxsplit=1)[-1]
