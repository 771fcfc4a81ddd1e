"""The newest seconds of one microphone, with the share of speech of each frame, and the utterances in it. In memory
alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..audio.speech import (
    ENTER,
    FLOOR_DBFS,
    FRAME_S,
    LEAVE,
    LEVEL_DBFS,
    N_FRAME,
    SpeechState,
    frame_levels_db,
    fresh_state,
    runs,
)
from ..errors import ModelRunError
from ..pipeline import Empathy
from ..run import Run
from ..types import SAMPLE_RATE_HZ, Samples, Span

KEEP_S = 10.0
PAUSE_S = 0.8
"""Silence that ends an utterance. Pauses within one are mostly shorter: Campione & Véronis 2002 (Speech Prosody) put
the border between brief and long pauses at about 1 s."""
BREATH_S = 0.35
"""A silence within an utterance after which what was said so far can be written down: the words before it are whole,
and where the utterance ends with it, its sound is the same."""
SURE_FRAMES = 4
"""So many frames of speech (0.13 s) before the page says that it hears some."""
MIN_SPEECH_S, MAX_UTTERANCE_S = 0.5, 20.0
"""Utterances with less speech are dropped; longer ones are cut, since Whisper hears 30 s at a time."""
_MARGIN_FRAMES = round(0.25 / FRAME_S)
"""Sound kept on both sides of an utterance."""
_BREATH_FRAMES = round(BREATH_S / FRAME_S)
LOST_S = 2.0
"""After so long without sound what comes next is no continuation."""
LEVEL_S = 10.0
MAX_GAIN_DB, MIN_GAIN_DB = 25.0, -20.0
"""The speech network was trained at usual levels: the loud frames of the last ``LEVEL_S`` are brought there, within
these bounds, so that the noise of a quiet room is not blown up to a voice."""


@runtime_checkable
class StreamingSpeech(Protocol):
    """A speech engine that can follow a live voice, frame by frame of 512 samples."""

    def probabilities(self, samples: Samples, state: SpeechState) -> tuple[NDArray[np.float32], SpeechState]:
        """One probability a frame, and the state for what comes next."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """An utterance, or what there is of one at a breath: its sound with a margin on both sides; times on the session's
    clock."""

    samples: Samples
    started_s: float
    ended_s: float


class Sound:
    """Not thread-safe: the session that owns it locks it."""

    def __init__(self, system: Empathy) -> None:
        self._system = system
        self._samples = np.zeros(0, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._shares = np.zeros(0, np.float32)
        self._levels_db = np.zeros(0, np.float32)
        self._state = fresh_state()
        self._open: list[Samples] = []
        """Frames of the utterance with the margin before it; between utterances the margin alone."""
        self._n_speech = self._n_quiet = 0
        self._spoken: deque[Spoken] = deque(maxlen=4)
        self._begun: Spoken | None = None
        self.end_s = self._heard_s = -np.inf
        """When the newest sample, and the newest whole frame, were heard."""

    @property
    def speaking(self) -> bool:
        """True within an utterance, pauses included; a lone frame is a click."""
        return self._n_speech >= SURE_FRAMES

    def add(self, run: Run, samples: Samples, end_s: float) -> None:
        """Take new sound of any length, whose last sample was heard at ``end_s``; what fills no frame waits."""
        if end_s - samples.size / SAMPLE_RATE_HZ - self.end_s > LOST_S:
            self.close()
        whole = np.concatenate([self._rest, samples])
        n = whole.size // N_FRAME
        fresh, self._rest, self.end_s = whole[:n * N_FRAME], whole[n * N_FRAME:], end_s
        if not n:
            return
        self._levels_db = _newest(self._levels_db, frame_levels_db(fresh), round(LEVEL_S / FRAME_S))
        followed = run.ask("speech", self._system.engines.speech, lambda engine: self._follow(engine, fresh))
        shares = np.zeros(n, np.float32) if followed is None else followed
        first_s = end_s - self._rest.size / SAMPLE_RATE_HZ - n * FRAME_S
        for i, (share, frame) in enumerate(zip(shares.tolist(), fresh.reshape(n, N_FRAME), strict=True), 1):
            self._open.append(frame)
            self._step(share, first_s + i * FRAME_S)
        self._samples = _newest(self._samples, fresh, round(KEEP_S * SAMPLE_RATE_HZ))
        self._shares = _newest(self._shares, shares, round(KEEP_S / FRAME_S))

    def last(self, length_s: float) -> tuple[Samples, tuple[Span, ...]]:
        """The newest sound of at most ``length_s`` seconds, and the speech in it."""
        n = min(round(length_s / FRAME_S), self._shares.size)
        if n == 0:
            return np.zeros(0, np.float32), ()
        spans = tuple(Span(start_s=start_s, end_s=end_s) for start_s, end_s in runs(self._shares[-n:], FRAME_S))
        return self._samples[-n * N_FRAME:], spans

    def spoken(self) -> tuple[Spoken, ...]:
        """The utterances that have ended since the last call."""
        found = tuple(self._spoken)
        self._spoken.clear()
        return found

    def begun(self) -> Spoken | None:
        """The open utterance up to its last breath, when there was one since the last call."""
        begun, self._begun = self._begun, None
        return begun

    def close(self) -> None:
        """The sound has stopped: an open utterance ends with it, and what comes next follows upon nothing."""
        self._end()
        self._open.clear()
        self._state = fresh_state()
        self._rest = self._samples = self._shares = np.zeros(0, np.float32)

    def _follow(self, engine: object, fresh: Samples) -> NDArray[np.float32]:
        if not isinstance(engine, StreamingSpeech):
            raise ModelRunError("this speech engine can't follow a live voice: it has no ``probabilities``")
        loud_db = float(np.percentile(self._levels_db, 95))
        if loud_db < FLOOR_DBFS:
            return np.zeros(fresh.size // N_FRAME, np.float32)
        gain_db = float(np.clip(LEVEL_DBFS - loud_db, MIN_GAIN_DB, MAX_GAIN_DB))
        raised = np.clip(fresh * np.float32(10.0 ** (gain_db / 20.0)), -1.0, 1.0)
        shares, self._state = engine.probabilities(raised, self._state)
        return shares

    def _step(self, share: float, at_s: float) -> None:
        """One frame, which ended at ``at_s``: an utterance begins at ``ENTER`` and ends after ``PAUSE_S`` below
        ``LEAVE``."""
        self._heard_s = at_s
        if self._n_speech == 0:
            del self._open[:-_MARGIN_FRAMES]
            if share > ENTER:
                self._n_speech, self._n_quiet = 1, 0
            return
        self._n_quiet = 0 if share > LEAVE else self._n_quiet + 1
        self._n_speech += self._n_quiet == 0
        if self._n_quiet == _BREATH_FRAMES and self._n_speech * FRAME_S >= MIN_SPEECH_S:
            self._begun = self._cut()
        if self._n_quiet * FRAME_S >= PAUSE_S or len(self._open) * FRAME_S >= MAX_UTTERANCE_S:
            self._end()

    def _end(self) -> None:
        """Close the open utterance, if there is one, and keep it if there is enough speech in it."""
        if self._n_speech * FRAME_S >= MIN_SPEECH_S:
            self._spoken.append(self._cut())
        self._n_speech = self._n_quiet = 0
        self._begun = None
        del self._open[:-_MARGIN_FRAMES]

    def _cut(self) -> Spoken:
        """The open utterance up to the margin after its last speech."""
        n_after = max(0, self._n_quiet - _MARGIN_FRAMES)
        frames = self._open[:len(self._open) - n_after]
        ended_s = self._heard_s - n_after * FRAME_S
        return Spoken(samples=np.concatenate(frames), ended_s=ended_s, started_s=ended_s - len(frames) * FRAME_S)


def _newest(before: NDArray[np.float32], now: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    return np.concatenate([before, now])[-most:]
