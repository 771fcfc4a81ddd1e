"""The thirty named states, read from what was seen and heard by one formula; the recipes are data (``spectrum.toml``).

    value = near * nearness + (1 - near) * direct

``nearness`` is how near the affect lies to the state's place in the space of pleasure, arousal and dominance, and
``direct`` the weighted mean of the signs that speak for it. See the head of ``spectrum.toml`` for both and for sources.
A state none of whose channels speaks is None, never 0.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from ..types import Affect, Emotions

Group: TypeAlias = Literal["face", "voice", "composed"]

FILE = Path(__file__).with_name("spectrum.toml")
_AXES = ("valence", "arousal", "dominance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """A measure as a sign: 0 at ``zero``, 1 at ``one``, straight in between."""

    measure: str
    zero: float
    one: float

    def of(self, value: float) -> float:
        """In [0, 1]."""
        return float(np.clip((value - self.zero) / (self.one - self.zero), 0.0, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one state is read. ``place`` in (valence, arousal, dominance), each in [-1, 1]; ``terms`` are the published
    words it was taken from; ``near`` the share of nearness, ``width`` the standard deviation of its kernel."""

    name: str
    group: Group
    channels: tuple[Literal["face", "voice"], ...]
    place: tuple[float, float, float]
    terms: tuple[str, ...]
    near: float
    width: float
    for_: Mapping[str, float]
    against: Mapping[str, float]
    source: str

    @property
    def formula(self) -> str:
        """The recipe in one line, for the page."""
        signs = [*(f"{weight:g} × {sign}" for sign, weight in self.for_.items()),
                 *(f"{weight:g} × not ({sign})" for sign, weight in self.against.items())]
        place = ", ".join(f"{value:+.2f}" for value in self.place)
        return (f"{1 - self.near:g} × weighted mean of [{'; '.join(signs)}] + {self.near:g} × nearness to "
                f"{' / '.join(self.terms)} ({place}), width {self.width:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the states are read from. A channel that says nothing is None; ``affect`` is that of both together.

    ``calm`` is the share of the voice's neutral that is calm. ``measures`` by the names in ``spectrum.toml``;
    ``words`` and ``sounds`` only hold labels and events that were there, each in [0, 1]."""

    face: Emotions | None = None
    face_affect: Affect | None = None
    voice: Emotions | None = None
    voice_affect: Affect | None = None
    calm: float | None = None
    affect: Affect | None = None
    measures: Mapping[str, float] = field(default_factory=dict[str, float])
    words: Mapping[str, float] = field(default_factory=dict[str, float])
    sounds: Mapping[str, float] = field(default_factory=dict[str, float])


@cache
def recipes() -> tuple[Recipe, ...]:
    """All thirty, in the order of the file."""
    data = _data()
    return tuple(_recipe(row, data["terms"]) for row in data["state"])


@cache
def ramps() -> Mapping[str, Ramp]:
    """The signs that are measures, by name."""
    return {name: Ramp(**row) for name, row in _data()["signs"].items()}


def read_spectrum(signs: Signs) -> dict[str, float | None]:
    """Every state in [0, 1], or None where none of its channels speaks."""
    return {recipe.name: read_state(recipe, signs) for recipe in recipes()}


def read_state(recipe: Recipe, signs: Signs) -> float | None:
    """One state by its recipe."""
    speaking = [channel for channel in recipe.channels if getattr(signs, channel) is not None]
    if not speaking:
        return None
    affect: Affect | None = {"face": signs.face_affect, "voice": signs.voice_affect, "composed": signs.affect}[
        recipe.group]
    parts = [(1.0 - recipe.near, _direct(recipe, signs)),
             (recipe.near, nearness(affect, recipe.place, recipe.width) if affect else None)]
    known = [(weight, value) for weight, value in parts if value is not None]
    total = sum(weight for weight, _ in known)
    return float(np.clip(sum(weight * value for weight, value in known) / total, 0.0, 1.0)) if total > 0 else None


def nearness(affect: Affect, place: tuple[float, float, float], width: float) -> float:
    """The mean of a Gaussian kernel about ``place`` over an uncertain affect, in [0, 1].

    For x ~ N(m, s^2) the mean of exp(-(x - p)^2 / 2w^2) is w / sqrt(w^2 + s^2) * exp(-(m - p)^2 / 2(w^2 + s^2)); the
    axes multiply. It is 1 for a certain affect in the very place, and an uncertain one is near to nothing.
    """
    found = 1.0
    for axis, at in zip(_AXES, place, strict=True):
        spread = width**2 + getattr(affect, f"{axis}_sd") ** 2
        found *= width / np.sqrt(spread) * np.exp(-((getattr(affect, axis) - at) ** 2) / (2.0 * spread))
    return float(found)


def sign_of(name: str, signs: Signs) -> float | None:
    """One sign in [0, 1] by its name in a recipe; None when it could not be read."""
    parts = [_part(part.strip(), signs) for part in name.split("+")]
    known = [part for part in parts if part is not None]
    return min(1.0, sum(known)) if known else None


def _direct(recipe: Recipe, signs: Signs) -> float | None:
    """The weighted mean of the signs; None where no sign that could speak for the state was read."""
    speaking = [(value, weight) for name, weight in recipe.for_.items()
                if (value := sign_of(name, signs)) is not None]
    if not speaking:
        return None
    denying = [(1.0 - value, weight) for name, weight in recipe.against.items()
               if (value := sign_of(name, signs)) is not None]
    known = [*speaking, *denying]
    return sum(value * weight for value, weight in known) / sum(weight for _, weight in known)


def _part(name: str, signs: Signs) -> float | None:
    if name in ramps():
        value = signs.measures.get(ramps()[name].measure)
        return None if value is None else ramps()[name].of(value)
    kind, _, label = name.partition(" ")
    match kind:
        case "face":
            return None if signs.face is None else float(getattr(signs.face, label))
        case "voice" if label == "calm":
            return None if signs.voice is None or signs.calm is None else signs.voice.neutral * signs.calm
        case "voice":
            return None if signs.voice is None else float(getattr(signs.voice, label))
        case "words":
            return signs.words.get(label)
        case "sound":
            return signs.sounds.get(label)
        case _:
            raise ValueError(f"spectrum.toml names a sign {name!r} that is neither in [signs] nor face, voice, words "
                             "or sound")


def _recipe(row: Mapping[str, Any], terms: Mapping[str, list[float]]) -> Recipe:
    place = np.mean([terms[term] for term in row["place"]], axis=0)
    return Recipe(
        name=row["name"], group=row["group"], channels=tuple(row["channels"]), terms=tuple(row["place"]),
        place=(float(place[0]), float(place[1]), float(place[2])), near=row["near"], width=row["width"],
        for_=row["for"], against=row["against"], source=row["source"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
