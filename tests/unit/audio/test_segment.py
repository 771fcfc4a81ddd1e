import numpy as np
import pytest

from empathy.audio.segment import cut_with_times, in_recording, is_clipped, joined, snr_db, spread
from empathy.types import SAMPLE_RATE_HZ, Span
from tests.unit.audio.voices import voice

SPANS = (Span(start_s=1.0, end_s=2.0), Span(start_s=4.0, end_s=6.0))


def counting(duration_s=8.0):
    """Each sample says where it was."""
    return np.arange(round(duration_s * SAMPLE_RATE_HZ), dtype=np.float32)


def test_speech_is_joined_without_what_lies_between():
    found = joined(counting(), SPANS)
    assert found.size == 3 * SAMPLE_RATE_HZ
    assert found[0] == 1.0 * SAMPLE_RATE_HZ
    assert found[SAMPLE_RATE_HZ] == 4.0 * SAMPLE_RATE_HZ


def test_no_speech_joins_to_nothing():
    assert joined(counting(), ()).size == 0


def test_long_speech_is_sampled_from_beginning_to_end():
    speech = counting(100.0)
    found = spread(speech, 10.0)
    assert found.size == 10 * SAMPLE_RATE_HZ
    assert (found[0], found[-1]) == (speech[0], speech[-1])
    assert np.array_equal(spread(speech[:1000], 10.0), speech[:1000])


def placed(start_s, end_s, pieces):
    found = in_recording(Span(start_s=start_s, end_s=end_s), pieces)
    return found.start_s, found.end_s


def test_a_word_of_the_cut_lies_where_it_was_in_the_recording():
    cut, pieces = cut_with_times(counting(), SPANS, 0.2)
    for at in (4000, 2 * SAMPLE_RATE_HZ, 3 * SAMPLE_RATE_HZ):
        said = placed(at / SAMPLE_RATE_HZ, at / SAMPLE_RATE_HZ + 0.1, pieces)
        assert said == pytest.approx((cut[at] / SAMPLE_RATE_HZ, cut[at] / SAMPLE_RATE_HZ + 0.1), abs=1e-3)


def test_a_word_leaves_the_pause_before_it_and_the_margins_out():
    _, pieces = cut_with_times(counting(), SPANS, 0.2)  # 0.8 to 2.2 and 3.8 to 6.2
    assert placed(0.0, 0.5, pieces) == pytest.approx((1.0, 1.3))
    assert placed(1.1, 2.0, pieces) == pytest.approx((4.0, 4.4))
    assert placed(3.0, 3.9, pieces) == pytest.approx((5.4, 6.0))


def test_a_word_beside_all_speech_stays_within_its_piece():
    _, pieces = cut_with_times(counting(), SPANS, 0.2)
    assert placed(1.25, 1.35, pieces) == pytest.approx((2.05, 2.15))
    assert placed(99.0, 99.5, pieces) == pytest.approx((6.2, 6.2))


def test_near_spans_share_their_margin():
    _, pieces = cut_with_times(counting(), (Span(start_s=1, end_s=2), Span(start_s=2.1, end_s=3)), 0.2)
    assert len(pieces) == 1


@pytest.mark.parametrize("ratio_db", [30, 20, 10, 0])
def test_snr_is_speech_over_background(ratio_db):
    rng = np.random.default_rng(0)
    sound = np.zeros(4 * SAMPLE_RATE_HZ, np.float32)
    sound[SAMPLE_RATE_HZ:3 * SAMPLE_RATE_HZ] = voice(150, 2.0)
    power = np.mean(voice(150, 2.0) ** 2)
    sound += (rng.standard_normal(sound.size) * np.sqrt(power / 10 ** (ratio_db / 10))).astype(np.float32)
    assert snr_db(sound, (Span(start_s=1.0, end_s=3.0),)) == pytest.approx(ratio_db, abs=1.0)


def test_snr_is_bounded_and_absent_without_speech():
    sound = np.zeros(4 * SAMPLE_RATE_HZ, np.float32)
    sound[SAMPLE_RATE_HZ:2 * SAMPLE_RATE_HZ] = 0.1
    assert snr_db(sound, (Span(start_s=1.0, end_s=2.0),)) == 60.0
    assert snr_db(sound, ()) is None


def test_a_voice_with_cut_off_tops_is_clipped():
    natural = voice(150, 2.0, shimmer=0.2, noise_db=25)
    natural *= np.linspace(0.2, 1.0, natural.size, dtype=np.float32) / np.abs(natural).max()
    assert not is_clipped(natural)
    assert is_clipped(np.clip(natural * 4, -1, 1))
    assert is_clipped(np.clip(natural * 4, -1, 1) * np.float32(0.5))


def test_silence_and_nothing_are_not_clipped():
    assert not is_clipped(np.zeros(16_000, np.float32))
    assert not is_clipped(np.zeros(0, np.float32))
