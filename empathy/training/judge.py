"""``train judge``: the judge of replies, from EPITOME's rated answers to the file and its card."""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .. import metrics
from ..errors import InputError
from ..text.judge import DIMENSIONS, FILE, LEVELS, ReplyJudge, load_judge
from ..text.network import packed, small
from ..text.vocabulary import tokens
from .command import add_folders, data_folder, say, say_made
from .judge_fit import Inputs, News, Pairs, fit_judge, inputs_of, topics_of
from .report import machine, make_run_folder, table, write_card

Floats = NDArray[np.float64]

FILES = {"emotional_reaction": "emotional-reactions-reddit.csv", "interpretation": "interpretations-reddit.csv",
         "exploration": "explorations-reddit.csv"}
FOLDS = 5
GOOD = frozenset({2, 4, 7, 9, 12, 14, 17, 18, 25})
"""Feelings of EmpatheticDialogues, as numbered in its file: excited, proud, grateful, impressed, confident, hopeful,
joyful, prepared, content."""
BAD = frozenset({3, 5, 6, 8, 10, 11, 13, 15, 16, 19, 20, 24, 26, 30, 31})
"""Annoyed, angry, sad, lonely, afraid, disgusted, terrified, anxious, disappointed, guilty, furious, embarrassed,
devastated, ashamed, apprehensive."""
SORRY = "I'm so sorry to hear that."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_folders(parser, "text/")
    parser.add_argument("--seed", type=int, default=1, help="deals the replies out anew (1)")


def run(arguments: argparse.Namespace) -> int:
    """Train as told; figures and what was made are said on standard error."""
    data = data_folder(arguments, seed=0)
    made = train_judge(data, arguments.out, seed=arguments.seed, progress=say)
    say_made(made)
    return 0


def train_judge(data: Path, out: Path, *, seed: int = 1, progress: Callable[[str], None] = lambda line: None) -> Path:
    """Fit on all but one fold in turn and measure on that one, fit on all, export, write the card.

    Args:
        data: folder that holds ``text/``.
        out: folder of the run.
        seed: deals the replies out anew.
        progress: gets a line a step.

    Returns:
        The safetensors file.

    Raises:
        InputError: a file is not there or of another layout, or ``out`` can't be written.
    """
    started = time.monotonic()
    pairs = read_pairs(data / "text/epitome")
    comments, news = read_others(data)
    make_run_folder(out)
    topics = topics_of([*pairs.told, *pairs.replies, *comments, *news.texts], news)
    inputs = inputs_of(pairs, topics, news, seed)
    progress(f"{len(pairs.told)} rated replies, {len(inputs.keys)} n-grams, {len(topics.keys)} stems")
    judged = Judged.of(len(pairs.told), len(inputs.dealt))
    for k in range(FOLDS):
        judged.fold(fit_judge(pairs, inputs, topics, held=k), pairs, inputs, k)
        progress(f"fold {k + 1} of {FOLDS}")
    figures = judged.figures(pairs)
    for name in DIMENSIONS:
        row = figures["dimensions"][name]
        progress(f"{name}: accuracy {row['accuracy']:.3f}, macro-F1 {row['macro_f1']:.3f}, kappa {row['kappa']:.3f}")
    progress("mean empathy of 6: " + ", ".join(f"{name} {mean:.2f}" for name, mean in figures["empathy_mean"].items()))
    path = out / FILE
    export(path, fit_judge(pairs, inputs, topics))
    load_judge(path)
    _card(path, figures, seed=seed, minutes=(time.monotonic() - started) / 60, n=len(pairs.told))
    return path


def read_pairs(folder: Path) -> Pairs:
    """Posts, answers and the three levels, matched by their ids; folds by post.

    Raises:
        InputError: a table can't be read, or the three do not hold the same pairs.
    """
    tables = {name: _table(folder / file) for name, file in FILES.items()}
    first = tables[DIMENSIONS[0]]
    ids = [(row["sp_id"], row["rp_id"]) for row in first]
    for name, rows in tables.items():
        if [(row["sp_id"], row["rp_id"]) for row in rows] != ids:
            raise InputError(f"{folder / FILES[name]} does not hold the same pairs as {FILES[DIMENSIONS[0]]}")
    return Pairs(
        told=tuple(row["seeker_post"] for row in first), replies=tuple(row["response_post"] for row in first),
        levels=np.array([[int(row["level"]) for row in tables[name]] for name in DIMENSIONS]).T,
        fold=np.array([crc32(post.encode()) % FOLDS for post, _ in ids]))


