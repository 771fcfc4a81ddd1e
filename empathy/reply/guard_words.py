"""The guard's file, and its classes of words: what stands in the rules, and what the classifier sees in their place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ..registry import PROMPTS
from ..text.vocabulary import tokens, word_features

FRAMES = ("unsure", "flat", "left", "unowned", "steady")
"""Classes that mark a stretch of a sentence rather than name a thing."""


@cache
def guard_file() -> Mapping[str, Any]:
    """``prompts/guard.toml``. ``Any``: its shape is told in its head."""
    return tomllib.loads((PROMPTS / "guard.toml").read_text(encoding="utf-8"))


@cache
def classes() -> Mapping[str, str]:
    """Every class of words as an expression; a class may use the ones above it."""
    found = dict[str, str]()
    for name, alternatives in guard_file()["words"].items():
        found[name] = f"(?:{filled(alternatives, found)})"
    return found


def filled(rule: str, known: Mapping[str, str]) -> str:
    """The rule with the words of every class in place of the class's <name>."""
    for name, alternatives in known.items():
        rule = rule.replace(f"<{name}>", alternatives)
    return rule


@cache
def _things() -> Mapping[str, re.Pattern[str]]:
    """The classes that name a thing; those that come first in the file first."""
    return {name: re.compile(words if name == "will" else rf"\b{words}\b")
            for name, words in classes().items() if name not in FRAMES}


@cache
def _marks() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(classes()[name]) for name in ("unsure", "left")}


def frame_features(sentence: str) -> Iterator[str]:
    """Which classes a sentence holds, and its n-grams with the class's name in place of their words: "take [medicine]"
    is one feature, whatever the medicine."""
    plain = sentence.lower()
    marks = [name for name, found in _marks().items() if found.search(plain)]
    framed, held = plain, []
    for name, found in _things().items():
        if found.search(plain):
            held.append(name)
            framed = found.sub(f" [{name}] ", framed)
    yield from (f"has {name}" for name in (*marks, *held))
    for mark in (*marks, *(["asks"] if "?" in plain else [])):
        yield from (f"{mark} {name}" for name in held)
    yield from (f"framed {feature}" for feature in word_features(tokens(framed)) if "[" in feature)
