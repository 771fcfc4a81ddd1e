"""Logging: engines and timings, never a visitor's content. Standard library only."""

from __future__ import annotations

import logging
import logging.handlers

from .settings import Settings

_FILE_BYTES = 1_000_000


def start_logging(settings: Settings, *, quiet: bool = False) -> None:
    """Send the package's log to the console, and to a rotating file where ``log_file`` asks for one.

    Args:
        settings: ``log_level`` and ``log_file``.
        quiet: on the console warnings alone, for commands whose output is their result.
    """
    logger = logging.getLogger("empathy")
    logger.setLevel(settings.log_level)
    logger.propagate = False
    for handler in logger.handlers:
        handler.close()
    console = logging.StreamHandler()
    if quiet:
        console.setLevel(max(logging.WARNING, logger.level))
    handlers: list[logging.Handler] = [console]
    if settings.log_file is not None:
        settings.log_file.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(logging.handlers.RotatingFileHandler(
            settings.log_file, maxBytes=_FILE_BYTES, backupCount=3, encoding="utf-8"))
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S")
    for handler in handlers:
        handler.setFormatter(form)
    logger.handlers = handlers
