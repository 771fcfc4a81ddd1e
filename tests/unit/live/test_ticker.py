import threading

import numpy as np
import pytest

from empathy.live.options import LiveOptions
from empathy.live.ticker import DEAD_PAUSED_S, DEAD_S, Ticker
from tests.fakes import FakeExpression, FakeFaceFinder, FakePosture, FakeTranscript, frontal

from .voices import loud, quiet, system

FRAME = np.random.default_rng(0).integers(60, 200, (120, 160, 3), dtype=np.uint8)


class Clock:
    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


class Blocking(FakeExpression):
    """An expression engine that waits to be let go."""

    def __init__(self):
        super().__init__()
        self.entered, self.free = threading.Semaphore(0), threading.Semaphore(0)

    def express(self, crop):
        self.entered.release()
        assert self.free.acquire(timeout=10)
        return super().express(crop)


@pytest.fixture
def opened():
    """Makes tickers on a clock that stands still, and stops them afterwards."""
    made = []

    def make(n_workers=1):
        ticker, clock = Ticker(n_workers, clock=Clock()), None
        made.append(ticker)
        clock = ticker._clock
        return ticker, clock

    yield make
    for ticker in made:
        ticker.stop()


def faces():
    return FakeFaceFinder(faces=(frontal(80.0, 60.0, 60.0),))


def moment(ticker):
    """Let the workers look up."""
    ticker._notify()


def test_a_frame_is_read_without_anybody_asking(opened):
    ticker, _ = opened()
    session = ticker.open(system(faces=faces()))
    session.feed_frame(FRAME)
    tick = session.wait(0, 10.0)
    assert (tick.n, tick.seeing, tick.visitors) == (1, "face", 1)


def test_visitors_take_turns_and_the_newest_frame_of_each_is_read(opened):
    engine = Blocking()
    ticker, clock = opened()
    setup = system(faces=faces(), expression=engine)
    one, two = ticker.open(setup), ticker.open(setup)
    one.feed_frame(FRAME)
    assert engine.entered.acquire(timeout=10)
    for _ in range(3):
        clock.now_s += 0.5
        one.feed_frame(FRAME)
        two.feed_frame(FRAME)
    engine.free.release()
    assert engine.entered.acquire(timeout=10)
    engine.free.release()
    assert two.wait(0, 10.0).n == 1, "who was served longest ago comes next"
    assert engine.entered.acquire(timeout=10)
    engine.free.release()
    tick = one.wait(1, 10.0)
    assert (tick.frames_read, tick.frames_dropped) == (2, 2)
    assert two.snapshot().frames_dropped == 2


def test_a_session_is_read_by_one_worker_at_a_time(opened):
    engine = Blocking()
    ticker, clock = opened(n_workers=3)
    session = ticker.open(system(faces=faces(), expression=engine))
    session.feed_frame(FRAME)
    assert engine.entered.acquire(timeout=10)
    clock.now_s += 1.0
    session.feed_frame(FRAME)
    moment(ticker)
    assert not engine.entered.acquire(timeout=0.2)
    engine.free.release()
    assert engine.entered.acquire(timeout=10)
    engine.free.release()
    assert session.wait(1, 10.0).n == 2


def test_a_session_whose_tab_has_died_is_closed_and_its_tracker_too(opened):
    finder = faces()
    ticker, clock = opened()
    session = ticker.open(system(faces=finder))
    session.feed_frame(FRAME)
    session.wait(0, 10.0)
    assert finder.n_open == 1
    clock.now_s += DEAD_S + 1.0
    moment(ticker)
    session.wait(10_000, 10.0)
    assert session.closed
    assert finder.n_open == 0
    assert ticker.figures().visitors == 0


def test_a_paused_session_may_wait_longer(opened):
    ticker, clock = opened()
    session = ticker.open(system(faces=faces()))
    session.pause()
    clock.now_s += DEAD_S + 1.0
    ticker._bury(clock.now_s)
    assert not session.closed
    ticker._bury(session.touched_s + DEAD_PAUSED_S + 1.0)
    assert session.closed


