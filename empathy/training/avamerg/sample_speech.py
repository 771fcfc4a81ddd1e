"""Speech-like sound by formula: syllables of a voice through vowel formants, so that pitch and rate are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...types import SAMPLE_RATE_HZ, Samples

VOWELS_HZ = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240))
"""First three formants of a, e, i, o, u. Source: Peterson & Barney 1952, men."""
BANDWIDTH_HZ = 90.0
HIGHEST_HZ = 4000.0
NOISE_DB = -35.0


def babble(
    *, f0_hz: float, rate_hz: float, duration_s: float, size: float, rng: np.random.Generator
) -> Samples:
    """Vowels without words.

    Args:
        f0_hz: pitch, the mean over the clip.
        rate_hz: syllables a second.
        duration_s: length.
        size: factor on the formants, above 1 for a smaller speaker.
        rng: draws the vowels, the fine melody and the noise.

    Returns:
        Shape (n_samples,), 16 kHz, peak 0.5.
    """
    n = round(duration_s * SAMPLE_RATE_HZ)
    time_s = np.arange(n) / SAMPLE_RATE_HZ
    melody = 1.0 + 0.03 * np.sin(2 * np.pi * (1.5 * time_s + rng.random())) - 0.04 * (time_s / duration_s - 0.5)
    phase = 2 * np.pi * np.cumsum(f0_hz * melody) / SAMPLE_RATE_HZ
    swing = np.sin(np.pi * rate_hz * time_s) ** 2
    syllable = (time_s * rate_hz).astype(np.int64)
    vowels = rng.integers(0, len(VOWELS_HZ), int(syllable.max()) + 1)
    sound = np.zeros(n)
    for harmonic in range(1, int(HIGHEST_HZ / f0_hz) + 1):
        levels = np.array([_level(harmonic * f0_hz, vowel, size) for vowel in VOWELS_HZ]) / harmonic
        sound += levels[vowels[syllable]] * np.sin(harmonic * phase)
    sound *= 0.05 + 0.95 * swing
    sound *= 0.5 / np.abs(sound).max()
    noise: NDArray[np.float64] = rng.standard_normal(n) * 0.5 * 10 ** (NOISE_DB / 20)
    return (sound + noise).astype(np.float32).clip(-1.0, 1.0)


def _level(frequency_hz: float, vowel: tuple[int, ...], size: float) -> float:
    """Sum of the resonances' answers to one frequency."""
    return float(sum(1.0 / (1.0 + ((frequency_hz - size * formant) / BANDWIDTH_HZ) ** 2) for formant in vowel) + 0.01)
