"""The card of the guard's classifier: what it was made from, and what it does alone and behind the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..metrics import auc
from ..reply.guard_scorer import CLASSES
from .guard_data import WEIGHT, Sentence
from .report import machine, save_confusion, table, write_card

COMMAND = "python -m empathy train guard --out RUN"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """``stopped``: shape (n,), by the classifier alone; ``ruled``: (n,), by the rules alone; ``both``: (n,), by the
    guard; ``shares``: (n, 8), those of a fit that had not seen the sentence, NaN for what is never fitted."""

    sentences: Sequence[Sentence]
    stopped: NDArray[np.bool_]
    ruled: NDArray[np.bool_]
    both: NDArray[np.bool_]
    shares: NDArray[np.float64]


def write_guard_card(path: Path, measured: Measured, *, limit: float, seed: int, minutes: float) -> None:
    """Write ``guard.json``, ``guard.md`` and a picture of what was taken for what, beside the file."""
    card = {"name": "guard", "task": "guard", "file": path.name, "size_mb": path.stat().st_size / 1e6,
            "trained_on": TRAINED_ON, "terms": TERMS, "command": COMMAND, "seed": seed, "minutes": minutes,
            "machine": machine(["numpy", "scipy"]), "limit": limit, "figures": guard_figures(measured),
            "limits": LIMITS}
    write_card(path.with_suffix(""), card, _text(card))
    own = np.array([one.source in ("guard", "more") for one in measured.sentences])
    truth = np.array([CLASSES.index(one.kind) for one in measured.sentences])[own]
    counts = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(counts, (truth, measured.shares[own].argmax(axis=1)), 1)
    save_confusion(path.with_name("confusion.png"), counts, CLASSES)


def guard_figures(measured: Measured) -> dict[str, Any]:
    """Recall by rule and false alarms by source, of the classifier, of the rules, and of both."""
    told = measured.sentences
    source, kind = np.array([one.source for one in told]), np.array([one.kind for one in told])
    fine = kind == CLASSES[0]

    def rates(here: NDArray[np.bool_]) -> dict[str, Any]:
        ways = {"classifier": measured.stopped, "rules": measured.ruled, "both": measured.both}
        return {"n": int(here.sum()), **{name: float(stopped[here].mean()) for name, stopped in ways.items()}}

    learned = np.isin(source, [name for name in WEIGHT if name != "composer"])
    return {"auc": auc(~fine[learned], 1.0 - measured.shares[learned, 0]),
            "recall": {name: rates((source == name) & ~fine) for name in ("guard", "more", "fresh", "blind")
                       if ((source == name) & ~fine).any()},
            "false_alarms": {name: rates((source == name) & fine) for name in dict.fromkeys(source.tolist())},
            "fresh_recall_by_rule": {name: rates((source == "fresh") & (kind == name)) for name in CLASSES[1:]
                                     if ((source == "fresh") & (kind == name)).any()}}


def _text(card: Mapping[str, Any]) -> str:
    def shown(rows: Mapping[str, Mapping[str, Any]], name: str) -> str:
        return table([(key, f"{row['n']}", *(f"{row[way]:.3f}" for way in ("classifier", "rules", "both")))
                      for key, row in rows.items()], (name, "n", "classifier", "rules", "both"))

    found = card["figures"]
    return CARD.format(trained=card["trained_on"], terms=card["terms"], command=card["command"], seed=card["seed"],
                       minutes=card["minutes"], size=card["size_mb"], limit=card["limit"], auc=found["auc"],
                       recall=shown(found["recall"], "forbidden sentences"),
                       alarms=shown(found["false_alarms"], "fine sentences"),
                       fresh=shown(found["fresh_recall_by_rule"], "fresh, by rule"),
                       limits="\n".join(f"- {line}" for line in card["limits"]))


TRAINED_ON = ("forbidden and fine sentences of our own (tests/data/guard_*.txt and guard_more_*.txt); sentences of "
              "prompts/composer and the composer's replies to half of 2,770 EmpatheticDialogues situations as fine")
TERMS = "research, non-commercial: the composer's replies take up EmpatheticDialogues situations (CC BY-NC 4.0)"
LIMITS = (
    "Made for single English sentences of a reply; it reads no context but whether the person said most of a sentence.",
    "The rules were written with the list guard at hand and mended with the fine sentences of more, so the columns "
    "of the rules and of both flatter there; fresh was written by somebody who saw no rule, and neither rules nor "
    "classifier were fitted to it. Blind was written before rules and lists were seen, but by the hand that wrote the "
    "later half of more, and what came too near to it was taken out: it flatters.",
    "Flat statements about the person or somebody near them, in words that also serve to take up what was told, are "
    "its weak side, and so is bad advice kindly put.",
    "Below a probability of 0.02 of anything forbidden it overrules a rule, but for links, leaks and length.",
    "Leaks of instructions and length are left to the rules.",
)

CARD = """# guard.safetensors

The classifier behind the guard's rules (`prompts/guard.toml`): linear over the text encoder's vector (`encoder.md`),
hashed n-grams, and the frames of the guard's classes of words. It stops what the rules let through where fine has a
probability of at most one minus {limit:.3f}.

| | |
|---|---|
| Data | {trained} |
| Terms | {terms} |
| Command | `{command}` |
| Seed, time | {seed}, {minutes:.1f} minutes |
| Size | {size:.1f} MB |
| AUC | {auc:.3f}, forbidden against fine, guard and more |

## Recall
{recall}

{fresh}

## False alarms
{alarms}

The classifier's figures for guard, more and composer are cross-validated in five folds, with the limit chosen on the
same folds; those for fresh, blind and "composer, unseen" (replies to the other half of the situations) are the
shipped file's. The rules are read as if everybody had told of a lost job alone; in use, what the person said may be
said back, and the composer's replies break nothing (`evaluate replies`).

## Limits
{limits}
"""
