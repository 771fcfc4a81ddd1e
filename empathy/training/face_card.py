"""The card of the compact expression network: what it was made of, and what the exported file scores."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import metrics
from ..registry import digest
from ..types import EMOTIONS
from ..vision.expression_compact import SPEC, CompactExpression, load_file
from .face_augment import DEGRADATIONS, degrade
from .face_data import Faces
from .face_export import Calibration
from .face_fit import Member, Recipe
from .report import abstention, machine, save_confusion, save_curves, scores, table, write_card

DATA = ("FER2013 (Goodfellow et al. 2013): pictures from the web, 48 x 48 grey, official splits, with the FER+ votes "
        "of ten people a picture (Barsoum et al. 2016) as soft labels. Rows that are duplicates across splits or show "
        "no face were left out, single votes dropped as outliers.")
TERMS = ("Research, non-commercial: the rights in the pictures are unresolved; the votes are MIT. The network is not "
         "under the MIT licence of the code (see LICENSE in this folder).")
LIMITS = (
    "It names how an expression would most often be labelled, not what a person feels.",
    "Disgust and contempt are rare in the data (validation: 23 and 13 agreed pictures), so their figures are rough.",
    "FER2013 names neither age, sex nor origin of its people, so errors by such groups could not be measured; they "
    "must be expected to differ.",
    "FER2013 holds few turned and covered faces; what it says of those was not measured.",
)
_ABSTAIN_BELOW = (0.35, 0.5, 0.7)


def write_face_card(
    path: Path, members: Sequence[Member], calibration: Calibration, train: Faces, val: Faces, *, recipe: Recipe,
    seed: int, command: str,
) -> None:
    """Measure an exported file on the validation pictures; write its card and pictures beside it."""
    engine = load_file(path)
    found = figures(engine, val, np.random.default_rng(seed))
    parameters = sum(p.numel() for one in members for p in one.network.parameters())
    card: dict[str, Any] = {
        "name": SPEC.name, "stage": SPEC.stage, "engine": engine.name, "file": path.name, "sha256": digest(path),
        "size_mb": path.stat().st_size / 1e6, "parameters": parameters, "members": len(members),
        "licence": SPEC.licence, "data": DATA, "terms": TERMS, "limits": list(LIMITS),
        "n_train": len(train), "n_val": len(val), "command": command, "seed": seed,
        "training_seconds": sum(one.seconds for one in members),
        "machine": machine(("torch", "numpy", "onnxruntime")), "recipe": asdict(recipe),
        "changes": changes([one.history for one in members]),
        "calibration": asdict(calibration), "labels": list(EMOTIONS), "validation": found,
    }
    write_card(path.with_suffix(""), card, page(card))
    save_confusion(path.with_name("confusion.png"), found["confusion"], EMOTIONS)
    save_curves(path.with_name("loss.png"), members[0].history,
                (("loss", "val_loss"), ("val_accuracy", "val_balanced_uar")))


def changes(histories: Sequence[Sequence[Mapping[str, float]]]) -> list[str]:
    """One sentence for each member whose run was cut short or drawn out on the way."""
    found: list[str] = []
    for i, history in enumerate(histories):
        parts = [(planned, len(list(rows))) for planned, rows in groupby(int(row["planned"]) for row in history)]
        if len(parts) > 1:
            told = ", then ".join(f"{n} epochs of a run planned for {planned}" for planned, n in parts)
            found.append(f"Member {i + 1} was changed on the way: {told}.")
    return found


def figures(engine: CompactExpression, val: Faces, rng: np.random.Generator) -> dict[str, Any]:
    """What the engine scores on the validation pictures (FER2013's PublicTest)."""
    agreed = np.flatnonzero(val.majority >= 0)
    truth, pictures = val.majority[agreed], val.pictures[agreed]
    probabilities, ms = _timed(engine, pictures)
    answer, n = probabilities.argmax(1), len(EMOTIONS)
    degraded = {how: scores(truth, engine.probabilities(degrade(pictures, how, rng))) for how in DEGRADATIONS}
    return {
        "set": "FER2013 PublicTest, FER+ majority", "n": len(truth), **scores(truth, probabilities),
        "macro_f1": metrics.macro_f1(truth, answer, n),
        "accuracy_interval": metrics.bootstrap(lambda i: metrics.accuracy(truth[i], answer[i]), len(truth), rng),
        "uar_interval": metrics.bootstrap(lambda i: metrics.uar(truth[i], answer[i], n), len(truth), rng),
        "recall": dict(zip(EMOTIONS, metrics.recalls(truth, answer, n), strict=True)),
        "n_by_label": dict(zip(EMOTIONS, np.bincount(truth, minlength=n), strict=True)),
        "confusion": metrics.confusion(truth, answer, n), "ms_per_item": ms,
        "by_group": {name: scores(truth[rows], probabilities[rows]) for name, rows in terciles(pictures).items()},
        "narrowed": _narrowed(engine, truth, probabilities),
        "fer2013": _on_fer_labels(engine, val),
        "abstention": abstention(probabilities.max(1), answer == truth, _ABSTAIN_BELOW), "degraded": degraded,
    }


def _timed(engine: CompactExpression, pictures: NDArray[np.uint8]) -> tuple[NDArray[np.float64], float]:
    """Probabilities, read face by face, and the processor time of one, ms: the least mean of ten parts, since other
    work on the machine slows the rest."""
    found: list[NDArray[np.float64]] = []
    taken: list[float] = []
    for part in np.array_split(pictures, min(10, len(pictures))):
        start = time.process_time()
        found += [engine.probabilities(picture[None]) for picture in part]
        taken.append((time.process_time() - start) / len(part) * 1000.0)
    return np.concatenate(found), min(taken)


def terciles(pictures: NDArray[np.uint8]) -> dict[str, NDArray[np.int64]]:
    """Where the pictures of each third stand, by mean grey level and by sharpness (mean step between neighbours over
    the picture's own contrast): FER2013 tells nothing of its people to part errors by.

    Args:
        pictures: shape (n, 48, 48).
    """
    levels = pictures.astype(np.float64)
    steps = np.abs(np.diff(levels, axis=1)).mean(axis=(1, 2)) + np.abs(np.diff(levels, axis=2)).mean(axis=(1, 2))
    measures = {("dark", "middling light", "bright"): levels.mean(axis=(1, 2)),
                ("soft", "middling sharp", "sharp"): steps / (levels.std(axis=(1, 2)) + 1.0)}
    return {name: part for names, values in measures.items()
            for name, part in zip(names, np.array_split(np.argsort(values, kind="stable"), 3), strict=True)}


def _narrowed(engine: CompactExpression, truth: NDArray[np.int64],
              probabilities: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """Without neutral, as posed sets have it: with the prior as learnt, and with all labels taken to be as common, as
    ``evaluate face --labels`` does."""
    kept = [i for i, name in enumerate(EMOTIONS) if name != "neutral"]
    rows, prior = np.isin(truth, kept), np.array([engine.prior[EMOTIONS[i]] for i in kept])
    learnt = probabilities[rows][:, kept]
    answers = {"as learnt": learnt.argmax(1), "equal": (learnt / prior).argmax(1)}
    place = np.searchsorted(kept, truth[rows])
    return {name: {"n": len(place), "accuracy": metrics.accuracy(place, said),
                   "uar": metrics.uar(place, said, len(kept))} for name, said in answers.items()}


def _on_fer_labels(engine: CompactExpression, val: Faces) -> dict[str, float]:
    """On FER2013's own labels, which engines trained on them are judged by; it has no contempt."""
    probabilities = engine.probabilities(val.pictures)
    probabilities[:, EMOTIONS.index("contempt")] = 0.0
    answer = probabilities.argmax(1)
    return {"n": len(val), "accuracy": metrics.accuracy(val.fer_label, answer),
            "uar": metrics.uar(val.fer_label, answer, len(EMOTIONS))}


def page(card: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    found, given = card["validation"], card["calibration"]
    recipe = ", ".join(f"{key} {value}" for key, value in card["recipe"].items())
    changed = "".join(f" {line}" for line in card["changes"])
    limits = "\n".join(f"- {line}" for line in card["limits"])
    versions = ", ".join(f"{name} {value}" for name, value in card["machine"].items())
    return f"""# {card['engine']}: the expression of a face

Residual networks averaged: {card['members']}; {card['parameters']:,} parameters, {card['size_mb']:.1f} MB. Grey 48 x \
48 pictures in, calibrated probabilities of eight emotions out. The training command measured and wrote every number \
here.

**Data.** {card['data']} {card['n_train']:,} pictures to train on, {card['n_val']:,} (PublicTest) to calibrate and \
validate on: two numbers, the share of the prior ({given['prior_share']:.2f}) and the temperature \
({given['temperature']:.3f}), were fitted on the pictures below, and the views that are averaged settled \
by them, so held-out pictures may score a little lower.

**Terms.** {card['terms']}

**Command.** `{card['command']}` with EMPATHY_DATA set; seed {card['seed']}; \
{card['training_seconds'] / 60:.0f} minutes ({versions}). Recipe: {recipe}.{changed}

## On {found['set']} ({found['n']:,} pictures with a majority)

{_results(found)}

## Limits

{limits}
"""


def _results(found: Mapping[str, Any]) -> str:
    low, high = found["accuracy_interval"]
    uar_low, uar_high = found["uar_interval"]
    per_label = [[name, str(found["n_by_label"][name]), f"{found['recall'][name]:.3f}"] for name in EMOTIONS]
    held = [[f"{row['below']:.2f}", f"{row['coverage']:.3f}", f"{row['accuracy']:.3f}"] for row in found["abstention"]]
    learnt, equal = found["narrowed"]["as learnt"], found["narrowed"]["equal"]
    return f"""Accuracy **{found['accuracy']:.3f}** (95 % interval {low:.3f} to {high:.3f}), mean recall over eight \
classes (UAR) **{found['uar']:.3f}** ({uar_low:.3f} to {uar_high:.3f}), macro-F1 {found['macro_f1']:.3f}, calibration \
error (ECE, 15 bins) {found['ece']:.3f}, {found['ms_per_item']:.1f} ms of one core a face.

{table(per_label, ('emotion', 'pictures', 'recall'))}

On FER2013's own labels (seven classes, {found['fer2013']['n']:,} pictures; engines trained on those labels are judged \
by them): accuracy {found['fer2013']['accuracy']:.3f}, UAR {found['fer2013']['uar']:.3f}.

Without neutral, as posed sets have it ({learnt['n']:,} pictures): accuracy {learnt['accuracy']:.3f}, UAR \
{learnt['uar']:.3f} with the prior as learnt; {equal['accuracy']:.3f} and {equal['uar']:.3f} with all seven taken as \
equally common, which is what `evaluate face --labels` does.

Thirds of the pictures by their light and by their sharpness:

{_rows(found['by_group'])}

Pictures spoilt on purpose:

{_rows({'as they are': found, **found['degraded']})}

Answers held back below a probability:

{table(held, ('below', 'coverage', 'accuracy of the rest'))}"""


def _rows(by_name: Mapping[str, Mapping[str, float]]) -> str:
    rows = [[name, *(f"{row[key]:.3f}" for key in ("accuracy", "uar", "ece"))] for name, row in by_name.items()]
    return table(rows, ("pictures", "accuracy", "UAR", "ECE"))
