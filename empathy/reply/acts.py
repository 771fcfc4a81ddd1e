"""What the person does with a message: greets, thanks, asks, pushes back, says nothing, or tells something."""

from __future__ import annotations

import re

from ..memory.amend import righted
from ..memory.plain import tokens
from .feel import polarity
from .language import is_english, is_gibberish
from .phrases import pattern, table

SHORT = 10
"""An act limited to so few words must make up most of the message: a greeting before a story is no greeting."""

FACT_WORDS = 9
"""Words up to which a question is one without its mark."""

_SIGNS = 0x2600
"""Code point from which pictures are found: suns, hearts, faces."""

_FACT = re.compile(
    r"^(?:so |and |ok |okay |hey |please )*"
    r"(?:what|who|when|where|which|how (?:many|much|far|old|tall|big|long|do you (?:make|cook|spell|say))|is it true"
    r"|(?:can|could) you (?:tell me|look up|search|find|calculate|translate|write)"
    r"|tell me (?:about|the|what|who|when)|define|translate|calculate|does|did|is|are|why (?:is|are|do|does|did))\b",
    re.IGNORECASE,
)
_PLAIN_FACT = re.compile(
    r"^(?:so |and |ok |okay |hey |please )*(?:(?:what|who|when|where)(?:'s| is| was| are| were)\b"
    r"|who (?:wrote|won|made|invented|painted|discovered|built)\b"
    r"|(?:why|how|when|where) (?:is|are|do|does|did|was|were)\b|how (?:many|much|far|old|tall|big))",
    re.IGNORECASE,
)
"""Questions of fact without their mark."""

_SOMEBODY = re.compile(
    r"\b(?:he|she|they|it|him|her|them|his|their|people|everyone|everybody|anyone|this|that|life)\b", re.IGNORECASE
)
_COMMAND = re.compile(
    r"^(?:please |just |now )*(?:say|repeat|type|print|spell)(?: the)?(?: words?)? ['\"]?[\w-]+['\"]?[.!]?$",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?:please |can you |could you )?"
    r"(?:translate|calculate|define|solve|convert|google|look up|write (?:me )?(?:a|an|some) )\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:what an? |such an? |another )(?:absolutely |truly |just )?(?:fantastic|great|wonderful|lovely|perfect"
    r"|brilliant|amazing|fabulous|marvell?ous|beautiful) (?:day|morning|week|evening|start|weekend|life|job|way)\b",
    re.IGNORECASE)
_MOCK_PRAISE = re.compile(
    r"^(?:oh|wow|well|yeah|just|that's|\W)*\s*(?:great|wonderful|fantastic|perfect|lovely|brilliant|awesome|amazing|nice)\s*[,.:]",
    re.IGNORECASE)
_WENT_WRONG = re.compile(
    r"(?<!n't )(?<!not )(?<!never )\b(?:late|delayed|broke|broken|cancell?ed|stolen|spilled|stuck|fined)\b",
    re.IGNORECASE)
_BROKE = re.compile(r"\b(?:died|broke|cancell?ed|late|lost|rain\w*|flat|fired|missed|stolen|spilled)\b", re.IGNORECASE)
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
    if told := "put_right" if righted(plain) else "sarcasm" if _is_ironic(plain) else "":
        return told
    n_words = len(_words(plain))
    for name, act in table("acts").items():
        limit = int(act.get("max_words", 60))
        found = pattern(tuple(act["match"]))
        said = found and n_words <= limit and (found.match if act.get("at_start") else found.search)(plain)
        if found and said and (limit > SHORT or _mostly(found, plain, n_words)):
            return name
    asks = "fact_question" if _asks_fact(plain, n_words) else "tell"
    return "order" if _COMMAND.match(plain) else asks


def _is_ironic(plain: str) -> bool:
    """Praise of a day followed by what went wrong in it: "great, my train is late again"."""
    if (mocked := _MOCK_PRAISE.match(plain)) and _WENT_WRONG.search(plain, mocked.end()):
        return True
    praise = _PRAISE.search(plain)
    after = plain[praise.end() :] if praise else ""
    return "!!" not in plain and (polarity(after) < 0 or len(_BROKE.findall(after)) > 1)


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
    if n_words <= FACT_WORDS and _PLAIN_FACT.match(plain) and not _SOMEBODY.search(plain):
        return True
    return bool(plain.endswith("?") and _FACT.match(plain)) or (n_words <= 8 and bool(_SUM.search(plain)))
