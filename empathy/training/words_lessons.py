"""Sentences made for the words network from ``prompts/words_lessons.toml``: frames filled with words of a feeling,
turns of phrase, signs that stand alone, some of them shouted."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..registry import PROMPTS
from ..text.goemotions import LABELS

FILE = "words_lessons.toml"
Labels = tuple[str, ...]
Content = Mapping[str, Any]
"""The file as read: lists of strings, and tables with ``labels``."""
LIKELY = 0.08
"""The chance that a lesson is SHOUTED, and that it stands in lower case."""
BAD = ("neutral",)
"""What is denied in a feeling that nobody wants ("I'm not sad"); where it is over, that is a relief."""


def lessons(seed: int, path: Path = PROMPTS / FILE) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """All lessons: texts, and their labels as shape (n, 28)."""
    with path.open("rb") as file:
        content = tomllib.load(file)
    rng = np.random.default_rng(seed)
    made = list(dict.fromkeys([*_feelings(content, rng), *_turns(content), *_signs(content, rng)]))
    texts: list[str] = []
    truth = np.zeros((len(made), len(LABELS)), np.float32)
    for row, (text, labels) in enumerate(made):
        chance = rng.random()
        texts.append(text.upper() if chance < LIKELY else text.lower() if chance < 2 * LIKELY else text)
        truth[row, [LABELS.index(label) for label in labels]] = 1.0
    return tuple(texts), truth


def _feelings(content: Content, rng: np.random.Generator) -> Iterator[tuple[str, Labels]]:
    for one in content["feeling"]:
        labels, denied = tuple(one["labels"]), tuple(one["denied"])
        gone = ("relief", "neutral") if denied == BAD else denied
        for word in one["words"]:
            yield from ((frame.replace("{}", word), labels) for frame in content["said"])
            yield from ((frame.replace("{}", word), denied) for frame in content["denied"])
            yield from ((frame.replace("{}", word), gone) for frame in content["past"])
    bad = [word for one in content["feeling"] if tuple(one["denied"]) == BAD for word in one["words"]]
    for frame in content["neither"] * 6:
        first, second = rng.choice(len(bad), 2, replace=False)
        yield frame.format(bad[first], bad[second]), BAD


def _turns(content: Content) -> Iterator[tuple[str, Labels]]:
    for one in content["turn"]:
        for text in one["texts"]:
            yield from ((end, tuple(one["labels"])) for end in (text, f"{text}.", f"well, {text}", f"{text} today",
                                                                f"{text}!"))


def _signs(content: Content, rng: np.random.Generator) -> Iterator[tuple[str, Labels]]:
    for one in content["sign"]:
        labels = tuple(one["labels"])
        for sign in one["signs"].split():
            yield from ((sign * n, labels) for n in (1, 2, 3))
            yield from ((f"{frame} {sign * int(rng.integers(1, 4))}", labels)
                        for frame in _some(content["bare"], 10, rng))


def _some(frames: list[str], n: int, rng: np.random.Generator) -> list[str]:
    return [frames[i] for i in rng.choice(len(frames), n, replace=False)]
