"""The page in a process of its own, on a free port of this machine, for the commands that measure it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from ..errors import ModelRunError

LIMIT_S = 90.0
"""The page should answer within this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A page that answers at ``port`` of this machine; ``start_s`` it took to."""

    port: int
    pid: int
    start_s: float

    @property
    def root(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served() -> Generator[Served]:
    """``python -m empathy serve`` with the environment of this process; it ends with the block.

    Raises:
        ModelRunError: it did not answer within ``LIMIT_S``, or ended before.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environ = os.environ | {"PORT": str(port), "GRADIO_SERVER_NAME": "127.0.0.1", "EMPATHY_LOG_LEVEL": "ERROR"}
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "empathy", "serve"], env=environ, stdout=subprocess.DEVNULL) as page:
        try:
            while not _answers(port):
                if page.poll() is not None or time.perf_counter() - started > LIMIT_S:
                    raise ModelRunError("the page did not start: run python -m empathy serve to see why")
                time.sleep(0.05)
            yield Served(port=port, pid=page.pid, start_s=time.perf_counter() - started)
        finally:
            page.terminate()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
