"""Two stories that last: live and in a video a mismatch is told only when it holds over consecutive windows.

Two of the last three windows must pass the threshold; once told it stays until fewer than two pass a lower one. What is
usual for a person is no news: the mean score of their windows so far, where it is above zero, is taken off each score,
shrunk by how long it was seen and never by more than ``MAX_USUAL``, so that two stories told all the time still pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..types import EMOTIONS, Masking, Moment
from .masking import MIN_WINDOW_S, THRESHOLD, log_ratio, probability, told

N_WINDOWS, N_TOLD = 3, 2
"""So many of the newest windows must agree."""

HYSTERESIS = 1.0
"""In nats: what is told is kept down to ``THRESHOLD - HYSTERESIS``."""

FADE_S = 15.0
"""A window older than this says nothing any more."""

USUAL_AFTER_S = 20.0
"""Seconds of windows from which the usual score counts; after as much again half of it is believed."""

MAX_USUAL = 1.5
"""In nats; the most that a person's usual score takes off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One window that was read well; ``end_s`` on the caller's clock."""

    end_s: float
    masking: Masking


@dataclass(frozen=True, slots=True, kw_only=True)
class Persistence:
    """What the newest windows say together. ``told`` is the mismatch to show, or None; ``seen_s`` seconds of windows
    went into ``mean_score``."""

    windows: tuple[Window, ...] = ()
    told: Masking | None = None
    seen_s: float = 0.0
    mean_score: float = 0.0

    @classmethod
    def start(cls) -> Persistence:
        """Before the first window."""
        return cls()

    @property
    def usual(self) -> float:
        """Nats of this person's usual score, in [0, ``MAX_USUAL``]; 0 before ``USUAL_AFTER_S``."""
        if self.seen_s < USUAL_AFTER_S:
            return 0.0
        return min(max(self.mean_score, 0.0) * self.seen_s / (self.seen_s + USUAL_AFTER_S), MAX_USUAL)

    def after(self, masking: Masking | None, end_s: float, length_s: float = MIN_WINDOW_S) -> Persistence:
        """With the window that ended at ``end_s``; may be called at any rate.

        Args:
            masking: what ``weigh_window`` said; None where it could not say, which is no vote but lets time pass.
            end_s: end of the window.
            length_s: its length; a window that overlaps the last counted one is left out.
        """
        recent = tuple(window for window in self.windows if end_s - window.end_s <= FADE_S)
        overlaps = bool(recent) and end_s - recent[-1].end_s < length_s - 1e-6
        if masking is None or overlaps or length_s < MIN_WINDOW_S - 1e-6:
            return replace(self, windows=recent, told=self.told if recent else None)
        seen_s = self.seen_s + length_s
        grown = replace(self, windows=(*recent, Window(end_s=end_s, masking=masking))[-N_WINDOWS:], seen_s=seen_s,
                        mean_score=self.mean_score + (masking.score - self.mean_score) * length_s / seen_s)
        return replace(grown, told=grown._verdict(self.told))

    def _verdict(self, before: Masking | None) -> Masking | None:
        """The newest of the windows that pass, where enough do; ``self.usual`` already knows the newest window."""
        threshold = THRESHOLD + self.usual - (HYSTERESIS if before else 0.0)
        passing = [window.masking for window in self.windows if told(window.masking, threshold)]
        return passing[-1] if len(passing) >= N_TOLD else None


def lasts(timeline: Sequence[Moment], length_s: float = MIN_WINDOW_S) -> bool | None:
    """Whether two stories last over a video: told at some time by its windows, each the mean of its moments' faces and
    of its voices; what is left at the end, when it is less than half a window, belongs to the one before. None where
    fewer than two windows hold both."""
    state, n_read, held = Persistence.start(), 0, False
    end_s = max((moment.time_s for moment in timeline), default=0.0)
    starts_s = length_s * np.arange(max(1, round(end_s / length_s)))
    for start_s in starts_s:
        until_s = np.inf if start_s == starts_s[-1] else start_s + length_s
        part = [moment for moment in timeline if start_s <= moment.time_s < until_s]
        faces = [moment.face.array() for moment in part if moment.face]
        voices = [moment.voice.array() for moment in part if moment.voice]
        if min(len(faces), len(voices)) < len(part) / 2 or not part:
            continue
        n_read += 1
        face, voice = np.mean(faces, axis=0), np.mean(voices, axis=0)
        score = float(log_ratio(face[None], voice[None])[0])
        window = Masking(score=score, probability=probability(score), shown=EMOTIONS[face.argmax()],
                         felt=EMOTIONS[voice.argmax()], evidence=())
        state = state.after(window, start_s + length_s, length_s)
        held = held or state.told is not None
    return held if n_read > 1 else None
