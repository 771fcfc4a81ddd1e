"""What the language model does for a visitor before "send": it reads what is there of the next message, typed or
spoken, and between two messages it folds older turns. The newest beginning counts; what came before it is given up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import gradio as gr

from ..answer import Audience
from .listeners import PRIVATE

if TYPE_CHECKING:
    from ..catalog import System
    from ..live.session import LiveSession
    from .sessions import Visitor, Visitors

PAUSED = """() => new Promise(send => {
    const box = document.querySelector("#%s textarea, #%s input");
    box.pause ??= setTimeout(() => { box.pause = null; send([box.value]); }, 300);
})"""
"""What is typed is sent to be read ahead three times a second at most, as it stands then: the box tells of input when
its words are sent, too."""


def reading(read_ahead: Callable[..., None], words: gr.Textbox) -> None:
    """Have the box ``words`` read ahead while it is written in."""
    now = PAUSED % (words.elem_id, words.elem_id)
    words.input(read_ahead, words, None, queue=False, trigger_mode="always_last", js=now, **PRIVATE)
    words.focus(read_ahead, words, None, queue=False, **PRIVATE)


class Ahead:
    """May be shared by threads; only of use where ``system.may_read_ahead``."""

    def __init__(self, system: System, visitors: Visitors) -> None:
        self._system = system
        self._visitors = visitors

    def read(self, key: str | None, words: str) -> None:
        """Have it read the conversation and the words so far; returns when that is done, or given up, and at once where
        these words are in work already."""
        visitor = self._visitors.of(key)
        if words != visitor.beginning:
            self._read(key, visitor, words)

    def _read(self, key: str | None, visitor: Visitor, words: str) -> None:
        audience = self._begin(key, visitor, words)
        self._system.answers.read_ahead(visitor.session, words, audience)
        if not audience.cancelled():
            visitor.beginning = None

    def settle(self, key: str | None, words: str) -> bool:
        """After an answer: fold what has become too long, where a model does that, and read the new beginning; whether
        something was folded."""
        visitor = self._visitors.of(key)
        before, audience = visitor.session, self._begin(key, visitor, words)
        after = self._system.answers.fold(before, audience)
        if audience.cancelled():
            return False
        if after is not None and visitor.lock.acquire(blocking=False):  # else the next message is being answered
            try:
                visitor.session = after if visitor.session is before else visitor.session
            finally:
                visitor.lock.release()
        self._read(key, visitor, words)
        return visitor.session is after

    def _begin(self, key: str | None, visitor: Visitor, words: str) -> Audience:
        """For what is given up as soon as there is something newer, or the visitor leaves."""
        visitor.beginning = words
        visitor.n_begun += 1
        n = visitor.n_begun
        return Audience(visitor.name, lambda: visitor.n_begun != n or not self._visitors.holds(key, visitor))

    def follow(self, key: str, visitor: Visitor, live: LiveSession) -> None:
        """The same with what is being said, beside whoever calls, which may be often: only news is read."""
        words, speaks = live.saying, live.snapshot().hearing == "speech"
        before, visitor.followed = visitor.followed, (words, speaks)
        answering = visitor.lock.locked() or bool(visitor.spoken)  # or an answer comes next
        if visitor.followed != before and live.running and not answering:
            threading.Thread(target=self.read, args=(key, words), name="ahead", daemon=True).start()
