"""What happens between two messages: reading ahead, and folding that never gets in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from empathy.answer import Audience
from empathy.memory.session import Session
from empathy.ui.ahead import Ahead
from empathy.ui.sessions import Visitors

from .scripted import ScriptedAnswers, ScriptedSystem


@pytest.fixture
def visitors() -> Visitors:
    return Visitors(lambda: Session.start(0.0), 60.0, lambda: 0.0)


def shorter(session: Session, audience: Audience) -> Session:
    return replace(session, summary=("I lost my job.",))


def ahead(visitors: Visitors, folds) -> tuple[Ahead, ScriptedAnswers]:
    system = ScriptedSystem(answers=ScriptedAnswers(folds=folds))
    return Ahead(system, visitors), system.answers


def test_what_was_folded_is_remembered_and_then_read_ahead(visitors: Visitors):
    after, answers = ahead(visitors, shorter)
    assert after.settle("tab", "hel")
    assert visitors.of("tab").session.summary == ("I lost my job.",)
    assert answers.read == [("tab", "hel")]


def test_where_nothing_is_folded_the_new_beginning_is_read(visitors: Visitors):
    after, answers = ahead(visitors, lambda session, audience: None)
    before = visitors.of("tab").session
    assert not after.settle("tab", "")
    assert visitors.of("tab").session is before
    assert answers.read == [("tab", "")]


def test_what_is_typed_meanwhile_breaks_the_folding_off(visitors: Visitors):
    def typing(session: Session, audience: Audience) -> Session:
        after.read("tab", "I am")
        assert audience.cancelled()
        return shorter(session, audience)

    after, answers = ahead(visitors, typing)
    after.settle("tab", "")
    assert visitors.of("tab").session.summary == ()
    assert answers.read == [("tab", "I am")], "and is not called off itself"


def test_a_look_at_the_box_without_a_new_word_lets_the_folding_go_on(visitors: Visitors):
    def looking(session: Session, audience: Audience) -> Session:
        after.read("tab", "hel")
        assert not audience.cancelled()
        return shorter(session, audience)

    after, answers = ahead(visitors, looking)
    assert after.settle("tab", "hel")
    assert answers.read == [("tab", "hel")], "once the lines are shorter"
    after.read("tab", "hel")
    assert answers.read == [("tab", "hel")] * 2, "what is done may be asked for again"


def test_a_message_that_is_being_answered_meanwhile_wins(visitors: Visitors):
    def answering(session: Session, audience: Audience) -> Session:
        visitors.of("tab").lock.acquire()
        return shorter(session, audience)

    after, _ = ahead(visitors, answering)
    after.settle("tab", "")
    assert visitors.of("tab").session.summary == ()


def test_a_line_that_was_forgotten_meanwhile_does_not_come_back(visitors: Visitors):
    def forgetting(session: Session, audience: Audience) -> Session:
        visitors.of("tab").session = replace(session, n_turns=7)
        return shorter(session, audience)

    after, _ = ahead(visitors, forgetting)
    after.settle("tab", "")
    assert visitors.of("tab").session.summary == ()
    assert visitors.of("tab").session.n_turns == 7


def test_who_left_is_not_folded(visitors: Visitors):
    def leaving(session: Session, audience: Audience) -> Session:
        visitors.forget("tab")
        return shorter(session, audience)

    after, answers = ahead(visitors, leaving)
    after.settle("tab", "")
    assert answers.read == []
