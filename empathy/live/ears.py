"""One visitor's ears: the tone and melody of what is being said, window by window."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..affect import affect_of
from ..audio.prosody import level_dbfs
from ..audio.read_voice import Heard, begin_reading, is_unsure, listen, with_tones
from ..audio.speech import FLOOR_DBFS
from ..pipeline import Empathy
from ..run import Run
from ..types import SAMPLE_RATE_HZ, Affect, Emotions, Samples, SoundEvent, Span, VoiceReading
from .sound import LOST_S, Sound, Spoken

WINDOW_S = 4.0
"""Melody, quality and masking are read over so much of the newest sound."""
TONE_S, MIN_TONE_S = 2.0, 0.5
"""The tone is heard on the speech of a shorter window; with less speech than this it is not."""
HOP_S, EASE = 0.5, 3.0
"""Between two tones lies this time, or ``EASE`` times what the last one took."""
NEWEST = 2
"""Tones that a reading of this moment is the mean of."""
MELODY_S, MELODY_EASE, EVENTS_S = 1.0, 10.0, 2.0
"""Melody and other sounds are read this often; the melody no sooner than after so many times what it took."""
RECENT_S = 0.7
"""Speech that ended longer ago is not heard again."""
SHARE_S = 10.0
"""Time over which the share of speech is counted, or what there is of it."""
EVENT_HOLDS_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hearing:
    """What is heard now. ``voice`` has the newest tones, ``whole`` the mean of those of ``WINDOW_S``; both are None
    while nobody speaks. ``fresh`` tells that a tone was heard just now; ``measures`` by the names of
    ``fusion/spectrum.toml``; ``events`` of the last seconds."""

    speaking: bool
    voice: VoiceReading | None = None
    whole: VoiceReading | None = None
    fresh: bool = False
    measures: Mapping[str, float] = field(default_factory=dict[str, float])
    events: tuple[SoundEvent, ...] = ()


class Ears:
    """Not thread-safe: the session that owns it locks it.

    Args:
        system: the engines and settings.
        stopwatch: seconds, to tell how long a tone takes.
    """

    def __init__(self, system: Empathy, stopwatch: Callable[[], float] = time.perf_counter) -> None:
        self._system = system
        self._stopwatch = stopwatch
        self._sound = Sound(system)
        self._heard: deque[tuple[float, VoiceReading]] = deque(maxlen=round(WINDOW_S / HOP_S))
        self._melody: VoiceReading | None = None
        self._events: deque[tuple[float, SoundEvent]] = deque(maxlen=16)
        self._tone_due_s = self._melody_due_s = self._events_due_s = -np.inf

    def hear(self, run: Run, samples: Samples, end_s: float) -> None:
        """Take new sound, mono, 16 kHz, of any length; its last sample was heard at ``end_s``."""
        self._sound.add(run, samples, end_s)

    def listen(self, run: Run, now_s: float) -> Hearing:
        """What is heard at ``now_s``; calls no engine where nothing new was said."""
        sound = self._sound
        if now_s - sound.end_s > LOST_S:
            sound.close()
            return Hearing(speaking=False)
        window, spans = sound.last(WINDOW_S)
        self._note_events(run, window, spans)
        fresh = self._hear_tone(run, window, spans)
        return Hearing(speaking=sound.speaking, fresh=fresh, voice=self._voice(window, spans, NEWEST),
                       whole=self._voice(window, spans, len(self._heard)), measures=self._measures(),
                       events=tuple(event for at_s, event in self._events if now_s - at_s <= EVENT_HOLDS_S))

    def spoken(self) -> tuple[Spoken, ...]:
        """The utterances that have ended since the last call."""
        return self._sound.spoken()

    def begun(self) -> Spoken | None:
        """The open utterance up to its last breath, when there was one since the last call."""
        return self._sound.begun()

    def close(self) -> None:
        """The microphone is off: an open utterance ends, and nothing else is kept."""
        self._sound.close()
        self._heard.clear()
        self._events.clear()

    def _hear_tone(self, run: Run, window: Samples, spans: tuple[Span, ...]) -> bool:
        """Hear the newest speech, where there is some and it is time."""
        now_s, length_s = self._sound.end_s, _length_s(window)
        recent = _within(spans, length_s - TONE_S, length_s)
        if (now_s < self._tone_due_s or not recent or length_s - recent[-1].end_s > RECENT_S
                or sum(span.duration_s for span in recent) < MIN_TONE_S):
            return False
        started = self._stopwatch()
        engines = self._system.engines
        tone = run.ask("tone", engines.tone, lambda engine: listen(window, recent, engine))
        affect = run.ask("affect", engines.affect, lambda engine: (
            tone if tone and tone.engine == engine.name else listen(window, recent, engine)))
        melody = self._measured(run, window, spans)
        if melody is not None:
            heard: list[Heard] = [one for one in (tone, affect) if one is not None]
            self._heard.append((now_s, with_tones(melody, heard, abstain_below=self._system.settings.abstain_voice)))
        self._tone_due_s = now_s + max(HOP_S - 0.05, EASE * (self._stopwatch() - started))
        return bool(tone or affect)

    def _measured(self, run: Run, window: Samples, spans: tuple[Span, ...]) -> VoiceReading | None:
        """Melody and quality of the window, every ``MELODY_S``."""
        if self._melody is None or self._sound.end_s >= self._melody_due_s:
            below = self._system.settings.abstain_voice
            started = self._stopwatch()
            self._melody = run.attempt("prosody", lambda: begin_reading(
                window, spans, abstain_below=below, rough=False))
            spent_s = self._stopwatch() - started
            self._melody_due_s = self._sound.end_s + max(MELODY_S - 0.05, MELODY_EASE * spent_s)
        return self._melody

    def _voice(self, window: Samples, spans: tuple[Span, ...], newest: int) -> VoiceReading | None:
        """The ``newest`` tones of the window put together, their mean as one reading; None while nobody speaks."""
        while self._heard and self._sound.end_s - self._heard[0][0] > WINDOW_S:
            self._heard.popleft()
        if not self._heard or self._sound.end_s - self._heard[-1][0] > RECENT_S + HOP_S:
            return None
        readings = [reading for _, reading in self._heard][-newest:]
        emotions = [reading.emotions.array() for reading in readings if reading.emotions]
        affects = [reading.affect for reading in readings if reading.affect]
        mean = Emotions.of(np.mean(emotions, axis=0)) if emotions else None
        last = readings[-1]
        return replace(last, duration_s=_length_s(window), speech=spans, emotions=mean,
                       abstains=is_unsure(last.confidence, mean, self._system.settings.abstain_voice),
                       affect=_mean_affect(affects) if affects else affect_of(mean) if mean else None)

    def _measures(self) -> dict[str, float]:
        """What needs more than the window; absent until as much was heard."""
        sound, spans = self._sound.last(SHARE_S)
        length_s = _length_s(sound)
        return {"speech_share": sum(span.duration_s for span in spans) / length_s} if length_s >= WINDOW_S else {}

    def _note_events(self, run: Run, window: Samples, spans: tuple[Span, ...]) -> None:
        """Other sounds of the newest seconds; each is told once, in the window in which it ends."""
        now_s, newest = self._sound.end_s, window[-round(EVENTS_S * SAMPLE_RATE_HZ):]
        if now_s < self._events_due_s or level_dbfs(newest) < FLOOR_DBFS:
            return
        self._events_due_s = now_s + EVENTS_S
        found = run.ask("events", self._system.engines.events, lambda engine: engine.events(window, spans)) or ()
        length_s = _length_s(window)
        self._events.extend((now_s, event) for event in found if length_s - event.end_s <= EVENTS_S)


def _within(spans: tuple[Span, ...], start_s: float, end_s: float) -> tuple[Span, ...]:
    """The parts of spans that lie in a stretch of time."""
    return tuple(Span(start_s=max(span.start_s, start_s), end_s=min(span.end_s, end_s)) for span in spans
                 if span.end_s > max(start_s, span.start_s) and span.start_s < end_s)


def _length_s(samples: Samples) -> float:
    return samples.size / SAMPLE_RATE_HZ


def _mean_affect(affects: list[Affect]) -> Affect:
    """Their mean; the standard deviation holds the spread between them too."""
    values: dict[str, float] = {}
    for axis in ("valence", "arousal", "dominance"):
        means = np.array([getattr(affect, axis) for affect in affects])
        spreads = np.array([getattr(affect, f"{axis}_sd") for affect in affects])
        values[axis] = float(means.mean())
        values[f"{axis}_sd"] = float(np.sqrt(np.mean(spreads**2) + means.var()))
    return Affect(**values)
