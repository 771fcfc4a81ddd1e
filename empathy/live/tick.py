"""One tick: all that the page draws of one moment, as one small frozen value and one small JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..types import CareLevel, Emotion, Emotions

HearingState: TypeAlias = Literal["off", "silence", "speech", "waiting"]
SeeingState: TypeAlias = Literal["off", "no face", "face", "waiting"]
BaselineState: TypeAlias = Literal["cold", "ready", "off"]

DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameView:
    """The very frame that was read, which the browser still holds: it knows it by ``captured_s``, the time that it was
    fed with. ``width`` and ``height`` in px."""

    width: int
    height: int
    captured_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceView:
    """The main face in px of the ``FrameView``: ``box`` as x, y, width, height; ``points`` the mesh points of
    ``CONTOURS``, line by line; ``label`` the likeliest expression, "unsure" where the reading abstains."""

    box: tuple[float, float, float, float]
    label: str
    confidence: float
    abstains: bool
    emotions: Emotions
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostureView:
    """Body lines (x1, y1, x2, y2) in px of the ``FrameView``; ``label`` "" when nothing is clear."""

    label: str
    lines: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskingView:
    """See ``types.Masking``; only after it has persisted."""

    shown: Emotion
    felt: Emotion
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What one visitor's page shows now.

    ``n`` counts the ticks of a session from 1 (0: none yet); ``at_s`` on the session's clock; ``age_ms`` from the
    capture of the frame (or, without one, of the newest sound) to the making of the tick, None where it read neither.
    ``states`` holds all thirty names, None where a state's channels are absent. ``trail`` the last 60 (valence,
    arousal). ``stages_ms`` (p50 over the last minute) only when ``debug`` is on."""

    n: int
    at_s: float
    running: bool
    hearing: HearingState
    seeing: SeeingState
    states: Mapping[str, float | None]
    frame: FrameView | None = None
    face: FaceView | None = None
    posture: PostureView | None = None
    affect: tuple[float, float, float] | None = None
    trail: tuple[tuple[float, float], ...] = ()
    stability: float | None = None
    age_ms: float | None = None
    masking: MaskingView | None = None
    care: CareLevel = "none"
    baseline: BaselineState = "off"
    said: str = ""
    frames_read: int = 0
    frames_dropped: int = 0
    visitors: int = 1
    stages_ms: Mapping[str, float] = field(default_factory=dict[str, float])
    missing: tuple[str, ...] = ()


def tick_json(tick: Tick) -> dict[str, Any]:
    """What ``json`` can write: the field names as keys, numbers rounded to 3 digits, pixels to one."""
    return {
        "n": tick.n, "at_s": _short(tick.at_s), "running": tick.running,
        "age_ms": None if tick.age_ms is None else round(tick.age_ms, 1),
        "hearing": tick.hearing, "seeing": tick.seeing, "frame": _frame(tick.frame), "face": _face(tick.face),
        "posture": None if tick.posture is None else {
            "label": tick.posture.label, "lines": [[round(value, 1) for value in line] for line in tick.posture.lines]},
        "states": {name: None if value is None else _short(value) for name, value in tick.states.items()},
        "affect": None if tick.affect is None else dict(
            zip(("valence", "arousal", "dominance"), map(_short, tick.affect), strict=True)),
        "trail": [[_short(valence), _short(arousal)] for valence, arousal in tick.trail],
        "stability": None if tick.stability is None else _short(tick.stability),
        "masking": None if tick.masking is None else {
            "shown": tick.masking.shown, "felt": tick.masking.felt, "probability": _short(tick.masking.probability)},
        "care": tick.care, "baseline": tick.baseline, "said": tick.said, "frames_read": tick.frames_read,
        "frames_dropped": tick.frames_dropped, "visitors": tick.visitors,
        "stages_ms": {name: round(value, 1) for name, value in tick.stages_ms.items()}, "missing": list(tick.missing),
    }


def _frame(frame: FrameView | None) -> dict[str, Any] | None:
    if frame is None:
        return None
    return {"width": frame.width, "height": frame.height, "captured_s": _short(frame.captured_s)}


def _face(face: FaceView | None) -> dict[str, Any] | None:
    if face is None:
        return None
    return {"box": [round(value, 1) for value in face.box], "label": face.label,
            "confidence": _short(face.confidence), "abstains": face.abstains,
            "emotions": {name: _short(value) for name, value in face.emotions.items()},
            "points": [[round(x, 1), round(y, 1)] for x, y in face.points]}


def _short(value: float) -> float:
    return round(float(value), DIGITS)
