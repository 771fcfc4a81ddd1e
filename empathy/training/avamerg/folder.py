"""The folder of a run: what it is, and that it is the same one when it is taken up again.

    config.json, environment.json, split.json, vocabulary.json, tokenizer.json, problems.txt
    checkpoint.pt, best.safetensors, history.json, curves.png
    metrics.json, predictions-*.csv, confusion.png, confusion.csv, card.md
    bundle/                   what ``EMPATHY_AVAMERG`` names
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import InputError


def read_config(run: Path) -> dict[str, Any]:
    """What ``config.json`` says.

    Raises:
        InputError: there is none.
    """
    try:
        return json.loads((run / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{run} is no folder of a run ({error}); give the --out of a train command") from error


def claim(out: Path, record: Mapping[str, Any]) -> None:
    """Write what a run is, or check that the folder's run is the same.

    Raises:
        InputError: the folder holds another run, or can't be written.
    """
    plain = json.loads(json.dumps(record))
    path = out / "config.json"
    if path.is_file():
        there = read_config(out)
        other = sorted(name for name in plain if plain[name] != there.get(name))
        if other:
            raise InputError(f"{out} holds a run with another {', '.join(other)}; give a new folder with --out")
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} can't be written ({error}); give another folder with --out") from error
