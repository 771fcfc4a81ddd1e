"""AvaMERG's 32 words for a feeling, folded to seven classes, as data. Rows that can be doubted can be switched.

Source: the table of the official baseline (AvaMERG-Pipeline, ``all_dataset.py``, MIT). Its look-up goes one step, so
that a word which leads to another word falls back to class 0, happy; here a word without a class has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...avamerg.classes import CLASSES, FeelingClass
from ...errors import InputError

_WORDS: Mapping[FeelingClass, str] = {
    "happy": "excited proud grateful hopeful confident anticipating joyful prepared content caring trusting faithful",
    "surprised": "surprised impressed devastated",
    "angry": "angry annoyed furious",
    "fear": "afraid terrified apprehensive",
    "sad": "sad lonely guilty anxious nostalgic embarrassed sentimental ashamed disappointed",
    "disgusted": "disgusted",
    "contempt": "jealous",
}

FINE: Mapping[str, FeelingClass] = {word: name for name, words in _WORDS.items() for word in words.split()}
"""The 32 words of EmpatheticDialogues and the class of each."""

FREE: Mapping[str, str] = {"frustrated": "sad", "stressed": "anxious"}
"""Words outside the 32 that occur in labels, and which of the 32 they lead to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Another class that a row could have, and why."""

    other: FeelingClass
    why: str


DOUBTFUL: Mapping[str, Doubt] = {
    "anxious": Doubt(other="fear", why="anxiety is a form of fear; the baseline calls it sad, which makes sad half of "
                                       "all rows"),
    "devastated": Doubt(other="sad", why="E3RG, the winner of the challenge, calls it sad"),
    "nostalgic": Doubt(other="happy", why="a mixed feeling, most stories about it are fond ones"),
    "sentimental": Doubt(other="happy", why="a mixed feeling, most stories about it are fond ones"),
}


def fold(switched: Sequence[str] = ()) -> Mapping[str, FeelingClass]:
    """The class of each known word.

    Args:
        switched: rows of ``DOUBTFUL`` that take their other class.

    Raises:
        InputError: a row is not among the doubtful ones.
    """
    unknown = sorted(set(switched) - set(DOUBTFUL))
    if unknown:
        raise InputError(f"--switch {','.join(unknown)}: only {', '.join(DOUBTFUL)} can be switched")
    table: dict[str, FeelingClass] = {
        word: DOUBTFUL[word].other if word in switched else name for word, name in FINE.items()}
    for word, target in FREE.items():
        table[word] = table[target]
    return table


def class_of(word: str, table: Mapping[str, FeelingClass]) -> int | None:
    """Index of the class of a label as it is written, or None where nobody knows the word."""
    name = table.get(word.strip().lower())
    return None if name is None else CLASSES.index(name)
