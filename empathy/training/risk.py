"""``train risk``: the classifier behind the risk rules, from help-seeking messages to the file and its card."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..text.risk import CLASSES, FILE, Limits, decide, load_scorer
from ..text.risk_rules import Cue, load_rules
from ..types import RiskCategory
from .report import machine, table, write_card
from .risk_fit import Example, Fitted, fit, predict, vectors

MESSAGES = ("text/crisis/between_help_and_harm/"
            "gpt-4o-mini-labeled-sampled_dataset_n_2046_nPerD168_seed0-merged-labels.json")
CATEGORY_OF: dict[str, RiskCategory] = {
    "suicidal_ideation": "suicidal thoughts", "self-harm": "self-harm", "violent_thoughts": "harm to others",
    "risk_taking_behaviours": "self-harm", "substance_abuse_or_withdrawal": "substance",
    "anxiety_crisis": "acute distress"}
FOLDS = 5
MOST_FALSE = {"messages": 0.1, "own, seen": 0.05, "everyday": 0.01}
"""False-alarm rates allowed, set by us: to somebody in need, help too much is better than help too little."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    folder = os.environ.get("EMPATHY_DATA", "")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    parser.add_argument("--data", type=Path, default=Path(folder) if folder else None, metavar="FOLDER",
                        help="folder that holds text/ (EMPATHY_DATA)")
    parser.add_argument("--own", type=Path, default=Path("tests/data"), metavar="FOLDER",
                        help="folder of risk_hard_negatives.jsonl and risk_positives.jsonl (tests/data)")
    parser.add_argument("--seed", type=int, default=1, help="draws the everyday sentences and the folds (1)")


def run(arguments: argparse.Namespace) -> int:
    """Train as told; what was made is said on standard error."""
    if arguments.data is None:
        raise InputError("there is nothing to learn from: set EMPATHY_DATA or --data to the folder that holds text/")
    made = train_risk(arguments.data, arguments.own, arguments.out, seed=arguments.seed,
                      progress=lambda line: print(f"empathy: {line}", file=sys.stderr, flush=True))
    print(f"empathy: made {made} and its card risk.md; to ship them, copy {FILE}, risk.json and risk.md to "
          "empathy/weights", file=sys.stderr)
    return 0


def train_risk(data: Path, own: Path, out: Path, *, seed: int = 1,
               progress: Callable[[str], None] = lambda line: None) -> Path:
    """Fit on all but one fold in turn, choose the limits on what each fit had not seen, fit on all, export, write card.

    Args:
        data: folder that holds ``text/``.
        own: folder with our own sentences; their ``held out`` third is measured, never fitted.
        out: folder of the run.
        seed: draws the everyday sentences and the folds.
        progress: gets a line a step.

    Returns:
        The safetensors file.

    Raises:
        InputError: a file is not there or of another layout, or ``out`` can't be written.
    """
    started = time.monotonic()
    rules = load_rules()
    examples = [*read_messages(data / MESSAGES), *read_everyday(data, seed), *read_own(own)]
    cues = [rules.find(example.text) for example in examples]
    progress(f"rules have read {len(examples)} texts")
    keep = [i for i, (example, found) in enumerate(zip(examples, cues, strict=True))
            if example.source != "everyday" or not any(cue.crisis for cue in found)]
    examples, cues = [examples[i] for i in keep], [cues[i] for i in keep]
    held = np.array([example.source == "own, held out" for example in examples])
    fold = np.where(held, -1, [crc32(f"{seed} {example.text[:60].lower()}".encode()) % FOLDS for example in examples])
    inputs = vectors(examples, cues, ~held)
    shares = np.zeros((len(examples), len(CLASSES)))
    for k in range(FOLDS):
        fitted = fit(inputs, examples, (fold != k) & ~held)
        shares[fold == k] = predict(fitted, inputs)[fold == k]
        shares[held] += predict(fitted, inputs)[held] / FOLDS
        progress(f"fold {k + 1} of {FOLDS}")
    likely = 1.0 - shares[:, 0]
    limits = choose_limits(examples, cues, likely)
    try:
        out.mkdir(parents=True, exist_ok=True)
        path = out / FILE
        export(path, fit(inputs, examples, ~held), limits)
    except OSError as error:
        raise InputError(f"{out} can't be written ({error}): give another folder with --out") from error
    load_scorer(path)
    said = np.array([decide(found, float(p), limits) == "crisis" for found, p in zip(cues, likely, strict=True)])
    minutes = (time.monotonic() - started) / 60
    _card(path, examples, said, likely, limits, seed=seed, minutes=minutes)
    return path


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
                                source="messages", kind=row["label"], weight=1.0))
    return examples


