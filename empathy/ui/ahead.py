"""What the language model does for a visitor before "send": it reads what is there of the next message, typed or
spoken. The newest beginning counts; what came before it is given up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from ..answer import Audience
from .listeners import PRIVATE

if TYPE_CHECKING:
    from ..catalog import System
    from ..live.session import LiveSession
    from .sessions import Visitor, Visitors

PAUSED = "(words) => new Promise(done => setTimeout(() => done([words]), 300))"
"""What is typed is sent to be read ahead three times a second at most; of what is typed meanwhile, the last."""


def reading(read_ahead: Callable[..., None], words: gr.Textbox, sent: Any) -> None:
    """Have the box ``words`` read ahead while it is written in, and the new beginning once an answer is there."""
    words.input(read_ahead, words, None, queue=False, trigger_mode="always_last", js=PAUSED, **PRIVATE)
    words.focus(read_ahead, words, None, queue=False, **PRIVATE)
    sent.then(read_ahead, words, None, queue=False, **PRIVATE)


class Ahead:
    """May be shared by threads; only of use where ``system.may_read_ahead``."""

    def __init__(self, system: System, visitors: Visitors) -> None:
        self._system = system
        self._visitors = visitors

    def read(self, key: str | None, words: str) -> None:
        """Have it read the conversation and the words so far; returns when that is done, or given up."""
        visitor = self._visitors.of(key)
        visitor.n_begun += 1
        n = visitor.n_begun
        self._system.answers.read_ahead(visitor.session, words, Audience(
            visitor.name, lambda: visitor.n_begun != n or not self._visitors.holds(key, visitor)))

    def follow(self, key: str, visitor: Visitor, live: LiveSession) -> None:
        """The same with what is being said, beside whoever calls, which may be often: only news is read."""
        speaks = live.snapshot().hearing == "speech"
        if visitor.spoken or visitor.lock.locked() or not live.running:
            return  # the answer itself comes next, or is being written
        now = (id(visitor.session), live.saying, speaks)
        if visitor.followed != now:
            visitor.followed = now
            threading.Thread(target=self.read, args=(key, now[1]), name="ahead", daemon=True).start()
