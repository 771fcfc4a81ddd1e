"""A video as one reading: closed forms for windows, overlap, following and the means."""

from dataclasses import replace

import numpy as np
import pytest

from empathy.protocols import Tone
from empathy.types import Box, Emotions, Span
from empathy.vision.read_face import read_faces
from empathy.watch import Following, Glance, overlap, timeline, whole_face, whole_posture, windows
from tests.fakes import DOWN, FakeExpression, found, standing

PICTURE = np.full((480, 640, 3), 120, np.uint8)


def face(box=None, confidence=0.9, **emotions):
    reading = read_faces(PICTURE, (found(box),), FakeExpression(
        emotions=Emotions.of(emotions or {"happy": 1.0})), max_faces=1, abstain_below=0.3)[0]
    return replace(reading, confidence=confidence)


def test_overlap_is_one_for_itself_a_third_for_a_half_shift_and_nothing_apart():
    box = Box(x=0, y=0, width=10, height=10)
    assert overlap(box, box) == pytest.approx(1.0)
    assert overlap(box, Box(x=5, y=0, width=10, height=10)) == pytest.approx(1 / 3)
    assert overlap(box, Box(x=10, y=0, width=10, height=10)) == 0.0


def test_the_same_person_is_followed_when_a_larger_face_comes_in():
    left, right = Box(x=20, y=20, width=100, height=120), Box(x=400, y=20, width=160, height=180)
    following = Following()
    first, other = face(left), face(right)
    assert following.main((first,)) is first
    assert following.main((other, first)) is first
    assert following.main(()) is None
    assert following.main((other,)) is other
    assert following.main((first, other)) is other


def test_a_clip_shows_the_mean_of_its_frames_weighted_by_confidence():
    glances = [Glance(time_s=0.0, face=face(confidence=0.9, happy=1.0), posture=None),
               Glance(time_s=0.25, face=face(confidence=0.3, sad=1.0), posture=None)]
    whole = whole_face(glances, 0.35)
    assert whole.emotions.happy == pytest.approx(0.75, abs=1e-3)
    assert whole.confidence == pytest.approx((0.81 + 0.09) / 1.2, abs=1e-3)


def test_a_face_seen_in_half_the_frames_counts_half():
    seen = Glance(time_s=0.0, face=face(confidence=0.8), posture=None)
    unseen = Glance(time_s=0.25, face=None, posture=None)
    assert whole_face([seen, unseen], 0.35).confidence == pytest.approx(0.4, abs=1e-3)
    assert not whole_face([seen, unseen], 0.35).abstains
    assert whole_face([seen, unseen, unseen], 0.35).abstains
    assert whole_face([unseen], 0.35) is None


def test_movement_is_the_mean_between_neighbours():
    glances = [Glance(time_s=t, face=None, posture=standing()) for t in (0.0, 1.0, 2.0)]
    assert whole_posture(glances, lambda before, now, dt_s: 0.5 * dt_s).movement == pytest.approx(0.5)
    assert whole_posture(glances[:1], lambda before, now, dt_s: 1.0).movement is None
    assert whole_posture([], lambda before, now, dt_s: 1.0) is None


def test_windows_hold_only_speech_and_skip_what_has_too_little():
    samples = np.arange(16_000 * 6, dtype=np.float32)
    found_windows = dict(windows(samples, (Span(start_s=0.0, end_s=1.0), Span(start_s=5.9, end_s=6.0))))
    assert sorted(found_windows) == [1.0]
    assert found_windows[1.0].size == 16_000
    assert found_windows[1.0][0] == 0.0


def test_no_speech_has_no_windows():
    assert list(windows(np.zeros(16_000 * 3, np.float32), ())) == []


def test_a_timeline_pairs_each_frame_with_the_window_that_covers_it():
    glances = [Glance(time_s=t, face=face(), posture=None) for t in (0.5, 4.5)]
    moments = timeline(glances, [(1.0, Tone(emotions=DOWN, affect=None))], 5.0)
    assert moments[0].voice == DOWN
    assert moments[0].voice_affect.valence < 0
    assert moments[1].voice is None
    assert moments[1].face.top == "happy"


def test_sound_without_pictures_has_a_timeline_of_its_windows():
    moments = timeline([], [(1.0, Tone(emotions=DOWN, affect=None))], 2.0)
    assert [(moment.time_s, moment.face) for moment in moments] == [(1.0, None)]
