"""The order of things: look, listen, read, weigh, decide on care, answer, remember.

A stage may fail without taking the others along: the failure is logged once, named in ``Analysis.missing``, and the
pipeline goes on. Only an input that can't be read (``InputError``) ends an analysis; in a conversation not even that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from .answer import NOBODY, Answers, Audience, remembered
from .audio.read_voice import begin_reading, listen, with_tones
from .capture.audio import load_sound
from .capture.image import PictureSource, load_picture
from .capture.kind import kind_of
from .capture.video import Clip, open_video
from .errors import InputError
from .fusion.fuse import fuse, stability, votes
from .fusion.masking import find_masking
from .fusion.persistence import lasts
from .fusion.signs import signs_of
from .fusion.spectrum import read_spectrum
from .memory.insights import insights, video_insights
from .memory.measures import measures_of
from .memory.session import Session, fold
from .protocols import FoundFace, Tone
from .reply.care import Pressed, decide
from .run import Engines, Run
from .settings import Settings
from .text.read_words import read_words
from .text.risk import assess
from .types import NO_RISK, Analysis, FaceReading, Picture, PostureReading, Samples, Span
from .vision.read_face import read_faces
from .vision.stance import movement
from .watch import Following, Glance, feel, timeline, whole_face, whole_posture, windows

SoundSource: TypeAlias = str | Path | bytes

POSTURE_EVERY_S = 1.0
"""Posture changes slowly and costs more than the face; a video is asked for it this often."""

MAX_VIDEO_FACES = 3
"""Faces read in a frame of video, enough to keep following one person among others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Update:
    """What the pipeline yields: the stage that has just finished and the analysis so far; for the stage ``reply`` the
    piece of text that was added, for ``waiting`` how many visitors are ``ahead``. In a conversation, from the stage
    ``care`` on, ``session`` remembers the turn as far as it has come, so that nothing is lost with a reply that is
    stopped."""

    stage: str
    analysis: Analysis
    text: str = ""
    ahead: int = 0
    session: Session | None = None