def read_everyday(data: Path, seed: int) -> list[Example]:
    """Everyday sentences that stand for no crisis: 4,000 comments and all situations that people told."""
    from ..text.measure import read_comments
    from .words import read_situations

    comments = read_comments(data / "text/goemotions/original/train.tsv").texts
    told, _ = read_situations(data / "text/empatheticdialogues/jointmatch_situation_dev.csv")
    chosen = np.random.default_rng(seed).permutation(len(comments))[:4000]
    none = np.eye(len(CLASSES))[0]
    return [Example(text=text, target=none, crisis=False, source="everyday", kind="everyday", weight=0.3)
            for text in [*(comments[i] for i in chosen), *told]]


def read_own(folder: Path) -> list[Example]:
    """Our own sentences; ``kind`` of a positive is its category.

    Raises:
        InputError: a file can't be read.
    """
    examples: list[Example] = []
    for name in ("risk_hard_negatives.jsonl", "risk_positives.jsonl"):
        try:
            rows = [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        except (OSError, ValueError) as error:
            raise InputError(f"{folder / name} can't be read ({error}): name its folder with --own") from error
        for row in rows:
            kind = row["kind"] if row["is_crisis"] else "none"
            examples.append(Example(text=row["text"], target=np.eye(len(CLASSES))[CLASSES.index(kind)],
                                    crisis=row["is_crisis"], source=f"own, {row['part']}", kind=row["kind"],
                                    weight=2.0))
    return examples


def choose_limits(examples: Sequence[Example], cues: Sequence[tuple[Cue, ...]], likely: NDArray[np.float64]) -> Limits:
    """The limits with the highest recall whose false alarms stay within ``MOST_FALSE``; recall counts messages and our
    own seen positives alike."""
    firm = np.array([any(cue.crisis and not cue.softened for cue in found) for found in cues])
    soft = np.array([any(cue.crisis for cue in found) for found in cues]) & ~firm
    some = np.array([any(not cue.weak for cue in found) for found in cues]) & ~firm & ~soft
    weak = np.array([bool(found) for found in cues]) & ~firm & ~soft & ~some
    crisis = np.array([example.crisis for example in examples])
    source = np.array([example.source for example in examples])
    bad = {name: (source == name) & ~crisis for name in MOST_FALSE}
    good = [(source == name) & crisis for name in ("messages", "own, seen")]
    best, chosen = -1.0, Limits(crisis=0.1, softened=0.6, concern=0.5, alone=0.6, unsure=0.25)
    for a, b, c, d in product((0.03, 0.06, 0.1, 0.2), (0.4, 0.5, 0.6), (0.15, 0.2, 0.25, 0.3, 0.4, 0.5),
                              (0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)):
        said = likely >= np.where(firm, a, np.where(soft, b, np.where(some, c, np.where(weak, min(c, d), d))))
        recall = float(np.mean([said[here].mean() for here in good])) - a * 1e-3
        if recall > best and all(not here.any() or said[here].mean() <= MOST_FALSE[name] for name, here in bad.items()):
            best, chosen = recall, Limits(crisis=a, softened=b, concern=c, alone=d, unsure=d / 2)
    return chosen


def export(path: Path, fitted: Fitted, limits: Limits) -> None:
    """Write the classifier, as ``text/risk.py`` reads it; features without any say are left out."""
    from safetensors.numpy import save_file

    from ..text.network import small

    loud = np.abs(fitted.weights).max(axis=1) > 1e-3
    weights, scale = small(fitted.weights[loud].astype(np.float32))
    save_file({"keys": fitted.keys[loud], "rarity": fitted.rarity[loud].astype(np.float16), "weights": weights,
               "scale": scale, "bias": fitted.bias.astype(np.float32),
               "limits": np.array([getattr(limits, name) for name in Limits.__slots__], np.float32)},
              path, metadata={"made_by": "python -m empathy train risk"})


def _card(path: Path, examples: Sequence[Example], said: NDArray[np.bool_], likely: NDArray[np.float64], limits: Limits,
          *, seed: int, minutes: float) -> None:
    """Measure what was not seen (cross-validated, or held out) and write the card."""
    from ..metrics import auc

    crisis = np.array([example.crisis for example in examples])
    source = np.array([example.source for example in examples])
    kind = np.array([example.kind for example in examples])
    by_source: dict[str, Any] = {}
    for name in dict.fromkeys(source.tolist()):
        here = source == name
        by_source[name] = {
            "n": int(here.sum()), "n_crisis": int((here & crisis).sum()),
            "recall": float(said[here & crisis].mean()) if (here & crisis).any() else None,
            "false_alarm_rate": float(said[here & ~crisis].mean()) if (here & ~crisis).any() else None,
            "auc": auc(crisis[here], likely[here]) if (here & crisis).any() else None}
    by_kind = {name: {"n": int((kind == name).sum()), "called_crisis": float(said[kind == name].mean())}
               for name in dict.fromkeys(kind.tolist())}
    command = f"python -m empathy train risk --out RUN --seed {seed}"
    figures = {"recall": by_source["messages"]["recall"], "false_alarm_rate": by_source["messages"]["false_alarm_rate"],
               "auc": by_source["messages"]["auc"], "by_source": by_source, "by_kind": by_kind}
    card = {"name": "rules+classifier@1", "task": "risk", "file": path.name, "size_mb": path.stat().st_size / 1e6,
            "trained_on": TRAINED_ON, "measured_on": "five-fold cross-validation; own held-out third never fitted",
            "terms": TERMS, "command": command, "seed": seed, "minutes": minutes,
            "machine": machine(["numpy", "scipy"]),
            "limits_of_probability": {name: getattr(limits, name) for name in Limits.__slots__}, "figures": figures,
            "contaminated": [], "limits": LIMITS}
    shown = [(name, f"{row['n']}", _share(row["recall"]), _share(row["false_alarm_rate"]), _share(row["auc"]))
             for name, row in by_source.items()]
    kinds = [(name, f"{row['n']}", f"{row['called_crisis']:.2f}") for name, row in by_kind.items()]
    write_card(path, card, CARD.format(
        trained=TRAINED_ON, terms=TERMS, command=command, seed=seed, minutes=minutes, size=path.stat().st_size / 1e6,
        sources=table(shown, ("texts", "n", "recall", "false alarms", "AUC of the classifier")),
        kinds=table(kinds, ("kind", "n", "called a crisis")), limits="\n".join(f"- {line}" for line in LIMITS)))


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


TRAINED_ON = ("2,044 help-seeking messages labelled three times by gpt-4o-mini (Arnaiz-Rodriguez et al. 2026); "
              "4,000 GoEmotions comments and 2,770 EmpatheticDialogues situations as no crisis; two thirds of our own "
              "sentences")
TERMS = "MIT for the code; the messages and EmpatheticDialogues are for research and non-commercial use"
LIMITS = (
    "A helper, not a diagnosis: it misses crises and raises false alarms at the rates above.",
    "English only. Spanish, French, German, Portuguese and Italian get the plainest phrases of five categories, "
    "about fifteen further languages those of suicide alone, by rules; no figure is claimed for them.",
    "The messages' labels come from a language model: where it calls strong anxiety or addiction a crisis, so do we.",
    "The rules were written with these messages and the seen two thirds of our own sentences at hand, so their "
    "cross-validated figures flatter; the held-out third was never looked at.",
    "What is told sideways in new words, irony, and crises of others are its weak sides.",
)

CARD = """# risk.safetensors

The classifier behind the risk rules (`prompts/risk_rules.toml`): linear over hashed n-grams and what the rules found.
The figures are those of both together, as the system uses them.

| | |
|---|---|
| Data | {trained} |
| Terms | {terms} |
| Command | `{command}` |
| Seed, time | {seed}, {minutes:.1f} minutes |
| Size | {size:.1f} MB |

{sources}

"messages", "everyday" and "own, seen" are cross-validated; "own, held out" was neither fitted nor looked at.

{kinds}

## Limits
{limits}
"""
