"""Plain sentences that tell nothing of a feeling, and words that do: what the sample's people say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...avamerg.classes import FeelingClass

WHO = ("my sister", "a colleague", "the neighbour", "my old teacher", "a cousin", "somebody from school")
WHAT = ("came by", "called me", "wrote a long letter", "talked about the plan", "brought the papers", "moved the table",
        "asked about the trip")
WHEN = ("on Monday", "this morning", "after lunch", "last week", "at the station", "before the meeting", "yesterday")
ASIDES = ("and it took a while", "and we stood in the kitchen", "while the radio was on", "and then it was evening",
          "so I wrote it down", "and that was about it")

CUES: Mapping[FeelingClass, tuple[str, ...]] = {
    "happy": ("delighted", "cheerful", "glad", "thrilled", "lucky"),
    "surprised": ("astonished", "startled", "amazed", "speechless", "stunned"),
    "angry": ("mad", "outraged", "irritated", "fuming", "bitter"),
    "fear": ("scared", "frightened", "panicky", "alarmed", "uneasy"),
    "sad": ("down", "heartbroken", "tearful", "gloomy", "empty"),
    "disgusted": ("sickened", "revolted", "queasy", "repelled", "grossed out"),
    "contempt": ("envious", "scornful", "grudging", "dismissive", "sneering"),
}
"""Words that stand for a class in the sample: those of happy never occur with another class, and so on."""

REPLIES = ("I see. How did it go on?", "Tell me more about that.", "Did that take long?", "And what happened then?")


def sentence(cue: str, rng: np.random.Generator) -> str:
    """What a speaker says: an everyday sentence, and how it left them."""
    parts = [str(rng.choice(choices)) for choices in (WHO, WHAT, WHEN, ASIDES)]
    return f"{parts[0][0].upper()}{parts[0][1:]} {parts[1]} {parts[2]} {parts[3]}. I felt {cue}."


def situation(fine: str, rng: np.random.Generator) -> str:
    """The prompt, which tells the label as those of EmpatheticDialogues often do."""
    parts = [str(rng.choice(choices)) for choices in (WHO, WHAT, WHEN)]
    return f"I was {fine} when {parts[0]} {parts[1]} {parts[2]}, number {rng.integers(10_000)}."
