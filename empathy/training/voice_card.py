"""The card of the compact voice network: what it was made of, and what its members score on unheard actors."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import metrics
from ..audio.tone_compact import CLASSES, SPEC, fold, load_file
from ..labels import HIGH_AROUSAL, LOW_AROUSAL
from ..logits import softmax
from ..registry import digest
from ..types import EMOTIONS, SAMPLE_RATE_HZ
from .report import abstention, machine, save_confusion, save_curves, scores, table, write_card
from .voice_data import CALM_PLACE, NORMAL_SHARE, Clip
from .voice_fit import Member, Recipe

DATA = ("RAVDESS speech (Livingstone & Russo 2018), actors 01 to 18, nine women and nine men: two sentences in North "
        "American English, eight emotions, two intensities (neutral: one), acted in a studio. Background sounds mixed "
        "under the voices: the non-human classes of ESC-10 and our own noise.")
TERMS = "CC BY-NC-SA 4.0, as RAVDESS: research, non-commercial, share alike (see LICENSE in this folder)."
AFFECT = (f"The affect heads learnt derived targets, not ratings of the clips: the place of the label's word in "
          f"Russell & Mehrabian 1977 (empathy.affect), scaled by {NORMAL_SHARE} at normal intensity; calm, which that "
          f"list lacks, at {CALM_PLACE} by our choice.")
LIMITS = (
    "It hears how a voice would be labelled, not what a person feels; actors exaggerate.",
    "Two sentences of one language by eighteen adults: other languages, children, the old and spontaneous speech were "
    "not measured here, and must be expected to fare clearly worse.",
    "With new actors and a new sentence at once, accuracy falls (docs/experiments.md gives the figures).",
    "Calm and neutral, sad and calm are mixed up most; contempt is never answered.",
)
FOUR = {"angry": "angry", "happy": "happy", "neutral": "neutral", "calm": "neutral", "sad": "sad"}
_COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5, 0.3)
_ABSTAIN_BELOW = (0.35, 0.5, 0.7)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutOfFold:
    """What the members of a fold, averaged, said of the clips they had left out.

    ``scores``: log-probabilities, shape (n, 8); ``affect``: shape (n, 3); ``spoilt``: scores of sound-augmented
    variants of the same clips, shape (n_variants, n, 8); ``fold``: the fold of its actor, shape (n,).
    """

    scores: NDArray[np.float64]
    affect: NDArray[np.float64]
    spoilt: NDArray[np.float64]
    fold: NDArray[np.int64]


def write_voice_card(path: Path, members: Sequence[Member], clips: Sequence[Clip], heard: OutOfFold, *,
                     temperature: float, targets: NDArray[np.float32], recipe: Recipe, seed: int,
                     command: str) -> None:
    """Measure the members and the exported file; write its card and pictures beside it."""
    engine = load_file(path)
    card: dict[str, Any] = {
        "name": SPEC.name, "stage": SPEC.stage, "engine": engine.name, "file": path.name, "sha256": digest(path),
        "size_mb": path.stat().st_size / 1e6, "members": len(members),
        "parameters": sum(p.numel() for one in members for p in one.network.parameters()),
        "licence": SPEC.licence, "data": DATA, "terms": TERMS, "affect": AFFECT, "limits": list(LIMITS),
        "n_train": len(clips), "command": command, "seed": seed,
        "training_seconds": sum(one.seconds for one in members),
        "machine": machine(("torch", "numpy", "onnxruntime")), "recipe": asdict(recipe),
        "calibration": {"temperature": temperature}, "labels": list(CLASSES),
        "ms_for_5_s": _milliseconds(engine.listen),
        "validation": figures(clips, heard, temperature, targets),
    }
    write_card(path.with_suffix(""), card, page(card))
    save_confusion(path.with_name("confusion.png"), card["validation"]["confusion"], CLASSES)
    history = [{"epoch": float(e + 1), "loss": float(np.mean([one.losses[e] for one in members]))}
               for e in range(len(members[0].losses))]
    save_curves(path.with_name("loss.png"), history, (("loss",),))


def figures(clips: Sequence[Clip], heard: OutOfFold, temperature: float,
            targets: NDArray[np.float32]) -> dict[str, Any]:
    """Cross-validation over actors: every clip answered by the members that had left its actor out."""
    truth = np.array([clip.label for clip in clips])
    probabilities = softmax(heard.scores / temperature)
    folds = [scores(truth[heard.fold == k], probabilities[heard.fold == k]) for k in np.unique(heard.fold)]
    answer, n = probabilities.argmax(1), len(CLASSES)
    _, risk = metrics.risk_coverage(probabilities.max(1), answer == truth)
    groups = {"gender": [clip.gender for clip in clips], "speaker": [clip.speaker for clip in clips],
              "intensity": ["strong" if clip.strong else "normal" for clip in clips]}
    spoilt = [scores(truth, softmax(logits / temperature)) for logits in heard.spoilt]
    return {
        "set": f"RAVDESS, actors left out in {len(folds)} folds", "n": len(truth),
        **{key: float(np.mean([fold[key] for fold in folds])) for key in ("accuracy", "uar")},
        "ece": metrics.ece(probabilities.max(1), answer == truth),
        "accuracy_by_fold": [fold["accuracy"] for fold in folds],
        "macro_f1": metrics.macro_f1(truth, answer, n),
        "recall": dict(zip(CLASSES, metrics.recalls(truth, answer, n), strict=True)),
        "n_by_label": dict(zip(CLASSES, np.bincount(truth, minlength=n), strict=True)),
        "confusion": metrics.confusion(truth, answer, n), "four": _four(truth, probabilities),
        "arousal_auc": _arousal_auc(clips, heard.affect[:, 1]),
        "ccc": {axis: metrics.ccc(targets[:, k], heard.affect[:, k])
                for k, axis in enumerate(("valence", "arousal", "dominance"))},
        **{f"by_{name}": _by_group(values, truth, probabilities) for name, values in groups.items()},
        "spoilt": {key: float(np.mean([one[key] for one in spoilt])) for key in spoilt[0]} if spoilt else {},
        "risk_coverage": [{"coverage": share, "risk": float(risk[max(0, int(np.ceil(share * len(risk))) - 1)])}
                          for share in _COVERAGES],
        "abstention": _abstention(truth, probabilities),
    }


def _by_group(values: Sequence[str], truth: NDArray[np.int64],
              probabilities: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    inside = {name: np.array(values) == name for name in sorted(set(values))}
    return {name: {"n": int(rows.sum()), **scores(truth[rows], probabilities[rows])} for name, rows in inside.items()}


def _four(truth: NDArray[np.int64], probabilities: NDArray[np.float64]) -> dict[str, float]:
    """Angry, happy, neutral (with calm) and sad alone, as other corpora have them."""
    names = sorted(set(FOUR.values()))
    member = np.array([[FOUR.get(name) == four for four in names] for name in CLASSES], dtype=np.float64)
    kept = member[truth].any(axis=1)
    true, answer = member[truth[kept]].argmax(1), (probabilities[kept] @ member).argmax(1)
    return {"n": int(kept.sum()), "accuracy": metrics.accuracy(true, answer),
            "uar": metrics.uar(true, answer, len(names))}


def _arousal_auc(clips: Sequence[Clip], arousal: NDArray[np.float64]) -> float:
    names = [CLASSES[clip.label] for clip in clips]
    high = np.array([name in HIGH_AROUSAL and clip.strong for name, clip in zip(names, clips, strict=True)])
    low = np.array([name in LOW_AROUSAL for name in names])
    return metrics.auc(high[high | low], arousal[high | low])


def _abstention(truth: NDArray[np.int64], probabilities: NDArray[np.float64]) -> list[dict[str, float]]:
    """How many clips get an answer, and how many of those are right, where weak answers are held back; calm counts as
    neutral, as on the page."""
    ours = [EMOTIONS.index("neutral" if name == "calm" else name) for name in CLASSES]
    folded = np.array([fold(row).array() for row in probabilities])
    top, right = folded.max(1), folded.argmax(1) == np.array(ours)[truth]
    return abstention(top, right, _ABSTAIN_BELOW)


def _milliseconds(listen: Any) -> float:
    """Processor time for 5 s of sound, the least of five."""
    sound = np.random.default_rng(0).normal(0, 0.01, 5 * SAMPLE_RATE_HZ).astype(np.float32)
    taken: list[float] = []
    for _ in range(5):
        began = time.process_time()
        listen(sound)
        taken.append(1000 * (time.process_time() - began))
    return min(taken)


def page(card: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    recipe = ", ".join(f"{key} {value}" for key, value in card["recipe"].items())
    versions = ", ".join(f"{name} {value}" for name, value in card["machine"].items())
    limits = "\n".join(f"- {line}" for line in card["limits"])
    return f"""# {card['engine']}: the tone of a voice

