"""What is told at the first turn and asked for at the twelfth, through the whole pipeline, whoever writes the reply."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count

import pytest

from empathy.memory.session import BUDGET_TOKENS, Session, export, fold, lines
from empathy.pipeline import Empathy
from empathy.protocols import ReplyRequest
from empathy.reply.composer import Composer
from empathy.settings import Settings
from tests.fakes import FakeReply, fake_engines

FIRST = "My name is Ana, I live with my sister Clara, and my driving exam is on Monday."
BETWEEN = (
    "I had soup for lunch.", "It rained all day.", "Long walks help me.", "I watched a film about whales.",
    "My boss shouted at me again.", "Wait, my driving exam was moved to Thursday.", "I slept badly.",
    "The neighbours were loud.", "I went to the market.", "I bought some plums.",
)


def clock() -> Iterator[float]:
    return (60.0 * i for i in count())


def conversation(system: Empathy, *turns: str, budget: int = BUDGET_TOKENS) -> tuple[Session, list[str]]:
    """The session after the turns, folded to ``budget`` between them, and every reply."""
    session, replies = Session.start(0.0), list[str]()
    for words in turns:
        *_, last = system.talk(session, words=words, seed=7)
        assert last.session is not None
        session = fold(last.session, budget)
        replies.append(last.analysis.reply or "")
    return session, replies


def system(reply: object) -> Empathy:
    ticks = clock()
    return Empathy(fake_engines(reply=reply), Settings(), clock=lambda: next(ticks))


@pytest.mark.parametrize("budget", [BUDGET_TOKENS, 200])
@pytest.mark.parametrize(("question", "right", "wrong"), [
    ("When is my exam?", "thursday", "monday"), ("What's my name?", r"\bana\b", "clara"),
    ("What is my sister's name?", "clara", r"\bana\b"),
    ("What do you remember about me?", r"ana.*thursday|thursday.*ana|clara", "monday"),
])
def test_the_composer_is_right_at_the_twelfth_turn_about_the_first(budget, question, right, wrong) -> None:
    _, replies = conversation(system(Composer()), FIRST, *BETWEEN, question, budget=budget)
    assert re.search(right, replies[-1], re.IGNORECASE), replies[-1]
    assert not re.search(wrong, replies[-1], re.IGNORECASE), replies[-1]


@pytest.mark.parametrize("budget", [BUDGET_TOKENS, 200])
def test_a_language_model_has_all_that_still_stands_before_it_at_the_twelfth_turn(budget: int) -> None:
    engine = FakeReply(script=("I remember that.",))
    conversation(system(engine), FIRST, *BETWEEN, "When is my exam?", budget=budget)
    request: ReplyRequest = engine.asked[-1]
    prompt = " ".join(message.content for message in request.messages)
    for known in ("Ana", "Clara", "Thursday", "plums"):
        assert known in prompt
    if budget == BUDGET_TOKENS:  # word for word, the later one after the earlier one
        assert prompt.index("Monday") < prompt.index("Thursday")
    else:
        assert "Monday" not in prompt.partition("<words>")[0]


def test_what_was_put_right_is_not_listed_and_not_folded() -> None:
    session, _ = conversation(system(Composer()), FIRST, *BETWEEN, budget=200)
    assert "Your driving exam is on Thursday." in lines(session)
    assert not any("Monday" in line for line in lines(session))
    assert not any("Monday" in line for line in session.summary)


def test_all_that_is_remembered_can_be_exported_and_read_again() -> None:
    session, _ = conversation(system(Composer()), FIRST, *BETWEEN)
    told = json.loads(export(session))
    assert len(told["turns"]) == 11
    assert {fact["kind"] for fact in told["facts"]} >= {"self", "person", "date"}
