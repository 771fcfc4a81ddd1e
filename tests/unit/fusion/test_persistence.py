"""A mismatch is told when it lasts, kept a while, and what is usual for somebody is no news."""

import pytest

from empathy.fusion.masking import THRESHOLD, probability
from empathy.fusion.persistence import FADE_S, HYSTERESIS, MAX_USUAL, Persistence, lasts
from empathy.types import Emotions, Masking, Moment

CLEAR, SINCERE = THRESHOLD + 1.0, -3.0


def window(score, shown="happy", felt="sad"):
    return Masking(score=score, probability=probability(score), shown=shown, felt=felt, evidence=())


def over(*scores, state=None, start_s=0.0):
    state = state or Persistence.start()
    for i, score in enumerate(scores):
        state = state.after(None if score is None else window(score), start_s + 3.0 * (i + 1))
    return state


def test_one_window_is_not_enough_and_two_of_three_are():
    assert over(CLEAR).told is None
    assert over(CLEAR, CLEAR).told is not None
    assert over(CLEAR, SINCERE, CLEAR).told is not None
    assert over(CLEAR, SINCERE, SINCERE, CLEAR).told is None


def test_a_wavering_mismatch_is_kept_and_a_passed_one_dropped():
    between = THRESHOLD - HYSTERESIS / 2
    assert over(CLEAR, between).told is None
    assert over(CLEAR, CLEAR, between, between).told is not None
    assert over(CLEAR, CLEAR, SINCERE).told is not None
    assert over(CLEAR, CLEAR, SINCERE, SINCERE).told is None


def test_windows_that_overlap_count_once():
    state = Persistence.start()
    for tick in range(6):  # 2.5 s of ticks
        state = state.after(window(CLEAR), 3.0 + 0.5 * tick)
    assert len(state.windows) == 1
    assert state.told is None
    assert state.after(window(CLEAR), 6.0).told is not None
    assert Persistence.start().after(window(CLEAR), 5.0, 5.0).after(window(CLEAR), 9.0, 5.0).told is None


def test_a_window_under_three_seconds_is_no_window():
    assert Persistence.start().after(window(CLEAR), 2.0, 2.0) == Persistence.start()


def test_what_could_not_be_read_is_no_vote_but_time_passes():
    told = over(CLEAR, CLEAR)
    assert over(None, state=told, start_s=6.0).told is not None
    assert told.after(None, 6.0 + FADE_S + 0.1).told is None
    assert over(CLEAR, None, CLEAR).told is not None


def test_a_sincere_pair_of_emotions_is_never_told_however_high_the_score():
    state = Persistence.start()
    for i in range(5):
        state = state.after(window(9.0, shown="sad"), 3.0 * i)
    assert state.told is None


def test_the_usual_gap_of_a_person_is_taken_off_and_bounded():
    assert over(*[CLEAR] * 6).usual == 0.0
    weak = over(*[THRESHOLD + 0.4] * 40)
    assert weak.usual == pytest.approx(MAX_USUAL)
    assert weak.told is None
    assert over(*[THRESHOLD + MAX_USUAL + 0.1] * 40).told is not None
    assert over(*[SINCERE] * 40).usual == 0.0


def test_the_mean_score_is_that_of_all_counted_windows():
    state = over(1.0, 2.0, None, 6.0)
    assert state.mean_score == pytest.approx(3.0)
    assert state.seen_s == pytest.approx(9.0)


HAPPY, SAD = Emotions.of({"happy": 0.95, "neutral": 0.05}), Emotions.of({"sad": 0.95, "neutral": 0.05})


def video(*voices, per_window=12):
    """One window of 3 s for each voice, always a happy face; None: nobody speaks."""
    return [Moment(time_s=3.0 * i + 0.25 * k, face=HAPPY, face_affect=None, voice=voice, voice_affect=None)
            for i, voice in enumerate(voices) for k in range(per_window)]


def test_in_a_video_two_stories_must_last():
    assert lasts(video(SAD, SAD, HAPPY)) is True
    assert lasts(video(SAD, HAPPY, HAPPY, SAD)) is False
    assert lasts(video(HAPPY, HAPPY)) is False


def test_what_is_left_at_the_end_has_no_vote_of_its_own():
    both = video(SAD, HAPPY)
    assert lasts(both[:12 + 2]) is None
    assert lasts(both[:12 + 8]) is False


def test_a_short_or_silent_video_cannot_tell_whether_it_lasts():
    assert lasts(video(SAD)) is None
    assert lasts(video(SAD, None, None)) is None
    assert lasts([]) is None
