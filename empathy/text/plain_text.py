"""A text as rules can read it: one spelling for each word, and the way back to where it stood.

People in danger often write around filters or in haste: letters apart, digits for letters, stretched or missing ones.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from .vocabulary import CONTRACTIONS, plain_typography

_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.!?;\n]+|[^\s\w]", re.UNICODE)
_SILENT = frozenset("-_*\"()[]{}<>/\\|~^`'")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*·]{1,2}){2,}[^\W\d_](?![^\W_])")
_LEET = str.maketrans({"1": "i", "0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i",
                       "*": "i"})
_MASKED = re.compile(r"(?<![^\W_])[a-z]+[0134579@$!*]+[a-z]+[a-z0134579@$!*]*(?![^\W_])", re.IGNORECASE)

WHOLE = {
    "wanna": "want to", "gonna": "going to", "gunna": "going to", "gotta": "have to", "tryna": "trying to",
    "finna": "going to", "imma": "i'm going to", "ima": "i'm going to", "u": "you", "ur": "your", "r": "are",
    "dunno": "don't know", "cannot": "can't", "n": "and", "cuz": "because", "bc": "because", "coz": "because",
    "ppl": "people", "y": "why", "tmrw": "tomorrow", "tmr": "tomorrow", "tn": "tonight", "2nite": "tonight",
    "anymor": "anymore", "everyones": "everyone", "rly": "really", "rlly": "really", "myslef": "myself",
    "myselff": "myself", "mysel": "myself", "luv": "love", "alot": "a lot", "idk": "i don't know", "im": "i'm",
    "ive": "i've", "id": "i'd", "dont": "don't", "wont": "won't", "cant": "can't", "nobodys": "nobody",
    "noones": "no one", "iam": "i am", "wana": "want to", "wantto": "want to", "kil": "kill", "wud": "would",
    "wuld": "would", "jus": "just", "shud": "should", "suicidle": "suicidal", "suiside": "suicide", "selfharm":
    "self harm"}
"""Chat spelling and its plain form."""

PROTECTED = (
    "suicide", "suicidal", "overdose", "overdosed", "kill", "killing", "myself", "unalive", "harming",
    "cutting", "hurting", "burden", "hopeless", "worthless", "anymore", "goodbye", "breathe", "anxiety",
    "addiction", "withdrawal", "pills", "alcohol", "drinking", "living", "strangle", "abused", "raped",
    "attack", "forever")
"""Words that a typo must not hide: a word one slip away from one of them is read as it."""

_REAL = frozenset((
    "abuse", "abuser", "abuses", "accused", "addicting", "addictions", "addition", "additions", "alcoholic",
    "alcohols", "alive", "amused", "anxious", "arming", "aroused", "attach", "attache", "attacks", "bill",
    "billing", "bills", "blinking", "border", "breath", "breathed", "breather", "breathes", "breathy",
    "burdened", "burdens", "buren", "bused", "butting", "charming", "chill", "chilling", "cuffing", "curing",
    "curting", "cuttings", "dills", "dining", "diving", "draped", "drilling", "drinkin", "farming", "fever",
    "fill", "filling", "fills", "forest", "foreve", "forevers", "gaped", "garden", "gills", "giving", "goodby",
    "goodbyes", "grapes", "grilling", "gutting", "halting", "hamming", "hardin", "harding", "harmonic",
    "harping", "hating", "haunting", "having", "helping", "hill", "hills", "hopeful", "hosting", "however",
    "hunting", "hurling", "hutting", "japed", "jutting", "killed", "killer", "kills", "kiln", "kilo", "krill",
    "leaving", "liking", "lining", "livin", "living", "loving", "lying", "mill", "milling", "mills", "myelf",
    "never", "notliving", "nutting", "olives", "outliving", "overdoses", "overdosing", "pile", "piles", "pill",
    "pilling", "pins", "pipes", "polls", "pulls", "putting", "rape", "raped", "rapes", "rapid", "reaped",
    "roped", "rutting", "scraped", "shilling", "shrinking", "sills", "sinking", "skill", "skilled", "skilling",
    "spilling", "stinking", "strange", "stranger", "strangled", "stranglers", "strangles", "struggle", "taped",
    "thinking", "thrilling", "till", "tilling", "tills", "warden", "warming", "wherever", "will", "willing",
    "wills", "withdraw", "withdrawals", "withdrawn", "worthy", "wraped"))
"""Words that are one slip away from a protected one and mean what they say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainText:
    """``form`` is the plain copy; ``starts`` and ``ends`` map each of its tokens back to the text."""

    form: str
    offsets: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of ``form`` stood in the text, in characters."""
        first = bisect_right(self.offsets, start) - 1
        last = bisect_right(self.offsets, max(start, end - 1)) - 1
        while first < last and self.form[start] == " " and start < end:
            start += 1
            first = bisect_right(self.offsets, start) - 1
        return self.starts[max(first, 0)], self.ends[max(last, 0)]


def plain_text(text: str) -> PlainText:
    """Make a text plain; see ``prompts/risk_rules.toml`` for what patterns may expect of it."""
    joined, spread = _unmasked(plain_same_length(text))
    parts: list[str] = []
    offsets: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 1
    for match in _PIECE.finditer(joined):
        if match.group() in _SILENT:
            continue
        form = _spelled(match.group())
        start, end = next(((a, b) for a, b in spread if a <= match.start() < b), match.span())
        parts.append(form)
        offsets.append(at)
        starts.append(start)
        ends.append(end)
        at += len(form) + 1
    form = " " + " ".join(parts) + " "
    return PlainText(form=form, offsets=tuple(offsets) or (0,), starts=tuple(starts) or (0,),
                     ends=tuple(ends) or (0,))


def plain_same_length(text: str) -> str:
    """Straight quotes, no accents on the letters of English, nothing moved: as many characters as before."""
    straight = "".join(ch if len(plain_typography(ch)) != 1 else plain_typography(ch) for ch in text)
    return "".join(_one(ch) for ch in straight)


def _one(ch: str) -> str:
    folded = unicodedata.normalize("NFKD", ch)
    return folded[0] if len(folded) > 1 and folded[0].isascii() and folded[0].isalpha() else ch


def _unmasked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Join letters apart and undo digits for letters; nothing else moves, since what was joined is padded.

    Returns:
        The text, and the stretches that were joined.
    """
    spread: list[tuple[int, int]] = []

    def close(match: re.Match[str]) -> str:
        letters = [ch for ch in match.group() if ch.isalpha()]
        words = _split_letters("".join(letters).lower())
        if not words:
            return match.group()
        spread.append(match.span())
        return words.ljust(len(match.group()))

    def letters(match: re.Match[str]) -> str:
        plain = match.group().lower().translate(_LEET)
        return plain if _corrected(plain) in PROTECTED else match.group()

    return _MASKED.sub(letters, _SPACED.sub(close, text)), spread


