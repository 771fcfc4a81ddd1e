"""How one person usually looks and sounds: a resting frown is no anger, and a monotone voice no sadness.

For each channel a running mean is kept of its emotions and its affect, of the voice also of its loudness. The weight of
a new moment is its share of the time seen so far, at least ``dt / MEMORY_S``: an exact mean at first, which later
forgets. Once a channel was seen for ``READY_S`` seconds, ``relative`` takes the person's usual expression out, as
one corrects a classifier for another prior: in log space, towards what people in general show,

    p'(e)  ~  p(e) * exp(clip(strength * log(usual_of_people(e) / usual_of_person(e)), -BOUND, 0)),   e not neutral
    strength = seen_s / (seen_s + SHRINK_S)

and affect is moved against its own mean's distance from the people's, by the same strength, at most ``BOUND_AFFECT``.

It is bounded on purpose. Emotions other than neutral only ever lose, each at most the factor exp(-BOUND) = 1/4, so
nothing gains on what a person shows often by more than four. Somebody who looks sad at 0.8 from the first second on
stays sad however long it lasts, while a resting 0.5 becomes neutral; no axis moves by more than ``BOUND_AFFECT``. It
is kept in the session and forgotten with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..affect import affect_of
from ..types import EMOTIONS, Affect, Emotions, Prosody

Seen: TypeAlias = Literal["face", "voice"]
"""The channels that have a usual look or sound."""

READY_S = 20.0
"""A channel's baseline is used from so many seconds of it on."""

SHRINK_S = 20.0
"""Seconds after which half of the person's distance from people in general is believed to be theirs for good."""

MEMORY_S = 300.0
"""The baseline follows slow changes with this time constant."""

BOUND = float(np.log(4.0))
BOUND_AFFECT = 0.3

PEOPLE: Mapping[str, float] = {
    "angry": 0.05, "contempt": 0.02, "disgust": 0.05, "fear": 0.05, "happy": 0.15, "neutral": 0.58, "sad": 0.05,
    "surprise": 0.05}
"""What people in general are taken to show while they talk, by our convention: mostly neutral, now and then a smile."""

_AXES = ("valence", "arousal", "dominance")
_FLOOR = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Mean of one or more numbers over time; ``seen_s`` seconds went into it."""

    seen_s: float = 0.0
    mean: tuple[float, ...] = ()

    def after(self, values: NDArray[np.float64], dt_s: float) -> Running:
        """With values that held for ``dt_s`` seconds.

        Source: D. H. D. West 1979, "Updating mean and variance estimates", Communications of the ACM 22(9); the weight
        of the new value is held at ``dt_s / MEMORY_S`` or above, which forgets exponentially.
        """
        if dt_s <= 0:
            return self
        weight = min(dt_s / min(self.seen_s + dt_s, MEMORY_S), 1.0)
        before = np.array(self.mean) if self.mean else values
        return Running(seen_s=self.seen_s + dt_s, mean=tuple((before + weight * (values - before)).tolist()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One person's usual channels. ``usual`` holds, for each channel, the eight emotions and the three affect axes;
    ``loudness`` dBFS of the voice."""

    usual: Mapping[Seen, Running] = field(default_factory=dict["Seen", Running])
    loudness: Running = Running()

    @classmethod
    def start(cls) -> Baseline:
        """Of somebody who was never seen."""
        return cls()

    def after(self, channel: Seen, emotions: Emotions, affect: Affect, dt_s: float) -> Baseline:
        """With a reading that held for ``dt_s`` seconds: as it was measured, not what ``relative`` made of it."""
        values = np.r_[emotions.array(), [getattr(affect, axis) for axis in _AXES]]
        return replace(self, usual={**self.usual, channel: self.usual.get(channel, Running()).after(values, dt_s)})

    def after_speech(self, prosody: Prosody, dt_s: float) -> Baseline:
        """With the loudness of ``dt_s`` seconds of speech; what could not be measured is left as it was."""
        if not np.isfinite(prosody.loudness_dbfs):
            return self
        return replace(self, loudness=self.loudness.after(np.array([prosody.loudness_dbfs]), dt_s))

    def seen_s(self, channel: Seen) -> float:
        """Seconds of a channel so far."""
        return self.usual[channel].seen_s if channel in self.usual else 0.0

    def ready(self, channel: Seen) -> bool:
        """True once the channel was seen for ``READY_S`` seconds."""
        return self.seen_s(channel) >= READY_S - 1e-6

    def relative(self, channel: Seen, emotions: Emotions, affect: Affect) -> tuple[Emotions, Affect]:
        """A reading without what is usual for this person; unchanged before the channel is ``ready``."""
        if not self.ready(channel):
            return emotions, affect
        usual = np.array(self.usual[channel].mean)
        strength = self.seen_s(channel) / (self.seen_s(channel) + SHRINK_S)
        people = np.array([PEOPLE[name] for name in EMOTIONS])
        factor = np.clip(strength * np.log(people / np.maximum(usual[:8], _FLOOR)), -BOUND, 0.0)
        factor[EMOTIONS.index("neutral")] = 0.0
        return Emotions.of(emotions.array() * np.exp(factor)), _moved(affect, usual[8:], strength)


def _moved(affect: Affect, usual: NDArray[np.float64], strength: float) -> Affect:
    people = affect_of(Emotions.of(PEOPLE))
    moved = {axis: float(np.clip(
        getattr(affect, axis) - np.clip(strength * (own - getattr(people, axis)), -BOUND_AFFECT, BOUND_AFFECT),
        -1.0, 1.0)) for axis, own in zip(_AXES, usual, strict=True)}
    return replace(affect, **moved)
