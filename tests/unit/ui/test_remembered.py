from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from empathy.memory.session import Session, Turn, remember
from empathy.ui.remembered import CHOOSE_ONE, CHOOSE_SOME, Handlers, remembered, update
from empathy.ui.sessions import Visitors

from .scripted import ScriptedSystem

TAB = SimpleNamespace(session_hash="tab")


@pytest.fixture
def system() -> ScriptedSystem:
    return ScriptedSystem()


@pytest.fixture
def visitors(system: ScriptedSystem) -> Visitors:
    here = Visitors(lambda: Session.start(0.0), 60.0, lambda: 0.0, system.answers.forget)
    visitor = here.of("tab")
    visitor.session = remember(visitor.session, Turn(
        at_s=1.0, words="My name is Anna. My exam is on Monday. I live in Leeds.", reply="I see."))
    return here


def test_chosen_lines_are_forgotten_and_the_others_stay(system, visitors):
    left, right = Handlers(system, visitors).forget_some(["Your name is Anna."], TAB)
    assert left["choices"] == ["Your exam is on Monday.", "You live in Leeds."]
    assert right == ""
    assert "Anna" not in Handlers(system, visitors).save(TAB)


def test_forgetting_needs_a_line(system, visitors):
    with pytest.warns(UserWarning, match=CHOOSE_SOME):
        Handlers(system, visitors).forget_some([], TAB)
    assert len(remembered(visitors.of("tab"))) == 3


def test_one_chosen_line_is_corrected_in_its_place(system, visitors):
    left, right = Handlers(system, visitors).correct(["Your exam is on Monday."], "My exam is on Tuesday", TAB)
    assert left["choices"] == ["Your name is Anna.", "Your exam is on Tuesday.", "You live in Leeds."]
    assert right == ""


@pytest.mark.parametrize("chosen", [[], ["Your name is Anna.", "You live in Leeds."], ["a line that is not there"]])
def test_a_correction_needs_one_line(system, visitors, chosen):
    with pytest.warns(UserWarning, match=CHOOSE_ONE):
        Handlers(system, visitors).correct(chosen, "x", TAB)
    assert len(remembered(visitors.of("tab"))) == 3


def test_a_correction_needs_words(system, visitors):
    with pytest.warns(UserWarning, match="write what is right"):
        Handlers(system, visitors).correct(["Your name is Anna."], "  ", TAB)


def test_what_was_taken_back_is_forgotten_by_the_language_model_too(system, visitors):
    Handlers(system, visitors).forget_some(["Your name is Anna."], TAB)
    Handlers(system, visitors).correct(["You live in Leeds."], "I live in York", TAB)
    visitors.forget("tab")
    assert system.answers.forgotten == ["tab"] * 3


def test_everything_can_be_saved_and_nothing_of_another_visitor(system, visitors):
    saved = json.loads(Handlers(system, visitors).save(TAB))
    assert [fact["text"] for fact in saved["facts"]] == ["your name is Anna", "your exam is on Monday",
                                                         "you live in Leeds"]
    assert json.loads(Handlers(system, visitors).save(SimpleNamespace(session_hash="other")))["facts"] == []


def test_nobody_is_remembered_as_nothing():
    assert update(None)["choices"] == []
