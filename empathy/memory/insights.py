"""What has changed in a conversation, as sentences that carry their numbers."""

from __future__ import annotations

from ..types import Estimate
from .session import Session

NOTABLE = 0.3
"""Change of valence or arousal, on [-1, 1], below which nothing is said; nor is one within the two values' spread."""

_SENTENCES = {
    ("valence", True): "more pleasant than at the start",
    ("valence", False): "less pleasant than at the start",
    ("arousal", True): "more stirred than at the start",
    ("arousal", False): "calmer than at the start",
}


def insights(session: Session, estimate: Estimate) -> tuple[str, ...]:
    """Compare an estimate with the first of the session that did not abstain; empty when either is unsure."""
    first = next((turn.estimate for turn in session.turns if turn.estimate and not turn.estimate.abstains), None)
    if first is None or estimate.abstains:
        return ()
    found: list[str] = []
    for axis in ("valence", "arousal"):
        before, now = getattr(first.affect, axis), getattr(estimate.affect, axis)
        spread = min(getattr(first.affect, f"{axis}_sd"), getattr(estimate.affect, f"{axis}_sd"))
        if abs(now - before) >= max(NOTABLE, spread):
            found.append(f"{_SENTENCES[axis, now > before]}: {axis} {before:+.2f} to {now:+.2f}")
    return tuple(found)
