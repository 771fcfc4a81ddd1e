"""Smoothing in time: a value rises with one time constant and falls with another, whatever the time between ticks.

    after = before + (1 - exp(-dt / tau)) * (now - before),   tau = attack_s where now is higher, else release_s

so that two steps of half a second are one of a second. A value that is not there (None) is held for ``HOLD_S`` seconds
and then given up: the page shows it grey, not as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp

HOLD_S = 2.5
"""A channel that falls silent for a moment (a pause between words, a turned head) does not make the board blink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothed:
    """Named values, smoothed; ``missed_s`` how long each has been absent."""

    values: Mapping[str, float | None] = field(default_factory=dict[str, "float | None"])
    missed_s: Mapping[str, float] = field(default_factory=dict[str, float])

    def after(self, now: Mapping[str, float | None], dt_s: float, *, attack_s: float, release_s: float) -> Smoothed:
        """The values ``dt_s`` seconds later.

        Args:
            now: what was read, None where nothing was; names that are left out are dropped.
            dt_s: time since the last step, s, not negative.
            attack_s: time constant of rising, s; 0 follows at once.
            release_s: the same of falling.
        """
        values: dict[str, float | None] = {}
        missed_s: dict[str, float] = {}
        for name, value in now.items():
            before = self.values.get(name)
            if value is None:
                missed_s[name] = self.missed_s.get(name, 0.0) + dt_s
                values[name] = before if missed_s[name] <= HOLD_S else None
            else:
                values[name] = value if before is None else approach(
                    before, value, dt_s, attack_s if value > before else release_s)
        return Smoothed(values=values, missed_s=missed_s)


def approach(before: float, now: float, dt_s: float, tau_s: float) -> float:
    """One step of an exponential approach with time constant ``tau_s``."""
    return now if tau_s <= 0 else before + (1.0 - exp(-dt_s / tau_s)) * (now - before)
