"""What ``/status`` tells of this process: how it does, and nothing of any visitor."""

from __future__ import annotations

from typing import Any

from .. import __version__
from ..catalog import System
from .ticker import Ticker


def status(ticker: Ticker, system: System, up_s: float) -> dict[str, Any]:
    """Plain numbers.

    Args:
        ticker: drives the live sessions.
        system: its engines are named, those that would speak now.
        up_s: seconds since the start.
    """
    import psutil

    figures = ticker.figures()
    return {
        "uptime_s": round(up_s, 1), "version": __version__,
        "engines": {row.stage: row.name for row in system.rows() if row.speaks},
        "visitors_live": figures.running, "sessions": figures.visitors, "ticks_per_s": round(figures.ticks_per_s, 2),
        "busy": round(figures.busy, 3), "frames_read": figures.frames_read, "frames_dropped": figures.frames_dropped,
        "stages_ms": {stage: {"p50": round(p50, 1), "p95": round(p95, 1)}
                      for stage, (p50, p95) in sorted(figures.stages_ms.items())},
        "memory_mb": round(psutil.Process().memory_info().rss / 1e6),
    }
