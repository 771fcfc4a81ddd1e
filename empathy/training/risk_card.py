"""The risk classifier's card: what the rules and it together find and miss, by kind, length and collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..metrics import auc
from ..text.risk import NAME, SPEC, Limits
from .report import machine, save_confusion, save_curves, save_lines, table, write_card
from .risk_data import Example

RATES = (0.01, 0.03, 0.05, 0.08, 0.1, 0.15)
"""False-alarm rates at which the classifier's recall is told."""
LENGTHS = (70, 120, 300, 800)
"""Borders in characters between short and long messages."""
LEAST = 10
"""Texts of a kind that are enough for a line of its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """Texts that a fit had not seen; ``likely`` (n,): probability of a crisis; ``said`` (n,): called one."""

    examples: Sequence[Example]
    likely: NDArray[np.float64]
    said: NDArray[np.bool_]


def write_risk_card(path: Path, measured: Measured, *, history: Sequence[Mapping[str, float]], limits: Limits,
                    seed: int, minutes: float) -> None:
    """Write card and pictures beside the exported file."""
    figures = risk_figures(measured)
    command = f"python -m empathy train risk --out RUN --seed {seed}"
    card: dict[str, Any] = {
        "name": NAME, "task": "risk", "file": path.name, "size_mb": path.stat().st_size / 1e6, "trained_on": TRAINED_ON,
        "measured_on": "messages in five folds, limits chosen on the other four; held-out sentences of our own",
        "terms": SPEC.licence, "command": command, "seed": seed, "minutes": minutes,
        "machine": machine(["numpy", "scipy", "torch"]),
        "limits_of_leaning": {name: getattr(limits, name) for name in Limits.__slots__}, "figures": figures,
        "contaminated": [], "limits": LIMITS}
    write_card(path.with_suffix(""), card, _text(card))
    save_curves(path.with_name("loss.png"), history, (("loss", "unseen_loss"),))
    crisis, source = _truth(measured), _sources(measured)
    lines = {name: _curve(crisis[source == name], measured.likely[source == name])
             for name in ("messages", "own, seen") if 0 < crisis[source == name].sum() < (source == name).sum()}
    save_lines(path.with_name("curve.png"), lines, ("false-alarm rate", "recall"))
    here = source == "messages"
    counts = [[int((here & (crisis == true) & (measured.said == answered)).sum()) for answered in (False, True)]
              for true in (False, True)]
    save_confusion(path.with_name("confusion.png"), counts, ("no crisis", "crisis"))


def risk_figures(measured: Measured) -> dict[str, Any]:
    """Rates by source, kind, length and collection, and the classifier's recall at several false-alarm rates."""
    crisis, source = _truth(measured), _sources(measured)
    here = source == "messages"
    length = np.digitize([len(example.text) for example in measured.examples], LENGTHS)
    names = [f"below {LENGTHS[0]}", *(f"{a} to {b}" for a, b in pairwise(LENGTHS)),
             f"from {LENGTHS[-1]}"]
    kind = np.array([example.kind for example in measured.examples])
    collection = np.array([example.collection for example in measured.examples])
    x, y = _curve(crisis[here], measured.likely[here])
    by_source = {name: _rates(measured, source == name) for name in dict.fromkeys(source.tolist())}
    return {
        **{key: by_source["messages"][key] for key in ("recall", "false_alarm_rate", "auc")},
        "recall_at": {f"{rate:g}": float(y[x <= rate].max(initial=0.0)) for rate in RATES}, "by_source": by_source,
        "by_kind": {name: {"n": int((kind == name).sum()), "called_crisis": float(measured.said[kind == name].mean())}
                    for name in dict.fromkeys(kind.tolist()) if (kind == name).sum() >= LEAST},
        "by_length": {name: _rates(measured, here & (length == k)) for k, name in enumerate(names)
                      if (here & (length == k)).any()},
        "by_collection": {name: _rates(measured, here & (collection == name))
                          for name in sorted(set(collection[here].tolist()))}}


