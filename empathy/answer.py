"""The last steps of a turn: the notice, the reply as it comes, and what is remembered; and what is read ahead of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from .errors import ModelError
from .memory.measures import measures_of
from .memory.session import Heard, Session, Turn, grown, noticed
from .protocols import ReadingAhead, ReplyEngine, ReplyRequest, never
from .reply.prompt import build_messages, build_opening
from .reply.respond import notice_due, respond
from .reply.summary import summarize
from .run import Provider, Run

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is answered: ``visitor`` names the conversation, so that an engine can keep what it has read of it ("" keeps
    nothing); ``cancelled`` turns true once nobody waits for the reply any more."""

    visitor: str = ""
    cancelled: Callable[[], bool] = never


NOBODY = Audience()


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the answer; ``waiting`` has no text, and tells how many visitors are ``ahead``."""

    stage: Literal["notice", "waiting", "reply"]
    text: str = ""
    ahead: int = 0


class Answers:
    """Answers turns with the engine that speaks for replies."""

    def __init__(self, provider: Provider[ReplyEngine], country: str, clock: Callable[[], float]) -> None:
        self._provider = provider
        self._country = country
        self._clock = clock
        self._reader: ReadingAhead | None = None
        """The engine that may hold something of a visitor."""

    def to(self, run: Run, session: Session, seed: int, audience: Audience = NOBODY) -> Iterator[Said]:
        """The notice where it is due, then the reply, piece by piece, which grows in ``run`` too."""
        now = run.analysis
        if (notice := notice_due(session, self._clock())) is not None:
            yield Said("notice", notice)
        ahead = [0]
        request = ReplyRequest(
            words=run.said, estimate=now.estimate, care=now.care, memory=session, seed=seed,
            messages=build_messages(session, run.said, now.estimate, now.care), visitor=audience.visitor,
            cancelled=audience.cancelled, waiting=partial(ahead.__setitem__, 0))
        answer = partial(respond, request, country=self._country, category=run.risk.category,
                         failed=partial(run.miss, "reply"), spoke=partial(run.name, "reply"))
        if now.care.level == "crisis":  # written by people: no engine to wait for
            pieces = answer(engine=None)
        else:
            pieces = run.ask("reply", self._provider, lambda engine: answer(engine=self._met(engine)))
        for piece in run.timed("reply", pieces or ()):
            if piece:
                run.put(reply=(run.analysis.reply or "") + piece)
                yield Said("reply", piece)
            else:
                yield Said("waiting", ahead=ahead[0])

    def read_ahead(self, session: Session, words: str, audience: Audience) -> int:
        """Let the engine read what is known of the next prompt while its words are being written; how many tokens it
        read. An engine that does not read ahead is left alone."""
        try:
            engine = self._met(self._provider())
            if isinstance(engine, ReadingAhead):
                return engine.warm(build_opening(session, words), visitor=audience.visitor,
                                   cancelled=audience.cancelled)
        except ModelError as error:  # the reply will meet it again, and say so
            log.debug("reading ahead: %s", type(error).__name__)
        return 0

    def fold(self, session: Session, audience: Audience) -> Session | None:
        """Between two turns: the session with its older turns in the language model's lines (see ``summarize``); None
        where it is left as it is."""
        try:
            return summarize(session, self._met(self._provider()), visitor=audience.visitor,
                             cancelled=audience.cancelled)
        except ModelError:
            return None

    def forget(self, visitor: str) -> None:
        """Drop what an engine keeps of a visitor; loads none."""
        if self._reader is not None:
            self._reader.forget(visitor)

    def _met(self, engine: ReplyEngine) -> ReplyEngine:
        self._reader = engine if isinstance(engine, ReadingAhead) else self._reader
        return engine


def remembered(run: Run, session: Session, at_s: float) -> Session:
    """The session after this turn, as far as it has come; nothing is folded yet, for somebody waits."""
    now = run.analysis
    heard: Heard = now.words.source if now.words else "typed" if run.said else "shown"
    turn = Turn(at_s=at_s, words=run.said, reply=now.reply or "", estimate=now.estimate, care=now.care, heard=heard,
                measures=measures_of(now))
    after = grown(session, turn)
    return noticed(after, at_s) if notice_due(session, at_s) else after
