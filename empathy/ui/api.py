"""The endpoints for programs: ``/analyze`` and ``/talk``. All others of the page are private."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import gradio as gr

from ..capture.image import load_picture
from ..errors import InputError
from ..types import plain
from .conversation import exchange
from .sessions import Visitors
from .uploads import GONE, content_of, path_of

if TYPE_CHECKING:
    from ..catalog import System


def endpoints(system: System, visitors: Visitors) -> None:
    """Register the endpoints in the page that is being put together."""

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
        path = path_of(file)
        try:
            if file and (path is None or not path.is_file()):
                raise InputError(GONE)
            analysis = system.analyze(path, words=words, reply=reply, features=features)
        except InputError as error:
            raise gr.Error(str(error), print_exception=False) from error
        result = plain(replace(analysis, input=path.name if path else ""), bulky=features)
        return result if isinstance(result, dict) else {}

    def talk(
        words: str = "",
        picture: gr.FileData | None = None,
        sound: gr.FileData | None = None,
        pressed: Literal["none", "help", "ok"] = "none",
        request: gr.Request | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Say something and receive the answer as it is written. Calls of one client are one conversation, which is
        forgotten when the client has been idle for an hour.

        Args:
            words: what is said.
            picture: a photo that goes with it.
            sound: a recording that goes with it.
            pressed: "help" is the button "I need help now", "ok" the button "I'm OK".
            request: given by the server; it tells clients apart.
        """
        visitor = visitors.of(request.session_hash if request else None)
        seen, heard = path_of(picture), path_of(sound)
        notice = ""
        try:
            with visitor.lock:
                visitor.stop.clear()
                visitor.picture = load_picture(seen, system.settings) if seen else None
                visitor.sound = content_of(heard) if heard else None
                for update in exchange(system, visitor, words, pressed):
                    notice = update.text if update.stage == "notice" else notice
                    yield {"stage": update.stage, "notice": notice, "reply": update.analysis.reply or "",
                           "analysis": plain(update.analysis)}
        except InputError as error:
            raise gr.Error(str(error), print_exception=False) from error

    gr.api(analyze, api_name="analyze", concurrency_id="reading", concurrency_limit=2)
    gr.api(talk, api_name="talk", concurrency_id="talk", concurrency_limit=8)
