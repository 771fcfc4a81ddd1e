"""The state that an interrupted run goes on from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def keep(path: Path, state: Mapping[str, Any]) -> None:
    """Write the state whole: a run that is killed meanwhile finds the one before."""
    import torch

    part = path.with_name(path.name + ".part")
    torch.save(dict(state), part)
    part.replace(path)
