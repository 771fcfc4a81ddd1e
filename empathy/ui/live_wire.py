"""What the Live tab's script and this server say to each other: ``beat``, ``control``, ``record``.

They are server functions of the tab's component: a plain POST each, without Gradio's queue, with nothing on disk. No
model runs here; a beat hands over, waits for the next tick, and answers.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np
from fastapi import Response
from pydantic import TypeAdapter

from ..capture.image import load_picture
from ..errors import InputError
from ..live.options import LiveOptions
from ..live.tick import Tick, tick_json
from ..types import SAMPLE_RATE_HZ, Picture, Samples
from .ahead import Ahead
from .sessions import Visitor, Visitors

if TYPE_CHECKING:
    from ..catalog import System
    from ..live.session import LiveSession
    from ..live.ticker import Ticker

POLL_S = 0.015
"""A beat looks this often whether its tick is there."""
HOLD_S = (0.1, 1.0)
"""A beat is answered after at least and at most this, tick or not; in between the browser's rate decides."""
MAX_SOUND_S = 30.0
MAX_PICTURE_CHARS = 4_000_000
_OPTIONS = TypeAdapter(LiveOptions)


class Wire:
    """The three functions, each for the visitor whose tab calls.

    Args:
        system: its settings bound what is accepted.
        visitors: who is here.
        ticker: drives the sessions of all.
    """

    def __init__(self, system: System, visitors: Visitors, ticker: Ticker) -> None:
        self._system = system
        self._visitors = visitors
        self._ticker = ticker
        self._ahead = Ahead(system, visitors) if system.may_read_ahead else None

    def functions(self) -> list[Callable[..., Any]]:
        """As the component takes them: plain functions, since it marks them."""
        async def beat(data: dict[str, Any], request: gr.Request) -> Response:
            return _json(await self.beat(await key_of(request), data))

        async def control(data: dict[str, Any], request: gr.Request) -> Response:
            return _json(await asyncio.to_thread(self.control, await key_of(request), data))

        async def record(data: dict[str, Any], request: gr.Request) -> Response:
            return _json(self.record(await key_of(request)))

        return [beat, control, record]

    async def beat(self, key: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Take a picture and sound; give the next tick, or none where none came in time.

        Args:
            key: of the visitor's tab.
            data: ``frame`` (JPEG as base64, or None), ``delay_ms`` from its capture to its sending, ``sound`` (16-bit
                samples, mono, 16 kHz, as base64), ``seen`` (the newest tick held) and ``options``.

        Returns:
            ``tick`` or None; ``fed_s``, by which the tick names this picture; ``heard``, true when something said
            waits for an answer; ``trouble``, a sentence or "".
        """
        arrived_s = time.monotonic()
        visitor = self._visitors.of(key)
        live = self._live(visitor)
        fed_s = round(arrived_s - min(5.0, max(0.0, float(data.get("delay_ms") or 0.0) / 1000)), 3)
        try:
            options, hold_s = options_of(data.get("options") or {})
            live.configure(options)
            samples = sound_of(str(data.get("sound") or ""))
            if samples.size:
                live.feed_sound(samples, arrived_s)
            if fed := bool(data.get("frame")) and options.camera:
                live.feed_frame(self._frame(str(data["frame"])), fed_s)
        except InputError as error:
            return {"tick": None, "fed_s": None, "heard": False, "trouble": str(error)}
        seen = int(data.get("seen") or 0)
        tick = live.snapshot()
        seen = seen if seen <= tick.n else 0  # of a session that was closed meanwhile
        while not _is_news(tick, seen, fed_s if fed else None) and time.monotonic() < arrived_s + hold_s:
            await asyncio.sleep(POLL_S)
            tick = live.snapshot()
        hear(visitor, live, answered=options.reply_on_pause)
        if self._ahead is not None and options.reply_on_pause:
            self._ahead.follow(key, visitor, live)
        return {"tick": tick_json(tick) if tick.n > seen else None, "fed_s": fed_s,
                "heard": bool(visitor.spoken) and not visitor.lock.locked(), "trouble": ""}

    def control(self, key: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Start, pause, resume or stop; the recording of a stopped session stays until the next start."""
        visitor = self._visitors.of(key)
        match data.get("do"):
            case "start":
                visitor.close_live()
                self._live(visitor).resume()
            case "pause" if visitor.live is not None:
                visitor.live.pause()
            case "resume" if visitor.live is not None:
                visitor.live.resume()
            case "stop" if visitor.live is not None:
                visitor.live.close()
            case _:
                pass
        return {}

    def record(self, key: str) -> dict[str, Any]:
        """The states by time, as the text of a JSON and of a CSV file: made in memory, kept nowhere."""
        live = self._visitors.of(key).live
        if live is None:
            return {"rows": 0, "json": "", "csv": ""}
        kept = live.recording
        return {"rows": len(kept), "json": kept.json(), "csv": kept.csv()}

    def _live(self, visitor: Visitor) -> LiveSession:
        if visitor.live is None or visitor.live.closed:
            visitor.live = self._ticker.open(self._system, drafts=self._ahead is not None)
        return visitor.live

    def _frame(self, text: str) -> Callable[[], Picture]:
        """Decoded by whoever reads it: a busy machine drops most pictures unread."""
        if len(text) > MAX_PICTURE_CHARS:
            raise InputError("the camera's picture is too large; choose a smaller one in the settings")
        return partial(load_picture, _bytes(text), self._system.settings)


def hear(visitor: Visitor, live: LiveSession, *, answered: bool) -> None:
    """Collect what was said, when it is to be answered."""
    said = live.utterances()
    if answered:
        visitor.spoken.extend(each for each in said if each.voice is not None)
    else:
        visitor.spoken.clear()


def _is_news(tick: Tick, seen: int, fed_s: float | None) -> bool:
    """Whether a tick is worth an answer: a new one, and where a picture came along, one that was made of it; else every
    answer would be one tick late for ever after a single tick of sound alone."""
    if fed_s is None:
        return tick.n > seen
    return tick.n > seen and tick.frame is not None and tick.frame.captured_s >= fed_s


async def key_of(request: gr.Request) -> str:
    """The key of the calling tab: the component's functions get the bare request, whose body holds it."""
    body = await request.json()
    return str(body["session_hash"])


def options_of(given: Mapping[str, Any]) -> tuple[LiveOptions, float]:
    """The options of a beat, and how long it may be held, in s.

    Raises:
        InputError: an option is not of its kind or out of bounds.
    """
    try:
        options, rate = _OPTIONS.validate_python(given), float(given.get("rate", 2.0))
    except (TypeError, ValueError) as error:
        raise InputError("a setting of the live page can't be used; load the page again") from error
    return options, min(HOLD_S[1], max(HOLD_S[0], 1.0 / rate if rate > 0 else HOLD_S[1]))


def sound_of(text: str) -> Samples:
    """Samples of a beat: shape (n,), float32, 16 kHz, in [-1, 1).

    Raises:
        InputError: it is no sound, or too long.
    """
    found = _bytes(text)
    if len(found) % 2 or len(found) > 2 * SAMPLE_RATE_HZ * MAX_SOUND_S:
        raise InputError("the microphone's sound could not be read; press Stop, then Start")
    return np.frombuffer(found, dtype="<i2").astype(np.float32) / 32768.0


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("what the browser sent could not be read; load the page again") from error


def _json(answer: Mapping[str, Any]) -> Response:
    return Response(json.dumps(answer, allow_nan=False, separators=(",", ":")), media_type="application/json")
