"""What a visitor may choose on the *Live* tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Detector: TypeAlias = Literal["fast", "accurate", "retinaface", "haar"]
"""``fast`` follows the face from frame to frame; the others look for it anew in every frame: ``accurate`` with all of
MediaPipe's, near and far and in tiles, ``retinaface`` and ``haar`` with DeepFace's."""

Wish: TypeAlias = Literal["auto", "deepface", "compact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOptions:
    """Frozen: a change is a new value, handed to ``LiveSession.configure``.

    ``camera``, ``microphone``, ``posture`` and ``transcript`` tell what may be read.
    ``face_weight`` and ``voice_weight`` multiply how much a channel counts, in [0, 2]; ``attack_s`` and ``release_s``
    are the time constants with which a state rises and falls; ``tick_s`` is the time between two ticks; ``mirror`` is
    only handed on to the page, which turns the picture; ``debug`` adds the milliseconds of the stages to each tick."""

    camera: bool = True
    microphone: bool = True
    posture: bool = True
    transcript: bool = True
    face_weight: float = 1.0
    voice_weight: float = 1.0
    attack_s: float = 0.4
    release_s: float = 1.2
    tick_s: float = 0.5
    detector: Detector = "fast"
    expression: Wish = "auto"
    mirror: bool = True
    baseline: bool = True
    reply_on_pause: bool = False
    debug: bool = False

    def __post_init__(self) -> None:
        for name, low, high in (("face_weight", 0.0, 2.0), ("voice_weight", 0.0, 2.0), ("attack_s", 0.0, 10.0),
                                ("release_s", 0.0, 30.0), ("tick_s", 0.1, 10.0)):
            value = getattr(self, name)
            if not low <= value <= high:  # also false for NaN
                raise ValueError(f"{name} must lie in [{low:g}, {high:g}], not {value!r}")
