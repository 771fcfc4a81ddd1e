"""What was said between two pauses, read once it has ended: full tone, transcript, words, and the care they ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import ModelMissingError
from ..memory.session import Session, Turn, remember
from ..pipeline import Empathy
from ..protocols import TranscriptEngine
from ..reply.care import decide
from ..run import Run
from ..text.risk import assess
from ..types import NO_RISK, Analysis, Care, FaceReading, Picture, Samples, VoiceReading, WordsReading
from .notebook import Notebook
from .sound import Spoken


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utterance:
    """``words`` is "" without a transcript. ``face`` is that of the last seconds before the pause, ``picture`` the
    newest frame; ``samples`` at 16 kHz; times on the session's clock."""

    words: str
    voice: VoiceReading | None
    read: WordsReading | None
    care: Care
    face: FaceReading | None
    picture: Picture | None
    samples: Samples
    started_s: float
    ended_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ended:
    """An utterance that waits to be read, with what was seen at its end; ``written`` tells whether its words may be
    written down."""

    spoken: Spoken
    written: bool
    face: FaceReading | None
    picture: Picture | None


class NoTranscript:
    """The provider of a transcript engine for somebody who wants none."""

    problem: str | None = None

    def __call__(self) -> TranscriptEngine:
        """See ``run.Provider``."""
        raise ModelMissingError("turned off in the settings of this page")


class Understanding:
    """Reads one visitor's utterances one after the other, and keeps what care they asked for."""

    def __init__(self, system: Empathy) -> None:
        self._notebook = Notebook(system.engines.transcript)
        self._system = Empathy(replace(system.engines, transcript=self._notebook), system.settings, clock=system.clock)
        self._deaf = Empathy(replace(system.engines, transcript=NoTranscript()), system.settings, clock=system.clock)
        self._heard = Session.start(system.clock())

    def read(self, ended: Ended) -> tuple[Utterance, Analysis]:
        """Read one utterance with the pipeline of the *Voice* tab; care is decided as in *Talk*."""
        analysis = (self._system if ended.written else self._deaf).listen(ended.spoken.samples)
        self.rest()
        transcript = analysis.voice.transcript if analysis.voice else None
        words = transcript.text if transcript else ""
        risk = analysis.words.risk if analysis.words else assess(words) if words else NO_RISK
        now_s = self._system.clock()
        care = decide(risk, self._heard, now_s, country=self._system.settings.country)
        self._heard = remember(self._heard, Turn(
            at_s=now_s, words=words, reply="", estimate=analysis.estimate, care=care, heard="spoken"))
        spoken = ended.spoken
        return Utterance(
            words=words, voice=analysis.voice, read=analysis.words, care=care, face=ended.face, picture=ended.picture,
            samples=spoken.samples, started_s=spoken.started_s, ended_s=spoken.ended_s), analysis

    def rest(self) -> None:
        """Drop what was written down of an utterance that did not end."""
        self._notebook.page = None

    def draft(self, spoken: Spoken) -> str:
        """The words of an utterance that goes on; "" where none are understood."""
        run, engines = Run(Analysis(input="", kind="audio")), self._system.engines
        spans = run.ask("speech", engines.speech, lambda engine: engine.spans(spoken.samples))
        said = run.ask("transcript", engines.transcript, lambda engine: (
            engine.transcribe(spoken.samples, spans))) if spans else None
        return said.text if said else ""
