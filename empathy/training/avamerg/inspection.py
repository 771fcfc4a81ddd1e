"""``avamerg inspect``: what a folder holds, and everything that is wrong with it, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...avamerg.classes import CLASSES
from ...capture.audio import load_sound
from ...capture.video import open_video
from ...errors import InputError
from ...settings import Settings
from .corpus import Corpus, Problem, read_corpus
from .labels import DOUBTFUL, fold
from .media import FOLDERS, Medium, shelf
from .schema import FIRST_ADDED, Conversation

Progress = Callable[[Iterable[Path]], Iterator[Path]]


def inspect(
    data: Path, settings: Settings, *, file: str = "train.json", switched: Sequence[str] = (), decode: bool = True,
    at_most: int = 20, progress: Progress = iter,
) -> dict[str, Any]:
    """Count and check.

    Args:
        data: the folder.
        settings: bounds of the capture readers.
        file: which list of conversations.
        switched: see ``labels.fold``.
        decode: open and decode every clip; without it only presence and size are looked at.
        at_most: problems of a kind that are listed; the others are counted.
        progress: wraps the loop over the clips.

    Returns:
        One plain object: ``conversations, blocks, labels, profiles, media, duplicates, problem_counts, problems``.

    Raises:
        InputError: see ``read_corpus``.
    """
    corpus = read_corpus(data, file=file, switched=switched)
    broken = clip_problems(corpus, data, settings, decode=decode, progress=progress)
    problems = [*corpus.problems, *broken]
    counts = Counter(problem.kind for problem in problems)
    return {
        "data": str(data), "file": file, "conversations": _sizes(corpus.conversations),
        "blocks": {name: _block([one for one in corpus.conversations if one.block == name])
                   for name in ("dialogues", "added")},
        "first_added_number": FIRST_ADDED, "labels": _label_table(corpus.conversations, switched),
        "profiles": {role: _profiles(corpus.conversations, role) for role in ("speaker", "listener")},
        "media": {medium: _media(corpus, medium, data, broken, decode=decode) for medium in FOLDERS},
        "duplicates": _duplicates(corpus.conversations, counts),
        "problem_counts": dict(sorted(counts.items())),
        "problems": {kind: [str(problem) for problem in problems if problem.kind == kind][:at_most]
                     for kind in sorted(counts)},
        "not_listed": {kind: n - at_most for kind, n in sorted(counts.items()) if n > at_most},
    }


def clip_problems(
    corpus: Corpus, data: Path, settings: Settings, *, decode: bool, progress: Progress = iter
) -> list[Problem]:
    """Clips of the speakers and listeners that are there and can't be used."""
    medium_of: dict[Path, Medium] = {
        clip.path: medium for medium, rows in corpus.clips.items() for clip in rows.values() if clip.path}
    found: list[Problem] = []
    for path in progress(sorted(medium_of)):
        where = str(path.relative_to(data))
        if path.stat().st_size == 0:
            found.append(Problem(kind="empty clip", where=where, what="0 bytes"))
        elif decode and (why := _undecodable(path, medium_of[path], settings)) is not None:
            found.append(Problem(kind="broken clip", where=where, what=why))
    return found


def _undecodable(path: Path, medium: Medium, settings: Settings) -> str | None:
    try:
        if medium == "audio":
            load_sound(path, settings)
        elif open_video(path, settings).n_frames == 0:
            return f"{path.name} holds no pictures"
    except InputError as error:
        return str(error)
    return None


def _sizes(conversations: Sequence[Conversation]) -> dict[str, Any]:
    spoken = [len(one.spoken) for one in conversations]
    return {"n": len(conversations), "n_labelled": sum(one.label is not None for one in conversations),
            "n_lines": sum(len(one.utterances) for one in conversations), "n_spoken_lines": sum(spoken),
            "spoken_lines_median": float(np.median(spoken)), "spoken_lines_most": max(spoken),
            "n_with_index_above_9": sum(one.utterances[-1].index > 9 for one in conversations)}


def _block(conversations: Sequence[Conversation]) -> dict[str, Any]:
    counts = Counter(one.label for one in conversations if one.label is not None)
    n = sum(counts.values())
    classes = {name: counts[place] for place, name in enumerate(CLASSES)}
    return {"n": len(conversations), "n_labelled": n, "classes": classes,
            "majority_share": round(max(classes.values()) / n, 4) if n else None}


def _label_table(conversations: Sequence[Conversation], switched: Sequence[str]) -> list[dict[str, Any]]:
    counts = Counter((one.fine.lower(), one.block) for one in conversations if one.fine is not None)
    table = fold(switched)
    rows: list[dict[str, Any]] = []
    for word in sorted({word for word, _ in counts}, key=lambda word: (table.get(word) or "~", word)):
        doubt = DOUBTFUL.get(word)
        rows.append({"word": word, "class": table.get(word), "dialogues": counts[word, "dialogues"],
                     "added": counts[word, "added"], "switched": word in switched,
                     "doubt": None if doubt is None else f"{doubt.other}? {doubt.why}"})
    return rows


def _profiles(conversations: Sequence[Conversation], role: str) -> dict[str, Any]:
    profiles = [one.speaker if role == "speaker" else one.listener for one in conversations]
    told: dict[str, Any] = {name: dict(Counter(str(getattr(one, name)) for one in profiles).most_common())
                            for name in ("age", "gender", "timbre")}
    identities = [one.identity for one in profiles if one.identity is not None]
    return {**told, "n_identities": len(set(identities)), "n_without_identity": len(profiles) - len(identities)}


def _media(corpus: Corpus, medium: Medium, data: Path, broken: Sequence[Problem], *, decode: bool) -> dict[str, Any]:
    found, rows = shelf(data, medium), corpus.clips[medium]
    folder = FOLDERS[medium][0]
    bad = Counter(problem.kind for problem in broken if Path(problem.where).parts[0] == folder)
    problems = Counter(clip.problem for clip in rows.values() if clip.problem is not None)
    used = {clip.path for clip in rows.values() if clip.path is not None}
    with_file = sum(clip.path is not None for clip in rows.values())
    return {"lines": len(rows), "files": found.n_files, "with_file": with_file,
            "raw_names": sum(len(files) for files in found.raw.values()), "renamed": len(found.renamed),
            "missing": problems["missing"], "doubtful": problems["doubtful"],
            "claimed_twice": problems["claimed twice"], "empty": bad["empty clip"],
            "broken": bad["broken clip"] if decode else None, "stray": len(found.stray),
            "of_no_line": found.n_files - len(used)}


def _duplicates(conversations: Sequence[Conversation], counts: Mapping[str, int]) -> dict[str, int]:
    def repeated(values: Iterable[str]) -> int:
        return sum(n - 1 for n in Counter(value for value in values if value).values())

    return {"numbers": counts.get("repeated number", 0), "copies_left_out": counts.get("copy left out", 0),
            "situations": repeated(one.situation_key for one in conversations),
            "conversations_with_equal_lines": repeated(one.content_key for one in conversations)}
