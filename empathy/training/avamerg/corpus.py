"""A data set of conversations from a folder, with everything that is wrong with it said by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ...errors import InputError
from .labels import fold
from .media import FOLDERS, Clip, Medium, clips, shelf
from .schema import BadRecordError, Conversation, read_conversation

ProblemKind: TypeAlias = Literal[
    "wrong record", "unknown label", "no label", "repeated number", "copy left out", "one situation, two labels",
    "missing clip", "doubtful clip", "clip claimed twice", "empty clip", "broken clip", "stray file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: with which record or file, and what."""

    kind: ProblemKind
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corpus:
    """Conversations in the order of the file, the clips of their speakers' lines, and the problems met.

    ``clips`` holds for each medium the clip of (key of the conversation, index of the line), for both roles.
    """

    conversations: tuple[Conversation, ...]
    clips: Mapping[Medium, Mapping[tuple[str, int], Clip]]
    problems: tuple[Problem, ...]
    leaky: bool

    def labelled(self) -> tuple[Conversation, ...]:
        """Those that can be learned from."""
        return tuple(one for one in self.conversations if one.label is not None)

    def counts(self) -> dict[str, int]:
        """How often each kind of problem was met."""
        return dict(sorted(Counter(problem.kind for problem in self.problems).items()))


def read_corpus(
    data: Path, *, file: str = "train.json", switched: Sequence[str] = (), leaky: bool = False
) -> Corpus:
    """Read the conversations of a folder and look up their clips, without opening any.

    Args:
        data: folder with ``train.json``, ``audio_v5_0/`` and ``video_v5_0/``.
        file: which list of conversations.
        switched: see ``labels.fold``.
        leaky: also keep what leaks the label.

    Raises:
        InputError: the folder or the list is not there or is no JSON list, or none of its records can be used.
    """
    table = fold(switched)
    records = _records(data / file)
    problems: list[Problem] = []
    read: list[Conversation] = []
    for place, record in enumerate(records):
        try:
            one = read_conversation(record, table, leaky=leaky)
        except BadRecordError as error:
            name = record.get("conversation_id") if isinstance(record, Mapping) else None
            problems.append(Problem(kind="wrong record", where=f"record {place + 1} (conversation {name})",
                                    what=str(error)))
            continue
        read.append(one)
    if not read:
        first = f"; the first: {problems[0].what}" if problems else ""
        raise InputError(f"{data / file} holds no conversation that can be used{first}")
    kept = _told_apart(read, problems)
    problems += _label_problems(kept, labelled=file == "train.json")
    found: dict[Medium, Mapping[tuple[str, int], Clip]] = {}
    for medium in FOLDERS:
        found[medium] = _clips_of(data, medium, kept, problems)
    return Corpus(conversations=kept, clips=found, problems=tuple(problems), leaky=leaky)


def _records(path: Path) -> list[Any]:
    if not path.is_file():
        raise InputError(f"there is no {path}: --data needs the folder that holds {path.name}, audio_v5_0 and "
                         "video_v5_0 (python -m empathy avamerg sample makes a small one)")
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path} can't be read as JSON ({error}); take the whole file again") from error
    if not isinstance(records, list):
        raise InputError(f"{path} holds a {type(records).__name__}, not a list of conversations")
    return records


def _told_apart(read: Sequence[Conversation], problems: list[Problem]) -> tuple[Conversation, ...]:
    """Copies of one conversation left out, later ones of one number given keys of their own."""
    seen: dict[str, list[Conversation]] = {}
    kept: list[Conversation] = []
    for one in read:
        before = seen.setdefault(one.number, [])
        if any(other.content_key == one.content_key and other.label == one.label for other in before):
            problems.append(Problem(kind="copy left out", where=f"conversation {one.number}",
                                    what="the same number, lines and label stand in the file before"))
            continue
        named = replace(one, key=f"{one.number}#{len(before) + 1}") if before else one
        if before:
            problems.append(Problem(kind="repeated number", where=f"conversation {one.number}",
                                    what=f"another conversation has this number; this one is called {named.key}"))
        before.append(named)
        kept.append(named)
    return tuple(kept)


def _label_problems(kept: Sequence[Conversation], *, labelled: bool) -> list[Problem]:
    problems: list[Problem] = []
    told: dict[str, Conversation] = {}
    for one in kept:
        where = f"conversation {one.key}"
        if one.fine is not None and one.label is None:
            problems.append(Problem(kind="unknown label", where=where,
                                    what=f"{one.fine!r} has no class: not learned from"))
        if one.fine is None and labelled:
            problems.append(Problem(kind="no label", where=where, what="not learned from"))
        first = told.setdefault(one.situation_key, one) if one.situation_key else one
        if first.label != one.label:
            problems.append(Problem(kind="one situation, two labels", where=where,
                                    what=f"conversation {first.key} tells of the same situation as {first.fine}, this "
                                         f"one as {one.fine}"))
    return problems


def _clips_of(
    data: Path, medium: Medium, kept: Sequence[Conversation], problems: list[Problem]
) -> dict[tuple[str, int], Clip]:
    found = shelf(data, medium)
    problems += [Problem(kind="stray file", where=str(path.relative_to(data)), what="its name says no conversation")
                 for path in found.stray]
    kinds: Mapping[str, ProblemKind] = {
        "missing": "missing clip", "doubtful": "doubtful clip", "claimed twice": "clip claimed twice"}
    reasons = {
        "missing": "there is no file for it",
        "doubtful": "the baseline's renaming writes line 10 and on over it, and no later line has a file of its own",
        "claimed twice": "conversations of the same number claim one file"}
    rows: dict[tuple[str, int], Clip] = {}
    for one, line, clip in clips(found, kept):
        rows[one.key, line.index] = clip
        if clip.problem is not None:
            problems.append(Problem(kind=kinds[clip.problem], what=reasons[clip.problem],
                                    where=f"{medium} of conversation {one.key}, {line.role}'s line {line.index}"))
    return rows
