"""The workers behind all live sessions: bounded, fair, and never behind. A busy machine makes fewer ticks, each of the
newest frame.

One thread more loads the engines when the first visitor comes, reads utterances that have ended, and writes down those
that go on, so that none of it holds up a board.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from ..errors import ModelError
from ..pipeline import Empathy
from .session import LiveSession
from .timing import Timing

log = logging.getLogger(__name__)

DEAD_S = 10.0
"""A running session whose page has given and asked nothing for so long is closed: its tab has died."""
DEAD_PAUSED_S = 600.0
"""The same for a paused one."""
SLOWEST_S = 0.5
"""Workers look up this often even when nobody wakes them."""
LAST_S = 10.0
"""A worker may take so long for its last tick."""
LOAD_S = 5.0
"""Load and rates are counted over so many seconds."""
WARMED = ("faces", "expression", "posture", "speech", "tone", "affect", "events", "words", "transcript")
"""Stages whose engines are loaded ahead, the eyes first, and the one that loads longest last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TickerFigures:
    """How the workers do. ``visitors`` counts open sessions, ``running`` those that are not paused; ``ticks_per_s`` of
    all together; ``busy`` the share of the workers' time that is taken; ``stages_ms`` p50 and p95 by stage."""

    visitors: int
    running: int
    ticks_per_s: float
    busy: float
    frames_read: int
    frames_dropped: int
    stages_ms: Mapping[str, tuple[float, float]]


class Ticker:
    """May be shared by threads. Threads are started with the first session.

    Args:
        n_workers: sessions that are read at the same time; None: as many as there are cores.
        clock: seconds that only go forward; that of the sessions too.
    """

    def __init__(self, n_workers: int | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._n_workers = n_workers or os.cpu_count() or 1
        self._clock = clock
        self._timing = Timing()
        self._changed = threading.Condition()
        self._sessions: dict[LiveSession, float] = {}
        """Each open session, and when it was last served."""
        self._in_hand: set[LiveSession] = set()
        self._threads: list[threading.Thread] = []
        self._spent: deque[tuple[float, float]] = deque(maxlen=4096)
        """End and length of the newest ticks."""
        self._stopped = False
        self._left = (0, 0)
        """Frames read and dropped by sessions that have been closed."""
        self._cold: list[Empathy] = []
        """Systems whose engines are still to be loaded."""
        self._warmed: set[int] = set()

    def open(self, system: Empathy, *, drafts: bool = False) -> LiveSession:
        """A new session, which is driven from now on; ``drafts`` as there."""
        session = LiveSession(system, clock=self._clock, wake=self._notify, timing=self._timing, drafts=drafts)
        with self._changed:
            self._sessions[session] = -1.0
            if id(system) not in self._warmed:
                self._warmed.add(id(system))
                self._cold.append(system)
            self._start()
            self._changed.notify_all()
        return session

    def close(self, session: LiveSession) -> None:
        """End a session; may be called twice."""
        session.close()
        with self._changed:
            if self._sessions.pop(session, None) is not None:
                read, dropped = session.frames
                self._left = (self._left[0] + read, self._left[1] + dropped)
            self._changed.notify_all()

    def stop(self) -> None:
        """End all sessions and the workers, and wait until what is being read is done: native threads that are cut off
        take the process down with them."""
        with self._changed:
            self._stopped = True
            sessions = list(self._sessions)
        for session in sessions:
            self.close(session)
        self._notify()
        for thread in self._threads:
            thread.join(LAST_S)

    def figures(self) -> TickerFigures:
        """How the workers do now."""
        with self._changed:
            sessions = list(self._sessions)
            since_s = self._clock() - LOAD_S
            ticks = sum(end_s >= since_s for end_s, _ in self._spent)
            busy = self._busy()
        frames = [session.frames for session in sessions]
        return TickerFigures(
            visitors=len(sessions), running=sum(session.running for session in sessions), ticks_per_s=ticks / LOAD_S,
            busy=busy, frames_read=self._left[0] + sum(read for read, _ in frames),
            frames_dropped=self._left[1] + sum(dropped for _, dropped in frames),
            stages_ms=self._timing.percentiles())

    def _start(self) -> None:
        if self._threads:
            return
        jobs = [self._work] * self._n_workers + [self._understand]
        self._threads = [threading.Thread(target=job, name=f"live-{i}", daemon=True) for i, job in enumerate(jobs)]
        for thread in self._threads:
            thread.start()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _work(self) -> None:
        """Take the session that is due and was served longest ago; again and again."""
        while (session := self._next()) is not None:
            started_s = self._clock()
            try:
                session.tick(visitors=len(self._sessions), busy=self._busy())
            except Exception as error:
                _report("a live session failed and was closed", error)
                self.close(session)
            finally:
                with self._changed:
                    self._in_hand.discard(session)
                    ended_s = self._clock()
                    self._spent.append((ended_s, ended_s - started_s))
                    self._timing.note({"tick": (ended_s - started_s) * 1000.0})
                    self._changed.notify_all()

    def _next(self) -> LiveSession | None:
        """The next session to serve, waited for; None once everything has stopped."""
        with self._changed:
            while not self._stopped:
                now_s = self._clock()
                self._bury(now_s)
                free = {session: session.due_s() for session in self._sessions if session not in self._in_hand}
                due = [session for session, due_s in free.items() if due_s <= now_s]
                if due:
                    session = min(due, key=lambda one: self._sessions[one])
                    self._sessions[session] = now_s
                    self._in_hand.add(session)
                    return session
                soonest_s = min(free.values(), default=now_s + SLOWEST_S)
                self._changed.wait(min(max(soonest_s - now_s, 0.001), SLOWEST_S))
        return None

    def _understand(self) -> None:
        """Load engines, read what was said, one utterance at a time, whoever has waited, then what is being said."""
        while True:
            with self._changed:
                while not (self._stopped or self._cold
                           or any(each.has_ended or each.has_draft for each in self._sessions)):
                    self._changed.wait(SLOWEST_S)
                if self._stopped:
                    return
                cold = self._cold.pop() if self._cold else None
                session = next((each for each in self._sessions if each.has_ended), None)
                talking = next((each for each in self._sessions if each.has_draft), None)
            try:
                if cold is not None:
                    _warm(cold)
                elif session is not None:
                    session.understand()
                elif talking is not None:
                    talking.draft()
            except Exception as error:
                _report("an utterance could not be read", error)

    def _bury(self, now_s: float) -> None:
        """Drop the sessions that were closed, and close those whose tab has died."""
        dead = [session for session in self._sessions if session.closed
                or now_s - session.touched_s > (DEAD_S if session.running else DEAD_PAUSED_S)]
        for session in dead:
            self.close(session)

    def _busy(self) -> float:
        """Share of the workers' time that is taken, in [0, 1]."""
        since_s = self._clock() - LOAD_S
        taken_s = sum(min(length_s, end_s - since_s) for end_s, length_s in tuple(self._spent) if end_s >= since_s)
        return min(1.0, taken_s / (LOAD_S * self._n_workers))


def _warm(system: Empathy) -> None:
    """Load the engines before they are needed; what can't be loaded is named when it is asked for."""
    for stage in WARMED:
        with suppress(ModelError):
            getattr(system.engines, stage)()


def _report(what: str, error: Exception) -> None:
    """To the log: kind and place of the error, without its own text, which may quote a visitor."""
    log.error("%s: %s\n%s", what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
