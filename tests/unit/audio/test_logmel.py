"""The features against closed forms, an independent transform and edge cases."""

import numpy as np
import pytest
from scipy.fft import dct

from empathy.audio import logmel

RATE = 16_000


def hum(f0_hz: float, seconds: float = 1.0, level: float = 0.1) -> np.ndarray:
    t = np.arange(int(RATE * seconds)) / RATE
    return (level * sum(np.sin(2 * np.pi * f0_hz * k * t) / k for k in range(1, 8))).astype(np.float32)


def test_a_tone_lights_the_band_at_its_frequency():
    t = np.arange(RATE) / RATE
    bands = logmel.log_mel(np.sin(2 * np.pi * 1000 * t).astype(np.float32)).mean(axis=0)
    centre = logmel.mel_filters()[bands.argmax()].argmax() * RATE / logmel.N_FFT
    assert centre == pytest.approx(1000, abs=60)


def test_ten_times_the_level_adds_20_db():
    noise = np.random.default_rng(0).normal(0, 0.01, RATE).astype(np.float32)
    rise = logmel.log_mel(10 * noise) - logmel.log_mel(noise)
    np.testing.assert_allclose(rise, np.log(100), atol=0.05)


def test_mfcc_is_the_orthonormal_cosine_transform_of_scipy():
    sound = np.random.default_rng(1).normal(0, 0.1, 4000).astype(np.float32)
    bands = logmel.log_mel(sound)
    expected = dct(bands, type=2, norm="ortho", axis=1)[:, :13]
    np.testing.assert_allclose(logmel.mfcc(bands), expected, atol=1e-3)


@pytest.mark.parametrize("f0_hz", [80.0, 121.0, 205.0, 310.0, 450.0])
def test_the_pitch_of_a_hum_is_found_within_one_percent(f0_hz: float):
    f0, voicing = logmel.pitch(hum(f0_hz))
    assert np.median(f0) == pytest.approx(f0_hz, rel=0.01)
    assert np.median(voicing) > 0.95


def test_noise_has_no_pitch():
    f0, _ = logmel.pitch(np.random.default_rng(2).normal(0, 0.1, RATE).astype(np.float32))
    assert (f0 > 0).mean() < 0.05


def test_what_the_network_hears_does_not_depend_on_the_recording_level():
    rng = np.random.default_rng(3)
    voice = hum(150) + rng.normal(0, 0.003, RATE).astype(np.float32)
    np.testing.assert_allclose(logmel.voice_features(voice), logmel.voice_features(0.1 * voice), atol=0.05)


@pytest.mark.parametrize("n_samples", [0, 1, 399, 400, 560, 8000])
def test_every_length_gives_the_documented_number_of_frames(n_samples: int):
    features = logmel.voice_features(np.zeros(n_samples, dtype=np.float32))
    assert features.shape == (1 + max(0, n_samples - 400) // 160, logmel.N_FEATURES)
    assert np.isfinite(features).all()


def test_nan_samples_are_read_as_silence():
    broken = hum(150)
    broken[::7] = np.nan
    assert np.isfinite(logmel.voice_features(broken)).all()


def test_statistics_carry_the_documented_names():
    found = logmel.feature_statistics(hum(150))
    assert {"logmel_00_mean", "logmel_63_std", "mfcc_12_mean", "mfcc_delta_00_std", "n_frames"} <= set(found)
    assert all(np.isfinite(list(found.values())))
    assert found["n_frames"] == 98


def test_deltas_of_a_ramp_are_its_slope():
    ramp = np.arange(20, dtype=np.float32)[:, None] * np.array([1.0, -3.0], dtype=np.float32)
    np.testing.assert_allclose(logmel.deltas(ramp)[2:-2], np.broadcast_to([1.0, -3.0], (16, 2)), atol=1e-5)
