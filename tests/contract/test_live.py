"""A live session over the engines that ship: the examples, and labelled clips where there are some, played as a browser
would send them. The clock is that of the clip, so nothing is waited for."""

import os
from pathlib import Path

import numpy as np
import pytest

from empathy.capture.audio import load_sound
from empathy.capture.image import load_picture
from empathy.capture.video import open_video
from empathy.catalog import build
from empathy.live.session import LiveSession
from empathy.settings import Settings
from tests.drawn import placed

EXAMPLES = Path(__file__).parents[2] / "empathy" / "ui" / "examples"
VIDEOS = Path(os.environ.get("EMPATHY_DATA", "")) / "videos"
CLIPS = pytest.mark.skipif(not (VIDEOS / "manifest.csv").is_file(),
                           reason="needs labelled clips: EMPATHY_DATA/videos/manifest.csv")
SETTINGS = Settings(models=Path("no weights here"))
RATE = 16_000
TICK_S = 0.5


class Browser:
    """Plays pictures and sound into a session, half a second at a time."""

    def __init__(self, system):
        self.now_s = 1000.0
        self.session = LiveSession(system, clock=lambda: self.now_s)

    def play(self, seconds, picture=None, sound=None):
        """The ticks of so many seconds; ``picture`` of a time, ``sound`` from its beginning."""
        found = []
        for i in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            if sound is not None:
                piece = sound[round(i * TICK_S * RATE):round((i + 1) * TICK_S * RATE)]
                self.session.feed_sound(np.pad(piece, (0, round(TICK_S * RATE) - piece.size)))
            if picture is not None:
                self.session.feed_frame(picture(i * TICK_S))
            self.session.tick()
            while self.session.has_ended:
                self.session.understand()
            found.append(self.session.snapshot())
        return found

    def play_clip(self, path, seconds):
        """A video, again and again."""
        clip = open_video(str(path), SETTINGS)
        frames = [picture for _, picture in clip.frames()]
        per_s = len(frames) / clip.duration_s
        sound = None
        if clip.samples is not None:
            sound = np.resize(clip.samples, round(seconds * RATE)).astype(np.float32)
        return self.play(seconds, lambda time_s: frames[int(time_s * per_s) % len(frames)], sound)


@pytest.fixture(scope="module")
def system():
    return build(SETTINGS, environ={})


@pytest.fixture
def browser(system):
    browser = Browser(system)
    yield browser
    browser.session.close()


@pytest.fixture(scope="module")
def portrait():
    return load_picture(EXAMPLES / "astronaut.jpg", SETTINGS)


def test_a_smile_raises_happy_and_not_sad_within_three_seconds(browser, portrait):
    last = browser.play(3.0, lambda _: portrait)[-1]
    assert last.seeing == "face"
    assert last.face.label == "happy"
    assert last.states["happy"] > 0.6
    assert last.states["sad"] < 0.2
    assert last.states["enthusiastic"] > 0.4
    assert last.states["calm"] is None, "nobody spoke"
    assert last.hearing == "waiting"


def test_nobody_then_a_face_then_nobody(browser):
    ground, face = placed(), placed((160, 60, 360))
    assert browser.play(1.0, lambda _: ground)[-1].seeing == "no face"
    assert browser.play(1.0, lambda _: face)[-1].seeing == "face"
    away = browser.play(4.0, lambda _: ground)
    assert away[0].seeing == "no face"
    assert away[-1].states["happy"] is None
    assert browser.play(1.0, lambda _: face)[-1].seeing == "face"


def test_the_face_is_where_the_frame_shows_it(browser):
    last = browser.play(1.0, lambda _: placed((160, 60, 360)))[-1]
    x, y, width, height = last.face.box
    assert (last.frame.width, last.frame.height) == (640, 480)
    assert x + width / 2 == pytest.approx(340, abs=25)
    assert y + height / 2 == pytest.approx(240, abs=40)
    assert all(x - 5 <= px <= x + width + 5 and y - 5 <= py <= y + height + 5 for px, py in last.face.points)


def test_speech_is_heard_to_start_and_to_end_and_is_read_after_it(browser):
    voice = load_sound(EXAMPLES / "tired.ogg", SETTINGS)
    sound = np.concatenate([np.zeros(RATE, np.float32), voice, np.zeros(3 * RATE, np.float32)])
    ticks = browser.play(sound.size / RATE, None, sound)
    heard = [tick.hearing for tick in ticks]
    assert heard[0] == "silence"
    assert "speech" in heard
    assert heard[-1] == "silence"
    spoken = [tick for tick in ticks if tick.states["calm"] is not None]
    assert spoken
    assert all(tick.states["happy"] is None and tick.seeing == "waiting" for tick in ticks), "nobody was seen"
    said = browser.session.utterances()
    assert said
    assert said[0].voice.emotions is not None
    assert said[0].words == "", "no transcript engine ships"
    assert any("transcript" in sentence for sentence in ticks[-1].missing)


def test_silence_stays_silent(browser):
    noise = np.random.default_rng(0).normal(0, 0.002, 8 * RATE).astype(np.float32)
    ticks = browser.play(8.0, None, noise)
    assert {tick.hearing for tick in ticks} == {"silence"}
    assert set(ticks[-1].states.values()) == {None}


def test_two_visitors_do_not_see_each_other(system, portrait):
    glad, alone = Browser(system), Browser(system)
    for _ in range(4):
        glad.play(0.5, lambda _: portrait)
        alone.play(0.5, lambda _: placed())
    assert glad.session.snapshot().states["happy"] > 0.6
    assert alone.session.snapshot().states["happy"] is None
    glad.session.close()
    alone.session.close()


@CLIPS
@pytest.mark.parametrize(("clip", "state", "not_state"), [
    ("composite/c03_happy_happy.mp4", "happy", "sad"), ("composite/c01_sad_sad.mp4", "sad", "happy"),
    ("composite/c09_surprise_surprise.mp4", "surprise", "sad"), ("natural/pyfeat_smiling_man.mp4", "happy", "sad"),
])
def test_labelled_clips_raise_their_state(browser, clip, state, not_state):
    last = browser.play_clip(VIDEOS / clip, 3.0)[-1]
    assert last.states[state] > last.states[not_state] + 0.2


@CLIPS
def test_a_cartoon_has_no_face_and_a_voice_without_a_face_is_heard(system):
    cartoon, voice = Browser(system), Browser(system)
    assert {tick.seeing for tick in cartoon.play_clip(VIDEOS / "natural/cartoon_no_face.mp4", 3.0)} == {"no face"}
    heard = voice.play_clip(VIDEOS / "composite/c13_noface_sadvoice.mp4", 4.0)
    assert any(tick.hearing == "speech" for tick in heard)
    assert all(tick.face is None for tick in heard)


@CLIPS
@pytest.mark.parametrize(("clip", "told"), [
    ("c05_happyface_sadvoice", ("happy", "sad")), ("c07_neutralface_angryvoice", ("neutral", "angry")),
    ("c03_happy_happy", None), ("c01_sad_sad", None),
])
def test_two_stories_are_told_where_face_and_voice_differ_and_nowhere_else(browser, clip, told):
    ticks = browser.play_clip(VIDEOS / f"composite/{clip}.mp4", 14.0)
    assert {(tick.masking.shown, tick.masking.felt) for tick in ticks if tick.masking} == ({told} if told else set())
    assert all(tick.masking is None for tick in ticks[:14]), "never at once"
