"""``evaluate replies``: what the system answers to people's stories, judged by the numbers of ``reply_figures``.

Every context goes the whole way of a turn: words are read, care is decided, the engine answers behind its guard. Beside
it stand the same figures for human replies (where given), for the same answers dealt out among other contexts, and for
one sentence of regret for everybody.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np

from ..errors import InputError, ModelError
from ..memory.session import Session, Turn, remember
from ..pipeline import Empathy
from ..reply.composer import Composer
from ..text.judge import ReplyJudge
from .reply_figures import Answer, figures

SORRY = "I'm so sorry to hear that."
EXAMPLE = '{"context": ["I lost my job.", "Oh no. When?", "Yesterday."]} or {"context": "I lost my job."}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What was said so far, the person's turns and the other's in turn, the person's last; ``reference`` is what a
    person answered, if that is known."""

    turns: tuple[str, ...]
    reference: str | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """The person's turns alone."""
        return self.turns[::-1][::2][::-1]


def evaluate_replies(file: Path, *, system: Empathy, judge: ReplyJudge, seed: int = 0, show: bool = False,
                     progress: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Answer every context and judge the answers.

    Args:
        file: JSON lines with ``context`` (turns, or one sentence) and perhaps ``reference``.
        system: who answers.
        judge: who judges.
        seed: deals the answers out among other contexts.
        show: also list every context with its reply and what the judge gave it.
        progress: gets a line from time to time.

    Returns:
        ``task, engine, judge, n, n_bad``, the figures of ``reply_figures.figures``, ``first_word_s, total_s`` (means,
        from the moment the reply is asked for) and their 95th percentiles, ``rescued`` the share of replies in which
        the composer wrote in another engine's stead, ``crisis`` the share answered with the human-written crisis text
        (left out of the guard's count); ``references`` (None where no row has one), ``shuffled, always_sorry`` with
        the same figures; ``rows`` with ``show``.

    Raises:
        InputError: the file can't be read or holds no row that can be used.
        ModelError: the reply engine that was asked for can't be had.
    """
    contexts, bad = read_contexts(file)
    if bad:
        progress(f"{len(bad)} of {len(bad) + len(contexts)} rows can't be used, the first in line {bad[0]}; a row is "
                 f"{EXAMPLE}")
    engine = _engine(system)
    answers: list[Answer] = []
    times = np.zeros((len(contexts), 2))
    for i, context in enumerate(contexts):
        answer, times[i] = _answered(system, context, engine)
        answers.append(answer)
        if i % 100 == 99:
            progress(f"{i + 1} of {len(contexts)} contexts")
    late = np.percentile(times, 95, axis=0)
    found: dict[str, Any] = {
        "task": "replies", "engine": engine, "judge": judge.name, "n": len(contexts), "n_bad": len(bad),
        **figures(answers, judge),
        "first_word_s": float(times[:, 0].mean()), "first_word_p95_s": float(late[0]),
        "total_s": float(times[:, 1].mean()), "total_p95_s": float(late[1]),
        "rescued": float(np.mean([answer.rescued for answer in answers])),
        "crisis": float(np.mean([answer.by_people for answer in answers])),
        **_beside(contexts, answers, judge, seed)}
    if show:
        found["rows"] = [{"context": answer.told, "reply": answer.reply, "violations": list(answer.violations),
                          "empathy": round(judge.judge(answer.told, answer.reply).empathy, 2)} for answer in answers]
    return found


def _beside(contexts: list[Context], answers: list[Answer], judge: ReplyJudge, seed: int) -> dict[str, Any]:
    """The same figures for people's replies, for the answers dealt out anew, and for one sentence for all."""
    told = [answer.told for answer in answers]
    human = [Answer(told=one, reply=context.reference) for one, context in zip(told, contexts, strict=True)
             if context.reference]
    dealt = Random(seed).sample([answer.reply for answer in answers], len(answers))
    return {"references": figures(human, judge) if human else None,
            "shuffled": figures([Answer(told=one, reply=reply) for one, reply in zip(told, dealt, strict=True)], judge),
            "always_sorry": figures([Answer(told=one, reply=SORRY) for one in told], judge)}


def read_contexts(file: Path) -> tuple[list[Context], list[int]]:
    """Contexts, and the numbers of the lines that can't be used.

    Raises:
        InputError: the file can't be read, or no line can be used.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} can't be read ({error}): give JSON lines, each with a context") from error
    found: list[Context] = []
    bad: list[int] = []
    for number, line in enumerate(lines, 1):
        context = _context(line) if line.strip() else None
        if context is not None:
            found.append(context)
        elif line.strip():
            bad.append(number)
    if not found:
        raise InputError(f"{file} holds no context: every line must be an object such as {EXAMPLE}")
    return found, bad


def _context(line: str) -> Context | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    told = row.get("context") if isinstance(row, dict) else None
    turns = [told] if isinstance(told, str) else told
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        return None
    if not turns or not turns[-1].strip():
        return None
    human = row.get("reference")
    return Context(turns=tuple(turns), reference=human if isinstance(human, str) and human.strip() else None)


def _engine(system: Empathy) -> str:
    """The name of the engine that was asked for; no other may answer in its place unsaid."""
    name = system.engines.reply().name
    if system.engines.reply.problem:
        raise ModelError(system.engines.reply.problem)
    return name


def _answered(system: Empathy, context: Context, engine: str) -> tuple[Answer, tuple[float, float]]:
    """The answer to the last turn, and the seconds to its first piece and in all."""
    session = _session(context, system.clock())
    started, first, finished, analysis = time.monotonic(), None, 0.0, None
    for update in system.talk(session, words=context.turns[-1], seed=crc32(" ".join(context.turns).encode())):
        analysis = update.analysis
        match update.stage:
            case "care":
                started = time.monotonic()
            case "reply":
                finished = time.monotonic() - started
                first = finished if first is None else first
            case _:
                continue
    if analysis is None or not analysis.reply:
        why = "; ".join(one.why for one in analysis.missing) if analysis else ""
        raise InputError(f"nothing was answered to {context.turns[-1][:60]!r} ({why})")
    writer = analysis.engines.get("reply", "")
    answer = Answer(told=" ".join(context.told), reply=analysis.reply, last=context.turns[-1],
                    estimate=analysis.estimate, by_people="human" in writer,
                    rescued=engine != Composer.name and Composer.name in writer)
    return answer, (first or finished, finished)


def _session(context: Context, now_s: float) -> Session:
    """The conversation before the last turn, a minute a turn."""
    before = list(context.turns[:-1])
    if len(before) % 2:  # the other spoke first
        before.insert(0, "")
    session = Session.start(now_s - 30.0 * len(before))
    for i in range(0, len(before), 2):
        at_s = now_s - 30.0 * (len(before) - i)
        session = remember(session, Turn(at_s=at_s, words=before[i], reply=before[i + 1]))
    return session