class Empathy:
    """The system, put together. Made by ``empathy.build``; may be shared by threads."""

    def __init__(self, engines: Engines, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self.engines = engines
        self.settings = settings
        self.clock = clock
        self.answers = Answers(engines.reply, settings.country, clock)

    def analyze(self, path: str | Path | None = None, *, words: str = "", reply: bool = False,
                features: bool = False, seed: int = 0) -> Analysis:
        """Read one picture, sound or video, or words alone.

        Args:
            path: the file; its kind is told from its content. None: only ``words``.
            words: what the person says, in words.
            reply: also write a reply.
            features: also compute the feature statistics of the voice.
            seed: makes the reply repeatable.

        Raises:
            InputError: the input can't be read; the message says what to do.
        """
        *_, last = self.updates(path, words=words, reply=reply, features=features, seed=seed)
        return last.analysis

    def updates(self, path: str | Path | None = None, *, words: str = "", reply: bool = False,
                features: bool = False, seed: int = 0) -> Iterator[Update]:
        """``analyze``, yielding after each stage; arguments and errors are the same."""
        _check_length(words, self.settings.max_words)
        kind = kind_of(Path(path)) if path is not None else "words"
        run = Run(Analysis(input=str(path) if path is not None else "", kind=kind))
        clip, samples = None, None
        match kind:
            case "image":
                yield from self._look(run, load_picture(str(path), self.settings))
            case "audio":
                samples = load_sound(str(path), self.settings)
                yield from self._listen(run, samples, features=features)
            case "video":
                clip = open_video(str(path), self.settings)
                samples = clip.samples
                yield from self._watch(run, clip, features=features)
            case "words":
                if not words.strip():
                    raise InputError("nothing to analyze: give a picture, a sound, a video or words")
        yield from self._read(run, words)
        if (engine := self.engines.avamerg) is not None:
            felt = feel(run, engine, self.engines.faces, samples, clip)
            yield Update(stage="avamerg", analysis=run.put(clip=felt))
        yield from self._weigh(run)
        session = Session.start(self.clock())
        yield self._decide(run, session, "none")
        if reply:
            for said in self.answers.to(run, session, seed):
                yield Update(stage=said.stage, analysis=run.analysis, text=said.text)
        yield Update(stage="done", analysis=run.analysis)

    def talk(self, session: Session, *, words: str = "", picture: PictureSource | None = None,
             sound: SoundSource | None = None, pressed: Pressed = "none", read: Analysis | None = None,
             seed: int | None = None, audience: Audience = NOBODY) -> Iterator[Update]:
        """One turn of a conversation. What can't be read is named in ``missing``; the turn goes on with the rest.

        Args:
            session: what is remembered so far; the last update carries the next one.
            words: typed by the person, may be empty.
            picture: of the person, now.
            sound: spoken by the person, now.
            pressed: a button: "help" (I need help now) or "ok" (I'm OK).
            read: what was read of the person already, live: face, posture and voice are taken as they are.
            seed: makes the reply repeatable; None takes another every time.
            audience: whose turn it is, and whether they still wait for the reply.
        """
        seed = int(self.clock() * 1000) if seed is None else seed
        _check_length(words, self.settings.max_words)
        words = words or ("I'm OK." if pressed == "ok" else "")
        run = Run(replace(read, input="", kind="turn") if read else Analysis(input="", kind="turn"))
        if picture is not None and pressed != "help":  # help waits for no engine
            seen = run.open("picture", lambda: load_picture(picture, self.settings))
            yield from self._look(run, seen) if seen is not None else ()
        if sound is not None and pressed != "help":
            heard = run.open("sound", lambda: load_sound(sound, self.settings))
            yield from self._listen(run, heard) if heard is not None else ()
        yield from self._read(run, words)
        yield from self._weigh(run, session)
        yield replace(self._decide(run, session, pressed), session=remembered(run, session, self.clock()))
        for said in self.answers.to(run, session, seed, audience):
            after = remembered(run, session, self.clock())
            yield Update(stage=said.stage, analysis=run.analysis, text=said.text, ahead=said.ahead, session=after)
        yield Update(stage="done", analysis=run.analysis, session=fold(remembered(run, session, self.clock())))

    def look(self, picture: Picture) -> Analysis:
        """Read one picture that is already in memory: face, posture and estimate, without a reply."""
        run = Run(Analysis(input="", kind="image"))
        _ = [*self._look(run, picture), *self._weigh(run)]
        return run.analysis

    def listen(self, samples: Samples) -> Analysis:
        """Read one sound that is already in memory."""
        run = Run(Analysis(input="", kind="audio"))
        _ = [*self._listen(run, samples), *self._read(run, ""), *self._weigh(run)]
        return run.analysis

    def _look(self, run: Run, picture: Picture) -> Iterator[Update]:
        """Faces and posture of one picture."""
        faces = self._faces(run, picture)
        yield Update(stage="faces", analysis=run.put(faces=faces))
        if faces:  # a posture without a face is too often a drawing or a coat
            posture = run.ask("posture", self.engines.posture, lambda engine: engine.stand(picture, faces[0].box))
            yield Update(stage="posture", analysis=run.put(posture=posture))

    def _faces(self, run: Run, picture: Picture) -> tuple[FaceReading, ...]:
        found = run.ask("faces", self.engines.faces, lambda engine: engine.find(picture))
        return self._expressions(run, picture, found or (), self.settings.max_faces)

    def _expressions(self, run: Run, picture: Picture, found: Sequence[FoundFace],
                     most: int) -> tuple[FaceReading, ...]:
        if not found:
            return ()
        return run.ask("expression", self.engines.expression, lambda engine: read_faces(
            picture, found, engine, max_faces=most, abstain_below=self.settings.abstain_face)) or ()

    def _listen(self, run: Run, samples: Samples, *, features: bool = False) -> Iterator[Update]:
        """Speech, its melody and tone, other sounds, and then the words, which take longest."""
        engines, below = self.engines, self.settings.abstain_voice
        spans = run.ask("speech", engines.speech, lambda engine: engine.spans(samples))
        if spans is None:
            return
        voice = run.attempt("prosody", lambda: begin_reading(samples, spans, abstain_below=below, features=features))
        if voice is None:
            return
        yield Update(stage="speech", analysis=run.put(voice=voice))
        if spans:
            tone = run.ask("tone", engines.tone, lambda engine: listen(samples, spans, engine))
            affect = run.ask("affect", engines.affect, lambda engine: (
                tone if tone and tone.engine == engine.name else listen(samples, spans, engine)))
            both = [heard for heard in (tone, affect) if heard is not None]
            voice = with_tones(voice, both, abstain_below=below)
            yield Update(stage="tone", analysis=run.put(voice=voice))
        events = run.ask("events", engines.events, lambda engine: engine.events(samples, spans))
        voice = replace(voice, events=events or ())
        yield Update(stage="events", analysis=run.put(voice=voice))
        if spans:
            said = run.ask("transcript", engines.transcript, lambda engine: engine.transcribe(samples, spans))
            yield Update(stage="transcript", analysis=run.put(voice=replace(voice, transcript=said)))

    def _watch(self, run: Run, clip: Clip, *, features: bool = False) -> Iterator[Update]:
        """The main person over time, then the voice, then both on one clock."""
        glances: list[Glance] = []
        for glance in self._glances(run, clip) if clip.n_frames else ():
            glances.append(glance)
            if len(glances) % max(1, round(self.settings.video_fps)) == 0:
                yield Update(stage="faces", analysis=run.put(timeline=timeline(glances, (), clip.duration_s)))
        face, posture = whole_face(glances, self.settings.abstain_face), whole_posture(glances, movement)
        run.put(faces=(face,) if face else (), posture=posture)
        yield Update(stage="faces", analysis=run.put(timeline=timeline(glances, (), clip.duration_s)))
        tones: list[tuple[float, Tone]] = []
        if clip.samples is not None:
            yield from self._listen(run, clip.samples, features=features)
            speech = run.analysis.voice.speech if run.analysis.voice else ()
            tones = self._tones(run, clip.samples, speech)
        yield Update(stage="timeline", analysis=run.put(timeline=timeline(glances, tones, clip.duration_s)))

    def _glances(self, run: Run, clip: Clip) -> Iterator[Glance]:
        """Each frame's main face, and the body every ``POSTURE_EVERY_S``."""
        tracker = run.ask("faces", self.engines.faces, lambda engine: engine.tracker())
        following, posture_due_s = Following(), 0.0
        try:
            for time_s, picture in clip.frames():
                found = run.attempt("faces", partial(tracker.find, picture)) if tracker else None
                face = following.main(self._expressions(run, picture, found or (), MAX_VIDEO_FACES))
                posture: PostureReading | None = None
                if face is not None and time_s + 1e-3 >= posture_due_s:
                    posture_due_s = time_s + POSTURE_EVERY_S
                    posture = run.ask("posture", self.engines.posture, lambda engine, picture=picture, face=face: (
                        engine.stand(picture, face.box)))
                yield Glance(time_s=time_s, face=face, posture=posture)
        finally:
            if tracker is not None:
                tracker.close()

    def _tones(self, run: Run, samples: Samples, speech: Sequence[Span]) -> list[tuple[float, Tone]]:
        """The tone of each window of speech, for the timeline."""
        found = [(time_s, run.ask("tone", self.engines.tone, lambda engine, spoken=spoken: engine.listen(spoken)))
                 for time_s, spoken in windows(samples, speech)]
        return [(time_s, tone) for time_s, tone in found if tone is not None]

    def _read(self, run: Run, words: str) -> Iterator[Update]:
        """The typed words and the transcript together: neither may hide the other from the risk rules."""
        voice = run.analysis.voice
        spoken = voice.transcript if voice else None
        text = "\n".join(part for part in (words.strip(), spoken.text if spoken else "") if part)
        if not text:
            return
        run.said = text
        reading = run.ask("words", self.engines.words, lambda engine: read_words(
            text, engine, source="typed" if words.strip() else "spoken",
            transcript_confidence=1.0 if words.strip() or not spoken else spoken.confidence,
            abstain_below=self.settings.abstain_words, max_chars=self.settings.max_words))
        run.risk = reading.risk if reading else run.attempt("risk", lambda: assess(text)) or NO_RISK
        yield Update(stage="words", analysis=run.put(words=reading))

    def _weigh(self, run: Run, session: Session | None = None) -> Iterator[Update]:
        """All channels together, set against what the session or the video showed before."""
        now = run.analysis
        estimate = fuse(votes(now.faces[0] if now.faces else None, now.posture, now.voice, now.words))
        if estimate is None:
            return
        past = [moment.face_affect for moment in now.timeline if moment.face_affect]
        if session is not None:
            past = [turn.estimate.affect for turn in session.turns if turn.estimate] + [estimate.affect]
        states = read_spectrum(signs_of(now.faces[0] if now.faces else None, now.posture, now.voice, now.words,
                                        estimate.affect))
        known = {name: value for name, value in states.items() if value is not None}
        estimate = replace(
            estimate, stability=stability(tuple(past)), spectrum=known or None,
            insights=insights(session, estimate, measures_of(now)) if session else video_insights(now.timeline),
            masking=None if lasts(now.timeline) is False else find_masking(
                now.faces[0] if now.faces else None, now.voice, now.words))
        yield Update(stage="estimate", analysis=run.put(estimate=estimate))

    def _decide(self, run: Run, session: Session, pressed: Pressed) -> Update:
        care = decide(run.risk, session, self.clock(), pressed, country=self.settings.country)
        return Update(stage="care", analysis=run.put(care=care))


def _check_length(words: str, most: int) -> None:
    if len(words) > most:
        raise InputError(f"the text has {len(words)} characters; at most {most} are read: send it in parts "
                         "(EMPATHY_MAX_WORDS)")
