"""``train risk``: the classifier behind the risk rules, from help-seeking messages to the file and its card."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..text.encoder import bundled_encoder
from ..text.risk import CLASSES, FILE, Limits, RiskJudge, danger, decide, leaning, load_scorer, overruling
from ..text.risk_concepts import load_concepts
from ..text.risk_features import see
from ..text.risk_rules import Finding, Rules, load_rules
from ..text.vocabulary import tokens
from .command import add_folders, data_folder, say, say_made
from .report import make_run_folder
from .risk_card import Measured, write_risk_card
from .risk_data import HELD_OUT, MESSAGES, Example, read_everyday, read_lessons, read_messages, read_own
from .risk_fit import Fitted, Inputs, fit, predict, vectors

FOLDS = 5
MOST_FALSE = {"messages": 0.075, "own, seen": 0.085, "everyday": 0.0055}
"""False-alarm rates allowed on texts that a fit had not seen. Everyday sentences in which the rules see a crisis are
not among them, so that all of them may come to 0.007."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """All texts that are learned from, what the rules found in each, and their features; ``fold``: shape (n,), the fold
    that measures a text, -1 where none does; ``held``: texts that are only measured."""

    examples: Sequence[Example]
    findings: Sequence[Finding]
    inputs: Inputs
    fold: NDArray[np.int64]
    held: Sequence[Example]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_folders(parser, "text/")
    parser.add_argument("--own", type=Path, default=Path("tests/data"), metavar="FOLDER",
                        help="folder of risk_hard_negatives.jsonl and risk_positives.jsonl (tests/data)")
    parser.add_argument("--seed", type=int, default=1, help="draws everyday sentences, folds, and first weights (1)")


def run(arguments: argparse.Namespace) -> int:
    """Train as told; what was made is said on standard error."""
    data = data_folder(arguments, seed=0)
    made = train_risk(data, arguments.own, arguments.out, seed=arguments.seed, progress=say)
    say_made(made)
    return 0


def train_risk(data: Path, own: Path, out: Path, *, seed: int = 1,
               progress: Callable[[str], None] = lambda line: None) -> Path:
    """Fit on all but one fold in turn, choose the limits on what each fit had not seen, fit on all, export, write card.

    Args:
        data: folder that holds ``text/``.
        own: folder with our own sentences; those of ``HELD_OUT`` are measured, never fitted.
        out: folder of the run. An interrupted run goes on from the folds that lie there.
        seed: draws the everyday sentences, the lessons, the folds and the network's first weights.
        progress: gets a line a step.

    Returns:
        The safetensors file.

    Raises:
        InputError: a file is not there or of another layout, or ``out`` can't be written.
    """
    started = time.monotonic()
    rules = load_rules()
    material = gather(data, own, rules, seed)
    progress(f"rules have read {len(material.examples)} texts")
    make_run_folder(out)
    shares, history = cross_validated(material, out, seed, progress)
    limits = choose_limits(material, shares, material.fold >= 0)
    path = out / FILE
    export(path, fit(material.inputs, material.examples, np.ones(len(shares), bool), seed), limits)
    progress("measuring what was held out")
    write_risk_card(path, _measured(material, shares, RiskJudge(rules, load_scorer(path))), history=history,
                    limits=limits, seed=seed, minutes=(time.monotonic() - started) / 60)
    return path


def gather(data: Path, own: Path, rules: Rules, seed: int) -> Material:
    """Read all texts and their features. Everyday sentences in which the rules see a crisis are not learned from."""
    concepts = load_concepts()
    told = [*read_messages(data / MESSAGES), *read_everyday(data, seed), *read_lessons(seed), *read_own(own)]
    examples = [example for example in told if example.source not in HELD_OUT]
    findings = [rules.read(example.text) for example in examples]
    keep = [i for i, example in enumerate(examples)
            if example.source != "everyday" or not any(cue.crisis for cue in findings[i].cues)]
    examples, findings = [examples[i] for i in keep], [findings[i] for i in keep]
    seen = [see(tokens(example.text), finding, concepts) for example, finding in zip(examples, findings, strict=True)]
    encoder = bundled_encoder()
    meanings = np.array([encoder.read(example.text) for example in examples])
    return Material(examples=examples, findings=findings, inputs=vectors(examples, seen, meanings),
                    fold=np.array([_fold(example, seed) for example in examples]),
                    held=[example for example in told if example.source in HELD_OUT])


def _fold(example: Example, seed: int) -> int:
    """Texts that begin alike, as some messages do, share a fold."""
    return -1 if example.source == "lesson" else crc32(f"{seed} {example.text[:40].lower()}".encode()) % FOLDS


def cross_validated(material: Material, out: Path, seed: int, progress: Callable[[str], None]
                    ) -> tuple[NDArray[np.float64], list[dict[str, float]]]:
    """Class shares of every text from a fit that had not seen it, shape (n, 8; NaN where no fold measures it), and each
    fold's losses. Folds that an interrupted run left in ``out`` are read back."""
    shares = np.full((len(material.examples), len(CLASSES)), np.nan)
    target = np.array([example.target for example in material.examples])
    history: list[dict[str, float]] = []
    for k in range(FOLDS):
        here, stored = material.fold == k, out / f"fold-{k + 1}.npz"
        learned = ~here
        if stored.is_file() and (kept := np.load(stored))["seed"] == seed and len(kept["shares"]) == len(shares):
            found = kept["shares"]
        else:
            found = predict(fit(material.inputs, material.examples, learned, seed), material.inputs).astype(np.float32)
            part = stored.with_suffix(".part.npz")  # a run that is killed meanwhile must not find half a file
            np.savez_compressed(part, shares=found, seed=seed)
            part.replace(stored)
        shares[here] = found[here]
        losses = -(target * np.log(np.maximum(found, 1e-9))).sum(axis=1)
        history.append({"epoch": float(k + 1), "loss": float(losses[learned].mean()),
                        "unseen_loss": float(losses[here].mean())})
        progress(f"fold {k + 1} of {FOLDS}: loss {history[-1]['loss']:.3f}, unseen {history[-1]['unseen_loss']:.3f}")
    return shares, history


