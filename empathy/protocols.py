"""What an engine must do: one verb each. Every stage that needs a model has such a Protocol, a real engine or two, and
a scripted fake in ``tests/fakes.py``. ``docs/engines.md`` shows how to add one.

``name`` is what readings and pages show: the engine and its version, ``deepface@0.0.103``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from .types import (
    Affect,
    Box,
    Care,
    ClipReading,
    Emotions,
    Estimate,
    Picture,
    Points,
    PostureReading,
    Samples,
    SoundEvent,
    Span,
    Transcript,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundFace:
    """A detected face: its box, the detector's confidence and the 478 landmarks of MediaPipe's face mesh, in pixels."""

    box: Box
    confidence: float
    landmarks: Points
    blendshapes: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """What a voice engine heard: emotions, affect or both. ``calm`` is the part of neutral that was called calm."""

    emotions: Emotions | None
    affect: Affect | None
    calm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a words engine read: 28 independent GoEmotions probabilities, folded emotions, affect; ``known`` is the
    share of the text that the engine's vocabulary covers."""

    labels: Mapping[str, float]
    emotions: Emotions
    affect: Affect
    known: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to a language model."""

    role: str
    content: str


def never() -> bool:
    """Nobody takes the request back."""
    return False


def unheard(ahead: int) -> None:
    """Nobody asks for the place in the queue."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplyRequest:
    """All that a reply may lean on. ``messages`` is the prompt for a language model; the composer reads the rest.

    ``words`` is what the person just said ("" if nothing); ``memory`` a ``memory.Session`` (typed loosely here, since
    memory stands above this module); ``seed`` makes a reply repeatable; ``visitor`` names whose conversation it is, so
    that an engine can keep what it has read of it ("": keep nothing). An engine looks at ``cancelled`` while it works
    and ends soon after it turns true; it tells ``waiting`` how many are before this request while it queues. ``aside``
    is true where nobody waits for what is written: an engine for one at a time then makes nobody wait for it, and fails
    where somebody would."""

    words: str
    estimate: Estimate | None
    care: Care
    memory: object
    messages: tuple[Message, ...]
    seed: int
    visitor: str = ""
    cancelled: Callable[[], bool] = never
    waiting: Callable[[int], None] = unheard
    aside: bool = False


class FaceFinder(Protocol):
    """Finds faces and their mesh."""

    name: str

    def find(self, picture: Picture) -> tuple[FoundFace, ...]:
        """All faces, in no particular order; empty when there is none."""
        ...


class TrackingFinder(FaceFinder, Protocol):
    """Follows faces through the frames of one video or visitor."""

    def close(self) -> None:
        """End of the frames: gives the memory back."""
        ...


class FaceEngine(FaceFinder, Protocol):
    """Finds faces in single pictures, and makes finders for moving ones."""

    def tracker(self) -> TrackingFinder:
        """A new finder with a state of its own."""
        ...


class ExpressionEngine(Protocol):
    """Reads the expression off one upright face crop."""

    name: str
    crop_scale: float
    """Side of the square crop it wants, as a multiple of the face's own size (see ``vision.geometry.crop_face``)."""

    def express(self, crop: Picture) -> Emotions:
        """``crop``: RGB, square, any size from 16 px."""
        ...


@runtime_checkable
class KnowsPrior(Protocol):
    """An engine of emotions that can tell the prior its probabilities hold: how common it takes each label to be before
    it has seen or heard anything. ``evaluate`` takes it out where the choice is narrowed to some of the labels."""

    prior: Mapping[str, float]


class PostureEngine(Protocol):
    """Reads the posture of the person at ``near``."""

    name: str

    def stand(self, picture: Picture, near: Box | None) -> PostureReading | None:
        """``near``: the main face's box, so that a group photo is read at the right person."""
        ...


class SpeechEngine(Protocol):
    """Finds where somebody speaks."""

    name: str

    def spans(self, samples: Samples) -> tuple[Span, ...]:
        """In order, not overlapping; empty when nobody speaks."""
        ...


class TranscriptEngine(Protocol):
    """Writes down what is said."""

    name: str

    def transcribe(self, samples: Samples, speech: tuple[Span, ...]) -> Transcript | None:
        """None when nothing trustworthy was understood; times are those of ``samples``."""
        ...


class ToneEngine(Protocol):
    """Hears emotions or affect in speech."""

    name: str

    def listen(self, speech: Samples) -> Tone:
        """``speech``: the speech spans joined, at least 0.3 s."""
        ...


class ClipEngine(Protocol):
    """Reads words, sound and pictures of one clip together."""

    name: str

    def feel(self, words: str, samples: Samples | None, frames: Callable[[], Iterable[Picture]],
             find: Callable[[Picture], Box | None]) -> ClipReading | None:
        """None when nothing that it can read was given. ``frames`` gives the clip's pictures from the start, ``find``
        the main face in one."""
        ...


class EventEngine(Protocol):
    """Hears sounds that are no words."""

    name: str

    def events(self, samples: Samples, speech: tuple[Span, ...]) -> tuple[SoundEvent, ...]:
        """In order of time."""
        ...


class WordsEngine(Protocol):
    """Reads emotions in a text."""

    name: str

    def read(self, text: str) -> Meaning:
        """``text``: one to a few sentences, not empty."""
        ...


class ReplyEngine(Protocol):
    """Writes the reply, piece by piece."""

    name: str

    def reply(self, request: ReplyRequest) -> Iterator[str]:
        """Closing the iterator stops the engine and leaves it usable. A piece may be empty: the request still waits
        for its turn, and whoever reads the pieces has a moment to look up."""
        ...


@runtime_checkable
class ReadingAhead(Protocol):
    """A reply engine that reads the beginning of a prompt before the rest of it is there."""

    def warm(self, messages: tuple[Message, ...], *, visitor: str, cancelled: Callable[[], bool]) -> int:
        """Read the messages, the last of which may still grow at its end; the number of tokens read anew. Never makes
        anybody wait: ends as soon as somebody wants a reply, or ``cancelled`` turns true."""
        ...

    def forget(self, visitor: str) -> None:
        """Drop what is kept of a visitor's conversation."""
        ...
