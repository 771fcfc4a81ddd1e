"""What the Live tab's script sends and gets, over a scripted session."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from empathy.live.options import LiveOptions
from empathy.live.tick import FrameView
from empathy.memory.session import Session
from empathy.ui.live import take_spoken
from empathy.ui.live_wire import Wire, _is_news, options_of, sound_of
from empathy.ui.sessions import Visitors

from .samples import face, voice
from .scripted import ScriptedSystem, ScriptedTicker

FAST = {"rate": 10}


def jpeg(width: int = 64, height: int = 48) -> str:
    file = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), 200, np.uint8)).save(file, "JPEG")
    return base64.b64encode(file.getvalue()).decode()


def pcm(*samples: int) -> str:
    return base64.b64encode(np.array(samples, "<i2").tobytes()).decode()


class Tab:
    """One browser tab, as the server sees it."""

    def __init__(self) -> None:
        self.ticker = ScriptedTicker()
        self.visitors = Visitors(lambda: Session.start(0.0), 60.0, lambda: 0.0)
        self.wire = Wire(ScriptedSystem(), self.visitors, self.ticker)

    def beat(self, **data: Any) -> dict[str, Any]:
        return asyncio.run(self.wire.beat("tab", {"options": FAST} | data))

    def do(self, what: str) -> None:
        self.wire.control("tab", {"do": what})

    @property
    def live(self) -> Any:
        return self.visitors.of("tab").live


@pytest.fixture
def tab() -> Tab:
    return Tab()


def test_a_picture_brings_its_tick_under_the_time_it_was_given(tab: Tab):
    answer = tab.beat(frame=jpeg(), seen=0)
    (picture, t_s), = tab.live.pictures
    assert picture().shape == (48, 64, 3), "decoded by whoever reads it"
    assert answer["fed_s"] == t_s
    assert answer["tick"]["n"] == 1
    assert answer["trouble"] == ""


def test_a_picture_is_as_old_as_the_browser_says(tab: Tab):
    before_s = time.monotonic()
    late = tab.beat(frame=jpeg(), delay_ms=2000)["fed_s"]
    assert late - before_s < -1.0
    assert tab.beat(frame=jpeg(), delay_ms=-50, seen=1)["fed_s"] > before_s, "nothing is from the future or the past"


def test_a_tick_of_sound_alone_does_not_answer_for_a_picture():
    tick = ScriptedTicker().open(None).snapshot()
    heard = replace(tick, n=5, frame=None)
    seen = replace(tick, n=5, frame=FrameView(width=4, height=3, captured_s=7.5))
    assert not _is_news(heard, 4, 7.5)
    assert _is_news(heard, 4, None)
    assert _is_news(seen, 4, 7.5)
    assert not _is_news(seen, 4, 7.6)
    assert not _is_news(seen, 5, 7.5)


def test_without_news_a_beat_is_answered_without_a_tick(tab: Tab):
    tab.beat(frame=jpeg())
    assert tab.beat(seen=1)["tick"] is None


def test_sound_arrives_at_its_own_level(tab: Tab):
    tab.beat(sound=pcm(0, 16384, -32768))
    assert tab.live.sounds[0].tolist() == [0.0, 0.5, -1.0]
    assert tab.live.sounds[0].dtype == np.float32


def test_silence_from_the_browser_feeds_nothing(tab: Tab):
    tab.beat(sound="", frame=None)
    assert tab.live.sounds == []
    assert tab.live.pictures == []


@pytest.mark.parametrize("data", [
    {"frame": "?"}, {"sound": pcm(1, 2)[:-3]},
    {"sound": base64.b64encode(b"odd").decode()}, {"options": {"tick_s": "soon"}}, {"options": {"tick_s": 99}},
    {"options": {"face_weight": float("nan")}}, {"frame": "A" * 5_000_000},
])
def test_what_can_t_be_read_gets_a_sentence(tab: Tab, data: dict[str, Any]):
    answer = tab.beat(**data)
    assert answer["tick"] is None
    assert len(answer["trouble"]) > 20
    assert json.dumps(answer, allow_nan=False)


def test_options_reach_the_session(tab: Tab):
    tab.beat(options={"mirror": False, "tick_s": 1, "face_weight": 0.5, "unknown": 1, **FAST})
    assert tab.live.options == LiveOptions(mirror=False, tick_s=1.0, face_weight=0.5)


@pytest.mark.parametrize(("rate", "hold_s"), [(4, 0.25), (1000, 0.1), (0.1, 1.0), (0, 1.0)])
def test_a_beat_is_held_for_one_picture_at_most(rate: float, hold_s: float):
    assert options_of({"rate": rate})[1] == hold_s


def test_a_session_that_was_closed_meanwhile_begins_anew(tab: Tab):
    for n in range(3):
        tab.beat(frame=jpeg(), seen=n)
    tab.live.close()
    answer = tab.beat(frame=jpeg(), seen=3)
    assert answer["tick"]["n"] == 1
    assert len(tab.ticker.opened) == 2


def test_pause_stops_the_reading_and_resume_goes_on(tab: Tab):
    tab.do("pause")
    assert tab.live is None, "nobody is watched before the start"
    tab.do("start")
    tab.do("pause")
    assert not tab.live.running
    tab.do("resume")
    assert tab.live.running


def test_a_stopped_session_can_still_be_saved_until_the_next_start(tab: Tab):
    tab.beat(frame=jpeg())
    tab.do("stop")
    kept = tab.wire.record("tab")
    assert tab.live.closed
    assert kept["rows"] == 1
    assert len(json.loads(kept["json"])["rows"]) == 1
    assert kept["csv"].count("\n") == 2
    tab.do("start")
    assert tab.wire.record("tab")["rows"] == 0


def test_nothing_is_there_to_save_before_the_start(tab: Tab):
    assert tab.wire.record("tab") == {"rows": 0, "json": "", "csv": ""}


def test_two_tabs_are_two_people(tab: Tab):
    tab.beat(frame=jpeg())
    asyncio.run(tab.wire.beat("other", {"options": FAST}))
    assert len(tab.ticker.opened) == 2
    assert [len(each.pictures) for each in tab.ticker.opened] == [1, 0]


def said(words: str, **changes: Any) -> Any:
    return SimpleNamespace(**{"words": words, "voice": voice(), "face": face()} | changes)


def test_what_is_said_waits_for_an_answer_only_when_one_is_wished(tab: Tab):
    tab.beat()
    tab.live.said = [said("hello")]
    assert tab.beat()["heard"] is False
    tab.live.said = [said("hello again")]
    assert tab.beat(options={"reply_on_pause": True, **FAST})["heard"] is True
    assert take_spoken(tab.visitors.of("tab")).voice.transcript.text == "hello again"
    assert tab.beat(options={"reply_on_pause": True, **FAST})["heard"] is False


def test_no_answer_is_asked_for_while_one_is_written(tab: Tab):
    tab.beat()
    tab.live.said = [said("hello")]
    with tab.visitors.of("tab").lock:
        assert tab.beat(options={"reply_on_pause": True, **FAST})["heard"] is False
    assert tab.beat(options={"reply_on_pause": True, **FAST})["heard"] is True


def test_what_could_not_be_heard_at_all_waits_for_no_answer(tab: Tab):
    tab.beat()
    tab.live.said = [said("", voice=None)]
    assert tab.beat(options={"reply_on_pause": True, **FAST})["heard"] is False


def test_utterances_that_waited_are_answered_as_one(tab: Tab):
    visitor = tab.visitors.of("tab")
    visitor.spoken.extend([said("I am tired."), said("And sad.", face=None), said("", voice=None, face=None)])
    spoken = take_spoken(visitor)
    assert spoken.voice.transcript.text == "I am tired. And sad."
    assert spoken.faces == ()
    assert take_spoken(visitor) is None


ANSWERED = {"reply_on_pause": True, **FAST}


def read(tab: Tab, n: int) -> list[str]:
    """What was given to be read ahead, once it is so many beginnings."""
    answers = tab.wire._system.answers
    deadline = time.monotonic() + 10.0
    while len(answers.read) < n and time.monotonic() < deadline:
        time.sleep(0.002)
    return [words for _, words in answers.read]


def test_what_is_being_said_is_read_ahead_once(tab: Tab):
    tab.beat(options=ANSWERED)
    assert read(tab, 1) == [""], "the conversation so far"
    assert tab.ticker.drafts
    tab.live.hearing = "speech"
    tab.beat(options=ANSWERED)
    assert read(tab, 2) == ["", ""], "again where somebody begins to speak: the model may have been busy before"
    for words in ("I lost", "I lost", "I lost my job"):
        tab.live.saying = words
        tab.beat(options=ANSWERED)
    assert read(tab, 4) == ["", "", "I lost", "I lost my job"]
    assert [cancelled() for cancelled in tab.wire._system.answers.cancelled] == [True, True, True, False]


def test_nothing_is_read_ahead_while_an_answer_is_written(tab: Tab):
    tab.beat(options=ANSWERED)
    assert read(tab, 1) == [""]
    with tab.visitors.of("tab").lock:
        tab.live.saying = "I lost"
        tab.beat(options=ANSWERED)
    tab.live.saying = "I lost my job"
    tab.beat(options=ANSWERED)
    assert read(tab, 2) == ["", "I lost my job"]


def test_what_waits_for_its_answer_is_not_read_ahead_any_more(tab: Tab):
    tab.beat(options=ANSWERED)
    assert read(tab, 1) == [""]
    tab.live.said, tab.live.hearing = [said("hello")], "speech"
    assert tab.beat(options=ANSWERED)["heard"] is True
    assert read(tab, 1) == [""]


def test_who_leaves_calls_off_what_is_read_for_them(tab: Tab):
    tab.beat(options=ANSWERED)
    assert read(tab, 1) == [""]
    cancelled, = tab.wire._system.answers.cancelled
    assert not cancelled()
    tab.visitors.forget("tab")
    assert cancelled()


def test_nothing_is_read_ahead_where_no_answer_is_wished_or_nothing_reads(tab: Tab):
    tab.beat()
    system = ScriptedSystem(may_read_ahead=False)
    wire = Wire(system, tab.visitors, tab.ticker)
    tab.visitors.of("tab").close_live()
    asyncio.run(wire.beat("tab", {"options": ANSWERED}))
    assert not tab.ticker.drafts
    assert (tab.wire._system.answers.read, system.answers.read) == ([], [])


def test_samples_are_little_endian_on_every_machine():
    assert sound_of(base64.b64encode(b"\x00\x40").decode()).tolist() == [0.5]
