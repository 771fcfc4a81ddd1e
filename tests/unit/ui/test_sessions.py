from __future__ import annotations

from dataclasses import dataclass

import pytest

from empathy.memory.session import Session
from empathy.ui.sessions import MAX_LINES, MAX_TRAIL, Visitors
from tests.fakes import CALM

from .scripted import ScriptedLive


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds


def visitors(clock: Clock | None = None, ttl_s: float = 100.0) -> Visitors:
    return Visitors(lambda: Session.start(0.0), ttl_s, clock or Clock())


def test_a_tab_finds_its_own_visitor_again():
    here = visitors()
    assert here.of("a") is here.of("a")


def test_two_tabs_are_two_people():
    here = visitors()
    here.of("a").say("user", "a secret")
    assert here.of("b").lines == []


def test_without_a_key_nobody_is_kept():
    here = visitors()
    assert here.of(None) is not here.of(None)
    assert len(here) == 0


def test_who_is_forgotten_comes_back_as_a_stranger():
    here = visitors()
    here.of("a").say("user", "a secret")
    assert here.forget("a")
    assert here.of("a").lines == []
    assert not here.forget("nobody")


def test_who_is_forgotten_is_no_longer_held():
    here = visitors()
    visitor = here.of("a")
    assert here.holds("a", visitor)
    here.forget("a")
    assert not here.holds("a", visitor)
    here.of("a")
    assert not here.holds("a", visitor)


def test_forgetting_ends_what_is_being_written():
    here = visitors()
    visitor = here.of("a")
    here.forget("a")
    assert visitor.stop.is_set()


def test_at_the_end_everybody_is_forgotten_and_nothing_goes_on():
    gone: list[str] = []
    here = Visitors(lambda: Session.start(0.0), 100.0, Clock(), gone.append)
    both = [here.of("a"), here.of("b")]
    both[0].live = ScriptedLive()
    live = both[0].live
    here.close()
    assert [each.stop.is_set() for each in both] == [True, True]
    assert (len(here), gone, live.closed) == (0, ["a", "b"], True)


def test_the_idle_are_forgotten_and_the_busy_stay():
    clock = Clock()
    here = visitors(clock)
    here.of("idle")
    here.of("busy")
    clock.now_s = 90.0
    here.of("busy")
    clock.now_s = 150.0
    assert here.expire() == ("idle",)
    assert len(here) == 1


def test_chat_and_trail_are_bounded():
    visitor = visitors().of("a")
    for i in range(MAX_LINES + 10):
        visitor.say("user", str(i))
        visitor.move(CALM)
    assert len(visitor.lines) == MAX_LINES
    assert visitor.lines[-1].text == str(MAX_LINES + 9)
    assert len(visitor.trail) == MAX_TRAIL


@pytest.mark.parametrize("leave", [lambda here, clock: here.forget("a"), lambda here, clock: clock.pass_s(200.0)])
def test_who_leaves_is_no_longer_watched(leave):
    clock = Clock()
    here = visitors(clock)
    live = here.of("a").live = ScriptedLive()
    here.of("a").spoken.append(object())
    leave(here, clock)
    here.expire()
    assert live.closed
    assert len(here) == 0


def test_a_new_start_drops_what_was_read_before():
    someone = visitors().of("a")
    live = someone.live = ScriptedLive()
    someone.spoken.append(object())
    someone.close_live()
    assert live.closed
    assert someone.live is None
    assert not someone.spoken
