"""What the person calls their own: "my best friend Ana" gives "your best friend Ana"."""

from __future__ import annotations

from .plain import mend, sentences, tokens
from .verbs import AUXILIARIES, BASES, IRREGULAR, base_of
from .words import ADVERBS, MINE, NO_HEADS, NOUNS_TOO, ROUGH, STOP_NOUN

MAX_NOUN_WORDS = 3


def things(text: str) -> tuple[str, ...]:
    """The person's own things and people, turned round, in order, each once."""
    found: list[str] = []
    for sentence in sentences(mend(text)):
        words = tokens(sentence)
        for i, word in enumerate(words[:-1]):
            phrase = _noun_phrase(words[i + 1 : i + 5]) if word.lower() in MINE else None
            if phrase and f"your {phrase}" not in found:
                found.append(f"your {phrase}")
    return tuple(found)


def _noun_phrase(words: tuple[str, ...]) -> str | None:
    kept: list[str] = []
    for word in words:
        low = word.lower()
        if not word[0].isalpha() or low in STOP_NOUN or low in ADVERBS or low in AUXILIARIES or ROUGH.match(low):
            break
        if kept and _looks_verbal(low):
            break
        kept.append(low if word.isupper() and len(word) > 3 else word)
    if not kept or kept[0].lower() == "own" or len(kept) > MAX_NOUN_WORDS:
        return None
    last = kept[-1].lower()
    return None if last.endswith("'s") or last in NO_HEADS else " ".join(kept)


def _looks_verbal(low: str) -> bool:
    if low in NOUNS_TOO:
        return False
    if low in IRREGULAR or low in BASES:
        return True
    inflected = low.endswith(("ed", "s")) and base_of(low) is not None
    return inflected or (low.endswith(("ed", "ing")) and len(low) > 4)
