"""Who is here: one ``Visitor`` a browser tab, in memory alone, gone with the tab, after its time, or at the button."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ..memory.session import Session
from ..types import Affect, Picture

if TYPE_CHECKING:
    from ..live.session import LiveSession, Utterance

MAX_LINES = 400
"""Lines of a chat the page keeps on show; the memory of a session has its own bounds."""
MAX_TRAIL = 60
"""Estimates whose path is drawn."""
MAX_SPOKEN = 8
"""Utterances that may wait for an answer; older ones give way."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chat."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(slots=True, eq=False)
class Visitor:
    """What the page holds of one visitor. ``picture`` and ``sound`` (the bytes of a recording) wait for the next
    message; ``stop`` ends the reply that is being written; ``lock`` lets one message be answered at a time. ``live`` is
    their camera and microphone, None before the first start; ``spoken`` what they said there, waiting for an answer.
    ``name`` is what engines know them by, "" for one who is not kept; ``n_begun`` counts the beginnings of messages
    that were given to be read ahead, ``beginning`` is the one in work, ``followed`` is the newest of those that were
    spoken: the words, and whether they spoke just then."""

    session: Session
    seen_s: float
    name: str = ""
    n_begun: int = 0
    beginning: str | None = None
    followed: tuple[str, bool] | None = None
    lines: list[Line] = field(default_factory=list[Line])
    trail: list[Affect] = field(default_factory=list[Affect])
    picture: Picture | None = None
    sound: bytes | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    live: LiveSession | None = None
    spoken: deque[Utterance] = field(default_factory=lambda: deque(maxlen=MAX_SPOKEN))

    def close_live(self) -> None:
        """Stop reading camera and microphone, and drop what was read."""
        self.followed = None
        if self.live is not None:
            self.live.close()
        self.live = None
        self.spoken.clear()

    def say(self, role: Literal["user", "assistant"], text: str) -> None:
        """Add a line to the chat."""
        self.lines.append(Line(role, text))
        del self.lines[:-MAX_LINES]

    def move(self, affect: Affect) -> None:
        """Add a point to the trail."""
        self.trail.append(affect)
        del self.trail[:-MAX_TRAIL]


class Visitors:
    """All visitors, by the key Gradio gives each tab. No visitor can reach another's.

    Args:
        start: makes the session of a newcomer.
        ttl_s: an idle visitor is forgotten after this.
        clock: seconds that only go forward.
        gone: is told the name of each visitor who was forgotten.
    """

    def __init__(self, start: Callable[[], Session], ttl_s: float, clock: Callable[[], float],
                 gone: Callable[[str], None] = lambda _: None) -> None:
        self._start = start
        self._gone = gone
        self._ttl_s = ttl_s
        self._clock = clock
        self._visitors: dict[str, Visitor] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._visitors)

    def of(self, key: str | None) -> Visitor:
        """The visitor of a tab; a newcomer where the key is new, and one that is not kept where there is no key."""
        now_s = self._clock()
        with self._lock:
            visitor = self._visitors.get(key) if key else None
            if visitor is None:
                visitor = Visitor(session=self._start(), seen_s=now_s, name=key or "")
                if key:
                    self._visitors[key] = visitor
            visitor.seen_s = now_s
            return visitor

    def holds(self, key: str | None, visitor: Visitor) -> bool:
        """False once the visitor was forgotten: nothing of theirs may be shown any more."""
        with self._lock:
            return key is not None and self._visitors.get(key) is visitor

    def forget(self, key: str | None) -> bool:
        """Drop a visitor and end what is being written for them; True when there was one."""
        with self._lock:
            visitor = self._visitors.pop(key, None) if key else None
        if visitor is not None:
            visitor.stop.set()
            visitor.close_live()
            self._gone(visitor.name)
        return visitor is not None

    def close(self) -> None:
        """Forget everybody: what is being written, read or listened to for them ends at once."""
        for key in tuple(self._visitors):
            self.forget(key)

    def expire(self) -> tuple[str, ...]:
        """Forget whoever has been idle for too long; the keys of those who were."""
        limit_s = self._clock() - self._ttl_s
        with self._lock:
            idle = tuple(key for key, visitor in self._visitors.items() if visitor.seen_s < limit_s)
        return tuple(key for key in idle if self.forget(key))
