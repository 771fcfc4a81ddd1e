"""The person's words made plain: quotes and slips of the keyboard mended, cut into sentences and tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping

SLIPS: Mapping[str, str] = {
    "im": "I'm", "ive": "I've", "i'm": "I'm", "i've": "I've", "i'd": "I'd", "i'll": "I'll", "i": "I", "iam": "I am",
    "dont": "don't", "cant": "can't", "didnt": "didn't", "doesnt": "doesn't", "wasnt": "wasn't", "isnt": "isn't",
    "arent": "aren't", "werent": "weren't", "couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't",
    "havent": "haven't", "hasnt": "hasn't", "hadnt": "hadn't", "wont": "won't", "aint": "ain't", "thats": "that's", "hes": "he's",
    "shes": "she's", "theyre": "they're", "whats": "what's", "alot": "a lot", "gonna": "going to", "wanna": "want to",
    "gotta": "have to", "u": "you", "ur": "your", "bf": "boyfriend", "gf": "girlfriend", "bc": "because", "cuz": "because",
    "coz": "because", "cos": "because", "becuase": "because", "tho": "though", "mum": "mum", "pls": "please", "thx": "thanks",
    "rn": "right now", "rly": "really", "def": "definitely", "tmrw": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow",
    "dissapointed": "disappointed", "dissappointed": "disappointed", "excitied": "excited", "cancelled": "cancelled",
    "freind": "friend", "freinds": "friends", "familys": "family's", "suppose": "suppose", "recieved": "received",
    "embarassed": "embarrassed", "embarassing": "embarrassing", "greatful": "grateful", "definately": "definitely",
}
"""What people type for what they mean; only where nothing else can be meant."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "…": ".", "–": "-", "—": "-"})
_TOKEN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['-][A-Za-zÀ-ÖØ-öø-ÿ]+)*|\$?\d+(?:[.,:]\d+)*(?:st|nd|rd|th|am|pm|k|%)?|[^\sA-Za-z0-9]")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+|\n+")
_ABBREVIATION = re.compile(r"\b(mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|prof|approx)\.", re.IGNORECASE)


def mend(text: str) -> str:
    """Straight quotes, single spaces, no control characters; slips in ``SLIPS`` put right; shouting lowered."""
    text = "".join(char for char in text.translate(_QUOTES) if char.isprintable() or char == "\n")
    text = _ABBREVIATION.sub(lambda found: found.group(1), text)
    letters = [char for char in text if char.isalpha()]
    if len(letters) > 12 and sum(char.isupper() for char in letters) > 0.7 * len(letters):
        text = text.lower()
    text = re.sub(r"\b[A-Za-z']+\b", lambda found: SLIPS.get(found.group().lower(), found.group()), text)
    return re.sub(r"[ \t]+", " ", text).strip()


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of mended text, each with its final mark."""
    return tuple(part.strip() for part in _SENTENCE_END.split(text) if any(char.isalnum() for char in part))


def tokens(sentence: str) -> tuple[str, ...]:
    """Words, numbers and single marks; a contraction is one token."""
    return tuple(_TOKEN.findall(sentence))


def join(words: tuple[str, ...] | list[str]) -> str:
    """Tokens as running text."""
    return re.sub(r"\s+([,.!?;:%])", r"\1", " ".join(words))


STOP_WORDS = frozenset("""
i me my mine myself we us our you your he she it they him her his its them their this that these those a an the and or but so
because if when while as of at by for with about into to from in on off over under again then once here there all any some no nor not
only own same than too very can will just don't should now is are was were be been being have has had do does did doing would could
i'm i've i'd i'll it's that's he's she's they're we're didn't wasn't can't really much many more most such who what which how why where
am get got getting also still even ever never always up out down like know think feel feeling felt want going go went make made
today yesterday tomorrow lately recently thing things something anything nothing everything one lot bit
""".split())


def stems(text: str) -> frozenset[str]:
    """Content words in a crude stem, for finding what belongs together."""
    return frozenset(stem(word.lower()) for word in tokens(text) if word[0].isalpha() and word.lower() not in STOP_WORDS)


def stem(word: str) -> str:
    """A lower-case word without its commonest endings."""
    from .verbs import base_of

    base = base_of(word)
    if base:
        return base
    word = word.removesuffix("'s")
    for ending in ("ies", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
