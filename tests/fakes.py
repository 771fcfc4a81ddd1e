"""One scripted fake for each Protocol of ``empathy.protocols``: it answers what it was told to, and keeps what it was
asked in ``asked``. An ``error`` makes it fail as a real engine would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from empathy.errors import ModelError
from empathy.protocols import FoundFace, Meaning, ReplyRequest, Tone
from empathy.run import Engines
from empathy.types import (
    Affect,
    Box,
    Emotions,
    Picture,
    Points,
    PostureReading,
    Samples,
    SoundEvent,
    Span,
    Transcript,
    Word,
)
from empathy.vision import geometry

CALM = Affect(valence=0.1, arousal=-0.2, dominance=0.0, valence_sd=0.2, arousal_sd=0.2, dominance_sd=0.3)
GLAD = Emotions.of({"happy": 0.7, "neutral": 0.2, "surprise": 0.1})
DOWN = Emotions.of({"sad": 0.6, "neutral": 0.3, "fear": 0.1})


def mesh(box: Box, n_points: int = 478) -> Points:
    """Landmarks on a spiral that fills the box: shape (n_points, 3), in pixels."""
    turn = np.linspace(0.0, 12.0 * np.pi, n_points)
    radius = np.linspace(0.0, 0.5, n_points)
    x = box.x + box.width * (0.5 + radius * np.cos(turn))
    y = box.y + box.height * (0.5 + radius * np.sin(turn))
    return np.stack([x, y, np.zeros(n_points)], axis=1).astype(np.float32)


def found(box: Box | None = None, confidence: float = 0.95) -> FoundFace:
    """A detected face, by default 100 px wide at (20, 20)."""
    box = box or Box(x=20.0, y=20.0, width=100.0, height=120.0)
    return FoundFace(box=box, confidence=confidence, landmarks=mesh(box))


def frontal(x: float, y: float, side: float, confidence: float = 0.9) -> FoundFace:
    """A disc of points, straight into the camera."""
    turns, radii = np.arange(478) * 2.399963, np.sqrt(np.arange(478) / 478)
    points = np.column_stack([np.cos(turns) * radii * side / 2 + x, np.sin(turns) * radii * side / 2 + y, turns * 0])
    points[list(geometry._RIGID)] = geometry._RIGID_CM * (side / 20, -side / 20, -side / 20) + (x, y, 0)
    return FoundFace(box=Box(x=x - side / 2, y=y - side / 2, width=side, height=side), confidence=confidence,
                     landmarks=points.astype(np.float32), blendshapes={"mouthSmileLeft": 0.5})


def standing(label: str | None = "upright") -> PostureReading:
    """A posture reading with every number in the middle of its range."""
    return PostureReading(
        shoulder_tilt_rad=0.02, slouch=0.1, lean=0.0, openness=0.5, hands_near_face=0.0, arms_raised=0.0, movement=None,
        visibility=0.9, label=label, engine="fake posture",  # type: ignore[arg-type]  # a test may script any label
        landmarks=np.zeros((33, 3), np.float32), landmark_visibility=np.ones(33, np.float32),
    )


@dataclass
class _Fake:
    name: str = "fake@1"
    error: ModelError | None = None
    asked: list[Any] = field(default_factory=list)

    def _note(self, what: object) -> None:
        self.asked.append(what)
        if self.error is not None:
            raise self.error


@dataclass
class FakeFaceFinder(_Fake):
    """Finds the faces it was given, whatever the picture."""

    name: str = "fake faces@1"
    faces: tuple[FoundFace, ...] = field(default_factory=lambda: (found(),))
    n_open: int = 0

    def find(self, picture: Picture) -> tuple[FoundFace, ...]:
        self._note(picture)
        return self.faces

    def tracker(self) -> FakeFaceFinder:
        self.n_open += 1
        return self

    def close(self) -> None:
        self.n_open -= 1


@dataclass
class FakeExpression(_Fake):
    """Sees the same expression on every face."""

    name: str = "fake expression@1"
    crop_scale: float = 1.3
    emotions: Emotions = GLAD

    def express(self, crop: Picture) -> Emotions:
        self._note(crop)
        return self.emotions


@dataclass
class FakePosture(_Fake):
    """Sees the same posture everywhere, or none."""

    name: str = "fake posture@1"
    reading: PostureReading | None = field(default_factory=standing)

    def stand(self, picture: Picture, near: Box | None) -> PostureReading | None:
        self._note((picture, near))
        return self.reading


@dataclass
class FakeSpeech(_Fake):
    """Hears speech at the scripted spans; without a script, wherever the sound is louder than -50 dBFS."""

    name: str = "fake speech@1"
    script: tuple[Span, ...] | None = None

    def spans(self, samples: Samples) -> tuple[Span, ...]:
        self._note(samples)
        if self.script is not None:
            return self.script
        loud = np.flatnonzero(np.abs(samples) > 10 ** (-50 / 20))
        if loud.size == 0:
            return ()
        return (Span(start_s=float(loud[0]) / 16_000, end_s=float(loud[-1] + 1) / 16_000),)

    def probabilities(self, samples: Samples, state: Any) -> tuple[Any, Any]:
        """A live voice: certain speech in each frame of 512 samples that is louder than -50 dBFS."""
        self._note(samples)
        loud = np.abs(samples.reshape(-1, 512)).max(axis=1) > 10 ** (-50 / 20)
        return loud.astype(np.float32), state


@dataclass
class FakeTranscript(_Fake):
    """Understands the same sentence each time, spread evenly over the speech; "" is nothing understood."""

    name: str = "fake transcript@1"
    text: str = "I am a little tired today."

    def transcribe(self, samples: Samples, speech: tuple[Span, ...]) -> Transcript | None:
        self._note((samples, speech))
        if not speech or not self.text:
            return None
        parts = self.text.split()
        edges = np.linspace(speech[0].start_s, speech[-1].end_s, len(parts) + 1).tolist()
        words = tuple(Word(text=part, start_s=edges[i], end_s=edges[i + 1], confidence=0.9)
                      for i, part in enumerate(parts))
        return Transcript(text=self.text, language="en", words=words, confidence=0.9, engine=self.name)


@dataclass
class FakeTone(_Fake):
    """Hears the same tone each time."""

    name: str = "fake tone@1"
    tone: Tone = field(default_factory=lambda: Tone(emotions=DOWN, affect=CALM, calm=0.5))

    def listen(self, speech: Samples) -> Tone:
        self._note(speech)
        return self.tone


@dataclass
class FakeEvents(_Fake):
    """Hears the scripted events."""

    name: str = "fake events@1"
    script: tuple[SoundEvent, ...] = ()

    def events(self, samples: Samples, speech: tuple[Span, ...]) -> tuple[SoundEvent, ...]:
        self._note((samples, speech))
        return self.script


@dataclass
class FakeWords(_Fake):
    """Reads the same meaning in every text."""

    name: str = "fake words@1"
    meaning: Meaning = field(
        default_factory=lambda: Meaning(labels={"sadness": 0.7, "neutral": 0.2}, emotions=DOWN, affect=CALM, known=1.0))

    def read(self, text: str) -> Meaning:
        self._note(text)
        return self.meaning


@dataclass
class FakeReply(_Fake):
    """Says its script piece by piece; ``closed`` tells that the reader stopped it early."""

    name: str = "fake reply@1"
    script: tuple[str, ...] = ("I hear ", "you.")
    closed: bool = False

    def reply(self, request: ReplyRequest) -> Iterator[str]:
        self._note(request)
        try:
            yield from self.script
        except GeneratorExit:
            self.closed = True
            raise


@dataclass
class Given:
    """A ``run.Provider`` of one engine, or of an error; ``other`` speaks when that engine fails on an input."""

    engine: Any
    problem: str | None = None
    other: Any = None

    def __call__(self) -> Any:
        if isinstance(self.engine, ModelError):
            raise self.engine
        return self.engine

    def instead(self, failed: object) -> Any:
        return self.other if failed is self.engine else None


def fake_engines(**engines: Any) -> Engines:
    """Fakes for every stage; a keyword replaces one by an engine of yours, or by the error its loading raises."""
    fakes: dict[str, Any] = {
        "faces": FakeFaceFinder(), "expression": FakeExpression(), "posture": FakePosture(), "speech": FakeSpeech(),
        "transcript": FakeTranscript(), "affect": FakeTone(), "tone": FakeTone(), "events": FakeEvents(),
        "words": FakeWords(), "reply": FakeReply(),
    }
    return Engines(**{stage: Given(engine) for stage, engine in (fakes | engines).items()})
