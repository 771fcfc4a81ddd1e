"""``evaluate``: measure an engine on labelled data; one JSON object on standard output, progress on standard error."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..catalog import System, build, find, specs
from ..errors import InputError
from ..fusion.calibrate import uncalibrated
from ..labels import labels_of
from ..protocols import ToneEngine
from ..registry import Models, ModelSpec
from ..settings import Settings

if TYPE_CHECKING:
    from ..evaluation.channel import Channel

T = TypeVar("T")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One subcommand a task."""
    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    face = tasks.add_parser("face", help="expression on labelled pictures (CSV with path,label)")
    voice = tasks.add_parser("voice", help="tone on labelled clips (CSV with path,label)")
    for task in (face, voice):
        task.add_argument("manifest", type=Path, metavar="MANIFEST.csv")
        task.add_argument("--labels", default="", metavar="A,B,C", help="restrict the choice to these")
    face.add_argument("--crops", action="store_true", help="the pictures are face crops already, 48x48 and up")
    words = tasks.add_parser("words", help="28 labels in GoEmotions' layout")
    words.add_argument("file", type=Path, metavar="FILE.tsv")
    words.add_argument("--labels", type=Path, required=True, metavar="LABELS.txt", help="one name a line")
    risk = tasks.add_parser("risk", help="danger in words (JSONL with text, is_crisis)")
    risk.add_argument("file", type=Path, metavar="FILE.jsonl")
    risk.add_argument("--show", action="store_true", help="list misses and false alarms")
    replies = tasks.add_parser("replies", help="answers to people's stories (JSONL with context, perhaps reference)")
    guard = tasks.add_parser("guard", help="what the guard stops and what it lets through (two text files)")
    _add_replies(replies, guard)
    fusion = tasks.add_parser("fusion", help="face and voice together, on CREMA-D's votes (CSV, may be gzipped)")
    fusion.add_argument("file", type=Path, metavar="RATINGS.csv")
    fusion.add_argument("--seed", type=int, default=0, help="of the folds, the transformer and the intervals")
    fusion.add_argument("--faces", type=Path, metavar="FACES.csv", help="with --voices: also on what the engines say "
                        "of labelled faces and voices, paired by emotion")
    fusion.add_argument("--voices", type=Path, metavar="VOICES.csv", help="see --faces")
    fusion.add_argument("--crops", action="store_true", help="the pictures are face crops already")
    fusion.add_argument("--out", type=Path, metavar="DIR", help="also write the transformer, fitted on all clips")
    masking = tasks.add_parser("masking", help="two stories told from one, on recombined faces and voices")
    masking.add_argument("faces", type=Path, metavar="FACES.csv")
    masking.add_argument("voices", type=Path, metavar="VOICES.csv")
    masking.add_argument("--pairs", type=int, default=4000, help="pairs drawn for each question")
    masking.add_argument("--seed", type=int, default=0, help="of the pairs and the intervals")
    masking.add_argument("--crops", action="store_true", help="the pictures are face crops already")
    masking.add_argument("--human", type=Path, metavar="RATINGS.csv",
                         help="CREMA-D's votes: also measure about ten people by the same protocol")
    avamerg = tasks.add_parser("avamerg", help="a run of `train avamerg` on its test part, or on other data")
    avamerg.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data set")
    avamerg.add_argument("--run", type=Path, required=True, metavar="RUN", help="folder of the run")
    avamerg.add_argument("--part", choices=("test", "val", "train", "all"), default="test",
                         help="of the run's split; all: every labelled conversation of DIR (test)")
    avamerg.add_argument("--cache", type=Path, metavar="DIR", help="folder of the features (in the models folder)")
    for task in (face, voice):
        task.add_argument("--calibrate", action="store_true", help="fit the engine's calibration on this table and "
                          "keep it in the models folder")
    for task in (face, voice, words):
        task.add_argument("--engine", default="", metavar="NAME", help="as in `models`; default: the one that speaks")
    for task in (face, voice, words, risk):
        task.add_argument("--by", default="", metavar="COLUMN",
                          help="the same figures for each value of a column (for words its number, from 1)")


