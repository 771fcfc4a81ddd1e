"""``bench``: one JSON object of speed and memory, measured here and now."""

from __future__ import annotations

import argparse
import json

from ..catalog import build
from ..evaluation.bench import bench
from ..settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--runs", type=int, default=20, help="timed runs of each stage, after one that warms up")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the figures."""
    print(json.dumps(bench(build(settings), settings, runs=max(1, arguments.runs))))
    return 0