{card['members']} convolutional networks over log-mel bands and pitch tracks, averaged; {card['parameters']:,} \
parameters, {card['size_mb']:.1f} MB; 5 s of voice take {card['ms_for_5_s']:.0f} ms on one core, features included. \
Speech in; calibrated probabilities of eight classes and valence, arousal, dominance with their standard deviation \
out. The training command measured and wrote every number here.

**Data.** {card['data']} {card['n_train']:,} clips; most of what a member saw of them was changed in speed, room, \
noise, line and tilt. {card['affect']}

**Terms.** {card['terms']}

**Command.** `{card['command']}` with EMPATHY_DATA set; seed {card['seed']}; \
{card['training_seconds'] / 60:.0f} minutes by the clock, summed over the members ({versions}). Recipe: {recipe}.

{_results(card['validation'], card['calibration']['temperature'])}

## Limits

{limits}
"""


def _results(found: Mapping[str, Any], temperature: float) -> str:
    per_label = [[name, str(found["n_by_label"][name]), f"{found['recall'][name]:.3f}"] for name in CLASSES]
    rows = {"all": found, **found["by_gender"], **{f"{name} intensity": row for name, row in
                                                   found["by_intensity"].items()}, "spoilt": found["spoilt"]}
    groups = [[name, *(f"{row[key]:.3f}" for key in ("accuracy", "uar", "ece"))] for name, row in rows.items() if row]
    actors = sorted((row["accuracy"], name) for name, row in found["by_speaker"].items())
    middle = float(np.median([value for value, _ in actors]))
    risks = [[f"{row['coverage']:.2f}", f"{row['risk']:.3f}"] for row in found["risk_coverage"]]
    held = [[f"{row['below']:.2f}", f"{row['coverage']:.3f}", f"{row['accuracy']:.3f}"] for row in found["abstention"]]
    folds = ", ".join(f"{value:.3f}" for value in found["accuracy_by_fold"])
    agreement = ", ".join(f"{axis} {value:.2f}" for axis, value in found["ccc"].items())
    n_folds = len(found["accuracy_by_fold"])
    return f"""## On actors not heard in training ({found['n']:,} clips, {n_folds} folds of actors)

