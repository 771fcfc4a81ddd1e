"""What the language model does between two turns: it writes summaries, and makes nobody wait for them."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from empathy.errors import ModelRunError
from empathy.memory.session import Session, Turn, grown
from empathy.protocols import ReplyRequest, never
from empathy.reply.llama import load
from empathy.reply.llama_engine import Llama
from empathy.reply.prompt import build_messages, build_opening
from empathy.reply.summary import summarize
from empathy.settings import Settings
from empathy.types import NO_CARE

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
pytest.importorskip("gguf", reason="gguf, which writes the test's model, is not installed")
pytest.importorskip("whisper", reason="openai-whisper, which carries GPT-2's vocabulary, is not installed")

from tests.tiny_gguf import write_gguf

SAYS = "I lost my umbrella on day 3."


@pytest.fixture
def engine(tmp_path: Path) -> Llama:
    file = write_gguf(tmp_path / "tiny.gguf", SAYS, vocabulary="gpt2")
    made = load(file, Settings(llama=file, threads=1, temperature=0.0, llama_context=4096))
    assert isinstance(made, Llama)
    return made


def told(n: int) -> Session:
    session = Session.start(0.0)
    for i in range(n):
        session = grown(session, Turn(at_s=float(i), words=f"On day {i} I lost my umbrella at the station again. " * 3,
                                      reply=f"It sounds as if day {i} stayed with you."))
    return session


def request(visitor: str, *, aside: bool = False) -> ReplyRequest:
    return ReplyRequest(words="hello", estimate=None, care=NO_CARE, memory=None, seed=1, visitor=visitor, aside=aside,
                        messages=build_messages(told(1), "hello", None, NO_CARE))


def test_what_is_asked_aside_is_written_where_nobody_wants_the_model(engine: Llama) -> None:
    assert "".join(engine.reply(request("ana", aside=True))) == SAYS
    assert engine._line._tickets == []


def test_it_is_refused_while_somebody_is_answered(engine: Llama) -> None:
    stream = engine.reply(request("ben"))
    next(iter(stream))
    with pytest.raises(ModelRunError, match="wanted"):
        list(engine.reply(request("ana", aside=True)))
    assert SAYS.endswith("".join(stream))


def test_it_gives_way_in_the_middle_and_says_that_it_is_not_whole(engine: Llama) -> None:
    writing = engine.reply(request("ana", aside=True))
    next(iter(writing))
    heard: list[str] = []
    thread = threading.Thread(target=lambda: heard.append("".join(engine.reply(request("ben")))))
    thread.start()
    while len(engine._line._tickets) < 2:
        time.sleep(0.001)
    with pytest.raises(ModelRunError, match="wanted"):
        list(writing)
    thread.join(60.0)
    assert "".join(heard) == SAYS


def test_a_summary_is_written_by_the_real_model_and_the_conversation_stays_read(engine: Llama) -> None:
    session = told(20)
    engine.warm(build_opening(session, ""), visitor="ana", cancelled=never)
    after = summarize(session, engine, visitor="ana", cancelled=never)
    assert after is not None
    assert (after.summary, len(after.turns)) == ((SAYS,), 10)
    assert engine.n_read < 200, "the question alone is new"
    assert engine.warm(build_opening(session, "and now"), visitor="ana", cancelled=never) < 20, "and spoilt nothing"
