"""What the risk classifier learns from and is measured on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..text.goemotions import LABELS
from ..text.measure import read_comments
from ..text.risk import CLASSES
from ..types import RiskCategory
from .risk_lessons import draw_lessons
from .words_lessons import lessons as words_lessons

MESSAGES = ("text/crisis/between_help_and_harm/"
            "gpt-4o-mini-labeled-sampled_dataset_n_2046_nPerD168_seed0-merged-labels.json")
CATEGORY_OF: dict[str, RiskCategory] = {
    "suicidal_ideation": "suicidal thoughts", "self-harm": "self-harm", "violent_thoughts": "harm to others",
    "risk_taking_behaviours": "self-harm", "substance_abuse_or_withdrawal": "substance",
    "anxiety_crisis": "acute distress"}
N_COMMENTS = 8000
N_CALM = 2000
HELD_OUT = ("own, held out", "own, at length", "own, fresh", "own, blind", "everyday, held out")
"""Sources that are measured, never fitted."""
WEIGHT = {"messages": 1.0, "everyday": 0.5, "lesson": 0.4, "own, seen": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """One text. ``target``: shape (8,), the share of its labellings for each class; ``source`` and ``kind`` say where
    it comes from; ``collection``: which of the gathered collections of messages."""

    text: str
    target: NDArray[np.float64]
    crisis: bool
    source: str
    kind: str
    collection: str = ""

    @property
    def weight(self) -> float:
        """How much it counts in the fit."""
        return WEIGHT.get(self.source, 0.0)


def read_messages(path: Path) -> list[Example]:
    """Help-seeking messages with the share of three labellings for each class.

    Raises:
        InputError: the file can't be read.
    """
    try:
        rows = [row for row in json.loads(path.read_text(encoding="utf-8")) if row["label"]]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path} can't be read as labelled messages ({error})") from error
    examples: list[Example] = []
    for row in rows:
        target = np.zeros(len(CLASSES))
        for label in row["all_labels"]:
            target[CLASSES.index(CATEGORY_OF[label]) if label in CATEGORY_OF else 0] += 1.0 / len(row["all_labels"])
        examples.append(Example(text=" ".join(row["inputs"]), target=target, crisis=row["label"] != "no_crisis",
                                source="messages", kind=row["label"], collection=str(row.get("dataset_id", ""))))
    return examples


def read_everyday(data: Path, seed: int) -> list[Example]:
    """Everyday sentences that stand for no crisis: comments and all situations that people told, and, held out, the
    comments of GoEmotions dev."""
    from .words import read_situations

    comments = read_comments(data / "text/goemotions/original/train.tsv").texts
    told, _ = read_situations(data / "text/empatheticdialogues/jointmatch_situation_dev.csv")
    chosen = np.random.default_rng(seed).permutation(len(comments))[:N_COMMENTS]
    dev = read_comments(data / "text/goemotions/original/dev.tsv").texts
    return [*(_of(text, "everyday", "everyday") for text in [*(comments[i] for i in chosen), *told]),
            *(_of(text, "everyday", "everyday, held out") for text in dev)]


def read_lessons(seed: int) -> list[Example]:
    """Made sentences, and of those made for the words network the ones that are neither sad nor afraid, as everyday
    talk: what they say in signs, jokes and negations must not sound like danger."""
    texts, truth = words_lessons(seed)
    low = truth[:, [LABELS.index(label) for label in ("sadness", "fear", "nervousness")]].any(axis=1)
    calm = [text for text, one in zip(texts, low, strict=True) if not one or not any(ch.isalpha() for ch in text)]
    chosen = np.random.default_rng(seed).permutation(len(calm))[:N_CALM]
    return [*(_of(lesson.text, lesson.category, "lesson") for lesson in draw_lessons(seed)),
            *(_of(calm[i], "everyday", "lesson") for i in sorted(chosen))]


def read_own(folder: Path) -> list[Example]:
    """Our own sentences; ``kind`` of a positive is its category, and ``asks`` marks one without danger that asks for
    help, as no everyday talk would.

    Raises:
        InputError: a file can't be read.
    """
    examples: list[Example] = []
    for name in ("risk_hard_negatives.jsonl", "risk_positives.jsonl"):
        try:
            rows = [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        except (OSError, ValueError) as error:
            raise InputError(f"{folder / name} can't be read ({error}): name its folder with --own") from error
        examples += [_of(row["text"], row["kind"] if row["is_crisis"] else "none", f"own, {row['part']}", row["kind"],
                         asks=row.get("asks", False)) for row in rows]
    return examples


def _of(text: str, category: str, source: str, kind: str = "", asks: bool = False) -> Example:
    """An example of one class; what is "none" may as well be everyday talk, unless it is known to ask for help."""
    target = np.zeros(len(CLASSES))
    target[CLASSES.index(category)] = 1.0
    if category == "none" and not asks:
        target[[0, CLASSES.index("everyday")]] = 0.5
    return Example(text=text, target=target, crisis=category not in {"none", "everyday"}, source=source,
                   kind=kind or source)
