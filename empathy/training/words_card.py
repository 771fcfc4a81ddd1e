"""The words network's card: what it finds in GoEmotions dev, by label and length, and where it had better be silent."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..metrics import confusion
from ..text.emotion import NAME, SPEC, CompactWords
from ..text.goemotions import FOLD, LABELS, fold
from ..text.measure import Comments, choose, figures, label_f1, read_all
from ..text.read_words import confidence_of
from ..text.vocabulary import tokens
from ..types import EMOTIONS
from .report import machine, save_confusion, save_curves, table, write_card

LENGTHS = (6, 12, 20)
"""Borders in tokens between short and long comments."""
BELOW = (0.15, 0.25, 0.35, 0.5)
"""Confidences under which the page could abstain; 0.25 is its default."""


def write_words_card(path: Path, dev: Comments, history: Sequence[Mapping[str, float]], *, command: str, seed: int,
                     minutes: float, n_train: int) -> None:
    """Measure the exported file on dev, which neither weights nor thresholds have seen; write card and pictures.

    Args:
        path: the file.
        dev: the comments.
        history: a row for each epoch of the first member.
        command: what made the file.
        seed: its seed.
        minutes: the members' time of training.
        n_train: how many comments there were to learn from.
    """
    engine = SPEC.load((path,))
    started = time.process_time()
    probabilities = read_all(engine, dev.texts)
    ms = 1000.0 * (time.process_time() - started) / len(dev.texts)
    said = choose(engine, probabilities)
    each = label_f1(dev.truth, said)
    measured = {**figures(dev.truth, said), "ms_per_item": ms,
                "calibration_error": float(np.abs(probabilities.mean(axis=0) - dev.truth.mean(axis=0)).max())}
    card = {"name": NAME, "task": "words", "file": path.name, "size_mb": path.stat().st_size / 1e6, "labels": LABELS,
            "trained_on": "GoEmotions train, and made sentences (prompts/words_lessons.toml)", "n_train": n_train,
            "measured_on": "GoEmotions dev, on which neither weights nor thresholds were fitted",
            "terms": SPEC.licence, "command": command, "seed": seed, "minutes": minutes,
            "machine": machine(["torch", "numpy"]), "figures": measured, "f1": each,
            "by_length": by_length(dev, said), "abstention": abstention(engine, dev, probabilities, said),
            "contaminated": [], "limits": LIMITS}
    write_card(path.with_suffix(""), card, _text(card, dev))
    save_curves(path.with_name("loss.png"), history, (("loss", "unseen_loss"), ("unseen_precision",)))
    save_confusion(path.with_name("confusion.png"), folded_confusion(dev.truth, probabilities), EMOTIONS)


def by_length(dev: Comments, said: NDArray[np.bool_]) -> dict[str, Mapping[str, object]]:
    """Figures of short and long comments, by their number of tokens."""
    group = np.digitize([len(tokens(text)) for text in dev.texts], LENGTHS)
    names = (f"below {LENGTHS[0]}", f"{LENGTHS[0]} to {LENGTHS[1] - 1}", f"{LENGTHS[1]} to {LENGTHS[2] - 1}",
             f"from {LENGTHS[2]}")
    return {name: figures(dev.truth[group == k], said[group == k]) for k, name in enumerate(names)
            if (group == k).any()}


def abstention(engine: CompactWords, dev: Comments, probabilities: NDArray[np.float64], said: NDArray[np.bool_]
               ) -> list[dict[str, float]]:
    """How many comments get an answer, and how many of those have a label right, where weak answers are held back."""
    trust = np.array([confidence_of(text, float(row.max()), engine.read(text).known, 1.0)
                      for text, row in zip(dev.texts, probabilities, strict=True)])
    right = (said & dev.truth).any(axis=1)
    return [{"below": limit, "coverage": float((trust >= limit).mean()),
             "one_label_right": float(right[trust >= limit].mean())} for limit in (0.0, *BELOW)
            if (trust >= limit).any()]


def folded_confusion(truth: NDArray[np.bool_], probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """Counts (rows: truth) over our eight emotions, of the comments whose labels are all of one emotion."""
    belongs = np.array([[FOLD[label] == emotion for emotion in EMOTIONS] for label in LABELS])
    told = (truth.astype(int) @ belongs) > 0
    here = told.sum(axis=1) == 1
    answered = np.array([EMOTIONS.index(fold(row).top) for row in probabilities[here]], dtype=np.int64)
    return confusion(told[here].argmax(axis=1), answered, len(EMOTIONS))


def _text(card: Mapping[str, Any], dev: Comments) -> str:
    found = card["figures"]
    labels = [(label, f"{dev.truth[:, k].sum()}", f"{card['f1'][label]:.2f}") for k, label in enumerate(LABELS)]
    lengths = [(name, f"{row['n']}", *(f"{row[key]:.3f}" for key in ("macro_f1", "micro_f1", "macro_f1_folded")))
               for name, row in card["by_length"].items()]
    held = [(f"{row['below']:.2f}", f"{row['coverage']:.3f}", f"{row['one_label_right']:.3f}")
            for row in card["abstention"]]
    return CARD.format(
        command=card["command"], seed=card["seed"], minutes=card["minutes"], size=card["size_mb"],
        n_train=card["n_train"], ms=found["ms_per_item"], n=len(dev.texts), macro=found["macro_f1"],
        micro=found["micro_f1"], folded=found["macro_f1_folded"], table=table(labels, ("label", "in dev", "F1")),
        lengths=table(lengths, ("tokens", "n", "macro-F1", "micro-F1", "macro-F1, folded")),
        held=table(held, ("confidence below", "answered", "one label right among them")),
        limits="\n".join(f"- {line}" for line in card["limits"]))


LIMITS = (
    "English, as written on Reddit; other languages show as a low share of known words, and the reading abstains.",
    "Short comments judged without their context; irony is mostly missed.",
    "Negation, understatement, emoji and shouting were taught by made sentences; turns that none of them holds are "
    "still read by their words.",
    "Grief, relief and pride are rare in the data: their F1 rests on 13 to 18 dev comments each.",
    "Contempt is none of the labels and is never given.",
    "Raters were English speakers from India; what they read into a comment need not be what its writer felt.",
)

CARD = """# words.safetensors

Reads 28 emotions in an English sentence: an average of small GRU networks over words and letter n-grams, on NumPy.

| | |
|---|---|
| Data | GoEmotions train ({n_train} Reddit comments, CC BY 4.0, Demszky et al. 2020) |
| Made sentences | negation, understatement, signs, shouting (`prompts/words_lessons.toml`), our own |
| Second task, does not ship | 2,770 situations of EmpatheticDialogues (CC BY-NC 4.0, Rashkin et al. 2019) |
| Terms | MIT for the code; because of the second task the weights are for research, non-commercial use |
| Command | `{command}` |
| Seed, time | {seed}, {minutes:.0f} minutes |
| Size | {size:.1f} MB |

Measured on GoEmotions dev ({n} comments), on which neither weights nor thresholds were fitted: each member leaves a
sixth or an eighth of the training comments out, and thresholds and calibration come from those. Sizes, rates and the
choice of members were made with dev at hand.

| macro-F1, 28 labels | micro-F1 | macro-F1, folded to ours | processor ms a sentence |
|---|---|---|---|
| {macro:.3f} | {micro:.3f} | {folded:.3f} | {ms:.1f} |

{table}

## By length
{lengths}

## Held back where unsure
{held}

## Limits
{limits}
"""
