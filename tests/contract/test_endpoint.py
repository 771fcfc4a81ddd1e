"""The endpoint engine against servers that speak OpenAI's wire format: the one here, with words from llama.cpp, and
llama-cpp-python's own where its extras are installed."""

from __future__ import annotations

import importlib.util
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from empathy.catalog import build
from empathy.errors import ModelRunError
from empathy.memory.session import Session
from empathy.protocols import ReplyRequest
from empathy.reply.endpoint import key_for, load
from empathy.reply.prompt import build_messages
from empathy.reply.respond import speak
from empathy.settings import Settings
from empathy.types import NO_CARE
from tests.openai_server import ChatServer, says, serving

pytest.importorskip("openai", reason="openai is not installed")

SECRET = "sk-very-secret-key"
SAYS = "I hear how heavy this is. What would help you most right now?"


def request(words: str = "I lost my job") -> ReplyRequest:
    session = Session.start(0.0)
    return ReplyRequest(words=words, estimate=None, care=NO_CARE, memory=session, seed=1,
                        messages=build_messages(session, words, None, NO_CARE))


def settings(url: str, **more: Any) -> Settings:
    return Settings(reply="endpoint", endpoint_url=url, endpoint_model="tiny", endpoint_retries=0, **more)


def words(stream: Iterator[str]) -> list[str]:
    """The pieces that say something: a slow server gives empty ones too."""
    return [piece for piece in stream if piece]


def first(stream: Iterator[str]) -> str:
    return next(piece for piece in stream if piece)


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with serving(ChatServer(says("I hear how heavy this is. ", "What would help you ", "most right now?"))) as server:
        yield server


def test_it_streams_piece_by_piece_and_names_the_model(chat: ChatServer) -> None:
    engine = load(settings(chat.url), {})
    assert words(engine.reply(request())) == ["I hear how heavy this is. ", "What would help you ", "most right now?"]
    assert engine.name == "endpoint@tiny"


def test_the_server_gets_the_prompt_the_model_and_the_bounds(chat: ChatServer) -> None:
    list(load(settings(chat.url, reply_tokens=99, temperature=0.2), {}).reply(request()))
    asked, = chat.asked
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert (asked["model"], asked["max_tokens"], asked["temperature"], asked["stream"]) == ("tiny", 99, 0.2, True)


@pytest.mark.parametrize(("environ", "sent"), [
    ({"EMPATHY_ENDPOINT_KEY": SECRET, "OPENAI_API_KEY": "other"}, f"Bearer {SECRET}"),
    ({"OPENAI_API_KEY": SECRET}, "Bearer none"),
    ({}, "Bearer none"),
])
def test_the_key_comes_from_the_environment(chat: ChatServer, environ: dict[str, str], sent: str) -> None:
    list(load(settings(chat.url), environ).reply(request()))
    assert chat.keys == [sent]


def test_the_key_for_openai_goes_to_openai_alone() -> None:
    environ = {"OPENAI_API_KEY": SECRET}
    assert key_for("https://api.openai.com/v1", environ) == SECRET
    assert key_for("https://api.openai.com.example.org/v1", environ) == "none"
    assert key_for("https://api.openai.com/v1", {"EMPATHY_ENDPOINT_KEY": "own"} | environ) == "own"


def test_the_key_is_nowhere_else(chat: ChatServer, caplog: pytest.LogCaptureFixture) -> None:
    chat.status = 401
    named = settings(chat.url)
    engine = load(named, {"EMPATHY_ENDPOINT_KEY": SECRET})
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelRunError) as refused:
        list(engine.reply(request()))
    assert SECRET not in f"{refused.value} {refused.value.__cause__} {engine!r} {vars(engine)} {named!r}"
    assert SECRET not in named.model_dump_json()
    assert SECRET not in caplog.text


@pytest.mark.parametrize(("status", "advice"), [
    (401, "EMPATHY_ENDPOINT_KEY"), (403, "EMPATHY_ENDPOINT_KEY"), (404, "knows no model 'tiny'"), (429, "wait"),
    (400, "status 400"), (500, "see its log"), (503, "see its log"),
])
def test_a_refusal_says_what_to_do_and_repeats_no_word(chat: ChatServer, status: int, advice: str) -> None:
    chat.status = status
    with pytest.raises(ModelRunError, match=advice) as refused:
        list(load(settings(chat.url), {}).reply(request("my xylophone")))
    assert "xylophone" not in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"<html>hello</html>", b"data: {broken\n\n", b"data: [1, 2]\n\n",
                                  b'data: {"choices": [{"delta": {"content": null}}]}\n\ndata: [DONE]\n\n'])
