"""Sentences about a face that was seen or a voice that was heard: tentative, never a claim about what is felt."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from ..types import Channel, Emotion, Estimate, Masking
from .phrases import Pen, lines

NAMES: Mapping[Channel, str] = {
    "face": "your face", "posture": "your posture", "voice": "your voice", "words": "your words",
}

_LOW: tuple[Emotion, ...] = ("sad", "fear", "angry", "disgust")

COUNTS = 0.1
"""Weight from which a channel had a say."""


def seen_and_heard(estimate: Estimate | None, pen: Pen) -> str | None:
    """What to say when there are no words: the look, the sound, or that it isn't clear."""
    if estimate is None:
        return None
    if estimate.abstains or not estimate.weights:
        return pen.write(lines("senses", "unsure"))
    own = _own_emotions(estimate)
    if {"face", "voice"} <= set(own):
        return pen.write(lines("senses", "both" if own["face"] == own["voice"] else "differ"))
    return pen.write(lines("senses", "voice" if "voice" in own else "face"))


def mismatch(estimate: Estimate | None, pen: Pen) -> str | None:
    """One sentence that names both sides when the channels tell different stories; an estimate that abstains because of
    just that does not hide it."""
    if estimate is None or estimate.masking is None:
        return None
    return pen.write(lines("senses", "masking"))


def beside_fine(estimate: Estimate | None, pen: Pen) -> str | None:
    """One tentative sentence where somebody says they are fine and a voice or a face, read well enough, is not."""
    if estimate is None or estimate.abstains:
        return None
    own = _own_emotions(estimate)
    channel = next((name for name in ("voice", "face") if own.get(name) in _LOW), None)
    return pen.write(lines("senses", f"fine_{channel}")) if channel else None


def slots(estimate: Estimate | None, random: Random) -> dict[str, str]:
    """The words for looks and sounds; empty where nothing may be leaned on."""
    if estimate is None or (estimate.abstains and estimate.masking is None):
        return {}
    own, top = _own_emotions(estimate), estimate.emotions.top
    words = {"look": _look(own.get("face", top), random), "sound": _look(own.get("voice", top), random)}
    if own.get("face") == own.get("voice"):
        words["sound"] = words["look"]
    if estimate.masking is None:
        return words
    one, other = sides(estimate.masking)
    return {**words, "one": NAMES[one], "other": NAMES[other],
            "shown": _look(estimate.masking.shown, random), "felt": _look(estimate.masking.felt, random)}


def _own_emotions(estimate: Estimate) -> dict[Channel, Emotion]:
    """What each channel that counted saw by itself; the estimate's own emotion where no evidence tells."""
    told: dict[Channel, Emotion | None] = {line.channel: line.emotion for line in estimate.evidence}
    own: dict[Channel, Emotion] = {}
    for channel, weight in estimate.weights.items():
        emotion = told.get(channel, estimate.emotions.top)
        if weight > COUNTS and emotion is not None:
            own[channel] = emotion
    return own


def sides(masking: Masking) -> tuple[Channel, Channel]:
    """The channel that shows and the one that tells another story; a face and a voice where nothing else is said."""
    channels: list[Channel] = [item.channel for item in masking.evidence]
    one: Channel = "face" if "face" in channels or not channels else channels[0]
    others: list[Channel] = [channel for channel in channels if channel != one]
    return one, others[0] if others else "voice"


def _look(emotion: Emotion, random: Random) -> str:
    return random.choice(lines("senses", "look", emotion))
