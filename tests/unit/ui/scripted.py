"""A whole system that answers from a script: what the page is tested against, with no engine behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from empathy.answer import NOBODY, Audience
from empathy.catalog import EngineRow
from empathy.errors import EmpathyError, InputError
from empathy.fusion.spectrum import recipes
from empathy.live.options import LiveOptions
from empathy.live.recording import Recording
from empathy.live.tick import Tick
from empathy.memory.session import Session, Turn, remember
from empathy.pipeline import Update
from empathy.settings import Settings
from empathy.types import NO_CARE, Analysis, Missing, WordsReading
from tests.fakes import standing

from .samples import CRISIS, estimate, face, moments, voice, words


def row(**changes: Any) -> EngineRow:
    values: dict[str, Any] = {
        "stage": "expression", "name": "compact-face", "tier": "compact", "state": "ready", "speaks": True,
        "licence": "research only", "size_mb": 4.2, "how_to_get": "comes with the program",
        "figures": {"accuracy": 0.861, "n": 3152}, "about": "own network"}
    return EngineRow(**(values | changes))


@dataclass
class ScriptedAnswers:
    """Keeps what it was to read ahead, and whom to forget."""

    read: list[tuple[str, str]] = field(default_factory=list)
    cancelled: list[Callable[[], bool]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    folds: Callable[[Session, Audience], Session | None] = lambda session, audience: None

    def read_ahead(self, session: Session, words: str, audience: Audience) -> int:
        self.read.append((audience.visitor, words))
        self.cancelled.append(audience.cancelled)
        return 0

    def fold(self, session: Session, audience: Audience) -> Session | None:
        return self.folds(session, audience)

    def forget(self, visitor: str) -> None:
        self.forgotten.append(visitor)


@dataclass
class ScriptedSystem:
    """Answers like ``Empathy``; ``error`` is raised at the first step, ``pieces`` is the reply; ``ahead`` are the
    places in the line before it."""

    settings: Settings = field(default_factory=Settings)
    pieces: tuple[str, ...] = ("I hear that ", "you are tired.")
    ahead: tuple[int, ...] = ()
    error: EmpathyError | None = None
    may_read_ahead: bool = True
    server: str = ""
    answers: ScriptedAnswers = field(default_factory=ScriptedAnswers)
    asked: list[dict[str, Any]] = field(default_factory=list)
    table: tuple[EngineRow, ...] = field(default_factory=lambda: (
        row(), row(name="deepface", tier="full", state="not downloaded", speaks=False, size_mb=5.7, figures={},
                   how_to_get="python -m empathy models pull deepface")))

    def updates(self, path: str | Path, *, words: str = "", reply: bool = False,
                features: bool = False) -> Iterator[Update]:
        self.asked.append({"path": Path(path), "words": words, "reply": reply, "features": features})
        if self.error is not None:
            raise self.error
        kind = {".jpg": "image", ".ogg": "audio", ".mp4": "video"}.get(Path(path).suffix)
        if kind is None:
            raise InputError(f"{Path(path).name} is text, not a picture: give JPEG or PNG")
        full = Analysis(input=str(path), kind=kind, engines={"faces": "fake faces@1"},  # type: ignore[arg-type]
                        missing=(Missing(stage="transcript", why="whisper is not here"),), timings_ms={"faces": 12.0})
        if kind != "audio":
            full = replace(full, faces=(face(),))
            yield Update(stage="faces", analysis=full)
            full = replace(full, posture=standing())
            yield Update(stage="posture", analysis=full)
        if kind != "image":
            full = replace(full, voice=voice())
            yield Update(stage="prosody", analysis=full)
        if kind == "video":
            full = replace(full, timeline=moments())
        yield Update(stage="done", analysis=replace(full, estimate=estimate()))

    def analyze(self, path: str | Path, *, words: str = "", reply: bool = False, features: bool = False) -> Analysis:
        return list(self.updates(path, words=words, reply=reply, features=features))[-1].analysis

    def talk(self, session: Session, *, words: str = "", picture: np.ndarray[Any, Any] | str | Path | None = None,
             sound: bytes | None = None, pressed: str = "none", read: Analysis | None = None,
             audience: Audience = NOBODY) -> Iterator[Update]:
        self.asked.append({"words": words, "picture": picture, "sound": sound, "pressed": pressed, "session": session,
                           "read": read, "audience": audience})
        if self.error is not None:
            raise self.error
        care = CRISIS if pressed == "help" else NO_CARE
        known = Analysis(input="", kind="turn", care=care, engines={"words": "fake words@1"}, words=_read(words),
                         voice=voice() if sound else None, faces=(face(),) if picture is not None else ())
        known = replace(known, voice=read.voice, faces=read.faces) if read else known
        yield Update(stage="words", analysis=known)
        known = replace(known, estimate=estimate())
        yield Update(stage="estimate", analysis=known)
        for ahead in self.ahead:
            yield Update(stage="waiting", analysis=known, ahead=ahead)
        for piece in self.pieces:
            yield Update(stage="reply", analysis=known, text=piece)
        turn = Turn(at_s=1.0, words=words, reply="".join(self.pieces), estimate=known.estimate)
        yield Update(stage="done", analysis=known, session=remember(session, turn))

    def clock(self) -> float:
        return 0.0

    def rows(self) -> tuple[EngineRow, ...]:
        return self.table

    def download(self, name: str) -> Iterator[tuple[int, int]]:
        if self.error is not None:
            raise self.error
        yield 0, 1000
        yield 1000, 1000


def _read(text: str) -> WordsReading | None:
    return words(text) if text else None


class ScriptedLive:
    """A live session that makes one tick a picture, at once, and remembers what it was given."""

    def __init__(self) -> None:
        self.options = LiveOptions()
        self.pictures: list[tuple[np.ndarray[Any, Any], float]] = []
        self.sounds: list[np.ndarray[Any, Any]] = []
        self.said: list[Any] = []
        self.saying, self.hearing = "", "silence"
        self.recording = Recording()
        self.running, self.closed = True, False

    def configure(self, options: LiveOptions) -> None:
        self.options = options

    def feed_frame(self, picture: np.ndarray[Any, Any], t_s: float) -> None:
        self.pictures.append((picture, t_s))
        self.recording.add(self.snapshot())

    def feed_sound(self, samples: np.ndarray[Any, Any], t_s: float) -> None:
        self.sounds.append(samples)

    def snapshot(self) -> Tick:
        return Tick(n=len(self.pictures), at_s=0.0, age_ms=1.0, running=True, hearing=self.hearing, seeing="no face",  # type: ignore[arg-type]  # a test may script any
                    states=dict.fromkeys(recipe.name for recipe in recipes()))

    def utterances(self) -> tuple[Any, ...]:
        said, self.said = tuple(self.said), []
        return said

    def pause(self) -> None:
        self.running = False

    def resume(self) -> None:
        self.running = True

    def close(self) -> None:
        self.closed = True


@dataclass
class ScriptedTicker:
    """Opens scripted sessions, which need no driving."""

    opened: list[ScriptedLive] = field(default_factory=list)
    drafts: bool = False

    def open(self, system: object, *, drafts: bool = False) -> ScriptedLive:
        self.drafts = drafts
        self.opened.append(ScriptedLive())
        return self.opened[-1]