def _measured(material: Material, shares: NDArray[np.float64], judge: RiskJudge) -> Measured:
    """What the system says of every text that a fit had not seen: by cross-validation, with limits chosen on the other
    folds, or, for what is held out, by the shipped file."""
    likely = danger(shares)
    said = np.zeros(len(likely), bool)
    for k in range(FOLDS):
        here = material.fold == k
        limits = choose_limits(material, shares, (material.fold >= 0) & ~here)
        said[here] = [decide(material.findings[i].cues, shares[i], limits) == "crisis" for i in np.flatnonzero(here)]
    measured = np.flatnonzero(material.fold >= 0)
    risks = [judge.assess(example.text) for example in material.held]
    told = [risk.probability for risk in risks if risk.probability is not None]  # all: the judge has a classifier
    return Measured(examples=[*(material.examples[i] for i in measured), *material.held],
                    likely=np.concatenate([likely[measured], told]),
                    said=np.concatenate([said[measured], [risk.level == "crisis" for risk in risks]]))


def choose_limits(material: Material, shares: NDArray[np.float64], among: NDArray[np.bool_]) -> Limits:
    """The limits with the highest recall whose false alarms stay within ``MOST_FALSE``, over all weights of
    everyday talk; recall counts messages, and our own sentences half as much.

    Args:
        material: all texts.
        shares: class shares of fits that had not seen the text, shape (n, 8).
        among: texts to choose by.
    """
    ruled = np.array([overruling(finding.cues, one) for finding, one in zip(material.findings, shares, strict=True)])
    crisis = np.array([example.crisis for example in material.examples])
    source = np.array([example.source for example in material.examples])
    bad = {name: among & (source == name) & ~crisis for name in MOST_FALSE}
    good = [(share, among & (source == name) & crisis) for name, share in (("messages", 1.0), ("own, seen", 0.5))]
    best, chosen = -1.0, Limits(everyday=1.0, crisis=1.0, concern=1.0)
    for everyday in EVERYDAY:
        lean = np.where(ruled, 1.0, leaning(shares, everyday))
        least = max(_least(lean[here], MOST_FALSE[name]) for name, here in bad.items() if here.any())
        recall = sum(share * float((lean[here] >= least).mean()) for share, here in good if here.any())
        if recall > best:
            best, chosen = recall, Limits(everyday=everyday, crisis=least, concern=CONCERN * least)
    return chosen


def _least(lean: NDArray[np.float64], most_false: float) -> float:
    """The lowest limit that at most this share of texts without danger reach, as exact as it is stored."""
    highest_below = np.sort(lean)[::-1][int(most_false * len(lean))]
    return float(np.nextafter(np.float32(highest_below), np.float32(2.0)))


EVERYDAY = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
CONCERN = 0.6
"""The limit of a concern, of a crisis's; set by us, since there are too few concerns to choose by."""


def export(path: Path, fitted: Fitted, limits: Limits) -> None:
    """Write the classifier, as ``text/risk.py`` reads it; features without any say are left out."""
    from safetensors.numpy import save_file

    from ..text.network import small

    loud = np.abs(fitted.weights).max(axis=1) > 1e-3
    weights, scale = small(fitted.weights[loud].astype(np.float32))
    save_file({"keys": fitted.keys[loud], "rarity": fitted.rarity[loud].astype(np.float16), "weights": weights,
               "scale": scale, "meaning": fitted.meaning.astype(np.float16), "bias": fitted.bias.astype(np.float32),
               **fitted.network.stored(),
               "limits": np.array([getattr(limits, name) for name in Limits.__slots__], np.float32)},
              path, metadata={"made_by": "python -m empathy train risk"})
