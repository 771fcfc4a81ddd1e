"""What the guard's classifier learns from and is measured on."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from ..catalog import build
from ..errors import InputError
from ..memory.plain import sentences
from ..memory.session import Session
from ..registry import PROMPTS
from ..reply.composer import Composer
from ..reply.guard import Evidence, broken_rules
from ..reply.guard_scorer import CLASSES
from ..settings import load

SITUATIONS = "text/empatheticdialogues/jointmatch_situation_dev.csv"
WEIGHT = {"guard": 1.0, "more": 1.0, "composer": 0.3}
"""How much a sentence of each source counts; other sources are measured, never fitted."""
N_REPLIES = 2500
"""Sentences of the composer's replies that are learned from, and as many others that are measured, at most."""

SAID = Evidence("I lost my job last week.", None)
SAID_WITH_FEELINGS = Evidence("I lost my job last week and I feel sad, worried and angry.", None)
"""What the person has told, before a forbidden sentence and before a fine one; as in ``evaluate guard``."""
_MOOD = re.compile(r"^\(\w+\) ")
"""Where a sentence of the composer may stand; no part of it."""
_OPTIONS = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_SLOT = re.compile(r"\{\w+\}")
_WHOLE = re.compile(r"[A-Z][^{}<>\[\]|\\()]+[.!?\"]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """``kind``: one of ``CLASSES``; ``source``: the list that it stands in."""

    text: str
    kind: str
    source: str


def broken_by(told: Sequence[Sentence]) -> list[tuple[str, ...]]:
    """The rules that each sentence breaks, without the classifier."""
    return [broken_rules(one.text, SAID_WITH_FEELINGS if one.kind == CLASSES[0] else SAID) for one in told]


def read_lists(folder: Path) -> list[Sentence]:
    """The seeded sentences of ``guard``, ``more``, ``fresh`` and ``blind``; of the rules, those that have a class.

    Raises:
        InputError: a list is not there.
    """
    found: list[Sentence] = []
    for source, name in (("guard", "guard"), ("more", "guard_more"), ("fresh", "guard_fresh"),
                         ("blind", "guard_blind")):
        for line in _lines(folder / f"{name}_forbidden.txt"):
            kind, _, text = line.partition(" | ")
            if kind in CLASSES[1:]:
                found.append(Sentence(text=text, kind=kind, source=source))
        found += [Sentence(text=text, kind=CLASSES[0], source=source) for text in _lines(folder / f"{name}_fine.txt")]
    return found


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read ({error}): run it in a full checkout, or name the folder of the lists "
                         "with --own") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def read_composer(data: Path, most: int = N_REPLIES) -> list[Sentence]:
    """What the composer says: its sentences as they are written and its replies to half of the situations ("composer"),
    and its replies to the other half, where they are others ("composer, unseen").

    Raises:
        InputError: the situations can't be read.
    """
    try:
        with (data / SITUATIONS).open(encoding="utf-8", newline="") as file:
            told = [row["content"].strip() for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise InputError(f"{data / SITUATIONS} can't be read ({error}): set EMPATHY_DATA or --data") from error
    halves: tuple[set[str], set[str]] = (set(), set())
    for words, reply in _replies(told):
        halves[_number(words) % 2].update(sentences(reply))
    learned = {*sorted(halves[0], key=_number)[:most], *_written()}
    unseen = sorted(halves[1] - halves[0] - learned, key=_number)[:most]
    return [Sentence(text=text, kind=CLASSES[0], source=source)
            for source, texts in (("composer", sorted(learned)), ("composer, unseen", unseen)) for text in texts]


def _replies(told: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each situation with the composer's reply to it, where no crisis text is due."""
    system = build(load(reply="composer"), environ={})
    for words in told:
        analysis = None
        for update in system.talk(Session.start(0.0), words=words, seed=_number(words)):
            analysis = update.analysis
        if analysis is not None and analysis.engines.get("reply") == Composer.name:
            yield words, analysis.reply or ""


def _written() -> Iterator[str]:
    """The sentences of ``prompts/composer``, with either of their alternatives, and "it" in every slot."""
    for path in sorted((PROMPTS / "composer").glob("*.toml")):
        with path.open("rb") as file:
            for text in _texts(tomllib.load(file)):
                bare = _SLOT.sub("it", _MOOD.sub("", text))
                both = (_OPTIONS.sub(r"\1", bare), _OPTIONS.sub(r"\2", bare))
                yield from (one for one in both if _WHOLE.fullmatch(one))


def _texts(content: Any) -> Iterator[str]:
    match content:
        case str():
            yield content
        case dict():
            for inner in content.values():
                yield from _texts(inner)
        case list():
            for inner in content:
                yield from _texts(inner)
        case _:
            pass


def _number(text: str) -> int:
    return crc32(text.encode())
