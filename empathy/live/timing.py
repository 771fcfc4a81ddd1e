"""How long each stage takes: the newest figures of each, so that memory stays flat."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping

import numpy as np

N_KEPT = 256


class Timing:
    """Milliseconds by stage. May be shared by threads."""

    def __init__(self) -> None:
        self._kept: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def note(self, spent_ms: Mapping[str, float]) -> None:
        """Add one figure a stage."""
        with self._lock:
            for stage, value in spent_ms.items():
                self._kept.setdefault(stage, deque(maxlen=N_KEPT)).append(value)

    def percentiles(self) -> dict[str, tuple[float, float]]:
        """Median and 95th percentile of each stage's newest figures, ms."""
        with self._lock:
            rows = {stage: list(values) for stage, values in self._kept.items()}
        return {stage: (float(np.percentile(values, 50)), float(np.percentile(values, 95)))
                for stage, values in rows.items()}

    def medians(self) -> dict[str, float]:
        """Median of each stage, ms."""
        return {stage: median for stage, (median, _) in self.percentiles().items()}
