"""Any OpenAI-compatible server writes the reply: vLLM, llama.cpp's own server, Ollama, a hosted service.

What is said goes to that server and nowhere else. The key comes from the environment (``EMPATHY_ENDPOINT_KEY``; at
OpenAI's own address also ``OPENAI_API_KEY``), is handed to the client once, and is part of no setting, log,
representation or message.
Source: the ``openai`` package 3.52.0 (Apache 2.0); POST ``/chat/completions`` with ``stream: true``.

The client works on an event loop of its own: there a task can be called off at any moment, while it connects, waits or
reads, and its connection is closed at once. Only what was never shown is tried again, by the client, before a stream
has begun.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from ..errors import ModelError, ModelMissingError, ModelRunError
from ..protocols import ReplyEngine, ReplyRequest
from ..registry import ModelSpec, Server
from ..settings import Settings
from .guard import prepare

KEY = "EMPATHY_ENDPOINT_KEY"
OPENAI_KEY, OPENAI = "OPENAI_API_KEY", "api.openai.com"
"""That key is sent to that host alone: another server must not be handed it."""
NO_KEY = "none"
"""What is sent to a server that asks for no key; the client insists on something."""
BEAT_S = 0.1
"""How often it is looked whether anybody still waits for a server that is silent."""

Come: TypeAlias = str | ModelError | None
"""What came from the server: words, why there are none, or None for the end."""


class Endpoint:
    """A ``ReplyEngine``; ``client`` is an ``openai.AsyncOpenAI``."""

    def __init__(self, client: Any, *, model: str, server: str, timeout_s: float, tokens: int,
                 temperature: float) -> None:
        self.name = f"endpoint@{model}"
        self._client = client
        self._model = model
        self._server = server
        self._timeout_s = timeout_s
        self._tokens = tokens
        self._temperature = temperature
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="endpoint", daemon=True).start()

    def reply(self, request: ReplyRequest) -> Iterator[str]:
        """Streams the reply, with empty pieces while the server is silent; closing the iterator, or a request that is
        taken back, hangs up at once, which tells the server to stop.

        Raises:
            ModelRunError: the server can't be reached, refuses, is too slow, or answers in no readable form.
        """
        come: SimpleQueue[Come] = SimpleQueue()
        task = asyncio.run_coroutine_threadsafe(self._fetch(request, come.put), self._loop)
        n = 0
        try:
            while not request.cancelled():
                try:
                    piece = come.get(timeout=BEAT_S)
                except Empty:
                    yield ""
                    continue
                if isinstance(piece, ModelError):
                    raise piece
                if piece is None:
                    break
                n += 1
                yield piece
        finally:
            task.cancel()
        if n == 0 and not request.cancelled():
            raise ModelRunError(f"the server at {self._server} sent nothing that can be read as a chat stream: check "
                                "that EMPATHY_ENDPOINT_URL ends where its API begins (often in /v1)")

    async def _fetch(self, request: ReplyRequest, put: Callable[[Come], None]) -> None:
        """Hand on what comes; the first words, further tries included, and each after them must come in time."""
        now, begun = asyncio.get_running_loop().time, False
        messages = [{"role": one.role, "content": one.content} for one in request.messages]
        try:
            async with asyncio.timeout(self._timeout_s) as limit, await self._client.chat.completions.create(
                    model=self._model, messages=messages, stream=True, max_tokens=self._tokens,
                    temperature=self._temperature, seed=request.seed & 0x7FFFFFFF) as stream:
                begun = True
                async for chunk in stream:
                    piece = chunk.choices[0].delta.content if chunk.choices else None
                    if piece:
                        put(piece)
                        limit.reschedule(now() + self._timeout_s)
            put(None)
        except Exception as error:  # the client, its transport and its decoder each have errors of their own
            put(self._told(error, begun))  # not raised from it: its text and its request carry what was said

    def _told(self, error: Exception, begun: bool) -> ModelError:
        """The client's error as one sentence with what to do; ``begun``: the server had agreed to answer."""
        import openai

        where = f"the server at {self._server}"
        match error:
            case TimeoutError() | openai.APITimeoutError():
                why = f"{where} did not answer within {self._timeout_s:g} s: see whether it is busy, or raise " \
                      "EMPATHY_ENDPOINT_TIMEOUT_S"
            case openai.APIConnectionError() if begun:
                why = f"{where} broke off in the middle: see its log"
            case openai.APIConnectionError():
                why = f"{where} can't be reached: start it, or correct EMPATHY_ENDPOINT_URL"
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                why = f"{where} refused the key (status {error.status_code}): set {KEY} in the environment"
            case openai.NotFoundError():
                why = f"{where} knows no model {self._model!r}, or has no such address (status 404): correct " \
                      "EMPATHY_ENDPOINT_MODEL or EMPATHY_ENDPOINT_URL (often it ends in /v1)"
            case openai.RateLimitError():
                why = f"{where} takes no more for now (status 429): wait, or use another"
            case openai.APIStatusError():
                why = f"{where} failed (status {error.status_code}): see its log"
            case _:
                why = f"{where} answered in no form that can be read ({type(error).__name__}): is it an " \
                      "OpenAI-compatible one?"
        return ModelRunError(why)


def key_for(url: str, environ: Mapping[str, str]) -> str:
    """The key that the server at an address gets."""
    theirs = environ.get(OPENAI_KEY) if urlsplit(url).hostname == OPENAI else None
    return environ.get(KEY) or theirs or NO_KEY


def load(settings: Settings, environ: Mapping[str, str]) -> ReplyEngine:
    """Make the client; the server is first called by the first reply.

    Raises:
        ModelMissingError: the package ``openai`` is not installed.
    """
    try:
        import openai
    except ImportError as error:
        raise ModelMissingError("endpoint needs the package openai: pip install -r requirements.txt") from error
    prepare()
    client = openai.AsyncOpenAI(
        base_url=settings.endpoint_url, api_key=key_for(settings.endpoint_url, environ),
        timeout=settings.endpoint_timeout_s, max_retries=settings.endpoint_retries)
    return Endpoint(client, model=settings.endpoint_model, server=urlsplit(settings.endpoint_url).netloc,
                    timeout_s=settings.endpoint_timeout_s, tokens=settings.reply_tokens,
                    temperature=settings.temperature)


def host(settings: Settings) -> str:
    """Where what is said would go; "" until the settings name a server and its model."""
    return urlsplit(settings.endpoint_url).netloc if settings.endpoint_url and settings.endpoint_model else ""


def spec(settings: Settings) -> ModelSpec[ReplyEngine]:
    """The engine for the server that the settings name; "not set" until they name one and its model."""
    there = host(settings)
    return ModelSpec(
        name="endpoint", stage="reply", tier="full", package="openai", licence="that of the server's model",
        size_mb=0.0, source=Server(url=settings.endpoint_url if there else "",
                                   variables=("EMPATHY_ENDPOINT_URL", "EMPATHY_ENDPOINT_MODEL")),
        load=lambda _: load(settings, os.environ),
        about=f"sends what is said to {there}" if there
        else "an OpenAI-compatible server: vLLM, llama.cpp, Ollama")