def test_an_answer_in_another_form_is_refused(chat: ChatServer, body: bytes) -> None:
    chat.body = body
    with pytest.raises(ModelRunError, match=r"can be read|no form that"):
        list(load(settings(chat.url), {}).reply(request()))


def test_a_server_that_is_not_there_is_named() -> None:
    with serving(ChatServer(says("x"))) as gone:
        url = gone.url
    with pytest.raises(ModelRunError, match=r"127\.0\.0\.1:\d+ can't be reached: start it"):
        list(load(settings(url), {}).reply(request()))


def test_a_server_that_falls_silent_is_given_up(chat: ChatServer) -> None:
    chat.stalled = threading.Event()
    stream = load(settings(chat.url, endpoint_timeout_s=0.3), {}).reply(request())
    assert first(stream) == "I hear how heavy this is. "
    with pytest.raises(ModelRunError, match=r"did not answer within 0\.3 s"):
        first(stream)


def test_a_server_that_says_nothing_at_all_is_given_up_once_and_not_asked_again_and_again(chat: ChatServer) -> None:
    chat.held = threading.Event()
    with pytest.raises(ModelRunError, match=r"did not answer within 0\.5 s"):
        words(load(settings(chat.url, endpoint_timeout_s=0.5).model_copy(update={"endpoint_retries": 5}), {}).reply(
            request()))
    assert len(chat.asked) <= 2