Every clip is answered by the members that had left its actor out; accuracy and UAR are means over the folds. The \
average of all members that ships can't be measured on these clips, since most of its members have heard them. One \
number, the temperature ({temperature:.3f}), was chosen on these answers.

Accuracy **{found['accuracy']:.3f}** (folds: {folds}), mean recall over eight classes (UAR) **{found['uar']:.3f}**, \
macro-F1 {found['macro_f1']:.3f}, calibration error (ECE, 15 bins) {found['ece']:.3f}. Angry, happy, neutral with \
calm, and sad alone: UAR {found['four']['uar']:.3f}. Arousal, strong angry, fearful, happy and surprised against calm, \
neutral and sad: AUC {found['arousal_auc']:.3f}. Concordance with the derived targets: {agreement}.

{table(per_label, ('emotion', 'clips', 'recall'))}

{table(groups, ('clips', 'accuracy', 'UAR', 'ECE'))}

"Spoilt" are the same clips with other speed, room, noise, line. Actor by actor accuracy reaches from \
{actors[0][0]:.3f} ({actors[0][1]}) to {actors[-1][0]:.3f} ({actors[-1][1]}), median {middle:.3f}.

Risk among the surest answers:

{table(risks, ('share answered', 'wrong'))}

Answers held back below a probability, calm counted as neutral (the page multiplies it by how well the voice could be \
heard, and holds back below 0.35):

{table(held, ('below', 'coverage', 'accuracy of the rest'))}"""
