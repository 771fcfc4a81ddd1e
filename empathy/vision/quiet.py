"""Silence for native libraries that write to standard error while they load, past every Python logger."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress


@contextmanager
def quiet_stderr() -> Generator[None]:
    """Send the process's standard error to nowhere for the length of the block.

    MediaPipe's C++ parts report each delegate and graph they build ("Created TensorFlow Lite XNNPACK delegate") before
    any log level can be set. The whole process is silent meanwhile, so keep the block short: loading and a first run.
    """
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # a process without standard error has nothing to silence
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