def test_words_that_keep_coming_may_take_longer_than_the_longest_silence() -> None:
    def slowly(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for chunk in says("One. ", "Two. ", "Three. ", "Four.")(asked):
            time.sleep(0.3)
            yield chunk

    with serving(ChatServer(slowly)) as chat:
        assert len(words(load(settings(chat.url, endpoint_timeout_s=1.0), {}).reply(request()))) == 4


def test_signs_of_life_without_words_are_silence() -> None:
    def breathing(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for _ in range(200):
            time.sleep(0.02)
            yield from says("")(asked)

    with serving(ChatServer(breathing)) as chat, pytest.raises(ModelRunError, match="did not answer within"):
        words(load(settings(chat.url, endpoint_timeout_s=0.5), {}).reply(request()))


def test_a_line_that_breaks_is_said_and_what_was_shown_is_not_asked_for_again(chat: ChatServer) -> None:
    chat.breaks = 1
    stream = load(settings(chat.url).model_copy(update={"endpoint_retries": 3}), {}).reply(request())
    assert first(stream) == "I hear how heavy this is. "
    with pytest.raises(ModelRunError, match="broke off in the middle"):
        first(stream)
    assert len(chat.asked) == 1


def test_a_server_in_trouble_is_asked_again(chat: ChatServer) -> None:
    chat.status = 503
    with pytest.raises(ModelRunError):
        list(load(settings(chat.url).model_copy(update={"endpoint_retries": 1}), {}).reply(request()))
    assert len(chat.asked) == 2


@pytest.mark.parametrize("when", ["before its first word", "in the middle"])
def test_closing_the_stream_hangs_up_while_the_server_is_silent(chat: ChatServer, when: str) -> None:
    chat.held = threading.Event() if when == "before its first word" else None
    chat.stalled = threading.Event()
    stream = load(settings(chat.url), {}).reply(request())
    next(iter(stream)) if chat.held else first(stream)
    while not chat.asked:
        next(iter(stream))
    stream.close()  # type: ignore[attr-defined]  # an iterator by contract, a generator in fact
    assert chat.hung_up.wait(10.0)


@pytest.mark.parametrize("when", ["before its first word", "in the middle"])
def test_a_request_that_is_taken_back_ends_while_the_server_is_silent(chat: ChatServer, when: str) -> None:
    chat.held = threading.Event() if when == "before its first word" else None
    chat.stalled, gone, heard = threading.Event(), threading.Event(), list[str]()
    engine = load(settings(chat.url), {})

    def listen() -> None:
        for piece in engine.reply(replace(request(), cancelled=gone.is_set)):
            heard.append(piece)
            if chat.asked and (piece or chat.held):
                gone.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    thread.join(20.0)
    assert not thread.is_alive()
    assert chat.hung_up.wait(10.0)
    assert "".join(heard) == ("" if chat.held else "I hear how heavy this is. ")
    chat.held = chat.stalled = None
    assert "".join(engine.reply(request())) == SAYS


def test_two_visitors_are_answered_at_the_same_time(chat: ChatServer) -> None:
    chat.stalled = threading.Event()
    engine = load(settings(chat.url), {})
    one, other = engine.reply(request("one")), engine.reply(request("other"))
    assert first(one) == first(other)
    chat.stalled.set()
    assert "".join(words(one)) == "".join(words(other)) == "What would help you most right now?"


def test_a_request_that_nobody_waits_for_says_nothing(chat: ChatServer) -> None:
    left = replace(request(), cancelled=lambda: True)
    assert list(load(settings(chat.url), {}).reply(left)) == []


def test_through_the_whole_system_it_speaks_and_is_named(chat: ChatServer, tmp_path: Path) -> None:
    system = build(settings(chat.url, models=tmp_path), environ={})
    *_, last = system.talk(Session.start(0.0), words="I lost my job")
    assert last.analysis.reply == SAYS
    assert last.analysis.engines["reply"] == "endpoint@tiny"


def test_without_its_server_the_composer_answers_and_says_why(tmp_path: Path) -> None:
    with serving(ChatServer(says("x"))) as gone:
        url = gone.url
    *_, last = build(settings(url, models=tmp_path), environ={}).talk(Session.start(0.0), words="I lost my job")
    assert last.analysis.reply
    assert last.analysis.engines["reply"] == "composer@1"
    assert next(item.why for item in last.analysis.missing if item.stage == "reply").startswith("the server at")


def test_it_is_not_asked_before_it_is_named(tmp_path: Path) -> None:
    system = build(Settings(models=tmp_path, reply="endpoint"), environ={})
    *_, last = system.talk(Session.start(0.0), words="I lost my job")
    assert last.analysis.engines["reply"] == "composer@1"
    assert "set EMPATHY_ENDPOINT_URL" in next(item.why for item in last.analysis.missing if item.stage == "reply")


def test_auto_takes_it_where_it_is_named_and_no_llama_is_there(chat: ChatServer, tmp_path: Path) -> None:
    named = Settings(models=tmp_path, endpoint_url=chat.url, endpoint_model="tiny")
    speaks = {row.name for row in build(named, environ={}).rows() if row.stage == "reply" and row.speaks}
    assert speaks == {"endpoint"}


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    pytest.importorskip("gguf", reason="gguf, which writes the test's model, is not installed")
    from tests.tiny_gguf import write_gguf

    return write_gguf(tmp_path_factory.mktemp("model") / "tiny.gguf", SAYS)


def test_words_of_llama_cpp_arrive_as_it_writes_them(gguf: Path) -> None:
    import llama_cpp

    llm = llama_cpp.Llama(str(gguf), n_ctx=4096, n_threads=1, verbose=False)

    def generate(asked: dict[str, Any]) -> Any:
        return llm.create_chat_completion(messages=asked["messages"], stream=True, temperature=0.0,
                                          max_tokens=asked["max_tokens"])

    with serving(ChatServer(generate)) as chat:
        spoken = list(speak(request(), load(settings(chat.url), {})))
    assert " ".join(one.text for one in spoken if one.text) == SAYS
    assert {one.engine for one in spoken if one.text} == {"endpoint@tiny"}


@pytest.mark.skipif(any(importlib.util.find_spec(name) is None for name in ("sse_starlette", "starlette_context")),
                    reason="llama-cpp-python's own server needs sse-starlette and starlette-context")
def test_llama_cpp_s_own_server_is_understood(gguf: Path) -> None:
    import uvicorn
    from llama_cpp.server.app import create_app
    from llama_cpp.server.settings import ModelSettings, ServerSettings

    app = create_app(server_settings=ServerSettings(api_key=SECRET), model_settings=[
        ModelSettings(model=str(gguf), model_alias="tiny", n_ctx=4096, n_threads=1, verbose=False)])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30.0
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        named = settings(f"http://127.0.0.1:{port}/v1", temperature=0.0)
        assert "".join(load(named, {"EMPATHY_ENDPOINT_KEY": SECRET}).reply(request())) == SAYS
        with pytest.raises(ModelRunError, match="refused the key"):
            list(load(named, {}).reply(request()))
    finally:
        server.should_exit = True
        thread.join(30.0)
