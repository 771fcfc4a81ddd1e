"""What the commands that train have in common: their folders, their numbers, and what they say of a run."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..errors import InputError


def add_folders(parser: argparse.ArgumentParser, holds: str, *, run: str = "folder of the run") -> None:
    """Declare ``--out`` and ``--data``, which is EMPATHY_DATA where that is set.

    Args:
        parser: the command's.
        holds: what stands in the folder of the data.
        run: what becomes of the folder of the run.
    """
    folder = os.environ.get("EMPATHY_DATA", "")
    parser.set_defaults(holds=holds)
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help=run)
    parser.add_argument("--data", type=Path, default=Path(folder) if folder else None, metavar="FOLDER",
                        help=f"folder that holds {holds} (EMPATHY_DATA)")


def data_folder(arguments: argparse.Namespace, **least: int) -> Path:
    """The folder of the data, when all that was given can be used.

    Args:
        arguments: the command's, of a parser that ``add_folders`` has seen.
        least: the lowest that each number may be, by its name.

    Raises:
        InputError: there is no folder, or a number is too low.
    """
    for name, lowest in least.items():
        if getattr(arguments, name) < lowest:
            raise InputError(f"--{name} must be at least {lowest}, not {getattr(arguments, name)}")
    if arguments.data is None:
        raise InputError("there is nothing to learn from: set EMPATHY_DATA or --data to the folder that holds "
                         f" {arguments.holds}")
    return arguments.data


def say(line: str) -> None:
    """Tell how far a run is, on standard error."""
    print(f"empathy: {line}", file=sys.stderr, flush=True)


def say_made(path: Path) -> None:
    """Tell what a run made, and how it comes to ship."""
    card = path.with_suffix(".md").name
    say(f"made {path} and its card {card}; to ship them, copy {path.name}, {path.stem}.json and {card} to "
        "empathy/weights")
