from __future__ import annotations

from types import SimpleNamespace

import pytest

from empathy.memory.session import Session
from empathy.ui.sessions import Line, Visitors
from empathy.ui.talk import Handlers, as_markdown, messages

from .scripted import ScriptedSystem

TAB = SimpleNamespace(session_hash="tab")


@pytest.mark.parametrize(("written", "sent"), [
    ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
    ("<b>x</b> & <script>", r"&lt;b\>x&lt;/b\> &amp; &lt;script\>"),
    ("![](https://evil.example/?q=1)", r"\!\[\]\([https://evil.example/](https://evil.example/)?q\=1\)"),
    ("# no heading\n- no list", "\\# no heading  \n\\- no list"),
])
def test_no_mark_of_a_visitor_becomes_formatting(written, sent):
    assert as_markdown(written).replace(r"\=", "=") == sent.replace(r"\=", "=")


def test_a_plain_address_stays_a_link():
    assert as_markdown("See https://findahelpline.com.") == \
        "See [https://findahelpline.com](https://findahelpline.com)\\."


def test_the_directory_of_help_lines_is_a_link_however_it_is_written():
    assert as_markdown("Call: findahelpline.com") == "Call\\: [findahelpline.com](https://findahelpline.com)"


def test_the_chat_keeps_who_said_what():
    assert messages((Line("user", "hi"), Line("assistant", "hello"))) == [
        {"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]


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
