"""The person's words made plain: quotes and slips of the keyboard mended, cut into sentences and tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .verbs import base_of, word_set

SLIPS: Mapping[str, str] = {
    "im": "I'm",
    "ive": "I've",
    "i'm": "I'm",
    "i've": "I've",
    "i'd": "I'd",
    "i'll": "I'll",
    "i": "I",
    "iam": "I am",
    "dont": "don't",
    "cant": "can't",
    "didnt": "didn't",
    "doesnt": "doesn't",
    "wasnt": "wasn't",
    "isnt": "isn't",
    "arent": "aren't",
    "werent": "weren't",
    "couldnt": "couldn't",
    "wouldnt": "wouldn't",
    "shouldnt": "shouldn't",
    "havent": "haven't",
    "hasnt": "hasn't",
    "hadnt": "hadn't",
    "wont": "won't",
    "aint": "ain't",
    "thats": "that's",
    "hes": "he's",
    "shes": "she's",
    "theyre": "they're",
    "whats": "what's",
    "alot": "a lot",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have to",
    "u": "you",
    "hav": "have",
    "abt": "about",
    "kil": "kill",
    "n": "and",
    "plz": "please",
    "tmr": "tomorrow",
    "2moro": "tomorrow",
    "ppl": "people",
    "smth": "something",
    "rlly": "really",
    "srsly": "seriously",
    "bday": "birthday",
    "bff": "best friend",
    "didn": "didn't",
    "ur": "your",
    "bf": "boyfriend",
    "gf": "girlfriend",
    "bc": "because",
    "cuz": "because",
    "coz": "because",
    "cos": "because",
    "becuase": "because",
    "tho": "though",
    "mum": "mum",
    "pls": "please",
    "thx": "thanks",
    "rn": "right now",
    "rly": "really",
    "def": "definitely",
    "tmrw": "tomorrow",
    "tomorow": "tomorrow",
    "tommorow": "tomorrow",
    "dissapointed": "disappointed",
    "dissappointed": "disappointed",
    "excitied": "excited",
    "cancelled": "cancelled",
    "freind": "friend",
    "freinds": "friends",
    "familys": "family's",
    "suppose": "suppose",
    "recieved": "received",
    "embarassed": "embarrassed",
    "embarassing": "embarrassing",
    "greatful": "grateful",
    "definately": "definitely",
}
"""What people type for what they mean; only where nothing else can be meant."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "…": ".", "–": "-", "—": "-"})
_TOKEN = re.compile(
    r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['-][A-Za-zÀ-ÖØ-öø-ÿ]+)*|\$?\d+(?:[.,:]\d+)*(?:st|nd|rd|th|am|pm|k|%)?|[^\sA-Za-z0-9]"
)
_ILL = re.compile(
    r"(^|\b(?:ok|okay|so|then|and|but|maybe) )ill (?=try|do|be|go|see|tell|call|ask|get|have)", re.IGNORECASE)
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
    text = _ILL.sub(r"\1I'll ", text)
    text = re.sub(r"\bI'm been\b", "I've been", text)
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


STOP_WORDS = word_set("""
a about again all also always am an and any anything are as at be because been being bit but by can can't could did
didn't do does doing don't down even ever everything feel feeling felt for from get getting go going got had has have
he he's her here him his how i i'd i'll i'm i've if in into is it it's its just know lately like lot made make many me
mine more most much my myself never no nor not nothing now of off on once one only or our out over own really recently
same she she's should so some something still such than that that's the their them then there these they they're thing
things think this those to today tomorrow too under up us very want was wasn't we we're went were what when where
which while who why will with would yesterday you your
""")
"""Words that carry no content of their own."""


def stems(text: str) -> frozenset[str]:
    """Content words in a crude stem, for finding what belongs together."""
    return frozenset(
        stem(word.lower()) for word in tokens(text) if word[0].isalpha() and word.lower() not in STOP_WORDS
    )


def stem(word: str) -> str:
    """A lower-case word without its commonest endings."""
    base = base_of(word)
    if base:
        return base
    word = word.removesuffix("'s")
    for ending in ("ies", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
