"""The chat that the Talk and the Live tab share: its parts, and what a view puts into them."""

from __future__ import annotations

import re
from typing import Any

import gradio as gr

from .conversation import View
from .listeners import Outputs
from .marks import HELP_LINES
from .sessions import Line


def chat_log(elem_id: str, *, height: int, welcome: str, beginnings: tuple[str, ...] = ()) -> gr.Chatbot:
    """What was said: plain words alone, without formulas, tags or buttons; ``height`` in px. While nothing was said,
    ``beginnings`` are offered."""
    return gr.Chatbot(show_label=False, height=height, elem_id=elem_id, placeholder=welcome, buttons=[],
                      examples=[{"text": each} for each in beginnings], latex_delimiters=[], feedback_options=None,
                      allow_tags=False)


def words_box(elem_id: str, **layout: Any) -> gr.Textbox:
    """Where a message is typed; ``layout`` is Gradio's."""
    return gr.Textbox(label="Your message", show_label=False, placeholder="Type a message, Enter sends it", lines=1,
                      elem_id=elem_id, container=False, **layout)


def buttons(busy: bool) -> tuple[Any, Any]:
    """Send, or Stop while an answer is being written."""
    return gr.update(visible=not busy), gr.update(visible=busy)


def shown(view: View) -> Outputs:
    """The chat, the box, the status and the cards of a view; what it leaves alone stays."""
    return (messages(view.lines), *(gr.skip() if each is None else each
                                    for each in (view.words, view.status, view.readings)))


def messages(lines: tuple[Line, ...]) -> list[Any]:
    """The chat as Gradio takes it."""
    return [{"role": line.role, "content": as_markdown(line.text)} for line in lines]


_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>:])")
_LINK = re.compile(rf"https://[A-Za-z0-9./_-]*[A-Za-z0-9/]|{re.escape(HELP_LINES)}")
"""The only links that are kept: plain addresses, as our own texts hold them."""


def as_markdown(words: str) -> str:
    """Words as they were written: no mark of theirs becomes formatting, a picture, or markup. Links stay links."""
    parts: list[str] = []
    at = 0
    for link in _LINK.finditer(words):
        address = "https://" + link.group().removeprefix("https://")
        parts += [_plain(words[at:link.start()]), f"[{link.group()}]({address})"]
        at = link.end()
    return "".join([*parts, _plain(words[at:])])


def _plain(words: str) -> str:
    marked = _MARKS.sub(r"\\\1", words.replace("&", "&amp;").replace("<", "&lt;"))
    return marked.replace("\n", "  \n")
