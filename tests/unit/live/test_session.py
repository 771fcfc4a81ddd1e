import csv
import io
import json
import weakref

import numpy as np
import pytest

from empathy.errors import InputError, ModelRunError
from empathy.live.options import LiveOptions
from empathy.live.session import LiveSession
from empathy.pipeline import Empathy
from empathy.settings import Settings
from tests.fakes import FakeExpression, FakeFaceFinder, FakePosture, FakeSpeech, FakeTranscript, fake_engines, frontal

from .voices import loud, quiet

FRAME = np.random.default_rng(0).integers(60, 200, (240, 320, 3), dtype=np.uint8)


class Clock:
    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


def started(**engines):
    engines.setdefault("faces", FakeFaceFinder(faces=(frontal(160.0, 120.0, 120.0),)))
    clock = Clock()
    system = Empathy(fake_engines(**engines), Settings(), clock=clock)
    return LiveSession(system, clock=clock), clock


def ticks(session, clock, n, *, frames=True, step_s=0.5):
    for _ in range(n):
        clock.now_s += step_s
        if frames:
            session.feed_frame(FRAME)
        session.tick()
    return session.snapshot()


def test_before_anything_came_the_page_is_told_that_it_waits():
    session, _ = started()
    tick = session.snapshot()
    assert (tick.n, tick.seeing, tick.hearing) == (0, "waiting", "waiting")
    assert len(tick.states) == 30
    assert set(tick.states.values()) == {None}


def test_a_frame_becomes_a_tick_with_face_states_and_its_own_picture():
    session, clock = started()
    session.feed_frame(FRAME, clock.now_s - 0.25)
    session.tick(visitors=3)
    tick = session.snapshot()
    assert (tick.n, tick.seeing, tick.face.label, tick.visitors) == (1, "face", "happy", 3)
    assert tick.states["happy"] > 0.5
    assert tick.states["calm"] is None
    assert (tick.frame.width, tick.frame.height) == (320, 240)
    assert tick.age_ms == pytest.approx(250.0)


def test_without_a_frame_the_age_is_that_of_the_sound_and_without_either_there_is_none():
    session, clock = started()
    session.tick()
    assert session.snapshot().age_ms is None
    session.feed_sound(quiet(0.5), clock.now_s - 0.125)
    session.tick()
    assert session.snapshot().age_ms == pytest.approx(125.0)
    session.feed_sound(quiet(0.5))
    session.configure(LiveOptions(microphone=False))
    session.tick()
    assert session.snapshot().age_ms is None, "sound that nobody listened to was not read"
    assert [row[6] for row in csv.reader(io.StringIO(session.recording.csv()))] == ["age_ms", "", "125.0", ""]


def test_the_newest_frame_replaces_the_one_that_waits_and_that_is_counted():
    finder = FakeFaceFinder(faces=(frontal(160.0, 120.0, 120.0),))
    session, _ = started(faces=finder)
    for level in (10, 20, 30):
        session.feed_frame(np.full((240, 320, 3), level, np.uint8))
    session.tick()
    tick = session.snapshot()
    assert (tick.frames_read, tick.frames_dropped) == (1, 2)
    assert finder.asked[0][0, 0, 0] == 30


def test_a_frame_that_can_t_be_decoded_is_said_and_the_next_one_is_read():
    def broken():
        raise InputError("that is no picture: send another")

    session, clock = started()
    session.feed_frame(broken)
    session.tick()
    assert session.snapshot().missing == ("that is no picture: send another",)
    clock.now_s += 0.5
    session.feed_frame(lambda: FRAME)
    session.tick()
    assert (session.snapshot().missing, session.snapshot().seeing) == ((), "face")


def test_the_face_goes_and_comes_back():
    finder = FakeFaceFinder(faces=(frontal(160.0, 120.0, 120.0),))
    session, clock = started(faces=finder)
    faces, finder.faces = finder.faces, ()
    tick = ticks(session, clock, 1)
    assert (tick.seeing, tick.face, tick.states["happy"]) == ("no face", None, None)
    finder.faces = faces
    assert ticks(session, clock, 1).seeing == "face"
    finder.faces = ()
    assert ticks(session, clock, 2).states["happy"] is not None
    assert ticks(session, clock, 6).states["happy"] is None


def test_the_body_is_read_once_a_second_and_less_often_when_the_machine_is_busy():
    posture = FakePosture()
    session, clock = started(posture=posture)
    ticks(session, clock, 8)
    assert len(posture.asked) == 4
    for _ in range(16):
        clock.now_s += 0.5
        session.feed_frame(FRAME)
        session.tick(busy=1.0)
    assert len(posture.asked) <= 4 + 3


