import numpy as np
import pytest

from empathy.audio.logmel import N_FEATURES, N_MELS, pitch, voice_features
from empathy.training.voice_augment import (
    add_noise,
    add_room,
    at_tempo,
    augment_features,
    augment_sound,
    change_speed,
    crop,
    mu_law,
    other_speaker,
    shuffled,
    through_line,
)

RATE = 16_000


def hum(f0_hz: float = 150.0, seconds: float = 1.0) -> np.ndarray:
    t = np.arange(int(RATE * seconds)) / RATE
    return (0.1 * sum(np.sin(2 * np.pi * f0_hz * k * t) / k for k in range(1, 8))).astype(np.float32)


def test_faster_is_shorter_and_higher():
    fast = change_speed(hum(150), 1.2)
    assert fast.size == pytest.approx(RATE / 1.2, abs=2)
    assert np.median(pitch(fast)[0]) == pytest.approx(180, rel=0.01)


def test_another_speaker_is_higher_and_hardly_faster():
    sound = hum(150, seconds=2.0)
    for seed in range(5):
        changed, tempo = other_speaker(sound, np.random.default_rng(seed))
        factor = np.median(pitch(changed)[0]) / 150
        assert 0.75 < factor < 1.33
        assert sound.size / changed.size == pytest.approx(factor, rel=0.01)
        back = at_tempo(voice_features(changed), tempo)
        assert len(back) / len(voice_features(sound)) == pytest.approx(factor**-0.3, rel=0.02)


def test_at_another_tempo_every_feature_keeps_its_course():
    ramp = np.repeat(np.arange(200, dtype=np.float32)[:, None], N_FEATURES, axis=1)
    slow = at_tempo(ramp, 0.8)
    assert slow.shape == (250, N_FEATURES)
    np.testing.assert_allclose(np.diff(slow[:, 0]), 199 / 249, atol=1e-4)
    assert at_tempo(ramp[:1], 1.3).shape == (1, N_FEATURES)


def test_noise_lies_as_far_below_as_asked():
    sound, rng = hum(), np.random.default_rng(0)
    noise = rng.normal(0, 3, 5000).astype(np.float32)
    added = add_noise(sound, noise, 10.0, rng) - sound
    assert 20 * np.log10(sound.std() / added.std()) == pytest.approx(10.0, abs=0.5)


def test_a_room_keeps_the_length_and_rings_on():
    click = np.zeros(RATE, np.float32)
    click[100] = 1.0
    room = add_room(click, np.random.default_rng(0), decay_s=0.5)
    assert room.size == RATE
    assert np.abs(room[1000:8000]).max() > 0


def test_a_telephone_line_takes_the_lows_and_the_highs():
    noise = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    power = np.abs(np.fft.rfft(through_line(noise, 300, 3400))) ** 2
    assert power[1000:3000].mean() > 20 * max(power[:100].mean(), power[6500:].mean())


def test_mu_law_stays_within_its_quantisation():
    sound = hum()
    assert np.abs(mu_law(sound) - sound).max() < 0.03 * np.abs(sound).max()


def test_the_same_seed_gives_the_same_variant():
    first, again = (augment_sound(hum(), np.random.default_rng(5), [hum(90)]) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert np.isfinite(first).all()


def test_a_crop_of_a_ramp_runs_at_the_tempo():
    ramp = np.repeat(np.arange(200, dtype=np.float32)[:, None], N_FEATURES, axis=1)
    steps = np.diff(crop(ramp, 100, np.random.default_rng(0), tempo=1.2)[:, 0])
    np.testing.assert_allclose(steps, 1.2, atol=1e-4)


@pytest.mark.parametrize("n_frames", [1, 7, 60, 400])
def test_clips_of_any_length_fill_the_crop(n_frames: int):
    features = voice_features(hum(seconds=0.025 + 0.01 * (n_frames - 1)))
    changed = augment_features(features, 120, np.random.default_rng(n_frames))
    assert changed.shape == (120, N_FEATURES)
    assert np.isfinite(changed).all()


def test_unvoiced_frames_stay_without_pitch():
    silent = np.zeros((80, N_FEATURES), np.float32)
    changed = augment_features(silent, 100, np.random.default_rng(1))
    assert not changed[:, N_MELS + 2 :].any()


def test_shuffling_keeps_every_frame():
    features = np.arange(50, dtype=np.float32)[:, None] * np.ones(N_FEATURES, np.float32)
    mixed = shuffled(features, np.random.default_rng(2))
    assert sorted(mixed[:, 0]) == list(range(50))
