"""Live reads ahead: a visitor speaks through the live session and the wire of the page, with the real language model
behind it, on a GGUF made here; how much of the prompt is left once they pause."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from empathy.answer import Audience
from empathy.live.session import LiveSession
from empathy.memory.session import Session, Turn, remember
from empathy.pipeline import Empathy
from empathy.reply.llama import load
from empathy.reply.llama_engine import Llama
from empathy.settings import Settings
from empathy.types import Samples, Span, Transcript
from empathy.ui.live import take_spoken
from empathy.ui.live_wire import Wire
from empathy.ui.sessions import Visitors
from tests.fakes import FakeTranscript, fake_engines
from tests.unit.live.voices import loud, quiet

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
pytest.importorskip("gguf", reason="gguf, which writes the test's model, is not installed")
pytest.importorskip("whisper", reason="openai-whisper, which carries GPT-2's vocabulary, is not installed")

from tests.tiny_gguf import write_gguf

SAYS = "I hear how heavy this is. What would help you most right now?"
STORY = ("Well I lost my job yesterday and my boss did not even look at me while he said it and now I have no idea "
         "how to tell my sister because she lent me the money for the flat and we were going to move in together soon")
MOST_ANEW = 40
"""New prompt tokens after the pause that the brief allows."""
OPTIONS = {"rate": 10, "reply_on_pause": True}


class Storyteller(FakeTranscript):
    """Understands one word more for each quarter of a second of sound."""

    def transcribe(self, samples: Samples, speech: tuple[Span, ...]) -> Transcript | None:
        self.text = " ".join(STORY.split()[: samples.size // 4000])
        return super().transcribe(samples, speech)


class Speaker:
    """A visitor at the microphone; sound comes in halves of a second."""

    def __init__(self, engine: Llama) -> None:
        self.now_s = 100.0
        self.engine = engine
        self.system: Any = Empathy(fake_engines(transcript=Storyteller(), reply=engine), Settings(),
                                   clock=lambda: self.now_s)
        self.system.may_read_ahead = True
        self.visitors = Visitors(self._told, 60.0, lambda: self.now_s, self.system.answers.forget)
        self.wire = Wire(self.system, self.visitors, self)  # type: ignore[arg-type]  # it opens sessions, as a ticker
        self.visitor = self.visitors.of("ana")

    def _told(self) -> Session:
        session = Session.start(0.0)
        for i in range(4):
            session = remember(session, Turn(at_s=float(i), words=f"This is what happened on day {i} of my trip.",
                                             reply=f"It sounds as if day {i} stayed with you."))
        return session

    def open(self, system: Empathy, *, drafts: bool) -> LiveSession:
        self.live = LiveSession(system, clock=lambda: self.now_s, drafts=drafts)
        return self.live

    def hear(self, *parts: Samples) -> bool:
        """Whether an answer is wanted now."""
        sound, wanted = np.concatenate(parts), False
        for first in range(0, sound.size, 8000):
            self.now_s += 0.5
            self.live.feed_sound(sound[first : first + 8000])
            self.live.tick()
            while self.live.has_ended or self.live.has_draft:
                (self.live.understand if self.live.has_ended else self.live.draft)()
            wanted = self.beat()
        return wanted

    def beat(self) -> bool:
        heard = asyncio.run(self.wire.beat("ana", {"options": OPTIONS}))["heard"]
        for thread in threading.enumerate():
            if thread.name == "ahead":
                thread.join(30.0)
        return bool(heard)

    def answer(self) -> str:
        spoken = take_spoken(self.visitor)
        assert spoken is not None
        *_, last = self.system.talk(self.visitor.session, read=spoken, audience=Audience("ana"))
        self.visitor.session = last.session
        return str(last.analysis.reply)


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaker]:
    file = write_gguf(tmp_path / "tiny.gguf", SAYS, vocabulary="gpt2")
    engine = load(file, Settings(llama=file, threads=1, temperature=0.0, llama_context=4096))
    assert isinstance(engine, Llama)
    made = Speaker(engine)
    yield made
    made.live.close()


def test_after_the_pause_little_of_the_prompt_is_left(speaker: Speaker) -> None:
    speaker.beat()
    assert speaker.engine._llm.n_tokens > 400, "the conversation is read while nobody speaks yet"
    assert not speaker.hear(loud(3.0), quiet(0.5), loud(3.5), quiet(0.5), loud(2.5), quiet(0.5))
    assert len(speaker.live.saying.split()) > 30
    assert speaker.hear(quiet(1.0))
    assert speaker.answer() == SAYS
    assert speaker.engine.n_read <= MOST_ANEW
    assert speaker.visitor.session.turns[-1].words.startswith("Well I lost my job")


def test_without_reading_ahead_there_is_much(speaker: Speaker) -> None:
    speaker.wire = Wire(_deaf(speaker.system), speaker.visitors, speaker)  # type: ignore[arg-type]  # as above
    speaker.beat()
    assert speaker.hear(loud(3.0), quiet(0.5), loud(3.5), quiet(0.5), loud(2.5), quiet(1.5))
    assert speaker.answer() == SAYS
    assert speaker.engine.n_read > 400


def _deaf(system: Any) -> Any:
    deaf: Any = Empathy(system.engines, system.settings, clock=system.clock)
    deaf.may_read_ahead = False
    return deaf


def test_the_turn_after_an_answer_is_read_ahead_too(speaker: Speaker) -> None:
    speaker.beat()
    assert speaker.hear(loud(2.0), quiet(1.5))
    assert speaker.answer() == SAYS
    speaker.beat()
    assert speaker.hear(loud(6.0), quiet(0.5), quiet(1.0))
    assert speaker.answer()
    assert speaker.engine.n_read <= MOST_ANEW


def test_who_leaves_while_they_speak_leaves_nothing_in_the_model(speaker: Speaker) -> None:
    speaker.beat()
    speaker.hear(loud(3.0), quiet(0.5))
    speaker.visitors.forget("ana")
    head = speaker.engine._head
    assert head is not None
    assert speaker.engine._llm.n_tokens == len(head.tokens)
    assert speaker.live.saying == ""