def test_a_session_that_was_closed_elsewhere_is_dropped(opened):
    ticker, clock = opened()
    session = ticker.open(system(faces=faces()))
    session.close()
    ticker._bury(clock.now_s)
    assert ticker.figures().visitors == 0


def test_closing_while_a_tick_is_made_gives_the_tracker_back_afterwards(opened):
    engine, finder = Blocking(), faces()
    ticker, _ = opened()
    session = ticker.open(system(faces=finder, expression=engine))
    session.feed_frame(FRAME)
    assert engine.entered.acquire(timeout=10)
    ticker.close(session)
    assert session.closed
    engine.free.release()
    with session._work:
        assert finder.n_open == 0


def test_what_fails_unexpectedly_ends_one_session_and_no_other(opened, caplog):
    ticker, _ = opened()
    broken = FakeFaceFinder(error=ZeroDivisionError("what the visitor said"))
    bad, good = ticker.open(system(faces=broken)), ticker.open(system(faces=faces()))
    bad.feed_frame(FRAME)
    bad.wait(0, 10.0)
    good.feed_frame(FRAME)
    assert good.wait(0, 10.0).n == 1
    assert bad.closed
    assert not good.closed
    assert "ZeroDivisionError" in caplog.text
    assert "what the visitor said" not in caplog.text


def test_what_is_being_said_is_written_down_beside_the_ticks(opened):
    ticker, clock = opened()
    session = ticker.open(system(faces=faces(), transcript=FakeTranscript(text="I lost my job")), drafts=True)
    session.configure(LiveOptions(reply_on_pause=True))
    said = np.concatenate([quiet(0.5), loud(1.5), quiet(0.5)])
    for first in range(0, said.size, 8000):
        clock.now_s += 0.5
        n = session.snapshot().n
        session.feed_sound(said[first:first + 8000])
        session.wait(n, 10.0)
    for _ in range(200):
        if session.saying:
            break
        session.wait(session.snapshot().n, 0.05)
    assert session.saying == "I lost my job"
    assert session.utterances() == ()


def test_an_utterance_is_understood_beside_the_ticks(opened):
    ticker, clock = opened()
    session = ticker.open(system(faces=faces(), transcript=FakeTranscript(text="I want to kill myself.")))
    said = np.concatenate([quiet(0.5), loud(1.5), quiet(1.5)])
    for first in range(0, said.size, 8000):
        clock.now_s += 0.5
        n = session.snapshot().n
        session.feed_sound(said[first:first + 8000])
        session.wait(n, 10.0)
    heard = []
    for _ in range(200):
        heard += session.utterances()
        if heard:
            break
        n = session.snapshot().n
        session.wait(n, 0.05)
    utterance, = heard
    assert utterance.words == "I want to kill myself."
    assert utterance.care.level == "crisis"
    assert utterance.voice.emotions is not None
    n = session.snapshot().n
    clock.now_s += 0.5
    session.feed_sound(quiet(0.5))
    tick = session.wait(n, 10.0)
    assert (tick.care, tick.said) == ("crisis", "I want to kill myself.")


def test_figures_count_ticks_frames_and_milliseconds(opened):
    ticker, clock = opened()
    session = ticker.open(system(faces=faces(), posture=FakePosture()))
    session.configure(LiveOptions(tick_s=0.1))
    for n in range(5):
        clock.now_s += 0.2
        session.feed_frame(FRAME)
        session.wait(n, 10.0)
    ticker.close(session)
    figures = ticker.figures()
    assert figures.ticks_per_s == pytest.approx(1.0, abs=0.2)
    assert (figures.visitors, figures.frames_read, figures.frames_dropped) == (0, 5, 0)
    assert {"faces", "expression", "posture"} <= set(figures.stages_ms)


def test_after_stopping_nothing_runs(opened):
    ticker, _ = opened()
    session = ticker.open(system(faces=faces()))
    ticker.stop()
    for thread in ticker._threads:
        thread.join(10)
        assert not thread.is_alive()
    assert session.closed