def _split_letters(letters: str) -> str:
    """Letters apart hold several words: "killmyself" -> "kill myself"."""
    known = ("kill", "myself", "my", "self", "suicide", "suicidal", "die", "hurt", "cut", "harm", "i", "want", "to",
             "me", "help", "kms", "overdose", "dead", "life", "end", "be", "wanna", "unalive")
    best: dict[int, list[str]] = {0: []}
    for at in range(len(letters)):
        if at not in best:
            continue
        for word in known:
            if letters.startswith(word, at) and at + len(word) not in best:
                best[at + len(word)] = [*best[at], word]
    return " ".join(best.get(len(letters), []))


def _spelled(piece: str) -> str:
    form = piece.lower().replace("’", "'")
    if form[0] in ".!?;\n":
        return form[0] if form[0] != "\n" else "."
    squeezed = re.sub(r"([a-z])\1{2,}", r"\1\1", form)
    if squeezed != form:
        thin = re.sub(r"([a-z])\1{1,}", r"\1", form)
        squeezed = next((word for word in (squeezed, thin) if word in PROTECTED or word in _COMMON), squeezed)
    form = WHOLE.get(squeezed) or CONTRACTIONS.get(squeezed, squeezed)
    return form if " " in form else _corrected(form)


_COMMON = frozenset({"so", "no", "help", "please", "die", "dead", "want", "myself", "kill", "me", "hate", "done"})


def _corrected(form: str) -> str:
    if len(form) < 4 or form in PROTECTED or form in _REAL or not form.isalpha() or not form.isascii():
        return form
    for word in PROTECTED:
        if len(word) >= 6 and word[0] == form[0] and abs(len(word) - len(form)) <= 1 and one_slip(form, word):
            return word
    return form


def one_slip(typed: str, meant: str) -> bool:
    """True when one letter was left out, doubled, put in, exchanged or swapped with its neighbour."""
    if typed == meant:
        return True
    if len(typed) == len(meant):
        wrong = [i for i, (a, b) in enumerate(zip(typed, meant, strict=True)) if a != b]
        swapped = (len(wrong) == 2 and wrong[1] == wrong[0] + 1
                   and typed[wrong[0]] == meant[wrong[1]] and typed[wrong[1]] == meant[wrong[0]])
        return len(wrong) == 1 or swapped
    longer, shorter = (typed, meant) if len(typed) > len(meant) else (meant, typed)
    return len(longer) - len(shorter) == 1 and any(longer[:i] + longer[i + 1:] == shorter for i in range(len(longer)))
