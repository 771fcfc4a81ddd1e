"""Changes to a voice that leave its emotion alone: other rooms, microphones, lines, speakers.

Two levels: ``other_speaker`` and ``augment_sound`` work on samples (speed; room, noise, line, clipping), once per
variant, before training; ``augment_features`` works on ``voice_features`` at every step (tempo, frequency warp, tilt,
masks) and costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..audio.logmel import DYNAMIC_RANGE, N_MELS
from ..types import SAMPLE_RATE_HZ, Samples

Features = NDArray[np.float32]
"""Shape (n_frames, N_FEATURES), as ``voice_features`` gives them."""

SPEED = 0.28
"""Largest change of speed, as a natural logarithm: a third faster, a quarter slower."""
GIVEN_BACK = 0.7
"""Share of a change of speed by which the tempo is set back."""
TILT_NEPERS = 0.8
WARP = 0.12
TEMPO = 0.2


def change_speed(samples: Samples, factor: float) -> Samples:
    """Faster and higher (factor above 1) or slower and lower, as a tape would."""
    from scipy.signal import resample_poly

    return resample_poly(samples, 100, round(100 * factor)).astype(np.float32)


def add_room(samples: Samples, rng: np.random.Generator, decay_s: float) -> Samples:
    """Reverberate with a random tail that falls by 60 dB in ``decay_s``; the length stays."""
    from scipy.signal import fftconvolve

    n = max(2, int(decay_s * SAMPLE_RATE_HZ))
    tail = rng.normal(0, 1, n) * 10 ** (-3 * np.arange(n) / n)
    tail[: int(rng.uniform(0.002, 0.02) * SAMPLE_RATE_HZ)] = 0.0
    tail *= rng.uniform(0.2, 1.2) / np.sqrt(np.sum(tail**2) + 1e-12)
    tail[0] = 1.0
    return fftconvolve(samples, tail)[: samples.size].astype(np.float32)


def coloured_noise(n: int, rng: np.random.Generator) -> Samples:
    """White to brown noise, at a random slope; RMS 1."""
    spectrum = np.fft.rfft(rng.normal(0, 1, n))
    spectrum /= np.maximum(np.arange(spectrum.size), 1) ** rng.uniform(0.0, 1.0)
    noise = np.fft.irfft(spectrum, n)
    return (noise / (noise.std() + 1e-12)).astype(np.float32)


def add_noise(samples: Samples, noise: Samples, snr_db: float, rng: np.random.Generator) -> Samples:
    """Lay a random stretch of ``noise`` under the sound, ``snr_db`` below it (both as RMS)."""
    start = int(rng.integers(0, noise.size))
    stretch = np.resize(np.roll(noise, -start), samples.size)
    loud, quiet = np.sqrt(np.mean(samples**2) + 1e-12), np.sqrt(np.mean(stretch**2) + 1e-12)
    return (samples + stretch * (loud / quiet) * 10 ** (-snr_db / 20)).astype(np.float32)


def through_line(samples: Samples, low_hz: float, high_hz: float) -> Samples:
    """Band-limit as a telephone or a small microphone does (second-order Butterworth at both ends)."""
    from scipy.signal import butter, sosfilt

    sos = butter(2, [low_hz, min(high_hz, 7900.0)], btype="bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    return np.asarray(sosfilt(sos, samples), dtype=np.float32)


def mu_law(samples: Samples) -> Samples:
    """Eight-bit telephone coding at full level. Source: ITU-T G.711."""
    peak = float(np.abs(samples).max()) + 1e-9
    coded = np.sign(samples) * np.log1p(255 * np.abs(samples) / peak) / np.log1p(255)
    coded = np.round(coded * 127) / 127
    return (np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(255)) / 255 * peak).astype(np.float32)


def augment_sound(samples: Samples, rng: np.random.Generator, noises: Sequence[Samples]) -> Samples:
    """One random variant of a clip: each kind of change with its own chance."""
    if rng.random() < 0.4:
        samples = add_room(samples, rng, float(rng.uniform(0.08, 0.7)))
    if rng.random() < 0.8:
        real = bool(noises) and rng.random() < 0.5
        noise = noises[int(rng.integers(len(noises)))] if real else coloured_noise(max(samples.size, 1600), rng)
        samples = add_noise(samples, noise, float(rng.uniform(5, 40)), rng)
    if rng.random() < 0.4:
        samples = through_line(samples, float(rng.uniform(40, 320)), float(rng.uniform(3300, 7900)))
    if rng.random() < 0.1:
        samples = mu_law(samples)
    if rng.random() < 0.1:
        limit = float(np.quantile(np.abs(samples), rng.uniform(0.97, 0.999))) + 1e-9
        samples = np.clip(samples, -limit, limit)
    return samples


def other_speaker(samples: Samples, rng: np.random.Generator) -> tuple[Samples, float]:
    """Another pitch and length of the vocal tract, by another speed; and the tempo that gives most of the change of
    tempo back (see ``at_tempo``), so that high voices are not always fast."""
    factor = float(np.exp(rng.uniform(-SPEED, SPEED)))
    return change_speed(samples, factor), factor**-GIVEN_BACK


def at_tempo(features: Features, tempo: float) -> Features:
    """The whole clip faster (above 1) or slower, shape (n_frames / tempo, N_FEATURES)."""
    return _between(features, np.linspace(0, len(features) - 1, max(1, round(len(features) / tempo))))


def crop(features: Features, n_frames: int, rng: np.random.Generator, tempo: float = 1.0) -> Features:
    """A random stretch of ``n_frames`` at another tempo, shape (n_frames, N_FEATURES); a short clip is repeated."""
    n = len(features)
    needed = (n_frames - 1) * tempo
    start = rng.uniform(0.0, n - 1 - needed) if needed < n - 1 else rng.uniform(0.0, n)
    return _between(features, (start + np.arange(n_frames) * tempo) % n)


def _between(features: Features, at: NDArray[np.float64]) -> Features:
    """Features at frames and between them; behind the last one the first follows. Shape (n_places, N_FEATURES)."""
    n = len(features)
    left = np.minimum(at.astype(np.int64), n - 1)
    share = (at - left).astype(np.float32)[:, None]
    return (1.0 - share) * features[left] + share * features[(left + 1) % n]


def shuffled(features: Features, rng: np.random.Generator) -> Features:
    """Cut a clip at one to four places and put the pieces in another order, same shape."""
    cuts = np.sort(rng.integers(0, len(features), int(rng.integers(1, 5))))
    pieces = np.split(features, cuts)
    return np.concatenate([pieces[at] for at in rng.permutation(len(pieces))])


def augment_features(features: Features, n_frames: int, rng: np.random.Generator) -> Features:
    """Tempo, crop, frequency warp (length of the vocal tract), spectral tilt and bumps, a random noise floor, masks."""
    features = crop(features, n_frames, rng, tempo=float(rng.uniform(1 - TEMPO, 1 + TEMPO)))
    bands, tracks = features[:, :N_MELS], features[:, N_MELS:].copy()
    bands = _warped(bands, float(rng.uniform(1 - WARP, 1 + WARP)))
    bands = bands + _colouring(rng)
    bands = np.maximum(bands, -float(rng.uniform(0.55, 1.0)) * DYNAMIC_RANGE)
    for _ in range(2):
        width = int(rng.integers(0, 9))
        first = int(rng.integers(0, N_MELS - width))
        bands[:, first : first + width] = bands.mean()
    if rng.random() < 0.5:
        length = int(rng.integers(1, max(2, n_frames // 8)))
        first = int(rng.integers(0, n_frames - length))
        bands[first : first + length] = bands.min()
        tracks[first : first + length] = 0.0
    tracks[:, 3] += (tracks[:, 3] != 0) * rng.normal(0, 0.15)
    return np.concatenate([bands, tracks], axis=1).astype(np.float32)


def _warped(bands: Features, factor: float) -> Features:
    at = np.clip(np.arange(N_MELS) * factor, 0, N_MELS - 1.001)
    left = at.astype(np.int64)
    share = (at - left).astype(np.float32)
    return (1.0 - share) * bands[:, left] + share * bands[:, left + 1]


def _colouring(rng: np.random.Generator) -> NDArray[np.float32]:
    """A smooth random response over the bands: a tilt and two slow waves, in nepers of power."""
    x = np.linspace(-1, 1, N_MELS)
    waves = sum(rng.normal(0, 0.25) * np.cos(np.pi * k * (x + rng.uniform(-1, 1))) for k in (1, 2))
    return np.asarray(rng.uniform(-TILT_NEPERS, TILT_NEPERS) * x + waves, dtype=np.float32)
