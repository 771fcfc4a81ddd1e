"""``serve``: the page, as ``app.py``."""

from __future__ import annotations

import argparse

from ..settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: ``PORT`` and ``GRADIO_SERVER_NAME`` are read from the environment."""
    parser.epilog = "PORT (7860) and GRADIO_SERVER_NAME (127.0.0.1) are read from the environment."


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted."""
    from ..ui.page import serve

    del arguments
    serve(settings)
    return 0
