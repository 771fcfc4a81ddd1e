"""``bench``: one JSON object of speed and memory, measured here and now."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..catalog import build
from ..errors import InputError
from ..settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("what", nargs="?", choices=("stages", "live"), default="stages",
                        help="the stages one by one (default), or the live page under simulated visitors")
    parser.add_argument("clip", nargs="?", type=Path, help="live: a video to play; none: one is made")
    parser.add_argument("--runs", type=int, default=20, help="stages: timed runs, after one that warms up")
    parser.add_argument("--visitors", type=int, default=1, help="live: visitors at the same time")
    parser.add_argument("--seconds", type=float, default=60.0, help="live: how long they stay")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the figures."""
    if arguments.what == "live":
        from ..evaluation.bench_live import bench_live

        if not 1 <= arguments.visitors <= 200 or not 10 <= arguments.seconds <= 7200:
            raise InputError("bench live takes --visitors 1 to 200 and --seconds 10 to 7200")
        print(json.dumps(bench_live(arguments.clip, settings, visitors=arguments.visitors, seconds=arguments.seconds)))
        return 0
    from ..evaluation.bench import bench

    print(json.dumps(bench(build(settings), settings, runs=max(1, arguments.runs))))
    return 0
