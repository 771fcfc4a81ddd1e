"""What is remembered of a conversation, on the page: line by line to forget or to correct, and all of it to keep or to
drop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from ..errors import InputError
from ..memory.session import correct_line, export, forget_line
from ..memory.session import lines as memory_lines
from .listeners import QUICK
from .sessions import Visitor, Visitors

if TYPE_CHECKING:
    from ..catalog import System

NOTHING_YET = "Nothing yet."
CHOOSE_SOME = "Choose the lines to forget first."
CHOOSE_ONE = "Choose one line, write what is right below it, then press Correct."
FILE = "what-is-remembered.json"

ONE_CHOSEN = "(chosen) => chosen.length == 1 ? chosen[0] : ''"
SAVE = f"""(json) => {{
  if (!json) return '';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([json], {{type: 'application/json'}}));
  link.download = '{FILE}';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  return '';
}}"""
"""Saves from memory: no file is written on the server."""


class Memory(NamedTuple):
    """The parts of the accordion that others write to or listen on."""

    kept: gr.CheckboxGroup
    everything: gr.Button


def accordion(system: System, visitors: Visitors) -> Memory:
    """Build it in the page that is being put together."""
    with gr.Accordion("What I remember of this conversation", open=True, elem_id="memory"):
        kept = gr.CheckboxGroup([], label="Choose lines to forget or to correct", info=NOTHING_YET,
                                elem_id="remembered")
        with gr.Row(equal_height=True):
            right = gr.Textbox(label="What is right", show_label=False, placeholder="Write what is right",
                               lines=1, max_lines=2, scale=4, min_width=160, container=False, elem_id="right")
            correct = gr.Button("Correct", size="sm", scale=1, min_width=80, elem_id="correct")
        with gr.Row():
            some = gr.Button("Forget the chosen lines", size="sm", elem_id="forget-some", min_width=150)
            save = gr.Button("Save as JSON", size="sm", elem_id="save-memory", min_width=110)
            everything = gr.Button("Forget everything", size="sm", variant="stop", elem_id="forget-all", min_width=140)
        saved = gr.Textbox(visible="hidden", elem_id="saved-memory")
    handlers = Handlers(system, visitors)
    kept.input(None, kept, right, js=ONE_CHOSEN, api_visibility="private")
    some.click(handlers.forget_some, kept, [kept, right], **QUICK)
    gr.on([correct.click, right.submit], handlers.correct, [kept, right], [kept, right], **QUICK)
    save.click(handlers.save, None, saved, **QUICK).then(None, saved, saved, js=SAVE, api_visibility="private")
    return Memory(kept, everything)


class Handlers:
    """The listeners of the accordion; each finds its own visitor by the tab's key."""

    def __init__(self, system: System, visitors: Visitors) -> None:
        self._system = system
        self._visitors = visitors

    def forget_some(self, chosen: list[str], request: gr.Request) -> tuple[Any, str]:
        visitor = self._visitors.of(request.session_hash)
        if not chosen:
            gr.Warning(CHOOSE_SOME)
        with visitor.lock:
            for line in chosen:
                if line in (lines := remembered(visitor)):
                    visitor.session = forget_line(visitor.session, lines.index(line))
            self._system.answers.forget(visitor.name)
        return update(visitor), ""

    def correct(self, chosen: list[str], right: str, request: gr.Request) -> tuple[Any, Any]:
        visitor = self._visitors.of(request.session_hash)
        with visitor.lock:
            there = [line for line in chosen if line in remembered(visitor)]
            if len(there) != 1:
                gr.Warning(CHOOSE_ONE)
                return gr.skip(), gr.skip()
            try:
                visitor.session = correct_line(visitor.session, remembered(visitor).index(there[0]), right)
            except InputError as error:
                gr.Warning(str(error))
                return gr.skip(), gr.skip()
            self._system.answers.forget(visitor.name)
        return update(visitor), ""

    def save(self, request: gr.Request) -> str:
        return export(self._visitors.of(request.session_hash).session)


def remembered(visitor: Visitor) -> tuple[str, ...]:
    """What is remembered of this visitor, one line a thing."""
    return memory_lines(visitor.session)


def update(visitor: Visitor | None) -> Any:
    """The list as it now is, with nothing chosen; None is nobody."""
    lines = remembered(visitor) if visitor is not None else ()
    return gr.update(choices=list(dict.fromkeys(lines)), value=[], info="" if lines else NOTHING_YET)
