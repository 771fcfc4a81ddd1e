from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest

from empathy.errors import InputError
from empathy.memory.session import Session
from empathy.ui.api import analyzed, told
from empathy.ui.sessions import Visitor

from .scripted import ScriptedSystem


def test_an_analysis_is_plain_numbers_and_names_no_path(photo: Path):
    result = analyzed(ScriptedSystem(), {"path": str(photo)}, "hi", reply=False, features=False)
    assert result["input"] == "photo.jpg"
    assert result["faces"][0]["box"] == {"x": 170.0, "y": 60.0, "width": 110.0, "height": 130.0}
    assert "landmarks" not in result["faces"][0]


def test_landmarks_come_only_on_request(photo: Path):
    result = analyzed(ScriptedSystem(), {"path": str(photo)}, "", reply=False, features=True)
    assert len(result["faces"][0]["landmarks"]) == 478


@pytest.mark.parametrize("path", ["/etc/passwd", "/nowhere.jpg"])
def test_a_file_that_was_not_uploaded_is_refused(photo: Path, path: str):
    system = ScriptedSystem()
    with pytest.raises(gr.Error, match="choose it again"):
        analyzed(system, {"path": path}, "", reply=False, features=False)
    assert system.asked == []


def test_what_can_t_be_read_is_told_to_the_client(photo: Path):
    with pytest.raises(gr.Error, match="too long"):
        analyzed(ScriptedSystem(error=InputError("too long")), {"path": str(photo)}, "", reply=False, features=False)


def test_a_client_s_turns_are_one_conversation():
    system, visitor = ScriptedSystem(), Visitor(session=Session.start(0.0), seen_s=0.0)
    steps = list(told(system, visitor, "My name is Anna."))
    list(told(system, visitor, "And now?"))
    assert [step["stage"] for step in steps] == ["words", "estimate", "reply", "reply", "done"]
    assert system.asked[1]["session"].turns[0].words == "My name is Anna."
    assert not visitor.lock.locked()


def test_a_turn_that_fails_leaves_the_visitor_free():
    visitor = Visitor(session=Session.start(0.0), seen_s=0.0)
    with pytest.raises(gr.Error, match="too long"):
        list(told(ScriptedSystem(error=InputError("too long")), visitor, "x"))
    assert not visitor.lock.locked()
