"""A voice made by formula, so that its pitch, jitter, shimmer, noise and tremor are known exactly."""

import numpy as np

from empathy.types import SAMPLE_RATE_HZ

MEAN_DIFFERENCE = np.sqrt(np.pi) / 2
"""Standard deviation of independent normal values whose neighbours differ by 1 on average."""


def voice(f0_hz, duration_s=2.0, *, jitter=0.0, shimmer=0.0, tremor_hz=0.0, tremor_depth=0.0, noise_db=None, seed=0):
    """Pulses through two damped resonances at 700 and 1200 Hz; ``noise_db``: the voice over white noise."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(round(duration_s * SAMPLE_RATE_HZ))
    at_s = 0.02
    while at_s < duration_s - 0.02:
        height = 1.0 + shimmer * MEAN_DIFFERENCE * rng.standard_normal()
        first = int(np.ceil(at_s * SAMPLE_RATE_HZ))
        since_s = np.arange(first, min(first + 400, sound.size)) / SAMPLE_RATE_HZ - at_s
        ring = np.exp(-800 * since_s) * np.sin(2 * np.pi * 700 * since_s)
        ring += 0.5 * np.exp(-600 * since_s) * np.sin(2 * np.pi * 1200 * since_s)
        sound[first:first + since_s.size] += height * ring
        now_hz = f0_hz * (1.0 + tremor_depth * np.sin(2 * np.pi * tremor_hz * at_s))
        at_s += (1.0 + jitter * MEAN_DIFFERENCE * rng.standard_normal()) / now_hz
    sound *= 0.3 / np.abs(sound).max()
    if noise_db is not None:
        sound += rng.standard_normal(sound.size) * np.sqrt(np.mean(sound**2) / 10 ** (noise_db / 10))
    return sound.astype(np.float32)


def syllables(rate_hz, duration_s=3.0, f0_hz=150.0):
    """A voice that swells and sinks ``rate_hz`` times a second."""
    time_s = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    swell = np.sin(np.pi * rate_hz * time_s) ** 2
    return (voice(f0_hz, duration_s) * (0.02 + 0.98 * swell)).astype(np.float32)