def test_a_stage_that_fails_is_named_and_left_alone_for_a_while():
    expression = FakeExpression(error=ModelRunError("the network failed"))
    session, clock = started(expression=expression)
    tick = ticks(session, clock, 10)
    assert tick.missing == ("expression: the network failed",)
    assert len(expression.asked) == 1
    expression.error = None
    tick = ticks(session, clock, 20)
    assert tick.missing == ()
    assert tick.face.label == "happy"


def test_a_paused_session_reads_nothing_and_gives_its_tracker_back():
    finder = FakeFaceFinder(faces=(frontal(160.0, 120.0, 120.0),))
    session, clock = started(faces=finder)
    ticks(session, clock, 2)
    assert finder.n_open == 1
    session.pause()
    assert finder.n_open == 0
    n = session.snapshot().n
    assert not ticks(session, clock, 3).running
    assert session.snapshot().n == n
    session.resume()
    assert ticks(session, clock, 1).n == n + 1
    assert finder.n_open == 1


def test_closing_twice_gives_the_tracker_back_once():
    finder = FakeFaceFinder(faces=(frontal(160.0, 120.0, 120.0),))
    session, clock = started(faces=finder)
    ticks(session, clock, 1)
    session.close()
    session.close()
    assert finder.n_open == 0
    assert session.closed
    assert not session.snapshot().running
    ticks(session, clock, 1)
    assert finder.n_open == 0


def test_without_the_camera_no_frame_is_read():
    finder = FakeFaceFinder()
    session, clock = started(faces=finder)
    session.configure(LiveOptions(camera=False))
    tick = ticks(session, clock, 2)
    assert tick.seeing == "off"
    assert tick.frame is None
    assert not finder.asked


def test_a_resting_frown_stops_being_anger_once_the_baseline_is_known():
    frown = FakeExpression(emotions=FakeExpression().emotions.of({"angry": 0.5, "neutral": 0.5}))
    session, clock = started(expression=frown)
    early = ticks(session, clock, 10)
    late = ticks(session, clock, 120)
    assert (early.baseline, late.baseline) == ("cold", "ready")
    assert late.states["angry"] < early.states["angry"] - 0.1
    session.configure(LiveOptions(baseline=False))
    assert ticks(session, clock, 20).baseline == "off"
    assert session.snapshot().states["angry"] == pytest.approx(early.states["angry"], abs=0.05)


def test_a_steady_face_is_stable_and_leaves_a_trail():
    session, clock = started()
    tick = ticks(session, clock, 70)
    assert tick.stability == pytest.approx(1.0, abs=0.2)
    assert len(tick.trail) == 60
    assert tick.trail[-1] == pytest.approx(tick.affect[:2])


def test_milliseconds_of_the_stages_come_with_the_debug_switch():
    session, clock = started()
    assert ticks(session, clock, 1).stages_ms == {}
    session.configure(LiveOptions(debug=True))
    assert {"faces", "expression", "posture"} <= set(ticks(session, clock, 2).stages_ms)


def test_the_recording_holds_numbers_alone():
    session, clock = started()
    ticks(session, clock, 3)
    assert len(session.recording) == 3
    lines = session.recording.csv().splitlines()
    assert lines[0].startswith("time_s,valence,arousal")
    assert len(lines) == 4
    assert lines[2].startswith("0.5,")
    kept = json.loads(session.recording.json())
    assert kept["rows"][0][kept["columns"].index("calm")] is None
    assert kept["rows"][0][kept["columns"].index("happy")] > 0.5
    session.recording.clear()
    assert len(session.recording) == 0


def test_a_tick_is_due_with_a_frame_and_else_only_to_say_that_nothing_comes():
    session, clock = started()
    assert session.due_s() == clock.now_s + 1.0
    session.feed_frame(FRAME)
    assert session.due_s() <= clock.now_s
    session.tick()
    begun_s = clock.now_s
    session.feed_frame(FRAME)
    assert session.due_s() == pytest.approx(begun_s + 0.4)


def test_where_frames_come_the_sound_does_not_make_ticks_of_its_own():
    session, clock = started()
    session.feed_frame(FRAME)
    session.tick()
    session.feed_sound(np.zeros(8000, np.float32))
    assert session.due_s() == pytest.approx(clock.now_s + 1.0)
    session.configure(LiveOptions(tick_s=0.2))
    clock.now_s += 5.0
    assert session.due_s() < clock.now_s


def test_waiting_for_a_newer_tick_ends_when_there_is_one_or_the_time_is_over():
    session, _ = started()
    assert session.wait(0, 0.01).n == 0
    session.feed_frame(FRAME)
    session.tick()
    assert session.wait(0, 5.0).n == 1


