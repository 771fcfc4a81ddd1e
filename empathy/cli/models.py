"""``models``: what speaks on this machine, and what could."""

from __future__ import annotations

import argparse
import os
import sys

from ..catalog import default_names, find, specs
from ..download import fetch
from ..errors import ModelError
from ..registry import ModelSpec, files_of, size_mb_of, state, verify
from ..settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("action", nargs="?", choices=("list", "pull", "verify"), default="list")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="engines as listed; with pull also `default` or `all`")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """List, fetch or check."""
    match arguments.action:
        case "pull":
            return _pull(arguments.names or ["default"], settings)
        case "verify":
            return _verify(arguments.names, settings)
        case _:
            _list(settings)
            return 0


def _list(settings: Settings) -> None:
    rows = [("STAGE", "ENGINE", "TIER", "SIZE", "LICENCE", "STATE")]
    rows += [(spec.stage, spec.name, spec.tier, _size(spec), spec.licence, state(spec, settings.models_dir))
             for spec in specs(settings)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(f"\nmodels folder: {settings.models_dir}   fetch with: python -m empathy models pull NAME|default|all")


def _size(spec: ModelSpec[object]) -> str:
    return f"{size:.0f} MB" if (size := size_mb_of(spec)) >= 1 else "-"


def _chosen(names: list[str], settings: Settings) -> list[ModelSpec[object]]:
    if names == ["all"]:
        return list(specs(settings))
    wanted = default_names(settings) if names == ["default"] else names
    return [find(name, settings) for name in wanted]


def _pull(names: list[str], settings: Settings) -> int:
    failed = False
    for spec in _chosen(names, settings):
        if state(spec, settings.models_dir) == "ready":
            print(f"{spec.name}: ready")
            continue
        try:
            _fetch(spec, settings)
        except ModelError as error:
            failed = True
            print(f"empathy: {error}", file=sys.stderr)
    return 1 if failed else 0


def _fetch(spec: ModelSpec[object], settings: Settings) -> None:
    from tqdm import tqdm

    with tqdm(desc=spec.name, unit="B", unit_scale=True, file=sys.stderr) as bar:
        for done, total in fetch(spec, settings.models_dir, os.environ):
            bar.total = total or None
            bar.update(done - bar.n)
    print(f"{spec.name}: {state(spec, settings.models_dir)}")


def _verify(names: list[str], settings: Settings) -> int:
    failed = False
    for spec in _chosen(names or ["all"], settings):
        if not names and state(spec, settings.models_dir) in ("not downloaded", "not set"):
            continue
        try:
            verify(spec, settings.models_dir)
        except ModelError as error:
            failed = True
            print(f"{spec.name}: {error}")
        else:
            checked = sum(path.name in spec.sha256 for path in files_of(spec, settings.models_dir))
            print(f"{spec.name}: whole ({checked} digests checked)")
    return 1 if failed else 0
