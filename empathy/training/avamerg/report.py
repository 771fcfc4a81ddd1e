"""What a run leaves in its folder beside its configuration: figures, pictures, predictions, problems and a card."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...avamerg.classes import CLASSES
from ..report import machine, save_confusion, save_curves, table
from .corpus import Problem
from .examples import Examples

PACKAGES = ("torch", "transformers", "accelerate", "numpy")
FIGURES = ("accuracy", "macro_f1", "weighted_precision", "weighted_recall", "weighted_f1", "uar", "ece")

LEAKY = ("> **LEAKY RUN.** The network was given what describes the label (situation, chain of empathy, reply, topic). "
         "Its figures say nothing about reading feelings and must not be set beside others.")
PERMUTED = "> **PERMUTED LABELS.** Trained on shuffled labels, to see what chance gives."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """Rows that were answered: keys of the conversations, their blocks and true classes."""

    keys: tuple[str, ...]
    blocks: tuple[str, ...]
    labels: NDArray[np.int64]

    @classmethod
    def of(cls, examples: Examples) -> Told:
        """Those of some examples."""
        return cls(keys=tuple(one.key for one in examples.conversations), labels=examples.labels,
                   blocks=tuple(one.block for one in examples.conversations))


def write_report(
    folder: Path, metrics: Mapping[str, Any], history: Sequence[Mapping[str, float]],
    told: Mapping[str, tuple[Told, NDArray[np.float64]]], problems: Sequence[Problem],
) -> None:
    """Write ``metrics.json, environment.json, history.json, curves.png, confusion.png, confusion.csv,
    predictions-*.csv, problems.txt`` and ``card.md``.

    Args:
        folder: of the run.
        metrics: all figures.
        history: one row an epoch; empty for late fusion.
        told: for each part the rows and their probabilities.
        problems: everything that was wrong with the data.
    """
    _json(folder / "metrics.json", metrics)
    _json(folder / "environment.json", {**machine(PACKAGES), "command": " ".join(sys.argv[1:])})
    if history:
        _json(folder / "history.json", history)
        save_curves(folder / "curves.png", history, [["loss"], ["val_macro_f1", "val_accuracy"]])
    counts = metrics["test"]["confusion"]
    save_confusion(folder / "confusion.png", counts, CLASSES)
    _table(folder / "confusion.csv", ["labelled", *CLASSES], [[name, *row] for name, row in zip(CLASSES, counts,
                                                                                               strict=True)])
    for part, (answered, probabilities) in told.items():
        rows = [[key, block, CLASSES[label], *(f"{value:.6f}" for value in row)] for key, block, label, row in zip(
            answered.keys, answered.blocks, answered.labels, probabilities, strict=True)]
        _table(folder / f"predictions-{part}.csv", ["conversation", "block", "label", *CLASSES], rows)
    (folder / "problems.txt").write_text("".join(f"{problem.kind}\t{problem}\n" for problem in problems),
                                         encoding="utf-8")
    (folder / "card.md").write_text(card(metrics, Counter(problem.kind for problem in problems)),
                                    encoding="utf-8")


def card(metrics: Mapping[str, Any], problems: Mapping[str, int]) -> str:
    """The model card, in Markdown."""
    test = metrics["test"]
    marks = [mark for mark, on in ((LEAKY, metrics["leaky"]), (PERMUTED, metrics["permuted_labels"])) if on]
    blocks = {"all": test, **test["blocks"]}
    overall = table([[name, str(part["n"]), *(_show(part[figure]) for figure in FIGURES)]
                     for name, part in blocks.items()], ["rows", "n", *(name.replace("_", " ") for name in FIGURES)])
    base = test["majority"]
    each = table([[name, str(row["n"]), *(_show(row[figure]) for figure in ("precision", "recall", "f1"))]
                  for name, row in test["per_class"].items()], ["class", "n", "precision", "recall", "F1"])
    parts = [f"# AvaMERG, {metrics['model']} model", *marks,
             f"Trained on {metrics['n']['train']} conversations, chosen on {metrics['n']['val']}, measured on "
             f"{metrics['n']['test']} that share no number and no situation with them. Modalities: "
             f"{', '.join(metrics['modalities'])}. Logits are divided by a temperature of "
             f"{metrics['temperature']:.3f}, fitted on validation.",
             "## Test part", overall,
             f"Always answering the commonest class of training ({base['answer']}) gives accuracy "
             f"{_show(base['accuracy'])} and macro-F1 {_show(base['macro_f1'])} on all rows; accuracy by block: "
             + ", ".join(f"{name} {_show(value)}" for name, value in base["blocks"].items()) + ".",
             "Macro-F1 is the mean over the classes that occur. The added block holds nearly one label: a network "
             "gains there by telling the block, so the row `dialogues` counts.",
             "## By class", each, "Confusion: `confusion.png`, `confusion.csv`."]
    if test.get("ablations"):
        rows = [[name, _show(row["accuracy"]), _show(row["macro_f1"]), _show(row["dialogues"]["macro_f1"])]
                for name, row in test["ablations"].items()]
        parts += ["## Ablations", table(rows, ["given", "accuracy", "macro F1", "macro F1, dialogues"]),
                  "The same network with modalities hidden from it. `train --modalities` trains one without them."]
    if metrics.get("late"):
        parts += ["## Fusion", _late(metrics["late"])]
    if metrics["clips"]:
        parts += ["## Data", _data(metrics["clips"], problems)]
    parts += ["## Use", "Faces and voices of AvaMERG are generated, and carry a label that was given to the whole "
              "conversation. Expect poor transfer to people. There is no neutral class. The text derives from "
              "EmpatheticDialogues (CC BY-NC 4.0): weights trained on it are for non-commercial use.",
              f"Reproduce: `python -m empathy {' '.join(sys.argv[1:])}`" if sys.argv[1:2] == ["train"] else ""]
    return "\n\n".join(part for part in parts if part) + "\n"


def _data(clips: Mapping[str, Any], problems: Mapping[str, int]) -> str:
    lines = [f"{medium}: {row['lines']} lines of the speaker, {row['without_clip']} without a clip, "
             f"{row['unreadable']} unreadable"
             + (f", {row['without_face']} without a face that was found" if "without_face" in row else "")
             for medium, row in clips.items()]
    told = ", ".join(f"{kind} {n}" for kind, n in sorted(problems.items())) or "none"
    return "\n".join([*(f"- {line}" for line in lines), f"- problems, all named in `problems.txt`: {told}"])


def _late(late: Mapping[str, Any]) -> str:
    rows = [[name, _show(row["val_macro_f1"]), _show(row["val_log_loss"]), "chosen" if name == late["chosen"] else ""]
            for name, row in late["candidates"].items()]
    return table(rows, ["way", "macro F1, validation", "log loss, validation", ""])


def _show(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def _table(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