def test_the_body_is_left_alone_when_nobody_wants_it_read():
    posture = FakePosture()
    session, clock = started(posture=posture)
    assert ticks(session, clock, 2).posture is not None
    session.configure(LiveOptions(posture=False))
    n_asked = len(posture.asked)
    assert ticks(session, clock, 6).posture is None
    assert len(posture.asked) == n_asked


@pytest.mark.parametrize("wanted", [True, False])
def test_what_is_said_is_written_down_only_when_wanted(wanted):
    session, clock = started()
    session.configure(LiveOptions(transcript=wanted))
    said = np.concatenate([loud(1.5), quiet(1.5)])
    for first in range(0, said.size, 8000):
        clock.now_s += 0.5
        session.feed_sound(said[first:first + 8000])
        session.tick()
    session.understand()
    utterance, = session.utterances()
    assert utterance.words == ("I am a little tired today." if wanted else "")
    assert utterance.voice.emotions is not None
    assert session.utterances() == ()


class Counting(FakeTranscript):
    """Writes down one word for each half second of sound."""

    def transcribe(self, samples, speech):
        self.text = " ".join(f"word{i}" for i in range(samples.size // 8000))
        return super().transcribe(samples, speech)


def speak(session, clock, sound):
    """Feed sound half a second at a time; what is being said is written down whenever a worker would."""
    for first in range(0, sound.size, 8000):
        clock.now_s += 0.5
        session.feed_sound(sound[first:first + 8000])
        session.tick()
        while session.has_ended or session.has_draft:
            if session.has_ended:
                session.understand()
            else:
                session.draft()


def listening(engine, **options):
    clock = Clock()
    session = LiveSession(Empathy(fake_engines(transcript=engine), Settings(), clock=clock), clock=clock, drafts=True)
    session.configure(LiveOptions(**{"reply_on_pause": True} | options))
    return session, clock


def test_what_is_being_said_is_written_down_at_each_breath():
    session, clock = listening(Counting())
    speak(session, clock, np.concatenate([loud(1.5), quiet(0.5)]))
    assert session.saying == "word0 word1 word2"
    speak(session, clock, np.concatenate([loud(1.0), quiet(0.5)]))
    assert session.saying == "word0 word1 word2 word3 word4 word5"
    assert session.utterances() == ()


def test_an_utterance_that_ends_at_a_breath_is_written_down_once():
    transcript = Counting()
    session, clock = listening(transcript)
    speak(session, clock, np.concatenate([loud(1.5), quiet(0.5)]))
    assert len(transcript.asked) == 1
    speak(session, clock, quiet(1.0))
    assert [each.words for each in session.utterances()] == ["word0 word1 word2"]
    assert (len(transcript.asked), session.saying) == (1, "")
    speak(session, clock, np.concatenate([loud(1.5), quiet(1.5)]))
    assert len(transcript.asked) == 2, "the same words said again are heard again"


@pytest.mark.parametrize("options", [{"reply_on_pause": False}, {"transcript": False}])
def test_nothing_is_written_down_before_its_end_where_nobody_wants_it(options):
    transcript = Counting()
    session, clock = listening(transcript, **options)
    speak(session, clock, np.concatenate([loud(1.5), quiet(0.5)]))
    assert (session.saying, transcript.asked) == ("", [])


def test_what_was_being_said_is_gone_with_a_pause_of_the_page():
    session, clock = listening(Counting())
    speak(session, clock, np.concatenate([loud(1.5), quiet(0.5)]))
    session.pause()
    assert session.saying == ""


def test_a_transcript_engine_that_fails_leaves_what_was_understood_before():
    transcript = Counting()
    session, clock = listening(transcript)
    speak(session, clock, np.concatenate([loud(1.5), quiet(0.5)]))
    transcript.error = ModelRunError("too long")
    speak(session, clock, np.concatenate([loud(1.5), quiet(0.5)]))
    assert session.saying == "word0 word1 word2"


def test_a_pause_while_it_is_written_down_leaves_nothing_of_what_was_said():
    class Paused(Counting):
        def transcribe(self, samples, speech):
            heard.append(weakref.ref(samples))
            session.pause()
            return super().transcribe(samples, speech)

    heard, transcript, speech, clock = [], Paused(), FakeSpeech(), Clock()
    system = Empathy(fake_engines(transcript=transcript, speech=speech), Settings(), clock=clock)
    session = LiveSession(system, clock=clock, drafts=True)
    session.configure(LiveOptions(reply_on_pause=True))
    speak(session, clock, np.concatenate([loud(1.5), quiet(0.5)]))
    transcript.asked.clear()
    speech.asked.clear()
    assert len(heard) == 1
    assert heard[0]() is None
    assert session.saying == ""
