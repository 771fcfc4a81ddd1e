"""``train``: make the networks that ship again, each from one command."""

from __future__ import annotations

import argparse
from importlib import import_module

from ..settings import Settings

MODELS = {
    "face": "expression of a face, on FER2013 with FER+ votes",
    "voice": "tone of a voice, on RAVDESS",
    "words": "emotions of a sentence, on GoEmotions",
    "encoder": "what a text means, from a published model",
    "risk": "danger in a sentence, on help-seeking messages",
    "judge": "the judge of replies, on EPITOME",
    "guard": "forbidden sentences of a reply, on seeded ones",
    "avamerg": "the feeling in a conversation from words with sound or pictures, on AvaMERG",
}

COMMANDS = {"avamerg": "avamerg.command"}
"""Where a model's training is a package, the module in it that declares the arguments."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One subcommand a model; its arguments are declared beside its training code."""
    models = parser.add_subparsers(dest="task", metavar="MODEL", required=True)
    for name, about in MODELS.items():
        module = import_module(f"empathy.training.{COMMANDS.get(name, name)}")
        module.add_arguments(models.add_parser(name, help=about, description=about))


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Train one model."""
    del settings
    return int(import_module(f"empathy.training.{COMMANDS.get(arguments.task, arguments.task)}").run(arguments) or 0)
