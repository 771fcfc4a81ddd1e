"""Older turns told in lines by the language model, between two turns. Without one, or where it is not done in time,
``memory.session.fold`` picks sentences of theirs instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..errors import ModelError
from ..memory.plain import mend, sentences, stems
from ..memory.session import BUDGET_TOKENS, FOLDED_LINE_CHARS, Session, folded, n_older
from ..protocols import ReplyEngine, ReplyRequest
from ..text.risk import assess
from ..types import NO_CARE, NO_RISK, RiskCategory
from .composer import Composer
from .guard import Evidence, broken_rules
from .prompt import build_folding, neutral

EARLY = 0.75
"""The model folds from this share of the budget on, so that there are some turns left in which it may be broken off."""

MOST_LINES = 6
GROUNDED = 0.75
"""Share of a line's content words that the person used too."""

_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])?\s*[\"“”']*(.*?)[\"“”']*\s*$")
_EXACT = re.compile(r"\d+|(?<=[a-z,;] )[A-Z]\w+")
"""What a line may only hold as it was said: numbers and names (capitals within a sentence)."""


def summarize(session: Session, engine: ReplyEngine, *, visitor: str, cancelled: Callable[[], bool]) -> Session | None:
    """The session with its older turns in the model's lines; None where nothing is to be folded yet, nobody can, it was
    broken off, or what was written may not stand.

    Args:
        session: between two turns.
        engine: who speaks for replies; the composer writes no summaries.
        visitor: whose conversation it is (see ``ReplyRequest``).
        cancelled: turns true once there is something better to do.
    """
    n_old = n_older(session, EARLY * BUDGET_TOKENS)
    if not n_old or isinstance(engine, Composer):
        return None
    request = ReplyRequest(
        words="", estimate=None, care=NO_CARE, memory=session, messages=build_folding(session, n_old, MOST_LINES),
        seed=0, visitor=visitor, cancelled=cancelled, aside=True)
    try:
        written = "".join(engine.reply(request))
    except ModelError:
        return None
    told = standing(written, [turn.words for turn in session.turns])
    if cancelled() or not told:
        return None
    return folded(session, n_old, told)


def standing(written: str, words: Sequence[str]) -> tuple[str, ...]:
    """The lines of what a model wrote that are whole, and that the person's own words bear.

    A line must lean on their content words, bring no name or number of its own, and break no rule of the guard that
    they have not broken themselves: what they said of an illness or a medicine may be remembered. Nor may it speak of
    a danger that they did not speak of. None where more lines fall than stand: then it was not understood what was
    asked.

    Args:
        written: one sentence a line.
        words: what the person said, turn by turn.
    """
    said = mend(" ".join(neutral(each) for each in words))
    evidence, theirs, low = Evidence(said, None), stems(said), said.lower()
    dangers = {_danger(each) for each in words} | {None}
    own = {rule for sentence in sentences(said) for rule in broken_rules(sentence, evidence)}
    lines = [neutral(found.group(1), FOLDED_LINE_CHARS + 1) for line in written.splitlines()
             if line.strip() and (found := _ITEM.match(line))][:MOST_LINES]

    def stands(line: str) -> bool:
        content = stems(line)
        return (line[-1:] in ".!" and len(line) <= FOLDED_LINE_CHARS and bool(content)
                and len(content & theirs) >= GROUNDED * len(content)
                and all(exact.lower() in low for exact in _EXACT.findall(line))
                and set(broken_rules(line, evidence)) <= own | {"human"} and _danger(line) in dangers)

    told = tuple(dict.fromkeys(line for line in lines if stands(line)))
    return told if 2 * len(told) > len(lines) else ()


def _danger(words: str) -> RiskCategory | None:
    risk = assess(words) if words else NO_RISK
    return risk.category if risk.level == "crisis" else None
