"""Sentences made for the risk classifier from ``prompts/risk_lessons.toml``: lines with alternatives, drawn at random.

The labelled messages are few, and their words fewer: a razor is there, a scalpel is not. A line tells many ways of one
thing at once, and everyday lines with the same words stand beside it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..registry import PROMPTS

FILE = "risk_lessons.toml"
DRAWN = 12
"""Sentences drawn from one line, at most."""
_INNERMOST = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<([a-z]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A sentence, its category ("none" for everyday), and the line that it was drawn from."""

    text: str
    category: str
    line: int


def draw_lessons(seed: int, path: Path = PROMPTS / FILE) -> tuple[Lesson, ...]:
    """Draw from every line; each sentence once."""
    with path.open("rb") as file:
        content = tomllib.load(file)
    rng = np.random.default_rng(seed)
    found: dict[str, Lesson] = {}
    number = 0
    for block in content["lesson"]:
        for line in block["lines"]:
            for _ in range(DRAWN):
                text = filled(line, content["slots"], rng)
                found.setdefault(text, Lesson(text=text, category=block["category"], line=number))
            number += 1
    return tuple(found.values())


def filled(line: str, slots: dict[str, str], rng: np.random.Generator) -> str:
    """One sentence of a line: its alternatives chosen, its slots filled.

    Raises:
        KeyError: the line names a slot that is not there.
    """
    def one(options: str) -> str:
        told = options.split("|")
        return told[int(rng.integers(len(told)))]

    while _INNERMOST.search(line):
        line = _INNERMOST.sub(lambda match: one(match[1]), line)
    while _SLOT.search(line):
        line = _SLOT.sub(lambda match: "three" if match[1] == "number" else one(slots[match[1]]), line)
    return re.sub(r"\s+", " ", line).replace(" ,", ",").strip()
