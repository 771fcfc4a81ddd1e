"""What is usual for a person: means in closed form, the bounds, and a resting frown."""

import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.fusion.masking import log_ratio, two_stories
from empathy.memory.baseline import BOUND, BOUND_AFFECT, MEMORY_S, PEOPLE, READY_S, Baseline, Running
from empathy.types import EMOTIONS, Emotions, Prosody

FROWN = Emotions.of({"angry": 0.5, "neutral": 0.4, "disgust": 0.1})
SAD = Emotions.of({"sad": 0.8, "neutral": 0.14, "happy": 0.02, "fear": 0.04})


def seen(emotions, seconds, channel="face", dt_s=0.5):
    baseline = Baseline.start()
    for _ in range(round(seconds / dt_s)):
        baseline = baseline.after(channel, emotions, affect_of(emotions), dt_s)
    return baseline


def relative(baseline, emotions, channel="face"):
    return baseline.relative(channel, emotions, affect_of(emotions))


def speech(loudness_dbfs):
    return Prosody(f0_median_hz=120.0, f0_range_semitones=None, rate_syllables_per_s=4.0, pause_share=None, n_pauses=0,
                   loudness_dbfs=loudness_dbfs, jitter=None, shimmer=None, hnr_db=None, tremor_hz=None,
                   tremor_depth=None)


def test_the_running_mean_is_that_of_all_values_at_first():
    values = np.random.default_rng(0).normal(size=(40, 3))
    running = Running()
    for row in values:
        running = running.after(row, 0.5)
    assert running.seen_s == pytest.approx(20.0)
    assert np.allclose(running.mean, values.mean(axis=0))


def test_the_length_of_a_step_does_not_matter():
    fine, coarse = Running(), Running().after(np.array([1.0]), 10.0).after(np.array([3.0]), 30.0)
    for value, n in ((1.0, 100), (3.0, 300)):
        for _ in range(n):
            fine = fine.after(np.array([value]), 0.1)
    assert fine.mean == pytest.approx(coarse.mean)
    assert coarse.mean[0] == pytest.approx(2.5)


def test_old_habits_fade():
    running = Running().after(np.array([1.0]), 10 * MEMORY_S)
    for _ in range(600):
        running = running.after(np.array([0.0]), MEMORY_S / 100)
    assert running.mean[0] < np.exp(-5)


def test_nothing_is_taken_out_before_twenty_seconds():
    baseline = seen(FROWN, READY_S - 0.5)
    assert not baseline.ready("face")
    assert relative(baseline, FROWN) == (FROWN, affect_of(FROWN))
    assert seen(FROWN, READY_S).ready("face")


def test_a_resting_frown_is_no_anger_after_twenty_seconds_and_an_outburst_still_is():
    baseline = seen(FROWN, READY_S)
    emotions, affect = relative(baseline, FROWN)
    assert FROWN.top == "angry"
    assert emotions.top == "neutral"
    assert affect.valence > affect_of(FROWN).valence
    assert relative(baseline, Emotions.of({"angry": 0.92, "neutral": 0.08}))[0].top == "angry"


def test_a_monotone_voice_is_no_sadness():
    flat = Emotions.of({"sad": 0.5, "neutral": 0.4, "fear": 0.1})
    baseline = seen(flat, READY_S, channel="voice")
    assert relative(baseline, flat, "voice")[0].top == "neutral"
    assert relative(baseline, flat, "face")[0] == flat


@pytest.mark.parametrize("seconds", [30.0, 300.0, 3000.0])
def test_somebody_who_is_really_sad_is_never_read_as_happy(seconds):
    emotions, affect = relative(seen(SAD, seconds), SAD)
    assert emotions.top == "sad"
    assert emotions.happy < emotions.sad / 5
    assert affect.valence < 0
    assert affect.valence - affect_of(SAD).valence <= BOUND_AFFECT + 1e-9


def test_no_emotion_gains_on_another_by_more_than_the_bound_and_only_neutral_is_spared():
    rng = np.random.default_rng(3)
    for _ in range(50):
        usual, now = (Emotions.of(rng.dirichlet(np.full(8, 0.4)) + 1e-4) for _ in range(2))
        after = relative(seen(usual, 400.0, dt_s=20.0), now)[0]
        gain = np.log(after.array() / now.array())
        assert gain.max() - gain.min() <= BOUND + 1e-6
        assert EMOTIONS[int(gain.argmax())] == "neutral" or gain.max() - gain[EMOTIONS.index("neutral")] < 1e-9


def test_somebody_who_looks_like_everybody_is_left_as_they_are():
    everybody = Emotions.of(PEOPLE)
    emotions, affect = relative(seen(everybody, 200.0), everybody)
    assert np.allclose(emotions.array(), everybody.array(), atol=1e-6)
    assert affect.valence == pytest.approx(affect_of(everybody).valence, abs=1e-6)


def test_the_loudness_of_a_voice_is_kept_and_what_was_not_measured_left_out():
    baseline = Baseline.start().after_speech(speech(-20.0), 5.0).after_speech(speech(-26.0), 5.0)
    assert baseline.loudness.mean == pytest.approx((-23.0,))
    assert baseline.after_speech(speech(-np.inf), 5.0) == baseline


def test_a_baseline_is_a_value_and_never_changes():
    start = Baseline.start()
    later = start.after("face", FROWN, affect_of(FROWN), 1.0)
    assert start == Baseline.start()
    assert start.seen_s("face") == 0.0
    assert later.after("face", FROWN, affect_of(FROWN), 0.0) == later


def test_a_still_face_with_a_monotone_voice_is_two_stories_to_a_stranger_and_none_to_who_knows_them():
    still, flat = Emotions.of({"neutral": 0.9, "sad": 0.05, "happy": 0.05}), Emotions.of({"sad": 0.65, "neutral": 0.35})
    baseline = seen(still, READY_S)
    for _ in range(40):
        baseline = baseline.after("voice", flat, affect_of(flat), 0.5)
    known = [relative(baseline, each, channel)[0].array()[None] for each, channel in ((still, "face"), (flat, "voice"))]
    assert log_ratio(still.array()[None], flat.array()[None])[0] > log_ratio(*known)[0] + 0.5
    assert not two_stories(*known)[0]
