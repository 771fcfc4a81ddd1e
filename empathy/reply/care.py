"""What the situation asks for: decided by rules over words, time and buttons. Never by a face alone, never by a model.

Levels go up at once and come down one step at a time, so that a single "I'm fine" or "just joking" does not close a
crisis; and what was offered is not offered again at every turn, so that nobody is nagged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from ..memory.session import Mood, Session
from ..types import NO_CARE, Care, CareLevel, Risk
from .crisis import crisis_offers

Pressed: TypeAlias = Literal["none", "help", "ok"]

LEVELS: tuple[CareLevel, ...] = ("none", "check-in", "support", "crisis")

LOW_VALENCE = -0.35
"""Below this a turn counts as distress; affect in [-1, 1]."""

LOW_CONFIDENCE = 0.35
"""A mood read with less confidence does not count."""

CHECK_IN_TURNS, CHECK_IN_S = 4, 90.0
"""Distress in so many of the last five turns, over at least so many seconds, asks for a check-in."""

SUPPORT_TURNS, SUPPORT_S = 8, 600.0
"""And in so many of the last ten, over ten minutes, for support."""

CALM_TURNS = 2
"""Turns without risk before care comes down one step."""

CALM_S = 120.0
"""And the least time since the crisis before it does."""

QUIET_S = 900.0
"""A check-in is not offered again for a quarter of an hour, nor after "I'm OK"."""

_GRAVE = ("suicidal thoughts", "self-harm", "harm by others", "harm to others")
_SUPPORT_OFFERS = ("Talk to someone you trust", "Find a help line: findahelpline.com", "Breathe for a minute")
_CHECK_IN_OFFERS = ("Take a short break", "Breathe for a minute")
_REASON_OK = "you pressed I'm OK"


def decide(risk: Risk, session: Session, now_s: float, pressed: Pressed = "none", *, country: str = "") -> Care:
    """The care for this turn, with its reasons and what is offered. Where care ends, "none" has the reasons why.

    Args:
        risk: what the words of this turn say of danger.
        session: the conversation so far, without this turn.
        now_s: on the same clock as the session's turns.
        pressed: the button "I need help now" or "I'm OK", if one was.
        country: ISO 3166 code for the help lines.
    """
    asked = _asked(risk, session, now_s, pressed)
    held = _held(session, now_s, pressed)
    holds = _rank(held[0]) > _rank(asked[0]) or (asked[0] == "none" and bool(held[1]))
    level, reasons = held if holds else asked
    if level == "none":
        return replace(NO_CARE, reasons=reasons)
    return Care(level=level, reasons=reasons, offers=_offers(level, session, now_s, country))


def _rank(level: CareLevel) -> int:
    return LEVELS.index(level)


def _asked(risk: Risk, session: Session, now_s: float, pressed: Pressed) -> tuple[CareLevel, tuple[str, ...]]:
    """What this turn calls for by itself."""
    cues = f" ({', '.join(repr(cue) for cue in risk.cues)})" if risk.cues else ""
    if pressed == "help":
        return "crisis", ("you pressed I need help now",)
    if risk.level == "crisis":
        return "crisis", (f"your words speak of {risk.category or 'danger'}{cues}",)
    if risk.level == "concern":
        repeated = any(
            turn.care.level != "none" and any("your words" in reason for reason in turn.care.reasons)
            for turn in session.turns[-3:]
        )
        level: CareLevel = "support" if risk.category in _GRAVE or repeated else "check-in"
        return level, (f"your words hint at {risk.category or 'distress'}{cues}",)
    if pressed == "ok":
        return "none", (_REASON_OK,)
    return _sustained(session, now_s)


def _sustained(session: Session, now_s: float) -> tuple[CareLevel, tuple[str, ...]]:
    """Distress that lasts: over turns and time, and heard in words or voice, not seen in a face alone."""
    if _recently(session, now_s):
        return "none", ()
    steps: tuple[tuple[int, float, int, CareLevel], ...] = (
        (SUPPORT_TURNS, SUPPORT_S, 10, "support"), (CHECK_IN_TURNS, CHECK_IN_S, 5, "check-in"))
    for turns, seconds, window, level in steps:
        low = [mood for mood in session.moods[-window:] if _is_low(mood)]
        if len(low) >= turns and now_s - low[0].at_s >= seconds:
            n, minutes = min(window, len(session.moods)), max(1, round((now_s - low[0].at_s) / 60))
            return level, (f"{len(low)} of the last {n} messages sounded distressed, over {minutes} min",)
    return "none", ()


def _is_low(mood: Mood) -> bool:
    return mood.spoken and mood.valence < LOW_VALENCE and mood.confidence >= LOW_CONFIDENCE


def _recently(session: Session, now_s: float) -> bool:
    """Care was offered, or "I'm OK" was pressed, not long ago."""
    return any((turn.care.level != "none" or turn.care.reasons) and now_s - turn.at_s < QUIET_S
               for turn in session.turns)


def _held(session: Session, now_s: float, pressed: Pressed) -> tuple[CareLevel, tuple[str, ...]]:
    """What an earlier crisis still asks for: one step down a time, by calm turns or by the button."""
    if session.crisis_s is None or not session.turns:
        return "none", ()
    last = session.turns[-1].care.level
    if last == "none":
        return "none", ()
    if pressed == "ok":
        return _down(last), (f"{_REASON_OK}; care comes down one step at a time",)
    if last == "crisis":
        return "support", ("an earlier message spoke of danger",)
    calm = _calm_turns(session, last)
    if calm >= CALM_TURNS and now_s - session.crisis_s >= CALM_S:
        return _down(last), ("calmer since an earlier message spoke of danger",)
    return last, ("an earlier message spoke of danger",)


def _calm_turns(session: Session, level: CareLevel) -> int:
    n = 0
    for turn in reversed(session.turns):
        if turn.care.level != level:
            break
        n += 1
    return n


def _down(level: CareLevel) -> CareLevel:
    return LEVELS[max(0, _rank(level) - 1)]


def _offers(level: CareLevel, session: Session, now_s: float, country: str) -> tuple[str, ...]:
    """Offers when the level is new; silent repetition afterwards."""
    if level == "crisis":
        return crisis_offers(country)
    before = session.turns[-1].care.level if session.turns else "none"
    if before == level and _recently(session, now_s):
        return ()
    return _SUPPORT_OFFERS if level == "support" else _CHECK_IN_OFFERS
