"""The chat of the Live tab, over a scripted system."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from empathy.memory.session import Session
from empathy.ui.live import UNCLEAR, Handlers
from empathy.ui.sessions import Line, Visitors

from .samples import face, voice
from .scripted import ScriptedSystem

TAB: Any = SimpleNamespace(session_hash="tab")


def said(words: str = "I feel tired today", **changes: Any) -> Any:
    return SimpleNamespace(**{"words": words, "voice": voice(), "face": face()} | changes)


@pytest.fixture
def visitors() -> Visitors:
    return Visitors(lambda: Session.start(0.0), 60.0, lambda: 0.0)


def test_what_was_said_is_answered_with_its_voice_and_its_face(visitors: Visitors):
    system, visitor = ScriptedSystem(), visitors.of("tab")
    seen = face()
    visitor.spoken.append(said(face=seen))
    *_, last = Handlers(system, visitors).answer_spoken(TAB)
    assert visitor.lines == [Line("user", "“I feel tired today”"), Line("assistant", "I hear that you are tired.")]
    assert last[0][-1]["content"].startswith("I hear that")
    assert system.asked[0]["read"].faces == (seen,)


def test_nothing_said_changes_nothing(visitors: Visitors):
    (outputs,) = Handlers(ScriptedSystem(), visitors).answer_spoken(TAB)
    assert all(isinstance(each, dict) and each["__type__"] == "update" for each in outputs)
    assert visitors.of("tab").lines == []


def test_an_unclear_voice_is_told_so_once_and_nothing_is_guessed(visitors: Visitors):
    system, visitor = ScriptedSystem(), visitors.of("tab")
    handlers = Handlers(system, visitors)
    for _ in range(2):
        visitor.spoken.append(said("", voice=voice(transcript=None, abstains=True)))
        list(handlers.answer_spoken(TAB))
    assert visitor.lines == [Line("user", "(your voice)"), Line("assistant", UNCLEAR)]
    assert system.asked == []


def test_a_clear_tone_is_answered_without_words(visitors: Visitors):
    visitor = visitors.of("tab")
    visitor.spoken.append(said("", voice=voice(transcript=None)))
    list(Handlers(ScriptedSystem(), visitors).answer_spoken(TAB))
    assert [line.text for line in visitor.lines] == ["(your voice)", "I hear that you are tired."]


def test_both_tabs_show_one_conversation(visitors: Visitors):
    handlers = Handlers(ScriptedSystem(), visitors)
    list(handlers.send("hello", TAB))
    assert [line["role"] for line in handlers.show(TAB)] == ["user", "assistant"]


def test_a_tab_that_closes_ends_its_answer(visitors: Visitors):
    views = Handlers(ScriptedSystem(), visitors).send("hello", TAB)
    next(views)
    visitors.forget("tab")
    assert list(views) == []
