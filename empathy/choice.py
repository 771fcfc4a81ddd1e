"""Which engine speaks for a stage: the wished one, else the best whose weights are there, else the one that ships."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Generic, TypeVar

from .errors import ModelError, ModelMissingError
from .registry import Models, ModelSpec, how_to_get, state

T = TypeVar("T")

AUTO = "auto"
OFF = "off"


class Choice(Generic[T]):
    """A ``run.Provider``. It looks anew at every call, so an engine that has just been downloaded speaks next."""

    def __init__(self, models: Models, stage: str, specs: Sequence[ModelSpec[T]], wish: str = AUTO) -> None:
        self.problem: str | None = None
        self._models = models
        self._stage = stage
        self._specs = tuple(specs)
        self._wish = wish
        self._broken: dict[str, str] = {}
        self._lock = threading.Lock()

    def __call__(self) -> T:
        """See ``run.Provider``."""
        problems: list[str] = []
        for spec in self.candidates():
            if spec.name in self._broken:
                problems.append(self._broken[spec.name])
                continue
            try:
                engine = self._models.get(spec)
            except ModelError as error:
                problems.append(str(error))
                if state(spec, self._models.models_dir) == "ready":
                    with self._lock:
                        self._broken[spec.name] = str(error)
                continue
            self.problem = f"{'; '.join(problems)}; {spec.name} speaks instead" if problems else None
            return engine
        raise ModelMissingError("; ".join(problems) or self._why_silent())

    def instead(self, failed: object) -> T | None:
        """See ``run.Provider``."""
        passed = False
        for spec in self.candidates():
            if spec.name in self._broken or state(spec, self._models.models_dir) != "ready":
                continue
            if passed:
                return self._models.get(spec)
            passed = self._models.get(spec) is failed
        return None

    def candidates(self) -> tuple[ModelSpec[T], ...]:
        """Whom to ask, in order."""
        if self._wish == OFF:
            return ()
        shipped = [spec for spec in self._specs if spec.tier == "compact"]
        if self._wish == AUTO:
            full = [spec for spec in self._specs if spec.tier == "full"]
            there = [spec for spec in full if state(spec, self._models.models_dir) == "ready"]
            return tuple(there[:1] + shipped)
        named = [spec for spec in self._specs if self._wish in (spec.name, spec.name.partition("-")[2])
                 or spec.name.startswith(f"{self._wish}-")]
        wished = sorted(named, key=lambda spec: state(spec, self._models.models_dir) != "ready")
        return (*wished[:1], *(spec for spec in shipped if spec.name not in {first.name for first in wished[:1]}))

    def speaking(self) -> str | None:
        """Name of the engine that would be asked now; None when the stage has no voice."""
        ready = (spec.name for spec in self.candidates()
                 if spec.name not in self._broken and state(spec, self._models.models_dir) == "ready")
        return next(ready, None)

    def renew(self, name: str) -> None:
        """Give an engine another chance, after its files have changed."""
        with self._lock:
            self._broken.pop(name, None)

    def _why_silent(self) -> str:
        if self._wish == OFF:
            return f"turned off by EMPATHY_{self._stage.upper()}=off"
        return how_to_get(self._specs[0])
