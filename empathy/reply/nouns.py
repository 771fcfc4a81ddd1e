"""The things and people of a message, as said back: "a box of old photos" gives "the box of old photos".

No parser: a determiner starts a noun phrase, a closed class of words ends it, and what does not end on a plain noun is
left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..memory.plain import sentences, tokens
from ..memory.verbs import AUXILIARIES, BASES, BE, IRREGULAR, base_of, word_set
from ..memory.words import ADVERBS, CUTS, DANGLING, NO_HEADS, NOUNS_TOO, ROUGH, STOP_NOUN
from .phrases import lines, pattern

MAX_WORDS = 3

_TURNED = {"my": "your", "our": "your", "a": "the", "an": "the", "the": "the", "this": "that", "that": "that"}
"""Determiners that start a phrase, and how they are said back."""

_BECOMING = ("be", "been", "being", "become", "became", "as")
_NO_THINGS = word_set("""
afternoon age amount attention bunch bit chance couple day days deal end evening event fact feeling few
future half hour hours idea instant issue it kid kind least lot majority middle minute minutes moment moments month
months morning mistake night nights number one ones opportunity other others pair part past people period person piece
plenty problem rest same second seconds situation something sort spot stuff thing things time times today total truth
type us way week weekend weeks while whole world year years yesterday girl guy guys man men woman women boy
""")
"""What is no thing worth a question, alone."""

_ADJECTIVES = word_set("""
able afraid alone amazing angry annoying awesome awful bad beautiful best better big bit black blue bright brown cheap
clean close cold cool crazy cute dark dead dear deep different difficult dirty early easy empty entire expensive extra
fast favorite favourite few final fine first free fresh full funny giant good gorgeous great green grey happy hard heavy
ago high horrible hot huge important incredible kind large last late little local lonely long loud lovely low lucky main
major mean messy modern nasty new next nice nicest odd old older only open own particular perfect poor pretty public
quick quiet rare ready real red rich right rude sad scary second serious shiny short sick simple single slow small
smart soft special strange strong stupid sudden super sure surprising sweet tall terrible terrific thick thin third tiny
tough ugly unexpected unusual upset warm weird wet whole wild wonderful worst wrong yellow young younger
""")
_NOT_MOST = word_set("arrest chest contest forest guest harvest interest nest pest protest quest request test")
_DULL = word_set("""
ac arm bathroom bed block chair corner desk door doors ear eye feet finger floor foot front ground hair hand hands
hospital internet leg legs line mouth neck nose office parking phone place pocket purse road room sauce seat shoe shoes
side sidewalk sky state store street table tv wall window world
""")
"""Places and parts that are mentioned by the way."""
"""What no phrase ends on."""


def noun_phrases(plain: str) -> tuple[str, ...]:
    """Things and people named, turned round, in order, each once; longer phrases keep an "of" with what follows.

    Args:
        plain: mended text.
    """
    found: dict[str, None] = {}
    for sentence in sentences(plain):
        words = tokens(sentence)
        for i, word in enumerate(words[:-1]):
            lead = _TURNED.get(word.lower())
            if lead is None or (lead == "that" and not _after_preposition(words, i)):
                continue
            was = words[i - 1].lower() if i else ""
            if lead == "the" and (was in BE or was in _BECOMING or was.endswith(("'s", "'m"))):
                continue  # "when I was a teenager" names nobody
            phrase = _phrase(words[i + 1 :])
            if phrase:
                found[f"{lead} {phrase}"] = None
    return tuple(found)


def best_thing(phrases: Sequence[str]) -> str | None:
    """The thing most worth a question: what is named most precisely, and not by the way."""
    usable = [one for one in phrases if not someone(one) and one.split()[-1].lower() not in _DULL]
    return max(usable, key=lambda one: len(one.split()), default=None)


def someone(phrase: str) -> bool:
    """True for people and animals, by the words of ``topics.toml``."""
    people = pattern(lines("topics", "people", "match"))
    words = phrase.split(" of ", maxsplit=1)[0].split()
    named = len(words) > 2 and words[-1][0].isupper()  # "your sister Ana"
    head = words[-2] if named else words[-1]  # "your teacher certification" is nobody
    return bool(people and "'s " not in phrase and people.fullmatch(head))


def _after_preposition(words: Sequence[str], i: int) -> bool:
    """"This" and "that" are determiners for sure only after a preposition or a verb: "for this test"."""
    before = words[i - 1].lower() if i else ""
    return before in ("for", "of", "at", "about", "with", "in", "on", "to", "from", "by")


def _phrase(words: Sequence[str]) -> str | None:
    head = _run(words)
    if not head or _bad_end(head):
        return None
    rest = words[len(head) :]
    if len(rest) > 1 and rest[0].lower() == "of":
        after = rest[1:]
        lead = _TURNED.get(after[0].lower())
        more = _run(after[1:] if lead else after)
        if not more or _bad_end(more) or "mine" in more:
            return None
        if head[-1].lower() in _NO_THINGS:  # "a lot of money" is money
            return None if lead else " ".join(more)
        return " ".join([*head, "of", *([lead] if lead else []), *more])
    return None if head[-1].lower() in _NO_THINGS else " ".join(head)


def _run(words: Sequence[str]) -> list[str]:
    """The words that belong to the noun; empty when the phrase is too long to be sure of."""
    kept: list[str] = []
    for word in words[: MAX_WORDS + 1]:
        low = word.lower()
        if not word[0].isalpha() or low in STOP_NOUN or low in CUTS or low in ADVERBS or low in AUXILIARIES:
            break
        if low in DANGLING or ROUGH.match(low) or "'" in low.removesuffix("'s"):
            break
        if kept and (_verbal(low) or (someone(kept[-1]) and low in BASES)):  # "my friend use my car"
            break
        kept.append(low if word.isupper() and len(word) > 3 else word)
    return kept if len(kept) <= MAX_WORDS else []


def _bad_end(kept: Sequence[str]) -> bool:
    last = kept[-1].lower()
    unfit = last in NO_HEADS or last in _ADJECTIVES or last.endswith(("'s", "ly")) or len(last) < 3
    unfit = unfit or (last.endswith("est") and last not in _NOT_MOST)
    return unfit or (len(kept) == 1 and (last in IRREGULAR or (last.endswith("ed") and base_of(last) is not None)))


def _verbal(low: str) -> bool:
    """Whether a word after a noun is rather a verb: "the dog | chased", "my friend | use"."""
    if low in NOUNS_TOO or low.removesuffix("s") in NOUNS_TOO:
        return False
    if low in IRREGULAR or low in BASES:
        return True
    participle = (low.endswith("ed") and len(low) > 3) or (low.endswith("ing") and len(low) > 4)
    return participle or (low.endswith("s") and base_of(low) is not None)
