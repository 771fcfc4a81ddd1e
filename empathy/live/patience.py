"""A ``Run`` for something that is asked twice a second: a stage that failed is left alone for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..run import Run
from ..types import Analysis

T = TypeVar("T")

REST_S = 10.0


class PatientRun(Run):
    """The run of one tick.

    Args:
        resting: until when, and why, each stage that failed rests; shared by the runs of one session.
        now_s: on the clock of those times.
    """

    def __init__(self, resting: dict[str, tuple[float, str]], now_s: float) -> None:
        super().__init__(Analysis(input="", kind="video"))
        self._resting = resting
        self._now_s = now_s

    def attempt(self, stage: str, work: Callable[[], T]) -> T | None:
        """See ``Run.attempt``; a stage that rests gives None and is named again."""
        until_s, why = self._resting.get(stage, (self._now_s, ""))
        if self._now_s < until_s:
            self.miss(stage, why)
            return None
        n_missing = len(self.analysis.missing)
        result = super().attempt(stage, work)
        if result is None and len(self.analysis.missing) > n_missing:
            self._resting[stage] = (self._now_s + REST_S, self.analysis.missing[-1].why)
        return result
