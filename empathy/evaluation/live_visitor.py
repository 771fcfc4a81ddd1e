"""A simulated visitor of the *Live* tab: one beat after the other over HTTP, as the page's own script sends them."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from ..errors import ModelRunError
from .live_clip import LiveClip

TICK_S = 0.5
RETRY_S = 0.01
"""After an answer without a tick the next, newer picture is sent at once."""
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One tick at the client: when it came (seconds since the start), and the age of its picture then."""

    at_s: float
    age_ms: float
    seeing: str


@dataclass(slots=True, kw_only=True)
class LiveVisitor:
    """Runs in a thread of its own until ``done`` is set; afterwards ``arrivals`` holds what came.

    ``first_s`` is when the visitor comes; ``clip`` what the visitor shows and says."""

    port: int
    component: int
    clip: LiveClip
    first_s: float
    done: threading.Event
    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    frames_read: int = 0
    frames_dropped: int = 0
    n_failed: int = 0
    _key: str = field(default_factory=lambda: uuid.uuid4().hex[:11])

    def run(self) -> None:
        """Look into the camera and speak until it is over."""
        start_s = time.perf_counter()
        if self.done.wait(self.first_s):
            return
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        try:
            self._ask(line, "control", {"do": "start"})
            self._beats(line, start_s)
            self._ask(line, "control", {"do": "stop"})
        except (OSError, http.client.HTTPException, ModelRunError, ValueError):
            self.n_failed += 1
        finally:
            line.close()

    def _beats(self, line: http.client.HTTPConnection, start_s: float) -> None:
        sent: dict[float, float] = {}
        """When each picture was taken, by the time the server gave it."""
        seen, heard_s = 0, time.perf_counter() - start_s
        while not self.done.is_set():
            taken_s = time.perf_counter() - start_s
            answer = self._ask(line, "beat", {
                "seen": seen, "frame": self.clip.frame_at(taken_s), "delay_ms": 0.0,
                "sound": self.clip.sound_between(heard_s, taken_s), "options": {"tick_s": TICK_S}})
            heard_s = taken_s
            sent[answer["fed_s"]] = taken_s
            tick, now_s = answer["tick"], time.perf_counter() - start_s
            if tick is None:
                self.done.wait(RETRY_S)
                continue
            seen = tick["n"]
            self.frames_read, self.frames_dropped = tick["frames_read"], tick["frames_dropped"]
            if tick["frame"] is not None and tick["frame"]["captured_s"] in sent:
                age_ms = (now_s - sent[tick["frame"]["captured_s"]]) * 1000.0
                self.arrivals.append(Arrival(at_s=now_s, age_ms=age_ms, seeing=tick["seeing"]))
                sent = {fed_s: at_s for fed_s, at_s in sent.items() if fed_s > tick["frame"]["captured_s"]}
            self.done.wait(max(0.0, taken_s + TICK_S - (time.perf_counter() - start_s)))

    def _ask(self, line: http.client.HTTPConnection, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Call one of the component's functions.

        Raises:
            ModelRunError: the page refused.
        """
        body = json.dumps({"session_hash": self._key, "component_id": self.component, "fn_name": name, "data": data})
        line.request("POST", "/gradio_api/component_server/", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise ModelRunError(f"the page answered {answer.status} to {name}")
        return json.loads(text)
