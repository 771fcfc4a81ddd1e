"""How fast and how large: milliseconds a stage on the examples that ship, start-up of the page, memory."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from ..errors import ModelRunError
from ..pipeline import Empathy
from ..settings import Settings
from .serving import served

EXAMPLES = Path(__file__).parents[1] / "ui" / "examples"
PICTURE_SIZE = (640, 480)
VOICE_S = 5.0


def bench(system: Empathy, settings: Settings, *, runs: int) -> dict[str, Any]:
    """Time the stages with warm models, then the start of the page.

    Returns:
        ``photo_ms``, ``voice_ms`` and ``words_ms`` each with p50 and p95 in all and by stage; ``import_s``, ``page_s``
        until the page answers, ``page_mb`` its memory before any analysis; ``memory_mb`` of this process at the end.
    """
    picture, sound = _photo(settings), _voice(settings)
    photo = [system.look(picture) for _ in range(runs + 1)][1:]
    voice = [system.listen(sound) for _ in range(runs + 1)][1:]
    words = [system.analyze(words="I lost my job today and I don't know what to do.") for _ in range(runs + 1)][1:]
    page_s, page_mb = _page()
    return {
        "task": "bench", "machine": platform.processor() or platform.machine(), "cores": os.cpu_count(), "runs": runs,
        "photo": {"width_px": PICTURE_SIZE[0], "height_px": PICTURE_SIZE[1]} | _spread(photo),
        "voice": {"seconds": VOICE_S} | _spread(voice), "words": _spread(words),
        "import_s": _import_s(), "page_s": page_s, "page_mb": page_mb,
        "memory_mb": round(psutil.Process().memory_info().rss / 1e6),
    }


def _spread(analyses: list[Any]) -> dict[str, Any]:
    """p50 and p95 of the whole and of each stage, in ms."""
    rows = [dict(analysis.timings_ms) for analysis in analyses]
    named = {"all": [sum(row.values()) for row in rows]} | {key: [row[key] for row in rows] for key in rows[0]}
    return {"engines": dict(analyses[0].engines),
            "ms": {key: {"p50": round(float(np.percentile(values, 50)), 1),
                         "p95": round(float(np.percentile(values, 95)), 1)} for key, values in named.items()}}


def _photo(settings: Settings) -> Any:
    import cv2

    from ..capture.image import load_picture

    picture = load_picture(next(EXAMPLES.glob("*astronaut*.jpg")), settings)
    height, width = picture.shape[:2]
    tall = round(width * PICTURE_SIZE[1] / PICTURE_SIZE[0])
    return cv2.resize(picture[: min(tall, height)], PICTURE_SIZE, interpolation=cv2.INTER_AREA)


def _voice(settings: Settings) -> Any:
    from ..capture.audio import load_sound
    from ..types import SAMPLE_RATE_HZ

    clip = next(path for path in sorted(EXAMPLES.iterdir()) if path.suffix in (".ogg", ".flac", ".wav"))
    samples = load_sound(clip, settings)
    return np.resize(samples, round(VOICE_S * SAMPLE_RATE_HZ))


def _import_s() -> float:
    """Median of five fresh interpreters, less the start of the interpreter itself."""
    def seconds(code: str) -> float:
        times: list[float] = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append(time.perf_counter() - started)
        return float(np.median(times))

    return round(max(0.0, seconds("import empathy") - seconds("pass")), 3)


def _page() -> tuple[float | None, float | None]:
    """Seconds until ``python -m empathy serve`` answers, and its memory then, in MB; None when it did not answer."""
    try:
        with served() as page:
            return round(page.start_s, 2), round(psutil.Process(page.pid).memory_info().rss / 1e6)
    except ModelRunError:
        return None, None
