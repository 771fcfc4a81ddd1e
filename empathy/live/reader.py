"""From what a visitor's browser sent to what the page shows: eyes, ears, weighing, words. One call a tick."""

from __future__ import annotations

from collections import deque
from math import inf

from ..pipeline import Empathy
from ..run import Run
from ..types import Analysis, CareLevel, Masking, Picture
from ..watch import whole_face
from .ears import Ears, Hearing
from .eyes import Eyes, Sight
from .inbox import Waiting
from .options import LiveOptions
from .patience import PatientRun
from .sound import Spoken
from .tick import HearingState, MaskingView, SeeingState, Tick
from .timing import Timing
from .utterance import Ended, Understanding, Utterance
from .views import face_view, frame_view, posture_view
from .weighing import Weighing

STALE_S = 3.0
"""Without a frame or sound for so long the page is told that it waits."""
CARE_HOLDS_S = 120.0
"""Care that an utterance asked for stays on show for so long."""
MOST_ENDED = 4
"""Utterances that may wait to be read; the oldest is dropped."""


class Reader:
    """Not thread-safe: the session that owns it locks it.

    Args:
        system: the engines and settings.
        timing: where the milliseconds of the stages go, beside the reader's own.
    """

    def __init__(self, system: Empathy, timing: Timing) -> None:
        self._abstain_face = system.settings.abstain_face
        self._timing, self._own_timing = timing, Timing()
        self._eyes, self._ears = Eyes(system), Ears(system)
        self._weighing = Weighing(system.settings.abstain_face)
        self._understanding = Understanding(system)
        self._resting: dict[str, tuple[float, str]] = {}
        self._missing: dict[str, str] = {}
        self._ended: deque[Ended] = deque(maxlen=MOST_ENDED)
        self._begun: Spoken | None = None
        self._care: tuple[float, CareLevel] = (-inf, "none")
        self._said = ""
        self._picture: Picture | None = None
        self._frame_s = self._sound_s = -inf
        self._face_seen = False

    def read(self, waiting: Waiting, options: LiveOptions, now_s: float, busy: float) -> Tick:
        """The tick of this moment, not yet numbered.

        Args:
            waiting: what has come since the last one.
            options: what the visitor chose.
            now_s: on the session's clock.
            busy: share of the machine's time that is taken, in [0, 1].
        """
        run = PatientRun(self._resting, now_s)
        sight = self._look(run, waiting, options, busy)
        hearing = self._listen(run, waiting, options, now_s)
        board = self._weighing.weigh(sight, hearing, self._eyes.window(now_s), now_s, options)
        seen = waiting.picture if options.camera else None
        self._note(run.analysis)
        return Tick(
            n=0, at_s=now_s, running=True,
            hearing=self._hearing(hearing, options, now_s), seeing=self._seeing(options, now_s),
            frame=frame_view(seen, waiting.picture_s) if seen is not None else None,
            face=face_view(board.face) if board.face else None,
            posture=posture_view(sight.posture, sight.moved_px) if sight.posture else None, states=board.states,
            affect=board.affect, trail=board.trail, stability=board.stability, masking=_masking(board.masking),
            care=self._care[1] if now_s - self._care[0] <= CARE_HOLDS_S else "none", baseline=board.baseline,
            said=self._said, missing=tuple(f"{stage}: {why}" for stage, why in self._missing.items()),
            stages_ms=self._own_timing.medians() if options.debug else {})

    @property
    def has_ended(self) -> bool:
        """True while an utterance waits to be understood."""
        return bool(self._ended)

    def next_ended(self) -> Ended:
        """The oldest utterance that waits to be understood.

        Raises:
            IndexError: there is none.
        """
        return self._ended.popleft()

    def understand(self, ended: Ended) -> tuple[Utterance, Analysis]:
        """Read an utterance, which may take seconds; may run beside ``read``, one utterance at a time."""
        return self._understanding.read(ended)

    @property
    def has_begun(self) -> bool:
        """True while an utterance that goes on waits to be written down up to its last breath."""
        return self._begun is not None

    def draft(self) -> str:
        """The words of the utterance that goes on, up to its last breath; may run beside ``read``."""
        begun, self._begun = self._begun, None
        return self._understanding.draft(begun) if begun is not None else ""

    def take(self, utterance: Utterance, analysis: Analysis, now_s: float) -> None:
        """Let what was understood count from now on."""
        self._note(analysis)
        self._said = utterance.words or self._said
        if utterance.read is not None:
            self._weighing.say(utterance.read, now_s)
        if utterance.care.level != "none":
            self._care = (now_s, utterance.care.level)

    def rest(self) -> None:
        """Give the tracker's memory back and drop the sound; what is known of the person stays."""
        self._eyes.close()
        self._ears.close()
        self._begun = self._picture = None
        self._understanding.rest()

    def _look(self, run: Run, waiting: Waiting, options: LiveOptions, busy: float) -> Sight:
        if not options.camera:
            self._eyes.close()
        if waiting.picture is None or not options.camera:
            return Sight()
        self._picture, self._frame_s = waiting.picture, waiting.picture_s
        sight = self._eyes.look(run, waiting.picture, waiting.picture_s, options, busy)
        self._face_seen = sight.face is not None
        return sight

    def _listen(self, run: Run, waiting: Waiting, options: LiveOptions, now_s: float) -> Hearing:
        if not options.microphone:
            self._ears.close()
            return Hearing(speaking=False)
        if waiting.samples.size:
            self._sound_s = waiting.sound_end_s
            self._ears.hear(run, waiting.samples, waiting.sound_end_s)
        hearing = self._ears.listen(run, now_s)
        for spoken in self._ears.spoken():
            self._begun = None
            self._ended.append(Ended(spoken=spoken, written=options.transcript, picture=self._picture,
                                     face=whole_face(self._eyes.window(now_s), self._abstain_face)))
        self._begun = self._ears.begun() or self._begun
        return hearing

    def _note(self, analysis: Analysis) -> None:
        """Keep the times, and what could not speak; a stage that speaks again is no longer missing."""
        for timing in (self._timing, self._own_timing):
            timing.note(analysis.timings_ms)
        missing = {item.stage: item.why for item in analysis.missing}
        self._missing = {stage: why for stage, why in self._missing.items() if stage not in analysis.engines} | missing

    def _seeing(self, options: LiveOptions, now_s: float) -> SeeingState:
        if not options.camera:
            return "off"
        if now_s - self._frame_s > STALE_S:
            return "waiting"
        return "face" if self._face_seen else "no face"

    def _hearing(self, hearing: Hearing, options: LiveOptions, now_s: float) -> HearingState:
        if not options.microphone:
            return "off"
        if now_s - self._sound_s > STALE_S:
            return "waiting"
        return "speech" if hearing.speaking else "silence"


def _masking(masking: Masking | None) -> MaskingView | None:
    if masking is None:
        return None
    return MaskingView(shown=masking.shown, felt=masking.felt, probability=masking.probability)
