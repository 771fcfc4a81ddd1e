"""Inputs that come with the page and run without a network; ``examples/README.md`` holds their terms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """One file and what its button says."""

    label: str
    path: Path


PHOTOS = (
    Example("A smiling astronaut", FOLDER / "astronaut.jpg"),
    Example("A cup of coffee, no face", FOLDER / "coffee.jpg"),
)
VOICES = (
    Example("Good news (synthetic voice)", FOLDER / "glad.ogg"),
    Example("A tired evening (synthetic voice)", FOLDER / "tired.ogg"),
)
VIDEOS = (Example("A greeting (synthetic voice)", FOLDER / "greeting.mp4"),)
SENTENCES = (
    "I have an exam on Monday and I can't stop worrying.",
    "My sister just had a baby, I'm an aunt now!",
    "I don't know. It's been a long, lonely week.",
)
