"""One analysis under way: which engines it may ask, what it has read so far, what failed and how long it took."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from .errors import InputError, ModelError, ModelMissingError, ModelRunError
from .protocols import (
    ClipEngine,
    EventEngine,
    ExpressionEngine,
    FaceEngine,
    PostureEngine,
    ReplyEngine,
    SpeechEngine,
    ToneEngine,
    TranscriptEngine,
    WordsEngine,
)
from .types import NO_RISK, Analysis, Missing

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

log = logging.getLogger(__name__)


class Provider(Protocol[T_co]):
    """Gives the engine that speaks for a stage."""

    problem: str | None
    """Why a better engine, whose weights are there, does not speak; None when all is well."""

    def __call__(self) -> T_co:
        """The engine, loaded at the first call.

        Raises:
            ModelError: the stage has none.
        """
        ...

    def instead(self, failed: object) -> T_co | None:
        """The next engine to ask, loaded, after one that failed on an input; None where there is no other."""
        ...


@dataclass(frozen=True, kw_only=True)
class Engines:
    """One provider a stage."""

    faces: Provider[FaceEngine]
    expression: Provider[ExpressionEngine]
    posture: Provider[PostureEngine]
    speech: Provider[SpeechEngine]
    transcript: Provider[TranscriptEngine]
    affect: Provider[ToneEngine]
    tone: Provider[ToneEngine]
    events: Provider[EventEngine]
    words: Provider[WordsEngine]
    reply: Provider[ReplyEngine]
    avamerg: Provider[ClipEngine] | None = None
    """Only where a bundle is named (``EMPATHY_AVAMERG``)."""


class Run:
    """Collects the analysis of one input. Each visitor's request has its own; nothing is shared."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._spoke: dict[str, dict[str, None]] = {}
        self.said = ""
        self.risk = NO_RISK
        """The words, and what they say of danger: known even when the engine for their emotions fails."""

    def put(self, **changes: Any) -> Analysis:
        """Add readings to the analysis."""
        self.analysis = replace(self.analysis, **changes)
        return self.analysis

    def open(self, stage: str, read: Callable[[], T]) -> T | None:
        """An input of a conversation; one that can't be read is noted and given up."""
        try:
            return read()
        except InputError as error:
            self.miss(stage, str(error))
            return None

    def attempt(self, stage: str, work: Callable[[], T]) -> T | None:
        """Do the work of a stage and time it; a failure is noted and gives None."""
        started = time.perf_counter()
        try:
            return work()
        except ModelError as error:
            level = logging.INFO if isinstance(error, ModelMissingError) else logging.WARNING
            log.log(level, "%s: %s", stage, type(error).__name__)  # its text may quote a visitor
            self.miss(stage, str(error))
            return None
        finally:
            self._spend(stage, started)

    def timed(self, stage: str, pieces: Iterable[T]) -> Iterator[T]:
        """Hand pieces on and count the time spent on making them, not that of whoever takes them."""
        source = iter(pieces)
        while True:
            started = time.perf_counter()
            piece = next(source, None)
            self._spend(stage, started)
            if piece is None:
                return
            yield piece

    def ask(self, stage: str, provider: Provider[Any], verb: Callable[[Any], T]) -> T | None:
        """Let the engine of a stage do one thing and note its name; one that fails on this input gives way to the next,
        which is noted too. None when the stage has no voice."""
        def work() -> T:
            engine = provider()
            if provider.problem:
                self.miss(stage, provider.problem)
            while True:
                self.put(engines={**self.analysis.engines, stage: engine.name})
                try:
                    return verb(engine)
                except ModelRunError as error:
                    other = provider.instead(engine)
                    if other is None:
                        raise
                    log.warning("%s: %s failed, %s speaks instead", stage, engine.name, other.name)
                    self.miss(stage, f"{error}; {other.name} speaks instead")
                    engine = other

        return self.attempt(stage, work)

    def _spend(self, stage: str, started: float) -> None:
        spent_ms = (time.perf_counter() - started) * 1000
        before = self.analysis.timings_ms
        self.put(timings_ms={**before, stage: round(before.get(stage, 0.0) + spent_ms, 1)})

    def name(self, stage: str, engine: str) -> None:
        """Note who really spoke for a stage; where several did, all of them."""
        spoke = self._spoke.setdefault(stage, {})
        spoke[engine] = None
        self.put(engines={**self.analysis.engines, stage: "+".join(spoke)})

    def miss(self, stage: str, why: str) -> None:
        """Note once that a stage, or its better engine, could not speak, and why."""
        if all(item.stage != stage for item in self.analysis.missing):
            self.put(missing=(*self.analysis.missing, Missing(stage=stage, why=why)))
