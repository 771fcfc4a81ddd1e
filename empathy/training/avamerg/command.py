"""``train avamerg``: its arguments, and what they mean."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...settings import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    folder = os.environ.get("EMPATHY_DATA", "")
    parser.add_argument("--model", choices=("audio", "video", "late"), required=True,
                        help="audio with words, video with words, or both runs fused")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN",
                        help="folder of the run; an interrupted run goes on")
    parser.add_argument("--data", type=Path, metavar="DIR",
                        default=Path(folder, "text/avamerg") if folder else None,
                        help="folder with train.json, audio_v5_0 and video_v5_0 (EMPATHY_DATA/text/avamerg)")
    parser.add_argument("--runs", type=Path, nargs=2, metavar=("A", "B"), help="late: the two runs to fuse")
    parser.add_argument("--config", default="full", metavar="full|tiny|FILE",
                        help="sizes and recipe; FILE is TOML with the tables sizes and recipe (full)")
    parser.add_argument("--seed", type=int, default=0, help="draws split, weights, order and dropout (0)")
    parser.add_argument("--epochs", type=int, help="passes over the training part, instead of the configuration's")
    parser.add_argument("--switch", default="", metavar="A,B", help="doubtful labels that take their other class")
    parser.add_argument("--modalities", default="", metavar="A,B", help="use only these (text, audio, video, metadata)")
    parser.add_argument("--leaky", action="store_true",
                        help="also learn from what tells the label; marks the run, for comparison alone")
    parser.add_argument("--permute-labels", action="store_true",
                        help="shuffle the labels of training and validation, to see what chance gives")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="folder of the features (in the models folder)")
    parser.add_argument("--download", action="store_true", help="published encoders may be fetched from the hub")


def run(arguments: argparse.Namespace) -> int:
    """Train as told; progress and what was made on standard error."""
    settings = load()
    cache: Path = arguments.cache or settings.models_dir / "avamerg"
    if arguments.seed < 0:
        raise InputError("--seed must be at least 0")
    if arguments.model == "late":
        return _late(arguments)
    if arguments.data is None:
        raise InputError("there is nothing to learn from: give --data (python -m empathy avamerg sample makes a small "
                         "set)")
    from .recipe import read_plan
    from .runs import Wish, train_run

    changes = {} if arguments.epochs is None else {"epochs": arguments.epochs}
    sizes, recipe = read_plan(arguments.config, changes)
    wish = Wish(
        data=arguments.data, out=arguments.out, model=arguments.model, config=arguments.config, sizes=sizes,
        recipe=recipe, seed=arguments.seed, uses=_words(arguments.modalities), leaky=arguments.leaky,
        switched=_words(arguments.switch), permuted=arguments.permute_labels, cache=cache, download=arguments.download)
    metrics = train_run(wish, settings, tick=_Bar(), wrap=_wrap)
    _say(arguments.out, metrics)
    return 0


def _late(arguments: argparse.Namespace) -> int:
    from .late import train_late

    if arguments.runs is None:
        raise InputError("--model late fuses two runs: give them with --runs AUDIO_RUN VIDEO_RUN")
    audio, video = arguments.runs
    _say(arguments.out, train_late(audio, video, arguments.out, seed=arguments.seed))
    return 0


class _Bar:
    """A progress bar of the steps, made at the first one, since only then their number is known."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __call__(self, step: int, steps: int) -> None:
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(total=steps, initial=step - 1, desc="steps", file=sys.stderr,
                             disable=os.environ.get("RANK", "0") != "0")
        self._bar.update(1)


def _wrap(items: Iterable[Any], name: str) -> Iterator[Any]:
    from tqdm import tqdm

    yield from tqdm(list(items), desc=name, file=sys.stderr, disable=os.environ.get("RANK", "0") != "0")


def _words(text: str) -> tuple[Any, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _say(out: Path, metrics: dict[str, Any]) -> None:
    if os.environ.get("RANK", "0") != "0":
        return
    test = metrics["test"]
    base = test["majority"]
    sys.stderr.write(f"empathy: {out}: test n {test['n']}, accuracy {test['accuracy']}, macro-F1 {test['macro_f1']} "
                     f"(majority {base['accuracy']}, {base['macro_f1']}); see card.md and metrics.json\n")
