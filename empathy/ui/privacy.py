"""Where uploads lie for a minute, and how every trace of them goes; and what is told of what leaves this machine.

Gradio writes uploads and recordings to files before a handler sees them. Here those files lie in a folder of this
process alone, in memory where the system offers it, readable by its owner only, wiped at start and at end; what a
killed process left behind is wiped by the next one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

PREFIX = "empathy-page-"
MEMORY = Path("/dev/shm")
SPARE = 4.0
"""The folder lies in memory only where this many times the largest file fits."""


def private_folder(environ: MutableMapping[str, str], max_file_mb: float, memory: Path = MEMORY) -> Path:
    """Make this process's own folder for uploads and point Gradio and ``tempfile`` at it.

    Args:
        environ: a ``GRADIO_TEMP_DIR`` that is set already names the folder around ours; ours replaces it.
        max_file_mb: largest upload accepted.
        memory: a file system that lives in memory.

    Returns:
        An empty folder with the mode 0700.
    """
    base = Path(environ["GRADIO_TEMP_DIR"]) if environ.get("GRADIO_TEMP_DIR") else _base(max_file_mb, memory)
    base.mkdir(parents=True, exist_ok=True)
    wipe_left_over(base)
    folder = base / f"{PREFIX}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    environ["GRADIO_TEMP_DIR"] = str(folder)
    tempfile.tempdir = str(folder)
    return folder


def _base(max_file_mb: float, memory: Path) -> Path:
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > SPARE * max_file_mb * 1e6:
        return memory
    return Path(tempfile.gettempdir())


def wipe_left_over(base: Path) -> int:
    """Remove the folders of processes that are gone; the number removed."""
    removed = 0
    for folder in base.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX)
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _alive(process: int) -> bool:
    if os.name == "nt":  # there, signal 0 is no question
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to somebody else, or the number is none
        return True
    return True


def wipe(folder: Path) -> None:
    """Remove our folder and all in it."""
    shutil.rmtree(folder, ignore_errors=True)
    if tempfile.tempdir == str(folder):
        tempfile.tempdir = None


def sent_elsewhere(server: str) -> str:
    """What a visitor is told where a server may be asked for replies."""
    return f"To write a reply, what you said and what was read of it may be sent to the server {server}."
