"""A Llama object that visitors share: one at a time, reading ahead, remembering what it has read of whom.

Two threads in one Llama object crash the process, so visitors stand in a line and one has the model for the whole of a
stream. llama.cpp keeps the longest unchanged beginning of a prompt: what is read ahead (``warm``) while a person still
types need not be read after "send". What was read of a conversation is kept for its visitor while another one speaks.
Source: llama-cpp-python 0.3.36 (MIT), ``Llama.eval``, ``Llama.create_completion`` and llama.cpp's sequence states.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import ModelRunError
from ..protocols import Message, ReplyRequest, never
from .kept import Kept, State, shared
from .line import Line
from .template import Template

MESSAGE_OVERHEAD = 12
"""Tokens a chat template adds around one message, with room to spare (Llama 3.1 adds 5)."""

CHUNK = 64
"""Tokens of a prompt read at a time: what is lost when reading ahead is broken off, and how soon it can be."""

BEAT_S = 0.25
"""How often a waiting request looks up."""

BUSY = "the language model is wanted for a reply"

WORTH = 16
"""A kept state is brought back when it spares so many tokens at least."""


class Llama:
    """A ``ReplyEngine`` that reads ahead; ``llm`` is a ``llama_cpp.Llama`` (``Any``: its types are of no use here).

    ``n_read`` tells how many tokens of the last prompt had to be read anew."""

    def __init__(self, llm: Any, *, name: str, tokens: int, temperature: float, cache_bytes: int) -> None:
        import llama_cpp
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        self.name = name
        self.n_read = 0
        self._llm = llm
        self._cpp: Any = llama_cpp
        self._tokens = tokens
        self._temperature = temperature
        text = llm._model.token_get_text
        self._template = Template(
            Jinja2ChatFormatter(llm.metadata["tokenizer.chat_template"], eos_token=text(llm.token_eos()),
                                bos_token=text(llm.token_bos())), self._tokenized)
        self._line = Line()
        self._kept = Kept(cache_bytes)
        self._head: State | None = None
        self._visitor = ""
        self._gone: set[str] = set()
        self._stop: Callable[[], bool] = never
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self._stop())  # kept: llama.cpp holds no reference
        llama_cpp.llama_set_abort_callback(llm.ctx, self._abort, ctypes.c_void_p(None))

    def reply(self, request: ReplyRequest) -> Iterator[str]:
        """Streams the reply, with empty pieces while others are before it.

        Raises:
            ModelRunError: llama.cpp failed, or what was asked aside had to give way; the object can be used again.
        """
        if request.aside:
            yield from self._speak_aside(request)
            return
        ticket = self._line.join()
        try:
            waited = False
            while not self._line.turn(ticket, 0.0 if not waited else BEAT_S):
                if request.cancelled():
                    return
                waited = True
                request.waiting(self._line.ahead(ticket))
                yield ""
            if waited:
                request.waiting(0)
                yield ""
            yield from self._speak(request)
        finally:
            self._line.leave(ticket)
            self._wipe()

    def _speak_aside(self, request: ReplyRequest) -> Iterator[str]:
        """As a guest, who leaves as soon as somebody wants a reply."""
        ticket = self._line.slip_in(request.cancelled)
        if ticket is None:
            raise ModelRunError(BUSY)
        try:
            yield from self._speak(replace(
                request, cancelled=lambda: request.cancelled() or self._line.wanted(ticket)))
            if self._line.wanted(ticket):
                raise ModelRunError(BUSY)
        finally:
            self._line.leave(ticket)
            self._wipe()

    def warm(self, messages: tuple[Message, ...], *, visitor: str, cancelled: Callable[[], bool]) -> int:
        """See ``protocols.ReadingAhead``."""
        ticket = self._line.slip_in(cancelled)
        if ticket is None:
            return 0
        try:
            tokens, head = self._template.tokens(self._fitting(messages), is_open=True)
            return self._read(tokens, head, visitor, lambda: cancelled() or self._line.wanted(ticket))
        finally:
            self._line.leave(ticket)
            self._wipe()

    def forget(self, visitor: str) -> None:
        """See ``protocols.ReadingAhead``; when the model is busy, as soon as it is not."""
        self._gone.add(visitor)
        self._wipe()

    def count(self, text: str) -> int:
        """Tokens of a text."""
        return len(self._tokenized(text, False))

    def _speak(self, request: ReplyRequest) -> Iterator[str]:
        tokens, head = self._template.tokens(self._fitting(request.messages))
        first = max(head, len(tokens) - CHUNK)  # the rest is read in one go with the choice of the first word
        self.n_read = self._read(tokens[:first], head, request.visitor, request.cancelled)
        stream: Any = None
        self._stop = request.cancelled
        try:
            if request.cancelled():
                return
            self.n_read += len(tokens) - min(shared(self._seen(), np.asarray(tokens)), len(tokens) - 1)
            stream = self._llm.create_completion(
                prompt=tokens, stream=True, max_tokens=self._tokens, temperature=self._temperature,
                repeat_penalty=1.08, seed=request.seed & 0x7FFFFFFF)
            for chunk in stream:
                if request.cancelled():
                    return
                if piece := chunk["choices"][0]["text"]:
                    yield piece
        except (RuntimeError, ValueError) as error:
            if not request.cancelled():
                raise self._failed(error) from error
        finally:
            self._stop = never
            if stream is not None:
                stream.close()

    def _read(self, tokens: Sequence[int], head: int, visitor: str, stop: Callable[[], bool]) -> int:
        """Read what is not read yet, until ``stop`` turns true; how many tokens that were."""
        wanted = np.asarray(tokens, dtype=np.intc)
        self._turn_to(visitor, wanted)
        at = start = shared(self._seen(), wanted)
        if at == len(wanted):  # more may have been read already, and may be wanted again
            return 0
        self._llm.n_tokens = at
        self._stop = stop
        try:
            while at < len(tokens) and not stop():
                end = min(at + CHUNK, head if at < head else len(tokens))
                self._llm.eval(tokens[at:end])
                at = end
                if at == head and self._head is None:
                    self._head = self._state()
        except (RuntimeError, ValueError) as error:
            if not stop():
                raise self._failed(error) from error
        finally:
            self._stop = never
        return at - start

    def _failed(self, error: Exception) -> ModelRunError:
        self._llm.reset()
        return ModelRunError(f"{self.name} stopped in the middle of its work ({error}); the composer goes on")

    def _seen(self) -> Any:
        return self._llm.input_ids[: self._llm.n_tokens]

    def _turn_to(self, visitor: str, wanted: Any) -> None:
        """Keep what was read for the last visitor, and bring back what was read for this one."""
        if visitor == self._visitor:
            return
        if self._visitor and self._visitor not in self._gone:
            self._kept.put(self._visitor, self._state())
        self._visitor = visitor
        kept = self._kept.take(visitor) if visitor else None
        if kept is not None and shared(kept.tokens, wanted) >= shared(self._seen(), wanted) + WORTH:
            self._restore(kept)

    def _state(self) -> State:
        size = self._cpp.llama_state_seq_get_size(self._llm.ctx, 0)
        data = (ctypes.c_uint8 * size)()
        size = self._cpp.llama_state_seq_get_data(self._llm.ctx, data, size, 0)
        return State(self._seen().copy(), bytes(memoryview(data)[:size]))

    def _restore(self, state: State) -> None:
        data = (ctypes.c_uint8 * len(state.data)).from_buffer_copy(state.data)
        if self._cpp.llama_state_seq_set_data(self._llm.ctx, data, len(state.data), 0) != len(state.data):
            self._llm.reset()
            return
        n = len(state.tokens)
        self._llm.input_ids[:n] = state.tokens
        self._llm.n_tokens = n

    def _wipe(self) -> None:
        """Forget who is gone: their kept state, and what the model itself still holds, but for the constant head."""
        while self._gone and (ticket := self._line.slip_in()) is not None:
            try:
                gone = set(self._gone)
                self._gone -= gone
                for visitor in gone:
                    self._kept.drop(visitor)
                if self._visitor in gone:
                    self._visitor = ""
                    self._llm.reset()
                    self._llm.input_ids[:] = 0
                    self._cpp.llama_memory_clear(self._cpp.llama_get_memory(self._llm.ctx), True)
                    if self._head is not None:
                        self._restore(self._head)
            finally:
                self._line.leave(ticket)

    def _tokenized(self, text: str, special: bool) -> list[int]:
        return self._llm.tokenize(text.encode(), add_bos=False, special=special) if text else []

    def _fitting(self, messages: Sequence[Message]) -> list[Message]:
        """The messages that fit the window: the older half of the turns goes first, so that a prompt that was cut keeps
        its beginning for a while, then the newest one is cut."""
        room = self._llm.n_ctx() - self._tokens - MESSAGE_OVERHEAD
        head = [message for message in messages[:1] if message.role == "system"]
        rest = list(messages[len(head) :])
        sizes = [self.count(message.content) + MESSAGE_OVERHEAD for message in rest]
        left = room - sum(self.count(message.content) + MESSAGE_OVERHEAD for message in head)
        while len(rest) > 1 and sum(sizes) > left:
            n = max(2, len(rest) // 4 * 2) if rest[0].role == "user" and len(rest) > 2 else 1
            rest, sizes = rest[n:], sizes[n:]
        if rest and sum(sizes) > left:
            if left < 64:
                head, left = [], room
            newest, limit = rest[-1], max(16, left - 2 * MESSAGE_OVERHEAD)
            rest = [Message(role=newest.role, content=self._cut(newest.content, limit))]
        return head + rest

    def _cut(self, text: str, limit: int) -> str:
        kept = self._tokenized(text, False)[:limit]
        cut: str = self._llm.detokenize(kept).decode("utf-8", errors="ignore")
        return f"{cut}</words>" if "<words>" in cut and "</words>" not in cut else cut
