"""What a network is given: examples of one conversation each, packed into a batch with masks.

What is missing is masked, never zeros taken for data: a network puts a learned vector in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Heard = NDArray[np.float32]
"""Statistics of a clip's sound, shape (n_layers + 1, n_statistics, width); see ``senses.hear``."""
Seen = NDArray[np.uint8]
"""Square pictures of a face, RGB, shape (n_frames, side, side, 3)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """One conversation up to a line of the speaker. ``lines``, ``heard`` and ``seen`` have one entry a line, the latest
    last; None where there is no clip or the model does not look at it. ``label`` is -1 where it is not known."""

    lines: tuple[list[int], ...]
    context: list[int]
    heard: tuple[Heard | None, ...]
    seen: tuple[Seen | None, ...]
    profile: list[int]
    leak: tuple[list[int], ...]
    label: int


class Batch(NamedTuple):
    """``lines`` (n, turns, tokens), ``context`` (n, tokens) and ``leak`` (n, fields, words) hold indices, 0 is padding;
    ``told``, ``is_heard``, ``is_seen`` (n, turns) say what is there; ``heard`` (n, turns, layers, statistics, width);
    ``seen`` (n, turns, frames, side, side, 3) as bytes; ``profile`` (n, 8); ``label`` (n,)."""

    lines: Tensor
    context: Tensor
    told: Tensor
    heard: Tensor
    is_heard: Tensor
    seen: Tensor
    is_seen: Tensor
    profile: Tensor
    leak: Tensor
    label: Tensor


def pack(examples: Sequence[Example]) -> Batch:
    """One batch."""
    import torch

    n, most = len(examples), max(len(one.lines) for one in examples)
    lines = _padded([tokens for one in examples for tokens in [*one.lines, *[[0]] * (most - len(one.lines))]])
    leak = _padded([words or [0] for one in examples for words in one.leak])
    told = np.array([[turn < len(one.lines) for turn in range(most)] for one in examples])
    leak = leak.reshape(n, len(examples[0].leak), -1) if leak.size else np.zeros((n, 0, 1), np.int64)
    context = _padded([one.context for one in examples])
    heard, is_heard = _clips([one.heard for one in examples], most, np.float32)
    seen, is_seen = _clips([one.seen for one in examples], most, np.uint8)
    return Batch(
        lines=torch.from_numpy(lines.reshape(n, most, -1)), context=torch.from_numpy(context),
        told=torch.from_numpy(told), heard=torch.from_numpy(heard), is_heard=torch.from_numpy(is_heard),
        seen=torch.from_numpy(seen), is_seen=torch.from_numpy(is_seen),
        profile=torch.tensor([one.profile for one in examples]), leak=torch.from_numpy(leak),
        label=torch.tensor([one.label for one in examples]))


def _padded(rows: Sequence[list[int]]) -> NDArray[np.int64]:
    table = np.zeros((len(rows), max((len(row) for row in rows), default=0)), np.int64)
    for place, row in enumerate(rows):
        table[place, :len(row)] = row
    return table


def _clips(rows: Sequence[tuple[Any, ...]], most: int, kind: type[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    first = next((clip for row in rows for clip in row if clip is not None), None)
    shape = (0,) if first is None else first.shape
    there = np.zeros((len(rows), most), bool)
    table = np.zeros((len(rows), most, *shape), kind)
    for place, row in enumerate(rows):
        for turn, clip in enumerate(row):
            if clip is not None:
                table[place, turn], there[place, turn] = clip, True
    return table, there
