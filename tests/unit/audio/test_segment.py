import numpy as np
import pytest

from empathy.audio.segment import cut_with_times, in_recording_s, is_clipped, joined, snr_db, spread
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


def test_times_in_the_cut_lead_back_to_the_recording():
    cut, pieces = cut_with_times(counting(), SPANS, 0.2)
    for at in (0, 100, SAMPLE_RATE_HZ, 2 * SAMPLE_RATE_HZ, cut.size - 1):
        assert in_recording_s(at / SAMPLE_RATE_HZ, pieces) == pytest.approx(cut[at] / SAMPLE_RATE_HZ, abs=1e-3)
    assert in_recording_s(99.0, pieces) == pytest.approx(6.2, abs=1e-3)


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
