"""Which conversations are learned from, which choose and which measure: whole situations, both blocks alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from ...errors import InputError
from .schema import Conversation

Part: TypeAlias = Literal["train", "val", "test"]
PARTS: tuple[Part, ...] = ("train", "val", "test")
SHARES = (0.6, 0.2, 0.2)
"""As the 83.15 % was measured, so that figures can be set side by side; AvaMERG has no official labelled parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Keys of the conversations of each part."""

    seed: int
    train: tuple[str, ...]
    val: tuple[str, ...]
    test: tuple[str, ...]

    def keys(self, part: Part) -> tuple[str, ...]:
        """The keys of one part."""
        return {"train": self.train, "val": self.val, "test": self.test}[part]


def make_split(conversations: Sequence[Conversation], seed: int) -> Split:
    """Deal the labelled conversations out.

    Conversations of one number or one situation stay together. Within each block and class the groups are shuffled and
    each goes to the part that lacks most of its share, so that every part holds both blocks in the same proportion.

    Args:
        conversations: of one corpus; those without a label are left out.
        seed: of the shuffling.

    Raises:
        InputError: there are fewer than three groups.
    """
    rng = np.random.default_rng(seed)
    groups = _groups([one for one in conversations if one.label is not None])
    if len(groups) < len(PARTS):
        raise InputError(f"{len(groups)} labelled situations are too few to split; at least {len(PARTS)} are needed")
    strata: dict[tuple[str, int], list[list[Conversation]]] = {}
    for group in groups:
        strata.setdefault((group[0].block, group[0].label or 0), []).append(group)
    dealt: dict[Part, list[str]] = {part: [] for part in PARTS}
    total = dict.fromkeys(PARTS, 0)
    for _, stratum in sorted(strata.items()):
        inside = dict.fromkeys(PARTS, 0)
        n_so_far, n_in = sum(total.values()), 0
        for place in rng.permutation(len(stratum)):
            group = stratum[int(place)]
            n_in += len(group)
            lack = [(share * n_in - inside[part], share * (n_so_far + n_in) - total[part], -place)
                    for place, (part, share) in enumerate(zip(PARTS, SHARES, strict=True))]
            part = PARTS[-max(lack)[2]]
            inside[part] += len(group)
            total[part] += len(group)
            dealt[part] += [one.key for one in group]
    empty = [part for part in PARTS if not dealt[part]]
    if empty:
        raise InputError(f"the data are too few: nothing is left for {', '.join(empty)}")
    return Split(seed=seed, **{part: tuple(sorted(keys)) for part, keys in dealt.items()})


def write_split(path: Path, split: Split) -> None:
    """As JSON, with what it is for people to read."""
    about = "conversations of each part; those of one number or one situation stay together, blocks and classes alike"
    path.write_text(json.dumps({"about": about, **asdict(split)}, indent=1) + "\n", encoding="utf-8")


def read_split(path: Path) -> Split:
    """What ``write_split`` wrote.

    Raises:
        InputError: it is not there or not of this form.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Split(seed=int(fields["seed"]), **{part: tuple(map(str, fields[part])) for part in PARTS})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} can't be read as the split of a run ({error}); train the run again") from error


def choose(conversations: Sequence[Conversation], keys: Sequence[str], where: Path) -> tuple[Conversation, ...]:
    """The conversations of some keys, in the order of the keys.

    Raises:
        InputError: the data do not hold one of them.
    """
    known = {one.key: one for one in conversations}
    lost = [key for key in keys if key not in known]
    if lost:
        raise InputError(f"{len(lost)} conversations of the run are not in {where} (the first: {lost[0]}); give the "
                         "data that the run was made with")
    return tuple(known[key] for key in keys)


def _groups(conversations: Sequence[Conversation]) -> list[list[Conversation]]:
    """Conversations tied together by a number or a situation, in order of their first one."""
    parent = list(range(len(conversations)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first: dict[str, int] = {}
    for place, one in enumerate(conversations):
        for tie in (f"number {int(one.number)}", one.situation_key and f"situation {one.situation_key}"):
            if tie:
                a, b = root(first.setdefault(tie, place)), root(place)
                parent[max(a, b)] = min(a, b)
    groups: dict[int, list[Conversation]] = {}
    for place, one in enumerate(conversations):
        groups.setdefault(root(place), []).append(one)
    return list(groups.values())