def _add_replies(replies: argparse.ArgumentParser, guard: argparse.ArgumentParser) -> None:
    replies.add_argument("file", type=Path, metavar="CONTEXTS.jsonl")
    replies.add_argument("--engine", choices=("auto", "composer", "llama", "endpoint"), default="composer",
                         help="who answers (composer)")
    replies.add_argument("--seed", type=int, default=0, help="deals the replies out for the shuffled baseline (0)")
    replies.add_argument("--show", action="store_true", help="list every reply with what the judge gave it")
    guard.add_argument("forbidden", type=Path, metavar="FORBIDDEN.txt", help='lines "rule | sentence"')
    guard.add_argument("fine", type=Path, metavar="FINE.txt", help="one sentence a line")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Measure and print."""
    system = build(settings)
    task = {"face": _face, "voice": _voice, "words": _words, "risk": _risk, "replies": _replies, "guard": _guard,
            "fusion": _fusion, "masking": _masking, "avamerg": _avamerg}[arguments.task]
    print(json.dumps(task(arguments, settings, system)))
    return 0


def _face(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..evaluation.face import evaluate_face

    engine = _engine(arguments.engine, ("expression",), settings, system)
    finder = None if arguments.crops else system.engines.faces()
    if arguments.calibrate:
        from ..evaluation.masking_channels import face_channel

        raw = uncalibrated(engine)
        return _calibrated(arguments, settings, raw.name, face_channel(arguments.manifest, raw, finder, settings,
                                                                       _progress))
    return evaluate_face(
        arguments.manifest, engine=engine, finder=finder, settings=settings,
        labels=labels_of(arguments.labels), by=arguments.by, progress=_progress)


def _voice(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..evaluation.voice import evaluate_voice

    engine: ToneEngine = _engine(arguments.engine, ("tone", "affect"), settings, system)
    if arguments.calibrate:
        from ..evaluation.masking_channels import voice_channel

        raw = uncalibrated(engine)
        return _calibrated(arguments, settings, raw.name, voice_channel(
            arguments.manifest, raw, system.engines.speech(), settings, _progress))
    learnt_from = {spec.name: spec.learnt_from for spec in specs(settings)}
    return evaluate_voice(
        arguments.manifest, engine=engine, speech=system.engines.speech(), settings=settings,
        labels=labels_of(arguments.labels), by=arguments.by, learnt_from=learnt_from[engine.name.partition("@")[0]],
        progress=_progress)


def _calibrated(arguments: argparse.Namespace, settings: Settings, name: str, read: Channel) -> dict[str, Any]:
    from ..evaluation.calibration import evaluate_calibration

    return evaluate_calibration(arguments.task, name, read, settings.models_dir, arguments.manifest)


def _words(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..evaluation.words import evaluate_words

    return evaluate_words(arguments.file, labels=arguments.labels, by=arguments.by or None,
                          engine=_engine(arguments.engine, ("words",), settings, system), progress=_say)


def _risk(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..evaluation.risk import evaluate_risk
    from ..text.risk import bundled_judge

    del settings, system
    return evaluate_risk(arguments.file, judge=bundled_judge(), by=arguments.by or None, show=arguments.show,
                         progress=_say)


def _replies(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..evaluation.replies import evaluate_replies
    from ..text.judge import bundled_judge

    del system
    chosen = build(settings.model_copy(update={"reply": arguments.engine}))
    return evaluate_replies(arguments.file, system=chosen, judge=bundled_judge(), seed=arguments.seed,
                            show=arguments.show, progress=_say)


def _guard(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..evaluation.guard import evaluate_guard

    del settings, system
    return evaluate_guard(arguments.forbidden, arguments.fine)


def _fusion(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..evaluation.fusion import evaluate_fusion

    if (arguments.faces is None) != (arguments.voices is None):
        raise InputError("--faces and --voices go together: give both or neither")
    engines = None if arguments.faces is None else _channels(arguments, settings, system)
    return evaluate_fusion(arguments.file, seed=arguments.seed, engines=engines, out=arguments.out)


def _channels(arguments: argparse.Namespace, settings: Settings, system: System) -> tuple[Channel, Channel]:
    """What the engines that speak say of ``faces`` and ``voices``."""
    from ..evaluation.masking_channels import face_channel, voice_channel

    engines = system.engines
    finder = None if arguments.crops else engines.faces()
    return (face_channel(arguments.faces, engines.expression(), finder, settings, _progress),
            voice_channel(arguments.voices, engines.tone(), engines.speech(), settings, _progress))


def _masking(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..evaluation.masking import QUESTIONS, evaluate_masking
    from ..evaluation.masking_channels import human_channels

    engines = system.engines
    faces, voices = _channels(arguments, settings, system)
    found = evaluate_masking(faces, voices, n_pairs=arguments.pairs, seed=arguments.seed)
    if arguments.human is not None:
        people = evaluate_masking(*human_channels(arguments.human), n_pairs=arguments.pairs, seed=arguments.seed)
        found["human"] = {question: people[question] for question in QUESTIONS}
    return {"engines": {"face": engines.expression().name, "voice": engines.tone().name}, **found}


def _avamerg(arguments: argparse.Namespace, settings: Settings, system: System) -> dict[str, Any]:
    from ..training.avamerg.evaluating import evaluate_run

    del system
    return evaluate_run(arguments.run, arguments.data, settings, part=arguments.part,
                        cache=arguments.cache or settings.models_dir / "avamerg",
                        wrap=lambda items, name: _progress(items))


def _engine(name: str, stages: tuple[str, ...], settings: Settings, system: System) -> Any:
    """The engine of a name, or the one that speaks for the first stage."""
    if not name:
        return getattr(system.engines, stages[0])()
    spec: ModelSpec[Any] = find(name, settings)
    if spec.stage not in stages:
        raise InputError(f"{name} is an engine for {spec.stage}; this task needs one for {' or '.join(stages)}")
    return Models(settings.models_dir).get(spec)


def _say(line: str) -> None:
    print(f"empathy: {line}", file=sys.stderr, flush=True)


def _progress(items: Iterable[T]) -> Iterator[T]:
    from tqdm import tqdm

    yield from tqdm(items, file=sys.stderr)
