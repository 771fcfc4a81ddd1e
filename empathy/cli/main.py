"""The command line: one verb a module, each with ``add_arguments`` and ``run``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from .. import __version__
from ..errors import EmpathyError
from ..log import start_logging
from ..settings import load

VERBS = {
    "analyze": ("read pictures, sounds and videos", ".analyze"),
    "models": ("list, fetch and check the engines", ".models"),
    "serve": ("serve the page", ".serve"),
    "evaluate": ("measure an engine on labelled data", ".evaluate"),
    "bench": ("measure speed and memory on this machine", ".bench"),
    "train": ("train the networks that ship", ".train"),
    "avamerg": ("look into the AvaMERG data, or make a small set of their layout", ".avamerg"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb.

    Returns:
        Exit status: 0, 1 when something given could not be read or an engine is missing, 130 when interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="python -m empathy", description="Reads a face, a posture, a "
                                     "voice and words, weighs them, and answers with care.")
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    chosen = next((word for word in words if word in VERBS), None)
    for name, (about, module) in VERBS.items():
        verb = verbs.add_parser(name, help=about, description=about)
        if name == chosen:  # only the chosen verb's module is imported
            import_module(module, __package__).add_arguments(verb)
    arguments = parser.parse_args(words)
    try:
        settings = load()
        start_logging(settings, quiet=arguments.verb != "serve")
        return int(import_module(VERBS[arguments.verb][1], __package__).run(arguments, settings) or 0)
    except EmpathyError as error:
        print(f"empathy: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        return 0
