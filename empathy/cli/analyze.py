"""``analyze``: one JSON object a line and file, as soon as it is done; or a short text for people."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ..catalog import build
from ..errors import InputError
from ..pipeline import Empathy
from ..settings import Settings
from ..types import Analysis
from .output import TABLES, as_json, as_text, write_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="pictures, sounds and videos")
    parser.add_argument("--text", default="", metavar="WORDS", help="what the person says, in words")
    parser.add_argument("--reply", action="store_true", help="also write a reply")
    parser.add_argument("--features", action="store_true",
                        help="also log-mel and MFCC statistics, landmarks and blendshapes")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    form.add_argument("--out", type=Path, metavar="FILE", help="write to FILE.jsonl, FILE.csv or FILE.parquet")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Analyse each path; a bad one gets its sentence on standard error and the others go on."""
    out: Path | None = arguments.out
    if not arguments.paths and not arguments.text:
        raise InputError("nothing to analyze: name a picture, a sound or a video, or give --text")
    if out is not None and out.suffix not in (".jsonl", *TABLES):
        raise InputError(f"--out {out}: the name must end in .jsonl, {' or '.join(TABLES)}")
    if out is not None and not out.parent.is_dir():
        raise InputError(f"--out {out}: there is no folder {out.parent}; make it first")
    system = build(settings)
    bad: list[str] = []
    done = _analyses(system, arguments, bad)
    if out is None:
        for analysis in done:
            text = json.dumps(as_json(analysis, features=arguments.features)) if arguments.json else as_text(analysis)
            print(text, flush=True)
    elif out.suffix == ".jsonl":
        with out.open("w", encoding="utf-8") as file:
            for analysis in done:
                file.write(json.dumps(as_json(analysis, features=arguments.features)) + "\n")
                file.flush()
    else:
        write_table(out, [as_json(analysis, features=arguments.features) for analysis in done])
    return 1 if bad else 0


def _analyses(system: Empathy, arguments: argparse.Namespace, bad: list[str]) -> Iterator[Analysis]:
    for path in arguments.paths or [None]:
        try:
            yield system.analyze(path, words=arguments.text, reply=arguments.reply, features=arguments.features)
        except InputError as error:
            bad.append(path or "")
            print(f"empathy: {path}: {error}" if path else f"empathy: {error}", file=sys.stderr, flush=True)
