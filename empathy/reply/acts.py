"""What the person does with a message: greets, thanks, asks, pushes back, says nothing, or tells something."""

from __future__ import annotations

import re

from ..memory.plain import tokens
from .language import is_english, is_gibberish
from .phrases import pattern, table

SHORT = 10
"""An act limited to so few words must make up most of the message: a greeting before a story is no greeting."""

_SIGNS = 0x2600
"""Code point from which pictures are found: suns, hearts, faces."""

_FACT = re.compile(
    r"^(?:so |and |ok |okay |hey |please )*"
    r"(?:what|who|when|where|which|how (?:many|much|far|old|tall|big|long|do you (?:make|cook|spell|say))|is it true"
    r"|(?:can|could) you (?:tell me|look up|search|find|calculate|translate|write)"
    r"|tell me (?:about|the|what|who|when)|define|translate|calculate|does|did|is|are|why (?:is|are|do|does|did))\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?:please )?(?:translate|calculate|define|solve|convert|google|look up|write (?:me )?(?:a|an|some) )\b",
    re.IGNORECASE,
)
_SUM = re.compile(r"\d\s*[-+*/x]\s*\d")
_PERSONAL = re.compile(r"\b(I|I'm|I've|me|my|mine|myself|we|our|us|you|your)\b", re.IGNORECASE)


def act_of(plain: str) -> str:
    """The name of an act of ``acts.toml``, or "tell".

    Args:
        plain: mended text.
    """
    if not any(char.isalnum() for char in plain):
        return "emoji" if any(ord(char) >= _SIGNS for char in plain) else "silence"
    if not is_english(plain):
        return "foreign"
    if is_gibberish(plain):
        return "gibberish"
    n_words = len(_words(plain))
    for name, act in table("acts").items():
        limit = int(act.get("max_words", 60))
        found = pattern(tuple(act["match"]))
        if found and n_words <= limit and found.search(plain) and (limit > SHORT or _mostly(found, plain, n_words)):
            return name
    return "fact_question" if _asks_fact(plain, n_words) else "tell"


def _words(text: str) -> list[str]:
    return [word for word in tokens(text) if word[0].isalnum()]


def _mostly(found: re.Pattern[str], plain: str, n_words: int) -> bool:
    rest = _words(found.sub(" ", plain))
    return len(rest) <= max(2, n_words // 2) and not (len(rest) > 3 and any(word.startswith("I") for word in rest))


def _asks_fact(plain: str, n_words: int) -> bool:
    """A question about the world, not about the person or the program."""
    if _ORDER.match(plain):
        return True
    if _PERSONAL.search(plain):
        return False
    return bool(plain.endswith("?") and _FACT.match(plain)) or (n_words <= 8 and bool(_SUM.search(plain)))
