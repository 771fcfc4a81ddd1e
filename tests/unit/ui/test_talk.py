from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from empathy.memory.session import Session
from empathy.ui.sessions import Visitors
from empathy.ui.talk import Handlers, attached, beginning

from .scripted import ScriptedSystem

TAB = SimpleNamespace(session_hash="tab")


@pytest.fixture
def visitors() -> Visitors:
    return Visitors(lambda: Session.start(0.0), 60.0, lambda: 0.0)


def test_what_was_forgotten_is_not_shown_again_by_a_reply_under_way(visitors: Visitors):
    handlers = Handlers(ScriptedSystem(), visitors)
    views = handlers.send("My secret is out.", TAB)
    assert "secret" in str(next(views)[0])
    handlers.forget_all(TAB)
    assert list(views) == []
    assert visitors.of("tab").lines == []


def test_a_tab_that_closes_ends_its_reply_and_is_not_brought_back(visitors: Visitors):
    views = Handlers(ScriptedSystem(), visitors).send("hello", TAB)
    next(views)
    visitors.forget("tab")
    assert list(views) == []
    assert len(visitors) == 0


def test_a_beginning_that_is_chosen_goes_into_the_box():
    assert beginning(SimpleNamespace(value={"text": "It's been a long week."})) == "It's been a long week."


def test_what_is_typed_is_read_ahead_for_its_visitor_until_more_is_typed(visitors: Visitors):
    system = ScriptedSystem()
    handlers = Handlers(system, visitors)
    handlers.read_ahead("I lost", TAB)
    assert not system.answers.cancelled[0]()
    handlers.read_ahead("I lost my job", TAB)
    assert system.answers.read == [("tab", "I lost"), ("tab", "I lost my job")]
    assert [cancelled() for cancelled in system.answers.cancelled] == [True, False]
    visitors.forget("tab")
    assert system.answers.cancelled[1]()


def test_a_recording_that_can_t_be_heard_is_told_when_it_is_attached(visitors, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    (tmp_path / "voice.wav").write_bytes(b"")
    with pytest.warns(UserWarning, match="empty"):
        field, status = Handlers(ScriptedSystem(), visitors).attach_sound({"path": str(tmp_path / "voice.wav")}, TAB)
    assert field is None
    assert "empty" in status
    assert visitors.of("tab").sound is None


def test_a_photo_that_is_taken_away_is_not_sent(visitors: Visitors):
    handlers = Handlers(ScriptedSystem(), visitors)
    visitors.of("tab").picture = "a picture"
    handlers.attach_photo(None, TAB)
    assert visitors.of("tab").picture is None


@pytest.mark.parametrize(("picture", "sound", "told"), [
    (None, None, ""), (np.zeros((2, 2, 3), np.uint8), None, "The photo goes"), (None, b"RIFF", "Your voice goes"),
    (np.zeros((2, 2, 3), np.uint8), b"RIFF", "The photo and your voice go")])
def test_all_that_goes_with_the_next_message_is_told(visitors: Visitors, picture, sound, told):
    visitor = visitors.of("tab")
    visitor.picture, visitor.sound = picture, sound
    assert (told in attached(visitor)) if told else attached(visitor) == ""