def _rates(measured: Measured, here: NDArray[np.bool_]) -> dict[str, Any]:
    crisis, said = _truth(measured)[here], measured.said[here]
    both = 0 < crisis.sum() < len(crisis)
    return {"n": len(crisis), "n_crisis": int(crisis.sum()),
            "recall": float(said[crisis].mean()) if crisis.any() else None,
            "false_alarm_rate": float(said[~crisis].mean()) if (~crisis).any() else None,
            "auc": auc(crisis, measured.likely[here]) if both else None}


def _curve(crisis: NDArray[np.bool_], likely: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """False-alarm rate and recall at every threshold of the classifier."""
    ranked = crisis[np.argsort(-likely)]
    return np.cumsum(~ranked) / max(int((~ranked).sum()), 1), np.cumsum(ranked) / max(int(ranked.sum()), 1)


def _truth(measured: Measured) -> NDArray[np.bool_]:
    return np.array([example.crisis for example in measured.examples])


def _sources(measured: Measured) -> NDArray[np.str_]:
    return np.array([example.source for example in measured.examples])


def _text(card: Mapping[str, Any]) -> str:
    found = card["figures"]

    def shown(rows: Mapping[str, Mapping[str, Any]], name: str) -> str:
        return table([(key, f"{row['n']}", f"{row['n_crisis']}", _share(row["recall"]), _share(row["false_alarm_rate"]),
                       _share(row["auc"])) for key, row in rows.items()],
                     (name, "n", "crises", "recall", "false alarms", "AUC of the classifier"))

    kinds = [(name, f"{row['n']}", f"{row['called_crisis']:.3f}") for name, row in found["by_kind"].items()]
    at = [[f"{value:.3f}" for value in found["recall_at"].values()]]
    return CARD.format(
        trained=card["trained_on"], terms=card["terms"], command=card["command"], seed=card["seed"],
        minutes=card["minutes"], size=card["size_mb"], sources=shown(found["by_source"], "texts"),
        at=table(at, tuple(found["recall_at"])), lengths=shown(found["by_length"], "characters"),
        collections=shown(found["by_collection"], "collection"), kinds=table(kinds, ("kind", "n", "called a crisis")),
        limits="\n".join(f"- {line}" for line in card["limits"]))


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


TRAINED_ON = ("2,044 help-seeking messages labelled three times by gpt-4o-mini (Arnaiz-Rodriguez et al. 2026); "
              "GoEmotions comments and EmpatheticDialogues situations as no crisis; made sentences "
              "(prompts/risk_lessons.toml); our own sentences, without those held out")
LIMITS = (
    "A helper, not a diagnosis: it misses crises and raises false alarms at the rates above.",
    "English only. Spanish, French, German, Portuguese and Italian get the plainest phrases of five categories, "
    "about fifteen further languages those of suicide alone, by rules; no figure is claimed for them.",
    "The messages' labels come from a language model, which calls the same plain worry a crisis in one message and "
    "none in the next; where it calls strong anxiety or addiction a crisis, so do we.",
    "Rules, thesaurus and made sentences were written with these messages and the seen sentences of our own at hand, "
    "so the cross-validated figures flatter; what is \"held out\", \"at length\", \"fresh\" or \"blind\" was never "
    "learned from, though the same people wrote the first three.",
    "What is told sideways in new words (\"own, blind\": by somebody who knew neither rules nor texts), irony, and "
    "crises of others are its weak sides.",
)

CARD = """# risk.safetensors

The classifier behind the risk rules (`prompts/risk_rules.toml`): linear over hashed n-grams, concepts
(`prompts/risk_concepts.toml`), what the rules found, and the text encoder's vector (encoder.md); a small network over
the last two has a say of 0.3 beside it. The figures are those of all together, as the system uses them.

| | |
|---|---|
| Data | {trained} |
| Terms | {terms} |
| Command | `{command}` |
| Seed, time | {seed}, {minutes:.1f} minutes |
| Size | {size:.1f} MB |

{sources}

"messages", "everyday" and "own, seen" are cross-validated, their limits chosen on the other folds; "held out", "at
length" (stories of the messages' kind), "fresh" and "blind" were never fitted and are measured with the shipped file.
"everyday, held out" is GoEmotions dev, all of it.

The classifier's recall among the messages at a false-alarm rate of:

{at}

## By length of the message
{lengths}

## By collection that the message came from
{collections}

## By kind, where there are ten of it
{kinds}

## Limits
{limits}
"""
