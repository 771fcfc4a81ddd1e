"""``train avamerg --model late``: two finished runs fused, the way chosen on validation alone."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import metrics
from ...avamerg.classes import CLASSES, N_CLASSES
from ...avamerg.figures import figures, scores, short
from ...avamerg.late import LEAST, WAYS, Late, Probabilities, Way, fit_late, save_late
from ...errors import InputError
from .folder import claim, read_config
from .report import Told, write_report
from .split import read_split, write_split

N_FOLDS = 5
_PLACES: dict[str, int] = {name: place for place, name in enumerate(CLASSES)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """What both models said about the rows of one part."""

    rows: Told
    audio: Probabilities
    video: Probabilities


def train_late(audio: Path, video: Path, out: Path, *, seed: int) -> dict[str, Any]:
    """Fuse, choose, measure and report.

    Each way learns on four fifths of validation and is measured on the fifth it has not seen, in turns; the one with
    the best macro-F1 (of equal ones that of the least log loss) is chosen, each model alone being a way too, and
    learned again on all of validation. The test part has no say.

    Args:
        audio: run of the audio model.
        video: run of the video model, on the same split.
        out: folder of the fused run.
        seed: deals the fifths.

    Returns:
        The metrics, as in ``metrics.json``.

    Raises:
        InputError: a run is not finished, of the wrong model, or of another split, labels or marks.
    """
    configs = {name: _checked(run, name) for name, run in (("audio", audio), ("video", video))}
    for name in ("leaky", "switched", "permuted_labels"):
        if configs["audio"][name] != configs["video"][name]:
            raise InputError(f"{audio} and {video} differ in {name}: fuse runs that were made alike")
    split = read_split(audio / "split.json")
    if read_split(video / "split.json") != split:
        raise InputError(f"{audio} and {video} have different splits, so that one has learned from what measures the "
                         "other: train both with one --seed on the same data")
    majority = _majority(audio)
    claim(out, {**{name: configs["audio"][name] for name in ("leaky", "switched", "permuted_labels")},
                "model": "late", "seed": seed, "majority": majority, "runs": [audio.name, video.name]})
    write_split(out / "split.json", split)
    val, test = (_answers(audio, video, part) for part in ("val", "test"))
    candidates = {way: _tried(way, val, seed) for way in WAYS}
    chosen = min(WAYS, key=lambda way: (-round(candidates[way]["val_macro_f1"], 6), candidates[way]["val_log_loss"]))
    late = fit_late(chosen, val.audio, val.video, val.rows.labels)
    told = {part: late.fuse(one.audio, one.video) for part, one in (("val", val), ("test", test))}
    found = {part: figures(one.rows.labels, told[part], one.rows.blocks, majority=majority)
             for part, one in (("val", val), ("test", test))}
    for part, one in (("val", val), ("test", test)):
        found[part]["ablations"] = {f"{name} model": _alone(one, name) for name in ("audio", "video")}
    metrics_ = {
        "model": "late", **{name: configs["audio"][name] for name in ("leaky", "permuted_labels")},
        "modalities": ["audio model", "video model"], "temperature": 1.0, "clips": {},
        "n": {"train": len(split.train), "val": len(split.val), "test": len(split.test)},
        "late": {"chosen": chosen, "candidates": candidates}, "test": found["test"], "val": found["val"]}
    write_report(out, metrics_, (), {part: (one.rows, told[part]) for part, one in (("val", val), ("test", test))}, ())
    _bundle(out / "bundle", late, audio, video)
    return metrics_


def _checked(run: Path, model: str) -> dict[str, Any]:
    config = read_config(run)
    if config["model"] != model:
        raise InputError(f"{run} is a run of the {config['model']} model: --runs takes the audio run, then the video "
                         "run")
    if not (run / "metrics.json").is_file():
        raise InputError(f"{run} is not finished: give its train command again")
    return config


def _majority(run: Path) -> int:
    return int(json.loads((run / "bundle" / "bundle.json").read_text(encoding="utf-8"))["majority"])


def _answers(audio: Path, video: Path, part: str) -> Answers:
    rows, heard = _read(audio / f"predictions-{part}.csv")
    other, seen = _read(video / f"predictions-{part}.csv")
    if rows.keys != other.keys or not np.array_equal(rows.labels, other.labels):
        raise InputError(f"{audio} and {video} answered about different rows: train both on the same data")
    return Answers(rows=rows, audio=heard, video=seen)


def _read(path: Path) -> tuple[Told, Probabilities]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        told = np.array([[float(row[name]) for name in CLASSES] for row in rows]).reshape(-1, N_CLASSES)
        labels = np.array([_PLACES[row["label"]] for row in rows], np.int64)
        return Told(keys=tuple(row["conversation"] for row in rows), blocks=tuple(row["block"] for row in rows),
                    labels=labels), told
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{path} can't be read ({error}): train the run again") from error


def _tried(way: Way, val: Answers, seed: int) -> dict[str, float]:
    """Figures on rows that the way has not learned from."""
    truth = val.rows.labels
    told = out_of_fold(lambda a, v, y: fit_late(way, a, v, y), val, seed)
    sure = np.maximum(told[np.arange(len(truth)), truth], LEAST)
    return {"val_macro_f1": metrics.macro_f1(truth, told.argmax(1), N_CLASSES),
            "val_log_loss": float(-np.log(sure).mean())}


def out_of_fold(
    learn: Callable[[Probabilities, Probabilities, NDArray[np.int64]], Late], val: Answers, seed: int
) -> Probabilities:
    """Each row's answer by a fusion that has not seen it."""
    n = len(val.rows.labels)
    fold = np.random.default_rng(seed).permutation(n) % N_FOLDS
    told = np.zeros((n, N_CLASSES))
    for k in range(N_FOLDS):
        seen, unseen = fold != k, fold == k
        late = learn(val.audio[seen], val.video[seen], val.rows.labels[seen])
        told[unseen] = late.fuse(val.audio[unseen], val.video[unseen])
    return told


def _alone(answers: Answers, name: str) -> dict[str, Any]:
    told = answers.audio if name == "audio" else answers.video
    inside = np.array(answers.rows.blocks) == "dialogues"
    return {**short(scores(answers.rows.labels, told)),
            "dialogues": short(scores(answers.rows.labels[inside], told[inside]))}


def _bundle(folder: Path, late: Late, audio: Path, video: Path) -> None:
    for name, run in (("audio", audio), ("video", video)):
        shutil.copytree(run / "bundle", folder / name, dirs_exist_ok=True)
    save_late(folder, late)
