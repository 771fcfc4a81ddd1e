"""Sentences about a face that was seen or a voice that was heard: tentative, never a claim about what is felt."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from ..types import Channel, Emotion, Estimate, Masking
from .phrases import Pen, lines

NAMES: Mapping[Channel, str] = {
    "face": "your face", "posture": "your posture", "voice": "your voice", "words": "your words",
}

COUNTS = 0.1
"""Weight from which a channel had a say."""


def seen_and_heard(estimate: Estimate | None, pen: Pen) -> str | None:
    """What to say when there are no words: the look, the sound, or that it isn't clear."""
    if estimate is None:
        return None
    if estimate.abstains or not estimate.weights:
        return pen.write(lines("senses", "unsure"))
    channels = {channel for channel, weight in estimate.weights.items() if weight > COUNTS}
    kind = "both" if {"face", "voice"} <= channels else "voice" if "voice" in channels else "face"
    return pen.write(lines("senses", kind))


def mismatch(estimate: Estimate | None, pen: Pen) -> str | None:
    """One sentence that names both sides when the channels tell different stories."""
    if estimate is None or estimate.masking is None or estimate.abstains:
        return None
    return pen.write(lines("senses", "masking"))


def slots(estimate: Estimate | None, random: Random) -> dict[str, str]:
    """The words for looks and sounds; empty where nothing may be leaned on."""
    if estimate is None or estimate.abstains:
        return {}
    look = _look(estimate.emotions.top, random)
    if estimate.masking is None:
        return {"look": look, "sound": look}
    one, other = sides(estimate.masking)
    return {"look": look, "sound": look, "one": NAMES[one], "other": NAMES[other],
            "shown": _look(estimate.masking.shown, random), "felt": _look(estimate.masking.felt, random)}


def sides(masking: Masking) -> tuple[Channel, Channel]:
    """The channel that shows and the one that tells another story; a face and a voice where nothing else is said."""
    channels: list[Channel] = [item.channel for item in masking.evidence]
    one: Channel = "face" if "face" in channels or not channels else channels[0]
    others: list[Channel] = [channel for channel in channels if channel != one]
    return one, others[0] if others else "voice"


def _look(emotion: Emotion, random: Random) -> str:
    return random.choice(lines("senses", "look", emotion))
