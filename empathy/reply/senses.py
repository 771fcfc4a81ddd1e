"""Sentences about a face that was seen or a voice that was heard: tentative, never a claim about what is felt."""

from __future__ import annotations

from ..types import Channel, Emotion, Estimate
from .phrases import Pen, lines

_NAMES: dict[Channel, str] = {"face": "your face", "posture": "your posture", "voice": "your voice", "words": "your words"}


def seen_and_heard(estimate: Estimate | None, pen: Pen) -> tuple[str, ...]:
    """What to say when there are no words: the look, the sound, or that it isn't clear."""
    if estimate is None:
        return ()
    if estimate.abstains or not estimate.weights:
        return _some(pen.write(lines("senses", "unsure")))
    channels = {channel for channel, weight in estimate.weights.items() if weight > 0.1}
    kind = "both" if {"face", "voice"} <= channels else "voice" if "voice" in channels else "face"
    return _some(pen.write(lines("senses", kind)))


def mismatch(estimate: Estimate | None, pen: Pen) -> str | None:
    """One sentence that names both sides when the channels tell different stories."""
    if estimate is None or estimate.masking is None or estimate.abstains:
        return None
    return pen.write(lines("senses", "masking"))


def slots(estimate: Estimate | None, pick: Pen) -> dict[str, str]:
    """The words for looks and sounds; empty where nothing may be leaned on."""
    if estimate is None or estimate.abstains:
        return {}
    filled = {"look": _look(estimate.emotions.top, pick), "sound": _look(estimate.emotions.top, pick)}
    masking = estimate.masking
    if masking is not None:
        channels = [item.channel for item in masking.evidence]
        other = next((channel for channel in channels if channel != "face"), "voice")
        one: Channel = "face" if "face" in channels or not channels else next((channel for channel in channels if channel != other), "face")
        filled |= {"shown": _look(masking.shown, pick), "felt": _look(masking.felt, pick), "one": _NAMES[one], "other": _NAMES[other]}
    return filled


def _look(emotion: Emotion, pick: Pen) -> str:
    return pick.random.choice(lines("senses", "look", emotion))


def _some(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()
