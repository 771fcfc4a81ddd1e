from dataclasses import replace

import numpy as np
import pytest

from empathy.audio.pitch import track_pitch
from empathy.audio.prosody import level_dbfs, measure_prosody
from empathy.errors import InputError
from empathy.types import SAMPLE_RATE_HZ, Span
from tests.unit.audio.voices import syllables, voice


def measured(samples):
    return measure_prosody(samples, (Span(start_s=0.0, end_s=samples.size / SAMPLE_RATE_HZ),))


@pytest.mark.parametrize("f0_hz", [80, 120, 200, 350, 550])
def test_pitch_is_found_from_deep_voices_to_shouts(f0_hz):
    found = measured(voice(f0_hz))
    assert found.f0_median_hz == pytest.approx(f0_hz, rel=0.003)
    assert found.f0_range_semitones < 0.05


def test_pitch_holds_in_noise_and_at_any_level():
    clean = measured(voice(150, noise_db=10))
    quiet = measured(voice(150, noise_db=10) * np.float32(0.003))
    assert clean.f0_median_hz == pytest.approx(150, rel=0.01)
    assert quiet.f0_median_hz == pytest.approx(clean.f0_median_hz, rel=1e-4)
    assert quiet.loudness_dbfs == pytest.approx(clean.loudness_dbfs + 20 * np.log10(0.003), abs=0.01)


def test_the_range_of_a_glide_of_an_octave_is_that_of_its_middle_four_fifths():
    time_s = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    phase = 2 * np.pi * 120 * (2 ** (time_s / 2) - 1) / np.log(2) * 2
    glide = sum(np.sin(k * phase) / k for k in range(1, 8)) * 0.1
    assert measured(glide.astype(np.float32)).f0_range_semitones == pytest.approx(0.8 * 12, abs=0.3)


@pytest.mark.parametrize("jitter", [0.005, 0.01, 0.02])
def test_jitter_is_the_mean_difference_of_neighbouring_periods(jitter):
    assert measured(voice(150, 3.0, jitter=jitter)).jitter == pytest.approx(jitter, rel=0.15)


@pytest.mark.parametrize("shimmer", [0.02, 0.05, 0.1])
def test_shimmer_is_the_mean_difference_of_neighbouring_heights(shimmer):
    assert measured(voice(150, 3.0, shimmer=shimmer)).shimmer == pytest.approx(shimmer, rel=0.15)


@pytest.mark.parametrize("noise_db", [20, 10, 5])
def test_harmonicity_is_the_voice_over_the_noise(noise_db):
    assert measured(voice(150, 3.0, noise_db=noise_db)).hnr_db == pytest.approx(noise_db, abs=1.0)


@pytest.mark.parametrize(("tremor_hz", "depth"), [(5.0, 0.03), (8.0, 0.02)])
def test_tremor_is_the_slow_modulation_of_pitch(tremor_hz, depth):
    found = measured(voice(180, 3.0, tremor_hz=tremor_hz, tremor_depth=depth))
    assert found.tremor_hz == pytest.approx(tremor_hz, abs=0.2)
    assert found.tremor_depth == pytest.approx(depth, rel=0.1)


def test_a_steady_voice_has_no_tremor_little_jitter_and_little_shimmer():
    found = measured(voice(150))
    assert found.tremor_hz is None
    assert found.jitter < 0.003
    assert found.shimmer < 0.01


@pytest.mark.parametrize("rate", [2.0, 4.0, 6.0])
def test_the_rate_counts_syllables(rate):
    assert measured(syllables(rate)).rate_syllables_per_s == pytest.approx(rate, abs=0.35)


def test_pauses_are_what_lies_between_the_spans():
    spans = (Span(start_s=1.0, end_s=2.0), Span(start_s=2.1, end_s=3.0), Span(start_s=4.0, end_s=5.0))
    found = measure_prosody(voice(150, 6.0), spans)
    assert found.n_pauses == 1
    assert found.pause_share == pytest.approx(1.1 / 4.0)


def test_noise_and_silence_have_no_pitch():
    rng = np.random.default_rng(0)
    for sound in (np.zeros(16_000), rng.standard_normal(32_000) * 0.1):
        found = measured(sound.astype(np.float32))
        assert found.f0_median_hz is None
        assert found.rate_syllables_per_s is None
        assert found.jitter is None
        assert found.hnr_db is None


def test_one_sample_is_measured_without_complaint():
    assert measured(np.full(1, 0.1, np.float32)).loudness_dbfs == pytest.approx(-20)


def test_without_speech_there_is_no_prosody():
    assert measure_prosody(voice(150), ()) is None


def test_without_roughness_all_else_is_the_same():
    samples = voice(150, 3.0, jitter=0.02)
    span = (Span(start_s=0.0, end_s=3.0),)
    smooth = measure_prosody(samples, span, rough=False)
    assert (smooth.jitter, smooth.shimmer) == (None, None)
    assert replace(measure_prosody(samples, span), jitter=None, shimmer=None) == smooth


def test_values_that_are_no_numbers_are_refused():
    broken = voice(150)
    broken[5] = np.nan
    with pytest.raises(InputError, match="no numbers"):
        measured(broken)


def test_the_level_of_a_full_scale_sine_is_minus_three():
    sine = np.sin(np.arange(16_000) * 2 * np.pi * 440 / 16_000).astype(np.float32)
    assert level_dbfs(sine) == pytest.approx(-3.01, abs=0.01)
    assert level_dbfs(np.zeros(0, np.float32)) == -120


def test_the_pitch_track_is_empty_below_one_window():
    assert track_pitch(np.zeros(100, np.float32)).f0_hz.size == 0
