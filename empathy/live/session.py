"""One visitor's live session: takes frames and sound at any time, gives a tick whenever one is made.

Feeding only stores; a worker of the ``Ticker`` calls ``tick``, which asks the engines. Nothing of it reaches disk.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from math import inf

from ..fusion.spectrum import recipes
from ..pipeline import Empathy
from ..types import Samples
from .inbox import Frame, Inbox, Waiting
from .options import LiveOptions
from .reader import Reader
from .recording import Recording
from .tick import Tick
from .timing import Timing
from .utterance import Utterance

EARLY = 0.8
"""What comes this share of a tick after the last one was begun is due: browsers do not keep time."""
IDLE_TICKS = 2.0
"""After so many ticks without a frame the sound sets the pace; without either a tick is made to say so."""


def nobody() -> None:
    """Nobody wants to know."""


class LiveSession:
    """May be shared by threads. Made by ``Ticker.open``, which also drives it.

    Args:
        system: the engines and settings.
        clock: seconds that only go forward; all times of the session are on it.
        wake: called whenever something has come that a worker could read.
        timing: where the milliseconds of the stages go.
        drafts: where an answer is wanted at a pause, write down what is being said at each breath before it.
    """

    def __init__(self, system: Empathy, *, clock: Callable[[], float] = time.monotonic,
                 wake: Callable[[], None] = nobody, timing: Timing | None = None, drafts: bool = False) -> None:
        self._clock, self._wake = clock, wake
        self._work, self._news = threading.Lock(), threading.Condition()
        self._inbox = Inbox(clock)
        self._reader = Reader(system, timing or Timing())
        self._options = LiveOptions()
        self._utterances: deque[Utterance] = deque(maxlen=8)
        self._running, self._closed, self._drafts = True, False, drafts
        self.saying = ""
        """The words so far of an utterance that is not understood yet; only with ``drafts``."""
        self.touched_s = self._begun_s = clock()
        """When the visitor's page last gave or asked anything, and when the last tick was begun."""
        self.recording = Recording()
        self._tick = Tick(n=0, at_s=self.touched_s, running=True, hearing="waiting", seeing="waiting",
                          states={recipe.name: None for recipe in recipes()})

    @property
    def options(self) -> LiveOptions:
        """What was chosen."""
        return self._options

    @property
    def running(self) -> bool:
        """False while paused and after closing."""
        return self._running and not self._closed

    @property
    def closed(self) -> bool:
        """True after ``close``."""
        return self._closed

    @property
    def frames(self) -> tuple[int, int]:
        """How many frames were read, and how many were replaced by a newer one before."""
        return self._inbox.n_read, self._inbox.n_dropped

    def feed_frame(self, frame: Frame, t_s: float | None = None) -> None:
        """Give a frame; the one that waits, if any, is dropped.

        Args:
            frame: RGB, shape (height, width, 3); not copied, so it must not be written to afterwards. Or a function
                that decodes it, which is called only if it is read, and may raise ``InputError``.
            t_s: when it was taken, on the session's clock; None is now.
        """
        self.touched_s = self._clock()
        if self.running and self._options.camera:
            self._inbox.put_frame(frame, self.touched_s if t_s is None else t_s)
            self._wake()

    def feed_sound(self, samples: Samples, t_s: float | None = None) -> None:
        """Give sound, any number of samples.

        Args:
            samples: mono, 16 kHz, shape (n,); not copied.
            t_s: when the last of them was heard, on the session's clock; None is now.
        """
        self.touched_s = self._clock()
        if self.running and self._options.microphone and samples.size:
            self._inbox.put_sound(samples, self.touched_s if t_s is None else t_s)
            self._wake()

    def snapshot(self) -> Tick:
        """The newest tick; never waits for an engine."""
        self.touched_s = self._clock()
        return self._tick

    def wait(self, after_n: int, timeout_s: float) -> Tick:
        """The newest tick, as soon as its ``n`` is above ``after_n``, or when the time is over."""
        with self._news:
            self._news.wait_for(lambda: self._tick.n > after_n or not self.running, timeout_s)
        return self.snapshot()

    def configure(self, options: LiveOptions) -> None:
        """Choose anew; holds from the next tick on."""
        self._options = options

    def pause(self) -> None:
        """Stop reading and give the tracker's memory back; what is known of the person stays."""
        self._running = False
        self._inbox.clear()
        with self._work:
            self._reader.rest()
            self.saying = ""
        self._show(replace(self._tick, running=False, frame=None, face=None, posture=None))

    def resume(self) -> None:
        """Go on after a pause."""
        self._running = True
        self._show(replace(self._tick, running=self.running))

    def close(self) -> None:
        """Stop for good and give the memory back; may be called twice, and while a tick is being made."""
        self._closed, self.saying = True, ""
        self._inbox.clear()
        if self._work.acquire(blocking=False):  # else the tick that is being made cleans up after itself
            try:
                self._reader.rest()
            finally:
                self._work.release()
        self._show(replace(self._tick, running=False, frame=None, face=None, posture=None))

    def utterances(self) -> tuple[Utterance, ...]:
        """What was said since the last call, the oldest first."""
        return tuple(self._utterances.popleft() for _ in range(len(self._utterances)))

    def due_s(self) -> float:
        """When the next tick should be begun, on the session's clock; infinite while paused."""
        if not self.running:
            return inf
        frame, sound = self._inbox.waits()
        tick_s = self._options.tick_s
        soonest_s = self._begun_s + EARLY * tick_s if self._tick.n else self._begun_s
        if frame:
            return soonest_s
        if sound:
            return max(soonest_s, self._inbox.frame_came_s + IDLE_TICKS * tick_s)
        return self._begun_s + max(1.0, IDLE_TICKS * tick_s)

    def tick(self, *, visitors: int = 1, busy: float = 0.0) -> None:
        """Read what waits and make the next tick.

        Args:
            visitors: how many there are now, for the page.
            busy: share of the workers' time that is taken, in [0, 1].
        """
        with self._work:
            if self.running:
                self._begun_s = self._clock()
                waiting = self._inbox.take()
                made = self._reader.read(waiting, self._options, self._begun_s, busy)
                self._finish(made, waiting, visitors)
            if self._closed:
                self._reader.rest()

    @property
    def has_ended(self) -> bool:
        """True while an utterance waits to be understood."""
        return self._reader.has_ended and not self._closed

    def understand(self) -> None:
        """Read the oldest utterance that has ended, which may take seconds; ticks go on meanwhile.

        Raises:
            IndexError: there is none.
        """
        utterance, analysis = self._reader.understand(self._reader.next_ended())
        with self._work:
            self._reader.take(utterance, analysis, self._clock())
        self._utterances.append(utterance)
        self.saying = ""

    @property
    def has_draft(self) -> bool:
        """True while an utterance that goes on waits to be written down up to its last breath."""
        wanted = self._drafts and self._options.reply_on_pause and self._options.transcript and self.running
        return wanted and self._reader.has_begun

    def draft(self) -> None:
        """Write down what is being said up to its last breath, for ``saying``; ticks go on meanwhile."""
        words = self._reader.draft()
        with self._work:
            if self.running:
                self.saying = words or self.saying
            else:  # paused or closed meanwhile: what was written down is not kept
                self._reader.rest()

    def _finish(self, made: Tick, waiting: Waiting, visitors: int) -> None:
        """Number the tick and show it; its age is counted to this moment, and is none where nothing was read."""
        heard = made.hearing != "off" and waiting.samples.size
        used_s = waiting.picture_s if made.frame else waiting.sound_end_s if heard else None
        n_read, n_dropped = self.frames
        tick = replace(made, n=self._tick.n + 1, visitors=visitors, frames_read=n_read, frames_dropped=n_dropped,
                       age_ms=None if used_s is None else 1000.0 * (self._clock() - used_s), running=self.running,
                       missing=(*made.missing, waiting.trouble) if waiting.trouble else made.missing)
        self.recording.add(tick)
        self._show(tick)

    def _show(self, tick: Tick) -> None:
        with self._news:
            self._tick = tick
            self._news.notify_all()
