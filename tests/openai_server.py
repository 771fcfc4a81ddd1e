"""An OpenAI-compatible server on this machine, in a thread: the wire format of ``/v1/chat/completions``, with words
from wherever a test takes them. What was asked of it is kept in ``asked``."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Speak = Callable[[dict[str, Any]], Iterable[dict[str, Any]]]
"""From the body of a request to the chunks of its answer."""


@dataclass
class ChatServer:
    """What the server is told to do, and what happened. ``status`` other than 200 refuses every request; ``body``
    answers with these bytes in place of a stream; ``held`` is waited for before anything is answered, ``stalled``
    before each chunk but the first; ``breaks`` cuts the line after so many chunks. ``hung_up`` tells that the client
    has gone, as soon as it has."""

    speak: Speak
    status: int = 200
    body: bytes | None = None
    held: threading.Event | None = None
    stalled: threading.Event | None = None
    breaks: int = -1
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)


def says(*pieces: str) -> Speak:
    """Answers with these pieces, whatever is asked."""
    def speak(_: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for piece in pieces:
            yield {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m",
                   "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
    return speak


@contextmanager
def serving(chat: ChatServer) -> Iterator[ChatServer]:
    """Run it on a free port until the block ends."""
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            _answer(self, chat)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    chat.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield chat
    finally:
        for event in (chat.held, chat.stalled):
            if event is not None:
                event.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, chat: ChatServer) -> None:
    chat.keys.append(handler.headers.get("Authorization", ""))
    asked = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
    chat.asked.append(asked)
    if _gone(handler, chat, chat.held):
        return
    if chat.status != 200 or chat.body is not None:
        body = chat.body if chat.body is not None else json.dumps({"error": {"message": str(asked)}}).encode()
        handler.send_response(chat.status)
        handler.send_header("Content-Type", "application/json" if chat.body is None else "text/event-stream")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        return
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    if chat.breaks >= 0:
        handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    try:
        for i, chunk in enumerate(chat.speak(asked)):
            if i == chat.breaks:
                handler.connection.shutdown(socket.SHUT_RDWR)
                return
            if i and _gone(handler, chat, chat.stalled):
                return
            handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            handler.wfile.flush()
        handler.wfile.write(b"data: [DONE]\n\n")
    except (BrokenPipeError, ConnectionResetError):
        chat.hung_up.set()


def _gone(handler: BaseHTTPRequestHandler, chat: ChatServer, event: threading.Event | None) -> bool:
    """Wait for the event; whether the client hung up meanwhile."""
    while event is not None and not event.wait(0.01):
        if select.select([handler.connection], [], [], 0)[0] and not handler.connection.recv(1, socket.MSG_PEEK):
            chat.hung_up.set()
            return True
    return False
