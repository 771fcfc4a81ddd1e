"""``serve``: the page, from settings to a listening port, and every trace wiped when it ends."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import SettingsError
from ..memory.session import Session
from ..settings import Settings, load
from .privacy import private_folder, wipe
from .sessions import Visitors

if TYPE_CHECKING:
    import gradio as gr

log = logging.getLogger(__name__)

SWEEP_S = 30.0


def serve(settings: Settings | None = None) -> None:
    """Serve the page until it is stopped (Ctrl-C, or a signal to end).

    The port is ``PORT`` (default: 7860, or the next free one), the address ``GRADIO_SERVER_NAME`` (default: this
    machine alone).

    Raises:
        SettingsError: ``PORT`` is no port.
    """
    settings = settings or load()
    port = port_of(os.environ)
    folder = private_folder(os.environ, settings.max_file_mb)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    try:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _interrupt)
        _run(settings, port)
    finally:
        wipe(folder)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def port_of(environ: Mapping[str, str]) -> int | None:
    """``PORT`` as a number; None when it is not set.

    Raises:
        SettingsError: it is no port.
    """
    given = environ.get("PORT", "").strip()
    if not given:
        return None
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise SettingsError(f"PORT is {given!r}: a number from 1 to 65535 is needed")
    return int(given)


def _run(settings: Settings, port: int | None) -> None:
    from ..catalog import build
    from ..live.ticker import Ticker
    from .blocks import build_page  # Gradio reads the folder for uploads when it is imported
    from .live_board import style as board_style
    from .theme import style, theme

    system = build(settings)
    visitors = Visitors(lambda: Session.start(system.clock()), settings.session_ttl_s, time.monotonic,
                        system.answers.forget)
    ticker = Ticker(settings.n_threads)
    page = build_page(system, visitors, ticker)
    done = threading.Event()
    threading.Thread(target=_sweep, args=(page, visitors, settings.session_ttl_s, done), daemon=True).start()
    try:
        _refuse_taken(port, os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"))
        page.launch(
            server_port=port, share=False, ssr_mode=False, theme=theme(),
            head=f"<style>{style()}{board_style()}</style>", run_history=False,
            enable_monitoring=False, footer_links=["api", "settings"], show_error=True, quiet=True,
            max_file_size=f"{settings.max_file_mb:.0f}mb", prevent_thread_lock=True,
        )
        log.info("the page is at %s (Ctrl-C ends it)", page.local_url)
        page.block_thread()
    finally:
        done.set()
        visitors.close()
        ticker.stop()


def _refuse_taken(port: int | None, address: str) -> None:
    """Say so where another program listens on the wished port; without a wish Gradio takes the next free one.

    Raises:
        SettingsError: the port is taken.
    """
    if port is None:
        return
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise SettingsError(f"PORT {port} can't be used ({error.strerror}): choose another, as in PORT={port + 1} "
                                "make run") from error


def _sweep(page: gr.Blocks, visitors: Visitors, ttl_s: float, done: threading.Event) -> None:
    from .blocks import forget_idle

    while not done.wait(SWEEP_S):
        visitors.expire()
        forget_idle(page, ttl_s)


