"""The Live tab: camera and microphone of the visitor's browser, thirty states, and the chat beside them.

Camera and microphone live in a component of ours, not in Gradio's streaming ones: those take two presses each, write
every piece of sound to a file, and keep one waiting piece a stream, so that a busy moment loses sound without a word.
Here the browser sends one beat at a time, picture and sound together, and the next only when the answer is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from ..fusion.spectrum import recipes
from ..types import Analysis
from .ahead import Ahead, reading
from .chat import buttons, chat_log, messages, shown, words_box
from .conversation import Pressed, View, converse
from .listeners import HELPING, PRIVATE, QUICK, TALKING, Outputs
from .live_board import board, script
from .live_wire import Wire
from .marks import panel, text
from .privacy import sent_elsewhere
from .sessions import Visitor, Visitors
from .theme import drawing

if TYPE_CHECKING:
    from ..catalog import System
    from ..live.ticker import Ticker

NOTICE = ("Software reads your face and your voice as you look and speak, and can be wrong. Pictures and sounds are "
          "read in memory and dropped: nothing is stored.{ahead}{server} It is no medical service, and not for use "
          "at work or at school.")
AHEAD = " A language model here may read along while you speak or type, so that it can answer sooner."
UNCLEAR = "I heard you, but could make out neither the words nor a clear tone. Would you write it to me?"
"""Without a transcript engine this is the answer to a voice that sounds like nothing in particular."""
WELCOME = "Speak or write. It is the same conversation as under Talk."


def tab(system: System, visitors: Visitors, ticker: Ticker, here: gr.Tab) -> None:
    """Build the tab ``here`` in the page that is being put together; its conversation is that of the Talk tab."""
    wire = Wire(system, visitors, ticker)
    told = NOTICE.format(ahead=AHEAD if system.may_read_ahead else "",
                         server=f" {sent_elsewhere(system.server)}" if system.server else "")
    drawing(panel(text("div", told, class_="notice", role="note")))
    with gr.HTML(html_template=board(recipes(), system.settings), elem_id="live-board", apply_default_css=False,
                 js_on_load=script(), server_functions=wire.functions()) as live, gr.Column():
        chat = chat_log("live-chat", height=320, welcome=WELCOME)
        status = drawing(elem_id="live-status")
        words = words_box("live-words", max_lines=4)
        with gr.Row():
            send = gr.Button("Send", variant="primary", size="sm", min_width=80, elem_id="live-send")
            stop = gr.Button("Stop", size="sm", min_width=80, visible=False, elem_id="live-stop")
            need = gr.Button("I need help now", size="sm", min_width=130, elem_id="live-help")
        with gr.Accordion("What was read from your last words", open=False):
            cards = drawing(elem_id="live-cards")
    handlers = Handlers(system, visitors)
    outputs = [chat, words, status, cards, send, stop]
    sent = gr.on([send.click, words.submit], handlers.send, words, outputs, **TALKING)
    spoken = live.submit(handlers.answer_spoken, None, outputs, **TALKING)
    need.click(handlers.need_help, words, outputs, **HELPING)
    stop.click(handlers.stop, None, None, queue=False, **PRIVATE)
    here.select(handlers.show, None, chat, **QUICK)
    if system.may_read_ahead or system.server:
        for answered in (sent, spoken):
            answered.then(handlers.settle, words, None, queue=False, **PRIVATE)
    if system.may_read_ahead:
        reading(handlers.read_ahead, words)


class Handlers:
    """The listeners of the chat; each finds its own visitor by the tab's key."""

    def __init__(self, system: System, visitors: Visitors) -> None:
        self._system = system
        self._visitors = visitors
        self._ahead = Ahead(system, visitors)

    def send(self, words: str, request: gr.Request) -> Iterator[Outputs]:
        yield from self._converse(words, "none", None, request)

    def need_help(self, words: str, request: gr.Request) -> Iterator[Outputs]:
        yield from self._converse(words, "help", None, request)

    def answer_spoken(self, request: gr.Request) -> Iterator[Outputs]:
        """What was said into the microphone since the last answer, in one turn."""
        visitor = self._visitors.of(request.session_hash)
        spoken = take_spoken(visitor)
        if spoken is None:
            yield (gr.skip(),) * 6
        elif is_unclear(spoken):
            if not visitor.lines or visitor.lines[-1].text != UNCLEAR:  # once is enough
                visitor.say("user", "(your voice)")
                visitor.say("assistant", UNCLEAR)
            yield _outputs(View(lines=tuple(visitor.lines), busy=False))
        else:
            yield from self._converse("", "none", spoken, request)

    def read_ahead(self, words: str, request: gr.Request) -> None:
        """The language model may read what is there of the next message."""
        self._ahead.read(request.session_hash, words)

    def settle(self, words: str, request: gr.Request) -> None:
        """The language model may tidy up, now that an answer is there."""
        self._ahead.settle(request.session_hash, words)

    def stop(self, request: gr.Request) -> None:
        self._visitors.of(request.session_hash).stop.set()

    def show(self, request: gr.Request) -> list[Any]:
        """The conversation as it is now: it may have gone on in the Talk tab."""
        return messages(tuple(self._visitors.of(request.session_hash).lines))

    def _converse(self, words: str, pressed: Pressed, spoken: Analysis | None,
                  request: gr.Request) -> Iterator[Outputs]:
        visitor = self._visitors.of(request.session_hash)
        for view in converse(self._system, visitor, words, pressed, spoken):
            if not self._visitors.holds(request.session_hash, visitor):
                return
            if view.trouble:
                gr.Warning(view.trouble)
            yield _outputs(view)


def _outputs(view: View) -> Outputs:
    return (*shown(view), *buttons(view.busy))


def is_unclear(spoken: Analysis) -> bool:
    """Whether neither words nor a tone could be made out."""
    voice = spoken.voice
    return voice is None or (voice.abstains and not (voice.transcript and voice.transcript.text.strip()))


def take_spoken(visitor: Visitor) -> Analysis | None:
    """The utterances that wait for an answer, as one: the words of all, the newest voice that has words, and
    the face at the end."""
    waiting = [visitor.spoken.popleft() for _ in range(len(visitor.spoken))]
    if not waiting:
        return None
    last, words = waiting[-1], " ".join(filter(None, (each.words.strip() for each in waiting)))
    voice = next((each.voice for each in reversed(waiting) if each.voice and each.voice.transcript), last.voice)
    if voice is not None and voice.transcript is not None:
        voice = replace(voice, transcript=replace(voice.transcript, text=words))
    return Analysis(input="", kind="turn", faces=(last.face,) if last.face else (), voice=voice)