def _table(path: Path) -> list[Mapping[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"{path} can't be read as a table of EPITOME ({error})") from error
    needed = {"sp_id", "rp_id", "seeker_post", "response_post", "level"}
    if not rows or not needed <= rows[0].keys() or any(row["level"] not in {"0", "1", "2"} for row in rows):
        raise InputError(f"{path} must hold rows with the columns {', '.join(sorted(needed))}, level being 0, 1 or 2")
    return list(rows)


def read_others(data: Path) -> tuple[tuple[str, ...], News]:
    """Comments, for what is told together with what; and situations whose tellers named a good or a bad feeling."""
    from ..text.measure import read_comments
    from .words import read_situations

    told, feelings = read_situations(data / "text/empatheticdialogues/jointmatch_situation_dev.csv")
    kept = [i for i, feeling in enumerate(feelings) if feeling + 1 in GOOD or feeling + 1 in BAD]
    news = News(texts=tuple(told[i] for i in kept), good=np.array([feelings[i] + 1 in GOOD for i in kept]))
    return read_comments(data / "text/goemotions/original/train.tsv").texts, news


class Judged:
    """Judgements of pairs that the fit had not seen, gathered fold by fold: levels said and expected of real pairs,
    expected levels of dealt ones and of one sentence for all."""

    def __init__(self, said: NDArray[np.int64], expected: Mapping[str, Floats], meant: tuple[Floats, Floats]) -> None:
        self.said, self.expected, self.meant = said, expected, meant
        self.unscaled = np.zeros(len(said))

    @classmethod
    def of(cls, n: int, n_dealt: int) -> Judged:
        """Nothing judged yet."""
        n_d = len(DIMENSIONS)
        return cls(np.zeros((n, n_d), np.int64),
                   {"replies": np.zeros((n, n_d)), "shuffled": np.zeros((n_dealt, n_d)),
                    "always_sorry": np.zeros((n, n_d))}, (np.zeros(n), np.zeros(n_dealt)))

    def fold(self, judge: ReplyJudge, pairs: Pairs, inputs: Inputs, k: int) -> None:
        """Judge one fold's pairs."""
        for i in np.flatnonzero(pairs.fold == k):
            levels = judge.levels(tokens(pairs.replies[i]))
            self.said[i], self.unscaled[i] = levels.argmax(axis=1), (levels @ np.array(LEVELS)).sum()
            for name, reply in (("replies", pairs.replies[i]), ("always_sorry", SORRY)):
                found = judge.judge(pairs.told[i], reply)
                self.expected[name][i] = [getattr(found, dimension) for dimension in DIMENSIONS]
                if name == "replies":
                    self.meant[0][i] = found.meant
        for row in np.flatnonzero(inputs.dealt_fold == k):
            i, j = inputs.dealt_pairs[row]
            found = judge.judge(pairs.told[i], pairs.replies[j])
            self.expected["shuffled"][row] = [getattr(found, dimension) for dimension in DIMENSIONS]
            self.meant[1][row] = found.meant

    def figures(self, pairs: Pairs) -> dict[str, Any]:
        """What the card tells: agreement with the raters, and whether real, shuffled and sorry are told apart."""
        n_levels, sums = len(LEVELS), {name: found.sum(axis=1) for name, found in self.expected.items()}
        expected = self.expected["replies"]
        dimensions = {
            name: {"accuracy": metrics.accuracy(pairs.levels[:, d], self.said[:, d]),
                   "macro_f1": metrics.macro_f1(pairs.levels[:, d], self.said[:, d], n_levels),
                   "kappa": kappa(pairs.levels[:, d], self.said[:, d], n_levels),
                   "correlation": float(np.corrcoef(pairs.levels[:, d], expected[:, d])[0, 1]),
                   "confusion": metrics.confusion(pairs.levels[:, d], self.said[:, d], n_levels)}
            for d, name in enumerate(DIMENSIONS)}
        real = np.arange(len(self.meant[0]) + len(self.meant[1])) < len(self.meant[0])
        rated = pairs.levels.sum(axis=1)
        return {"dimensions": dimensions, "n": len(pairs.told),
                "correlation": float(np.corrcoef(rated, sums["replies"])[0, 1]),
                "correlation_unscaled": float(np.corrcoef(rated, self.unscaled)[0, 1]),
                "empathy_mean": {"raters": float(pairs.levels.sum(axis=1).mean()),
                                 **{name: float(total.mean()) for name, total in sums.items()}},
                "auc_meant": metrics.auc(real, np.concatenate(self.meant))}


def kappa(truth: NDArray[np.int64], answer: NDArray[np.int64], n_classes: int) -> float:
    """Agreement beyond chance; NaN where chance alone agrees always. Source: Cohen 1960."""
    counts = metrics.confusion(truth, answer, n_classes).astype(float)
    total = counts.sum()
    chance = float(counts.sum(axis=0) @ counts.sum(axis=1)) / total**2
    return float((np.trace(counts) / total - chance) / (1.0 - chance)) if chance < 1.0 else float("nan")


def export(path: Path, judge: ReplyJudge) -> None:
    """Write the judge, as ``text/judge.py`` reads it."""
    from safetensors.numpy import save_file

    weights, scale = small(judge.weights.astype(np.float32))
    vectors, vectors_scale = packed(judge.topics.vectors.astype(np.float32))
    save_file({"keys": judge.keys, "rarity": judge.rarity.astype(np.float16), "weights": weights, "scale": scale,
               "bias": judge.bias.astype(np.float32), "topic_keys": judge.topics.keys,
               "topic_rarity": judge.topics.rarity.astype(np.float16),
               "topic_moods": judge.topics.moods.astype(np.float16), "topics": vectors,
               "topics_scale": vectors_scale, "bond_weights": judge.bond_weights.astype(np.float32),
               "bond_bias": np.array([judge.bond_bias], np.float32), "usual": np.array([judge.usual], np.float32)},
              path, metadata={"made_by": "python -m empathy train judge"})


def _card(path: Path, figures: Mapping[str, Any], *, seed: int, minutes: float, n: int) -> None:
    command = f"python -m empathy train judge --out RUN --seed {seed}"
    size = path.stat().st_size / 1e6
    card = {"name": ReplyJudge.name, "task": "replies", "file": path.name, "size_mb": size, "trained_on": TRAINED_ON,
            "measured_on": MEASURED_ON, "terms": TERMS, "command": command, "seed": seed, "minutes": minutes,
            "machine": machine(["numpy", "scipy"]), "figures": figures, "contaminated": [], "limits": LIMITS}
    rows = [(name.replace("_", " "), *(f"{row[key]:.3f}" for key in ("accuracy", "macro_f1", "kappa", "correlation")))
            for name, row in figures["dimensions"].items()]
    means: Sequence[Sequence[str]] = [(name.replace("_", " "), f"{mean:.2f}")
                                      for name, mean in figures["empathy_mean"].items()]
    write_card(path, card, CARD.format(
        trained=TRAINED_ON, measured=MEASURED_ON, terms=TERMS, command=command, seed=seed, minutes=minutes, size=size,
        n=n, auc=figures["auc_meant"], unscaled=figures["correlation_unscaled"],
        correlation=figures["correlation"], limits="\n".join(f"- {x}" for x in LIMITS),
        dimensions=table(rows, ("dimension", "accuracy", "macro-F1", "kappa", "correlation with the raters")),
        means=table(means, ("judged", "mean of 6"))))


TRAINED_ON = ("3,084 Reddit answers to people in distress, rated 0 to 2 for emotional reaction, interpretation and "
              "exploration (EPITOME, Sharma et al. 2020); topics from the same texts, GoEmotions comments "
              "(without labels) and EmpatheticDialogues situations (good or bad news)")
MEASURED_ON = "five-fold cross-validation by post; vocabulary and topics, which need no rating, were taken from all"
TERMS = "MIT for the code; EPITOME and EmpatheticDialogues are for research and non-commercial use"
LIMITS = (
    "A yardstick for comparing, not a reader: words and pairs of words, no meaning; it can be flattered by echoing.",
    "The raters saw answers on forums for depression: everyday stories and joy are out of its field, and what a person "
    "calls interpretation there is often 'I have been there too', which no program may say.",
    "Level 1 of interpretation and of exploration is rare (114 and 104 of 3,084) and hardly ever named.",
    "English only.",
)

CARD = """# judge.safetensors

Judges a reply to what somebody told, in the three dimensions of EPITOME, each 0 (none) to 2 (strong). Measures
`evaluate replies`; nothing that answers a visitor uses it.

| | |
|---|---|
| Data | {trained} |
| Measured | {measured} |
| Terms | {terms} |
| Command | `{command}` |
| Seed, time | {seed}, {minutes:.1f} minutes |
| Size | {size:.2f} MB |

{dimensions}

Agreement is that of the levels read from the reply alone; "correlation" is that of the expected level, scaled by how
much the reply is meant, which costs some of it: raters forgive a general answer, the judge does not. Sum of the three
against the raters' sum: {correlation:.3f} scaled, {unscaled:.3f} unscaled, over {n} replies. Real pairs are told
from the same replies dealt out among other people with an AUC of {auc:.3f} (all posts are about the same few troubles).

{means}

"raters" is what people gave the replies, "replies" what the judge gave them unseen, "shuffled" the replies dealt out
among other people, "always sorry" one and the same sentence for everybody.

## Limits
{limits}
"""
