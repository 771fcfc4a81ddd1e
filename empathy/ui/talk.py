"""The Talk tab: a chat with an optional photo and voice, the readings beside it, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from ..capture.audio import load_sound
from ..capture.image import load_picture
from ..errors import InputError
from .ahead import Ahead, reading
from .chat import buttons, chat_log, messages, shown, words_box
from .conversation import Pressed, View, converse
from .examples import SENTENCES
from .listeners import HELPING, PRIVATE, QUICK, TALKING, Outputs
from .marks import card, escape, panel, tag, text
from .privacy import sent_elsewhere
from .remembered import accordion, update
from .sessions import Visitor, Visitors
from .theme import drawing
from .uploads import content_of, path_of

if TYPE_CHECKING:
    from ..catalog import System

NOTICE = ("You are talking with software, not with a person. It reads what you send here: your words and, if you add "
          "them, a photo (expression, posture) and your voice (words, tone).{ahead}{server} It can be wrong. Nothing "
          "is stored: all is forgotten when you close this tab. It is no medical service, and not for use at work or "
          "at school.")
AHEAD = " A language model here may read along while you type, so that it can answer sooner."
HINT = panel(card("What is read", text(
    "p", "Your words and, if you add them, a photo or your voice are read here: what they may tell, how sure that is, "
         "and why.", class_="soft")))
WELCOME = "How are you today? Write as you would to a friend."


def tab(system: System, visitors: Visitors, here: gr.Tab) -> None:
    """Build the tab ``here`` in the page that is being put together."""
    drawing(notice(reads_ahead=system.may_read_ahead, server=system.server), elem_id="notice")
    with gr.Row(equal_height=False):
        with gr.Column(scale=6, min_width=300):
            chat = chat_log("chat", height=430, welcome=WELCOME, beginnings=SENTENCES)
            status = drawing(elem_id="talk-status")
            with gr.Row(equal_height=True):
                words = words_box("words", max_lines=6, scale=8, min_width=180)
                send = gr.Button("Send", variant="primary", scale=1, min_width=84, elem_id="send")
                stop = gr.Button("Stop", scale=1, min_width=84, visible=False, elem_id="stop")
            with gr.Row():
                need = gr.Button("I need help now", size="sm", elem_id="help-now", min_width=130)
                fine = gr.Button("I'm OK", size="sm", elem_id="im-ok", min_width=90)
            with gr.Accordion("Add a photo or your voice", open=False, elem_id="attach"), gr.Row():
                photo = gr.Image(label="Photo", sources=["upload", "webcam", "clipboard"], type="filepath", height=220,
                                 image_mode=None, elem_id="talk-photo", min_width=220, buttons=[],
                                 webcam_options=gr.WebcamOptions(mirror=False))
                sound = gr.Audio(label="Voice", sources=["microphone", "upload"], type="filepath", editable=False,
                                 elem_id="talk-voice", min_width=220, buttons=[])
        with gr.Column(scale=5, min_width=300):
            cards = drawing(HINT, elem_id="talk-cards")
            kept, everything = accordion(system, visitors)
    handlers = Handlers(system, visitors)
    outputs = [chat, words, status, cards, kept, photo, sound, send, stop]
    sent = gr.on([send.click, words.submit], handlers.send, words, outputs, **TALKING)
    need.click(handlers.need_help, words, outputs, **HELPING)
    fine.click(handlers.fine, words, outputs, **TALKING)
    stop.click(handlers.stop, None, None, queue=False, **PRIVATE)
    photo.input(handlers.attach_photo, photo, [photo, status], preprocess=False, **QUICK)
    sound.input(handlers.attach_sound, sound, [sound, status], preprocess=False, **QUICK)
    everything.click(handlers.forget_all, None, outputs, **QUICK)
    chat.example_select(beginning, None, words, **QUICK)
    here.select(handlers.show, None, [chat, kept], **QUICK)
    if system.may_read_ahead or system.server:
        sent.then(handlers.settle, words, kept, queue=False, **PRIVATE)
    if system.may_read_ahead:
        reading(handlers.read_ahead, words)
        sound.start_recording(handlers.read_ahead, words, None, queue=False, **PRIVATE)


def notice(*, reads_ahead: bool, server: str) -> str:
    """What a visitor is told before anything else."""
    told = NOTICE.format(ahead=AHEAD if reads_ahead else "", server=f" {sent_elsewhere(server)}" if server else "")
    return panel(tag("div", escape(told), class_="notice", role="note"))


def beginning(chosen: gr.SelectData) -> str:
    """The sentence to begin with that was chosen: it goes into the box, to be changed before it is sent."""
    return str(chosen.value["text"])


class Handlers:
    """The listeners of the tab; each finds its own visitor by the tab's key."""

    def __init__(self, system: System, visitors: Visitors) -> None:
        self._system = system
        self._visitors = visitors
        self._ahead = Ahead(system, visitors)

    def send(self, words: str, request: gr.Request) -> Iterator[Outputs]:
        yield from self._converse(words, "none", request)

    def need_help(self, words: str, request: gr.Request) -> Iterator[Outputs]:
        yield from self._converse(words, "help", request)

    def fine(self, words: str, request: gr.Request) -> Iterator[Outputs]:
        yield from self._converse(words, "ok", request)

    def _converse(self, words: str, pressed: Pressed, request: gr.Request) -> Iterator[Outputs]:
        visitor = self._visitors.of(request.session_hash)
        for view in converse(self._system, visitor, words, pressed):
            if not self._visitors.holds(request.session_hash, visitor):
                return
            if view.trouble:
                gr.Warning(view.trouble)
            kept = gr.skip() if view.busy else update(visitor)
            yield _outputs(view, kept)

    def stop(self, request: gr.Request) -> None:
        self._visitors.of(request.session_hash).stop.set()

    def show(self, request: gr.Request) -> Outputs:
        """The conversation as it is now: it may have gone on in the Live tab."""
        visitor = self._visitors.of(request.session_hash)
        return messages(tuple(visitor.lines)), update(visitor)

    def attach_photo(self, data: object, request: gr.Request) -> Outputs:
        visitor, path = self._visitors.of(request.session_hash), path_of(data)
        visitor.picture = None
        if path is None:
            return gr.skip(), attached(visitor)
        try:
            visitor.picture = load_picture(path, self._system.settings)
        except InputError as error:
            gr.Warning(str(error))
            return None, _line(str(error))
        return gr.skip(), attached(visitor)

    def attach_sound(self, data: object, request: gr.Request) -> Outputs:
        visitor, path = self._visitors.of(request.session_hash), path_of(data)
        visitor.sound = None
        if path is None:
            return gr.skip(), attached(visitor)
        try:
            content = content_of(path)
            load_sound(content, self._system.settings)  # heard now, so that trouble is told before it is sent
        except InputError as error:
            gr.Warning(str(error))
            return None, _line(str(error))
        visitor.sound = content
        return gr.skip(), attached(visitor)

    def read_ahead(self, words: str, request: gr.Request) -> None:
        """The language model may read what is there of the next message."""
        self._ahead.read(request.session_hash, words)

    def settle(self, words: str, request: gr.Request) -> Any:
        """The language model may tidy up, now that an answer is there; what is remembered then reads otherwise."""
        folded = self._ahead.settle(request.session_hash, words)
        return update(self._visitors.of(request.session_hash)) if folded else gr.skip()

    def forget_all(self, request: gr.Request) -> Outputs:
        self._visitors.forget(request.session_hash)
        return ([], "", _line("Everything is forgotten."), HINT, update(None), None, None, *buttons(False))


def attached(visitor: Visitor) -> str:
    """What goes with the next message, in a line; "" where nothing does."""
    match (visitor.picture is not None, visitor.sound is not None):
        case (True, True):
            return _line("The photo and your voice go with your next message.")
        case (True, False):
            return _line("The photo goes with your next message.")
        case (False, True):
            return _line("Your voice goes with your next message.")
        case _:
            return ""


def _line(sentence: str) -> str:
    return panel(text("div", sentence, class_="status", role="status"))


def _outputs(view: View, kept: Any) -> Outputs:
    used = None if view.sent else gr.skip()
    return (*shown(view), kept, used, used, *buttons(view.busy))
