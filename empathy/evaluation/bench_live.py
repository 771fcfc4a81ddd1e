"""``bench live``: simulated visitors before the real page, in real time, over loopback.

Age is from the capture of a picture at the client to the receipt, at the client, of what was read of it.
"""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from ..errors import ModelRunError
from ..settings import Settings
from .live_clip import LiveClip, load_clip
from .live_visitor import TICK_S, LiveVisitor
from .serving import Served, served

WAKE_S = 60.0
"""The engines should be loaded, and a first face read, within this."""
WARM_S, WARM_SHARE = 5.0, 0.1
"""Left out at the beginning: so many seconds, or this share of a longer run."""
MEMORY_SHARE = 0.25
"""Memory is warm after this share of a run; it grows from the mean of the next tenth of it to that of the last."""
SAMPLE_S = 1.0
ELEMENT = "live-board"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The server over a run: memory by time, and processor seconds."""

    memory_mb: tuple[float, ...]
    cpu_s: float
    wall_s: float


def bench_live(clip: Path | None, settings: Settings, *, visitors: int, seconds: float) -> dict[str, Any]:
    """Measure the page under live visitors.

    Returns:
        ``ticks_per_s`` of a visitor (mean, and ``ticks_per_s_min`` of the one who got fewest); ``age_p50_ms`` and
        ``age_p95_ms``; ``age_end_over_start`` the medians of the last quarter over the first; ``dropped`` the share of
        pictures that were replaced by newer ones; ``cpu_percent`` of the server (100: one core); ``memory_mb`` at the
        end, ``memory_growth`` as a fraction, ``memory_mb_by_minute`` at the beginning of each; ``load_before`` the
        machine's load average when it began.

    Raises:
        InputError: the clip can't be read.
        ModelRunError: the page did not start, or gave no tick.
    """
    shown, load_before = load_clip(clip, settings), os.getloadavg()[0]
    with served() as page:
        component = _component(page)
        _wake(page, component, shown)
        done = threading.Event()
        people = [LiveVisitor(port=page.port, component=component, clip=shown, first_s=TICK_S * i / visitors, done=done)
                  for i in range(visitors)]
        threads = [threading.Thread(target=person.run) for person in people]
        for thread in threads:
            thread.start()
        load = _watch(page.pid, seconds)
        stages = _stages(page)
        done.set()
        for thread in threads:
            thread.join()
    return {"task": "bench live", "visitors": visitors, "seconds": seconds, "cores": os.cpu_count(),
            "load_before": round(load_before, 2), "clip": str(clip) if clip else "made",
            **_summary(people, load, seconds), "stages_ms": stages}


def _component(page: Served) -> int:
    """The id of the live board."""
    with urllib.request.urlopen(f"{page.root}/config", timeout=30) as answer:
        config = json.load(answer)
    found = [each["id"] for each in config["components"] if each["props"].get("elem_id") == ELEMENT]
    if not found:
        raise ModelRunError("the page has no Live tab")
    return int(found[0])


def _wake(page: Served, component: int, clip: LiveClip) -> None:
    """One visitor until a first face is read and a first voice is heard, so that all engines are loaded."""
    done = threading.Event()
    first = LiveVisitor(port=page.port, component=component, clip=clip, first_s=0.0, done=done)
    thread = threading.Thread(target=first.run)
    thread.start()
    started = time.perf_counter()
    while len(first.arrivals) < round(4.0 / TICK_S) and thread.is_alive() and time.perf_counter() - started < WAKE_S:
        time.sleep(0.1)
    done.set()
    thread.join()
    if not first.arrivals:
        raise ModelRunError("the page gave no tick to its first visitor: run python -m empathy serve to see why")


def _watch(pid: int, seconds: float) -> Load:
    server = psutil.Process(pid)
    before, started = sum(server.cpu_times()[:2]), time.perf_counter()
    memory_mb: list[float] = []
    while (spent_s := time.perf_counter() - started) < seconds:
        memory_mb.append(server.memory_info().rss / 1e6)
        time.sleep(min(SAMPLE_S, seconds - spent_s))
    return Load(memory_mb=tuple(memory_mb), cpu_s=sum(server.cpu_times()[:2]) - before,
                wall_s=time.perf_counter() - started)


def _stages(page: Served) -> dict[str, Any]:
    """What the page itself says of its stages; empty where it does not."""
    try:
        request = urllib.request.Request(f"{page.root}/gradio_api/call/status", b'{"data": []}',
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            event = json.load(answer)["event_id"]
        with urllib.request.urlopen(f"{page.root}/gradio_api/call/status/{event}", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        said = next(line for line in lines if line.startswith("data: [{"))
        return json.loads(said.removeprefix("data: "))[0]["stages_ms"]
    except (OSError, StopIteration, KeyError, ValueError):
        return {}


def _summary(people: Sequence[LiveVisitor], load: Load, seconds: float) -> dict[str, Any]:
    warm_s = max(min(WARM_S, seconds / 4), WARM_SHARE * seconds)
    kept = [[one for one in person.arrivals if warm_s <= one.at_s <= seconds] for person in people]
    arrivals = [one for row in kept for one in row]
    if not arrivals:
        raise ModelRunError("no tick came after the warm-up: measure for longer, or with fewer visitors")
    rates = [len(row) / (seconds - warm_s) for row in kept]
    ages_ms = np.array([one.age_ms for one in arrivals])
    quarter_s = (seconds - warm_s) / 4
    first = [one.age_ms for one in arrivals if one.at_s < warm_s + quarter_s]
    last = [one.age_ms for one in arrivals if one.at_s >= seconds - quarter_s]
    read, dropped = (sum(getattr(person, f"frames_{kind}") for person in people) for kind in ("read", "dropped"))
    return {
        "ticks_per_s": round(float(np.mean(rates)), 3), "ticks_per_s_min": round(min(rates), 3),
        "age_p50_ms": round(float(np.percentile(ages_ms, 50)), 1),
        "age_p95_ms": round(float(np.percentile(ages_ms, 95)), 1),
        "age_end_over_start": round(float(np.median(last) / np.median(first)), 3) if first and last else None,
        "faces_share": round(float(np.mean([one.seeing == "face" for one in arrivals])), 3),
        "dropped": round(dropped / max(1, read + dropped), 4), "failed": sum(person.n_failed for person in people),
        "cpu_percent": round(100.0 * load.cpu_s / load.wall_s, 1), "memory_mb": round(load.memory_mb[-1]),
        "memory_growth": growth(load.memory_mb),
        "memory_mb_by_minute": [round(value) for value in load.memory_mb[::round(60 / SAMPLE_S)]]}


def growth(memory_mb: Sequence[float]) -> float | None:
    """By which fraction memory grew after its warm-up; None below twenty figures."""
    n = len(memory_mb)
    if n < 20:
        return None
    first, tenth = round(n * MEMORY_SHARE), max(1, n // 10)
    return round(float(np.mean(memory_mb[-tenth:]) / np.mean(memory_mb[first:first + tenth])) - 1.0, 4)
