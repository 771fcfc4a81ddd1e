"""From a text to tokens, and from tokens to hashed n-grams: what both networks of this folder see.

Written language carries feeling in more than its words: SHOUTING, stretched words ("soooo"), emoji, emoticons, runs of
exclamation marks and negation all become tokens of their own, so that a small network need not guess them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

NEGATIONS = frozenset({"not", "no", "never", "without", "neither", "nor", "nobody", "nothing", "none", "hardly",
                       "cannot", "can't", "won't", "don't", "didn't", "doesn't", "isn't", "wasn't", "aren't",
                       "weren't", "ain't", "couldn't", "wouldn't", "shouldn't", "haven't", "hasn't", "hadn't"})
NEGATION_REACH = 3
"""How many words a negation colours; it also ends at punctuation."""

CONTRACTIONS = {bare: whole for whole in (
    "can't", "won't", "don't", "didn't", "doesn't", "isn't", "wasn't", "aren't", "weren't", "ain't", "couldn't",
    "wouldn't", "shouldn't", "haven't", "hasn't", "hadn't", "i'm", "i've", "i'd", "that's", "what's", "there's",
    "you're", "they're", "you've", "he's", "she's", "let's") for bare in [whole.replace("'", "")]
    if bare not in {"wed", "well", "shed", "hell", "ill", "id", "lets"}}

_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "…": "...", "—": "-",
                             "–": "-"})
_EMOTICON = r"[:;=8x][\-o']?[)\](\[dp/\\|*3]+(?!\w)|<3+|\^_+\^|[tq]_+[tq]|-_+-"
_TOKEN = re.compile(
    r"https?://\S+|www\.\S+"                       # links
    r"|\[[a-z]+\]"                                 # masks of the data set: [NAME], [RELIGION]
    rf"|{_EMOTICON}"
    r"|\d+(?:[.,]\d+)*"                            # numbers
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"                   # words of any script
    r"|[!?]+|\.{2,}|[.,;:\"*]"                     # punctuation that speaks
    r"|[^\s\w]", re.IGNORECASE)
_SIGN = re.compile(_EMOTICON, re.IGNORECASE)
_STRETCH = re.compile(r"([^\W\d_])\1{2,}")
_MAX_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Token:
    """One token: ``form`` is what networks see, ``start`` and ``end`` its place in the text, ``is_word`` true for
    letters (not punctuation, numbers, emoji), ``negated`` after a negation."""

    form: str
    start: int
    end: int
    is_word: bool
    negated: bool = False


def plain_typography(text: str) -> str:
    """Curly quotes and dashes as a keyboard writes them; the length may grow by the dots of an ellipsis."""
    return text.translate(_TYPOGRAPHY)


def tokens(text: str) -> tuple[Token, ...]:
    """Cut a text; at most 400 tokens.

    Marks ``<caps>`` (after a word shouted in capitals) and ``<long>`` (after a stretched word) are tokens of their own.
    """
    found: list[Token] = []
    reach = 0
    shouted = text.isupper()
    for match in _TOKEN.finditer(plain_typography(text)):
        raw, start, end = match.group(), match.start(), match.end()
        if raw[0].isalpha() and not _is_emoticon(raw):
            form = raw.lower()
            squeezed = _STRETCH.sub(r"\1\1", form)
            form = CONTRACTIONS.get(squeezed, squeezed)
            found.append(Token(form, start, end, True, reach > 0))
            if len(raw) > 1 and raw.isupper() and (not shouted or len(raw) > 2):
                found.append(Token("<caps>", start, end, False))
            if squeezed != raw.lower():
                found.append(Token("<long>", start, end, False))
            reach = NEGATION_REACH if form in NEGATIONS else max(0, reach - 1)
        else:
            found.extend(Token(form, start, end, False) for form in _symbol(raw))
            reach = 0 if raw[0] in ".,;:!?" else reach
        if len(found) >= _MAX_TOKENS:
            break
    return tuple(found[:_MAX_TOKENS])


def n_signs(text: str) -> int:
    """How many emoji and emoticons a text holds."""
    found = (match.group() for match in _TOKEN.finditer(text))
    return sum(bool(_SIGN.fullmatch(raw)) or (len(raw) == 1 and unicodedata.category(raw) == "So") for raw in found)


def _is_emoticon(raw: str) -> bool:
    return any(not (ch.isalpha() or ch == "'") for ch in raw)


def _symbol(raw: str) -> Iterator[str]:
    if raw[0].isdigit():
        yield "<number>"
    elif raw.startswith(("http", "www.")):
        yield "<link>"
    elif raw[0] == "[" and len(raw) > 2:
        yield raw.lower()
    elif raw[0] in "!?":
        yield "?!" if "!" in raw and "?" in raw else raw[0]
        if len(raw) > 1:
            yield "<run>" + raw[0]
    elif len(raw) == 1 and ord(raw) > 0x2000:
        yield from _emoji(raw)
    else:
        yield raw.lower()[:4]


def _emoji(raw: str) -> Iterator[str]:
    """The sign itself, then the words of its Unicode name, so that a rare emoji is read by what it is called."""
    name = unicodedata.name(raw, "")
    if not name or "VARIATION SELECTOR" in name or "ZERO WIDTH" in name or "MODIFIER" in name:
        return
    yield raw
    skipped = {"face", "with", "of", "sign", "and", "symbol", "open", "black", "white", "heavy"}
    yield from (f"<{word.lower()}>" for word in name.split() if word.lower() not in skipped and word.isalpha())


def hashed(feature: str) -> int:
    """A feature's number, in [0, 2**32)."""
    return crc32(feature.encode())


def word_features(parts: tuple[Token, ...]) -> Iterator[str]:
    """Word n-grams (1 to 3) and negated words."""
    forms = [token.form for token in parts]
    for i, token in enumerate(parts):
        yield "w " + token.form
        if token.negated and token.is_word:
            yield "n " + token.form
        if i + 1 < len(forms):
            yield f"b {forms[i]} {forms[i + 1]}"
        if i + 2 < len(forms):
            yield f"t {forms[i]} {forms[i + 1]} {forms[i + 2]}"
        if i + 2 < len(forms):
            yield f"s {forms[i]} {forms[i + 2]}"


def letter_features(form: str) -> Iterator[str]:
    """Letter n-grams (3 to 5) of one word with its borders: what makes a typo look like its word."""
    framed = f"^{form[:24]}$"
    for n in (3, 4, 5):
        for i in range(len(framed) - n + 1):
            yield "c " + framed[i:i + n]


def features(parts: tuple[Token, ...]) -> NDArray[np.uint32]:
    """All n-grams of a text as hashes, sorted, each once; shape (n_features,)."""
    found = {hashed(feature) for feature in word_features(parts)}
    for form in {token.form for token in parts if token.is_word}:
        found.update(hashed(feature) for feature in letter_features(form))
    first = parts[0].form if parts else ""
    found.add(hashed("first " + first))
    found.add(hashed(f"length {min(len(parts).bit_length(), 8)}"))
    return np.fromiter(sorted(found), dtype=np.uint32, count=len(found))
