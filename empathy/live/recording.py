"""The states by time, in memory, for the visitor to keep: no picture, no sound, no words."""

from __future__ import annotations

import csv
import io
import json
import threading
from array import array
from collections import deque
from collections.abc import Mapping
from math import isnan, nan

from ..fusion.spectrum import recipes
from .tick import Tick

MAX_ROWS = 7200
"""An hour at two ticks a second; the oldest rows go first."""

_NUMBERS = ("time_s", "valence", "arousal", "dominance", "stability", "masking", "age_ms")


class Recording:
    """Rows of numbers. May be shared: one call at a time goes in."""

    def __init__(self) -> None:
        self._columns = (*_NUMBERS, *(recipe.name for recipe in recipes()))
        self._rows: deque[array[float]] = deque(maxlen=MAX_ROWS)
        self._start_s: float | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, tick: Tick) -> None:
        """Keep the numbers of one tick; time starts at the first."""
        with self._lock:
            start_s = self._start_s = tick.at_s if self._start_s is None else self._start_s
            affect: tuple[float | None, ...] = tick.affect or (None, None, None)
            masking = tick.masking.probability if tick.masking else None
            row = (tick.at_s - start_s, *affect, tick.stability, masking, tick.age_ms,
                   *(tick.states.get(name) for name in self._columns[len(_NUMBERS):]))
            self._rows.append(array("f", [nan if value is None else value for value in row]))

    def clear(self) -> None:
        """Forget all rows."""
        with self._lock:
            self._rows.clear()
            self._start_s = None

    def json(self) -> str:
        """One object: ``columns``, and ``rows`` of numbers, null where nothing was read."""
        return json.dumps({"columns": self._columns, "rows": [list(row.values()) for row in self._plain()]})

    def csv(self) -> str:
        """A head line and a line a tick; empty where nothing was read."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self._columns)
        writer.writeheader()
        writer.writerows(self._plain())
        return text.getvalue()

    def _plain(self) -> list[Mapping[str, float | None]]:
        with self._lock:
            rows = list(self._rows)
        return [{name: None if isnan(value) else round(value, 3)
                 for name, value in zip(self._columns, row, strict=True)} for row in rows]
