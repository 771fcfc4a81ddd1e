"""The endpoints for programs: ``/analyze``, ``/talk`` and ``/status``. All others of the page are private."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import gradio as gr

from ..capture.image import load_picture
from ..errors import InputError
from ..live.status import status as status_of
from ..types import plain
from .conversation import Pressed, exchange
from .listeners import READERS, TALKERS
from .sessions import Visitor, Visitors
from .uploads import GONE, content_of, path_of

if TYPE_CHECKING:
    from ..catalog import System
    from ..live.ticker import Ticker


def endpoints(system: System, visitors: Visitors, ticker: Ticker) -> None:
    """Register the endpoints in the page that is being put together; their docstrings are what programs read."""
    started_s = time.monotonic()

    def analyze(
        file: gr.FileData | None = None, words: str = "", reply: bool = False, features: bool = False
    ) -> dict[str, Any]:
        """Read one picture, sound or video, or words alone, and give what `python -m empathy analyze --json` gives.

        Args:
            file: the file; its content tells what it is, not its name.
            words: what the person wrote, beside the file or alone.
            reply: also write an answer.
            features: also give landmarks, blendshapes and sound features for research.
        """
        return analyzed(system, file, words, reply=reply, features=features)

    def talk(
        words: str = "",
        picture: gr.FileData | None = None,
        sound: gr.FileData | None = None,
        pressed: Literal["none", "help", "ok"] = "none",
        request: gr.Request | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Say something and receive the answer as it is written. Calls of one client are one conversation, which is
        forgotten when the client leaves, or has been idle for an hour.

        Args:
            words: what is said.
            picture: a photo that goes with it.
            sound: a recording that goes with it.
            pressed: "help" is the button "I need help now", "ok" the button "I'm OK".
            request: given by the server; it tells clients apart.
        """
        visitor = visitors.of(request.session_hash if request else None)
        yield from told(system, visitor, words, picture=path_of(picture), sound=path_of(sound), pressed=pressed)

    def status() -> dict[str, Any]:
        """How the server is: uptime, version, engines, live visitors, ticks a second, milliseconds a stage (p50, p95)
        and memory. Nothing of any visitor."""
        return status_of(ticker, system, time.monotonic() - started_s)

    gr.api(analyze, api_name="analyze", **READERS)
    gr.api(talk, api_name="talk", **TALKERS)
    gr.api(status, api_name="status", concurrency_limit=None)


def analyzed(system: System, file: object, words: str, *, reply: bool, features: bool) -> dict[str, Any]:
    """One analysis as plain numbers; a file that can't be read becomes an error the client sees."""
    path = path_of(file)
    try:
        if file and (path is None or not path.is_file()):
            raise InputError(GONE)
        analysis = system.analyze(path, words=words, reply=reply, features=features)
    except InputError as error:
        raise gr.Error(str(error), print_exception=False) from error
    return plain(replace(analysis, input=path.name if path else ""), bulky=features)


def told(system: System, visitor: Visitor, words: str, *, picture: Path | None = None, sound: Path | None = None,
         pressed: Pressed = "none") -> Iterator[dict[str, Any]]:
    """One turn as plain numbers, a step at a time; one visitor's turns wait for each other."""
    notice, ahead = "", -1
    if pressed == "help":
        visitor.stop.set()  # ends what is being written, so that help comes next
    try:
        with visitor.lock:
            visitor.stop.clear()
            visitor.picture = load_picture(picture, system.settings) if picture else None
            visitor.sound = content_of(sound) if sound else None
            for update in exchange(system, visitor, words, pressed):
                notice = update.text if update.stage == "notice" else notice
                if update.stage == "waiting" and update.ahead == ahead:
                    continue
                ahead = update.ahead if update.stage == "waiting" else ahead
                yield {"stage": update.stage, "notice": notice, "ahead": update.ahead,
                       "reply": update.analysis.reply or "", "analysis": plain(update.analysis)}
    except InputError as error:
        raise gr.Error(str(error), print_exception=False) from error
