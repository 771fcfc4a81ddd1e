"""One visitor's board: face, voice and words of a moment weighed together, set against what is usual for the person,
smoothed in time. Frozen values in, a frozen value out; the clock is an argument."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..fusion.fuse import Vote, fuse, stability, votes
from ..fusion.masking import weigh_window
from ..fusion.persistence import Persistence
from ..fusion.signs import signs_of
from ..fusion.smooth import Smoothed
from ..fusion.spectrum import read_spectrum
from ..memory.baseline import Baseline, Seen
from ..types import Affect, FaceReading, Masking, VoiceReading, WordsReading
from ..watch import Glance, whole_face
from .ears import WINDOW_S, Hearing
from .eyes import Sight
from .options import LiveOptions
from .tick import BaselineState

STABILITY_S = 10.0
"""Stability is that of the affect over so many seconds."""
WORDS_HOLD_S = 10.0
"""The words of an utterance speak for so long after its end."""
MAX_TRAIL = 60
_AXES = ("valence", "arousal", "dominance")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Board:
    """What the page shows of a moment. ``face`` is the face without what is usual for this person."""

    states: Mapping[str, float | None]
    face: FaceReading | None = None
    affect: tuple[float, float, float] | None = None
    trail: tuple[tuple[float, float], ...] = ()
    stability: float | None = None
    masking: Masking | None = None
    baseline: BaselineState = "off"


class Weighing:
    """Keeps what is needed from tick to tick. Not thread-safe: the session that owns it locks it."""

    def __init__(self, abstain_face: float) -> None:
        self._abstain_face = abstain_face
        self._states = Smoothed()
        self._axes = Smoothed()
        self._affects: deque[tuple[float, Affect]] = deque(maxlen=240)
        self._trail: deque[tuple[float, float]] = deque(maxlen=MAX_TRAIL)
        self._baseline = Baseline.start()
        self._persistence = Persistence.start()
        self._words: tuple[float, WordsReading] | None = None
        self._last_s: float | None = None

    def say(self, words: WordsReading, at_s: float) -> None:
        """The words of an utterance, which count from now on."""
        self._words = (at_s, words)

    def weigh(self, sight: Sight, hearing: Hearing, glances: tuple[Glance, ...], now_s: float,
              options: LiveOptions) -> Board:
        """The board at ``now_s``."""
        dt_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s = now_s
        self._learn(sight.face, hearing, dt_s)
        face = _relative_face(sight.face, self._baseline) if options.baseline else sight.face
        voice = _relative_voice(hearing.voice, self._baseline) if options.baseline else hearing.voice
        words = self._words[1] if self._words and now_s - self._words[0] <= WORDS_HOLD_S else None
        estimate = fuse(_weighted(votes(face, sight.posture, voice, words), options))
        affect = estimate.affect if estimate else None
        signs = signs_of(face, sight.posture, voice, words, affect, events=hearing.events,
                         over_time={**sight.measures, **hearing.measures, **self._louder(voice)})
        rates = {"attack_s": options.attack_s, "release_s": options.release_s}
        self._states = self._states.after(read_spectrum(signs), dt_s, **rates)
        self._move(affect, now_s, dt_s, options)
        self._compare(glances, hearing, now_s)
        return Board(
            states=self._states.values, face=face, affect=self._affect(), trail=tuple(self._trail),
            stability=stability(tuple(one for _, one in self._affects)), masking=self._persistence.told,
            baseline=self._baseline_state(options))

    def _learn(self, face: FaceReading | None, hearing: Hearing, dt_s: float) -> None:
        """What is usual for this person grows with what was measured, not with what was made of it."""
        held_s = min(dt_s, 2.0)
        if face is not None and not face.abstains:
            self._baseline = self._baseline.after("face", face.emotions, face.affect, held_s)
        voice = hearing.voice
        if voice is not None and hearing.fresh and voice.emotions and voice.affect and not voice.abstains:
            self._baseline = self._baseline.after("voice", voice.emotions, voice.affect, held_s)
            if voice.prosody is not None:
                self._baseline = self._baseline.after_speech(voice.prosody, held_s)

    def _louder(self, voice: VoiceReading | None) -> dict[str, float]:
        """How much louder than this person's usual, once that is known."""
        usual = self._baseline.loudness.mean
        if voice is None or voice.prosody is None or not usual or not self._baseline.ready("voice"):
            return {}
        return {"louder_db": voice.prosody.loudness_dbfs - usual[0]}

    def _move(self, affect: Affect | None, now_s: float, dt_s: float, options: LiveOptions) -> None:
        tau_s = (options.attack_s + options.release_s) / 2  # a position has no rise and fall
        axes = {axis: getattr(affect, axis) if affect else None for axis in _AXES}
        self._axes = self._axes.after(axes, dt_s, attack_s=tau_s, release_s=tau_s)
        while self._affects and now_s - self._affects[0][0] > STABILITY_S:
            self._affects.popleft()
        if affect is not None and (place := self._affect()) is not None:
            self._affects.append((now_s, affect))
            self._trail.append(place[:2])

    def _affect(self) -> tuple[float, float, float] | None:
        values = [self._axes.values.get(axis) for axis in _AXES]
        known = [value for value in values if value is not None]
        return (known[0], known[1], known[2]) if len(known) == len(_AXES) else None

    def _compare(self, glances: tuple[Glance, ...], hearing: Hearing, now_s: float) -> None:
        """Face and voice of the same window; the face as it was shown, since a mask is worn on purpose."""
        window = None
        if hearing.whole is not None and hearing.fresh:
            window = weigh_window(whole_face(glances, self._abstain_face), hearing.whole)
        self._persistence = self._persistence.after(window, now_s, length_s=WINDOW_S)

    def _baseline_state(self, options: LiveOptions) -> BaselineState:
        if not options.baseline:
            return "off"
        channels: tuple[Seen, ...] = ("face", "voice")
        return "ready" if any(self._baseline.ready(channel) for channel in channels) else "cold"


def _weighted(cast: tuple[Vote, ...], options: LiveOptions) -> tuple[Vote, ...]:
    """The votes with the visitor's own weights; a weight of 0 silences a channel."""
    weights = {"face": options.face_weight, "posture": options.face_weight, "voice": options.voice_weight}
    heavier = [replace(vote, confidence=float(np.clip(vote.confidence * weights.get(vote.channel, 1.0), 0.0, 1.0)))
               for vote in cast if weights.get(vote.channel, 1.0) > 0]
    return tuple(heavier)


def _relative_face(face: FaceReading | None, baseline: Baseline) -> FaceReading | None:
    if face is None:
        return None
    emotions, affect = baseline.relative("face", face.emotions, face.affect)
    return replace(face, emotions=emotions, affect=affect)


def _relative_voice(voice: VoiceReading | None, baseline: Baseline) -> VoiceReading | None:
    if voice is None or voice.emotions is None or voice.affect is None:
        return voice
    emotions, affect = baseline.relative("voice", voice.emotions, voice.affect)
    return replace(voice, emotions=emotions, affect=affect)
