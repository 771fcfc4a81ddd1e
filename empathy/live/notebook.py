"""What was written down of an utterance that goes on: where it ends as it stood, it need not be written down again."""

from __future__ import annotations

import numpy as np

from ..protocols import TranscriptEngine
from ..run import Provider
from ..types import Samples, Span, Transcript


class Notebook:
    """A ``Provider`` of a transcript engine that writes the same sound down once; it keeps the newest."""

    def __init__(self, provider: Provider[TranscriptEngine]) -> None:
        self._provider = provider
        self.page: tuple[str, Samples, Transcript | None] | None = None
        """Who wrote last, the sound and the words."""

    @property
    def problem(self) -> str | None:
        """See ``run.Provider``."""
        return self._provider.problem

    def __call__(self) -> TranscriptEngine:
        """See ``run.Provider``."""
        return Writer(self._provider(), self)

    def instead(self, failed: object) -> TranscriptEngine | None:
        """See ``run.Provider``."""
        other = self._provider.instead(failed.engine if isinstance(failed, Writer) else failed)
        return Writer(other, self) if other is not None else None


class Writer:
    """A ``TranscriptEngine`` that looks into the notebook first."""

    def __init__(self, engine: TranscriptEngine, notebook: Notebook) -> None:
        self.name = engine.name
        self.engine = engine
        self._notebook = notebook

    def transcribe(self, samples: Samples, speech: tuple[Span, ...]) -> Transcript | None:
        """See ``protocols.TranscriptEngine``."""
        page = self._notebook.page
        if page is None or page[0] != self.name or not np.array_equal(page[1], samples):
            page = (self.name, samples, self.engine.transcribe(samples, speech))
            self._notebook.page = page
        return page[2]
