"""Where the clip of a line lies: the names that AvaMERG gives, and those that its baseline renames to.

    as it comes     dia{number, five digits}utt{index from 0}_{identity of who speaks}.wav|.mp4
    renamed         dia{number without zeros}utt{index + 1}.wav|.mp4

The baseline's renaming reads one digit of the index, so that line 10 and on all become ``utt2``: in a renamed folder
that holds no ``utt11`` of a conversation so long, its ``utt2`` may be another line's clip and is not trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from .schema import Conversation, Utterance

Medium: TypeAlias = Literal["audio", "video"]
FOLDERS: Mapping[Medium, tuple[str, str]] = {"audio": ("audio_v5_0", ".wav"), "video": ("video_v5_0", ".mp4")}

_NAME = re.compile(r"dia(\d+)utt(\d+)(?:_(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """The clips of one folder by what their names say. ``stray`` files have names of neither form."""

    raw: Mapping[tuple[int, int], Mapping[int, Path]]
    """By number and index, then by identity."""
    renamed: Mapping[tuple[int, int], Path]
    """By number and index (counted from 0 here too)."""
    stray: tuple[Path, ...]

    @property
    def n_files(self) -> int:
        """Clips with a name of either form."""
        return sum(len(found) for found in self.raw.values()) + len(self.renamed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One line's file; without a path ``problem`` says why there is none."""

    path: Path | None
    problem: Literal["missing", "doubtful", "claimed twice"] | None = None


def shelf(data: Path, medium: Medium) -> Shelf:
    """List a medium's folder; one that is not there holds nothing."""
    folder, suffix = FOLDERS[medium]
    raw: dict[tuple[int, int], dict[int, Path]] = {}
    renamed: dict[tuple[int, int], Path] = {}
    stray: list[Path] = []
    for path in sorted((data / folder).iterdir()) if (data / folder).is_dir() else ():
        match = _NAME.fullmatch(path.stem) if path.suffix.lower() == suffix else None
        if match is None:
            stray.append(path)
        elif match[3] is None:
            renamed[int(match[1]), int(match[2]) - 1] = path
        else:
            raw.setdefault((int(match[1]), int(match[2])), {})[int(match[3])] = path
    return Shelf(raw=raw, renamed=renamed, stray=tuple(stray))


def find_clip(found: Shelf, conversation: Conversation, line: Utterance) -> Clip:
    """The clip of a line. Where the profile tells no identity, as in test.json, one clip of the right number and index
    is taken whoever speaks."""
    number = int(conversation.number)
    who = conversation.speaker if line.role == "speaker" else conversation.listener
    named = found.raw.get((number, line.index), {})
    if who.identity is not None and who.identity in named:
        return Clip(path=named[who.identity])
    if who.identity is None and len(named) == 1:
        return Clip(path=next(iter(named.values())))
    renamed = found.renamed.get((number, line.index))
    if renamed is None:
        return Clip(path=None, problem="missing")
    if line.index == 1 and _may_be_overwritten(found, conversation):
        return Clip(path=None, problem="doubtful")
    return Clip(path=renamed)


def _may_be_overwritten(found: Shelf, conversation: Conversation) -> bool:
    late = [line.index for line in conversation.utterances if line.index >= 10]
    return bool(late) and not any((int(conversation.number), index) in found.renamed for index in late)


def clips(
    found: Shelf, conversations: Iterable[Conversation]
) -> Iterator[tuple[Conversation, Utterance, Clip]]:
    """Every line with its clip. A file that several conversations claim (their number repeats) belongs to none."""
    rows = [(conversation, line, find_clip(found, conversation, line))
            for conversation in conversations for line in conversation.utterances]
    owners: dict[Path, set[str]] = {}
    for conversation, _, clip in rows:
        if clip.path is not None:
            owners.setdefault(clip.path, set()).add(conversation.key)
    for conversation, line, clip in rows:
        shared = clip.path is not None and len(owners[clip.path]) > 1
        yield conversation, line, Clip(path=None, problem="claimed twice") if shared else clip
