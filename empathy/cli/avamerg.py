"""``avamerg``: look into the data set, make a small one of its layout, or count the weights of a configuration."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from ..settings import Settings

T = TypeVar("T")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One subcommand a task."""
    from ..training.avamerg.sample import SIGNALS

    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    look = tasks.add_parser("inspect", help="count what a folder holds and name everything that is wrong with it")
    look.add_argument("--data", type=Path, required=True, metavar="DIR",
                      help="folder with train.json, audio_v5_0 and video_v5_0")
    look.add_argument("--file", default="train.json", metavar="NAME", help="which list of conversations (train.json)")
    look.add_argument("--switch", default="", metavar="A,B", help="doubtful labels that take their other class")
    look.add_argument("--quick", action="store_true", help="do not decode the clips")
    look.add_argument("--list", type=int, default=20, metavar="N", help="problems of a kind to list (20)")
    make = tasks.add_parser("sample", help="write a small synthetic data set with a planted signal")
    make.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    make.add_argument("--n", type=int, default=300, help="conversations (300)")
    make.add_argument("--seed", type=int, default=0, help="of everything that is drawn (0)")
    make.add_argument("--signal", choices=SIGNALS, default="all", help="where the label can be told from (all)")
    make.add_argument("--strength", type=float, default=1.0,
                      help="share of the speaker's lines whose cue is the label's, 0 to 1 (1)")
    size = tasks.add_parser("describe", help="put the networks of a configuration together and count their weights")
    size.add_argument("--config", default="full", metavar="full|tiny|FILE", help="as for train avamerg (full)")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look, make or count; one JSON object on standard output, progress on standard error."""
    match arguments.task:
        case "inspect":
            from ..training.avamerg.inspection import inspect

            found = inspect(arguments.data, settings, file=arguments.file, switched=_words(arguments.switch),
                            decode=not arguments.quick, at_most=max(0, arguments.list), progress=_progress)
        case "describe":
            from ..training.avamerg.recipe import describe

            found = describe(arguments.config)
        case _:
            from ..training.avamerg.sample import make_sample

            found = make_sample(arguments.out, n=arguments.n, seed=arguments.seed, signal=arguments.signal,
                                strength=arguments.strength, progress=_progress)
    print(json.dumps(found, indent=1))
    return 0


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _progress(items: Iterable[T]) -> Iterator[T]:
    from tqdm import tqdm

    yield from tqdm(items, file=sys.stderr)
