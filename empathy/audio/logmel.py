"""Log-mel, MFCC and pitch tracks in numpy: one code for live use, for training and for researchers' ``--features``.

Frames are 25 ms long, 10 ms apart and not padded, so ``n_frames = 1 + (n_samples - 400) // 160``; a shorter sound is
padded with zeros to one frame. Everything the networks see (``voice_features``) is free of the recording level.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..types import SAMPLE_RATE_HZ, Samples

FRAME = 400
HOP = 160
N_FFT = 512
N_MELS = 64
N_MFCC = 13
LOW_HZ, HIGH_HZ = 50.0, 7600.0

POWER_FLOOR = 1e-14
"""Keeps the logarithm finite in digital silence; 16-bit rounding alone gives about 1e-12."""

DYNAMIC_RANGE = 11.5
"""What the networks see below the loudest frames, in nepers of power (50 dB): hides how quiet the room was."""

F0_LOW_HZ, F0_HIGH_HZ = 65.0, 500.0
PITCH_FRAME = 640
PITCH_FFT = 1024
PITCH_BAND_HZ = 1500.0
VOICED = 0.5
"""Normalised autocorrelation above which a frame counts as voiced."""

TRACKS = ("energy", "voicing", "f0_relative", "f0_absolute")
N_FEATURES = N_MELS + len(TRACKS)

Frames = NDArray[np.float32]


@lru_cache(maxsize=4)
def mel_filters(n_mels: int = N_MELS, low_hz: float = LOW_HZ, high_hz: float = HIGH_HZ) -> NDArray[np.float32]:
    """Triangular filters, equally wide in mel, each with a peak of 1; shape (n_mels, N_FFT // 2 + 1).

    Source: mel scale of O'Shaughnessy 1987, mel = 2595 log10(1 + f / 700).
    """
    edges_mel = np.linspace(2595 * np.log10(1 + low_hz / 700), 2595 * np.log10(1 + high_hz / 700), n_mels + 2)
    edges = 700 * (10 ** (edges_mel / 2595) - 1)
    bins = np.arange(N_FFT // 2 + 1) * SAMPLE_RATE_HZ / N_FFT
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    filters = np.maximum(0.0, np.minimum(rising, falling))
    for row, centre in zip(filters, edges[1:-1], strict=True):
        if row.sum() == 0.0:  # narrower than a bin: take the nearest
            row[round(centre * N_FFT / SAMPLE_RATE_HZ)] = 1.0
    filters = filters.astype(np.float32)
    filters.setflags(write=False)
    return filters


@lru_cache(maxsize=4)
def _hann(n: int) -> NDArray[np.float32]:
    window = (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(n) + 0.5) / n)).astype(np.float32)
    window.setflags(write=False)
    return window


@lru_cache(maxsize=2)
def _cosines(n_mels: int, n_mfcc: int) -> NDArray[np.float32]:
    """Orthonormal DCT-II, shape (n_mels, n_mfcc)."""
    k = np.arange(n_mfcc)
    matrix = np.cos(np.pi / n_mels * (np.arange(n_mels)[:, None] + 0.5) * k) * np.sqrt(2.0 / n_mels)
    matrix[:, 0] /= np.sqrt(2.0)
    return matrix.astype(np.float32)


def _clean(samples: Samples) -> Samples:
    return np.nan_to_num(np.asarray(samples, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def _framed(samples: Samples, length: int, n_frames: int) -> NDArray[np.float32]:
    needed = (n_frames - 1) * HOP + length
    padded = np.pad(samples, (0, max(0, needed - samples.size)))
    return np.lib.stride_tricks.sliding_window_view(padded, length)[::HOP][:n_frames]


def n_frames_of(n_samples: int) -> int:
    """How many frames a sound of ``n_samples`` has, at least 1."""
    return 1 + max(0, n_samples - FRAME) // HOP


def power_spectrum(samples: Samples) -> Frames:
    """Power of each frame, shape (n_frames, 257); a full-scale sine gives about 0.25 at its bin."""
    samples = _clean(samples)
    window = _hann(FRAME)
    frames = _framed(samples, FRAME, n_frames_of(samples.size)) * window
    spectrum = np.fft.rfft(frames, N_FFT, axis=1) / window.sum()
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32)


def log_mel(samples: Samples) -> Frames:
    """Natural logarithm of the power in 64 mel bands at the recorded level, shape (n_frames, 64)."""
    return np.log(power_spectrum(samples) @ mel_filters().T + POWER_FLOOR)


def mfcc(bands: Frames) -> Frames:
    """Mel-frequency cepstral coefficients of ``log_mel``, shape (n_frames, 13); the first one is the level.

    Source: Davis and Mermelstein 1980; orthonormal DCT-II, no liftering.
    """
    return bands @ _cosines(N_MELS, N_MFCC)


def pitch(samples: Samples) -> tuple[Frames, Frames]:
    """Fundamental frequency and strength of voicing on the frames of ``log_mel``.

    Returns:
        f0 in Hz, shape (n_frames,), 0 where unvoiced; voicing in [0, 1], the normalised autocorrelation at that lag.

    Source: Boersma 1993 (autocorrelation over that of the window), below 1.5 kHz, with a five-frame median.
    """
    samples = _clean(samples)
    n_frames = n_frames_of(samples.size)
    before = (PITCH_FRAME - FRAME) // 2
    window = _hann(PITCH_FRAME)
    frames = _framed(np.pad(samples, (before, 0)), PITCH_FRAME, n_frames)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    spectrum = np.fft.rfft(frames, PITCH_FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    power[:, round(PITCH_BAND_HZ * PITCH_FFT / SAMPLE_RATE_HZ):] = 0.0
    shortest, longest = round(SAMPLE_RATE_HZ / F0_HIGH_HZ), round(SAMPLE_RATE_HZ / F0_LOW_HZ)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, PITCH_FFT)) ** 2)[: longest + 2]
    raw = np.fft.irfft(power, axis=1)[:, : longest + 2]
    shape = raw / np.maximum(raw[:, :1], 1e-12) / (own / own[0])
    lags = np.arange(longest + 2)
    score = shape - 0.04 * np.log2(np.maximum(lags, 1) / shortest)  # of equals, the shorter period
    inner = (shape[:, 1:-1] >= shape[:, :-2]) & (shape[:, 1:-1] >= shape[:, 2:])
    score = np.where(np.pad(inner, ((0, 0), (1, 1))), score, -np.inf)
    score[:, :shortest] = -np.inf
    best = np.where(np.isfinite(score.max(axis=1)), score.argmax(axis=1), shortest)
    voicing = np.clip(shape[np.arange(n_frames), best], 0.0, 1.0) * (raw[:, 0] > 1e-12)
    f0 = np.where(voicing > VOICED, SAMPLE_RATE_HZ / (best + _peak_offset(shape, best)), 0.0)
    return _median5(f0).astype(np.float32), voicing.astype(np.float32)


def _peak_offset(curves: NDArray[np.float64], at: NDArray[np.intp]) -> NDArray[np.float64]:
    """How far, in [-0.5, 0.5] steps, the top of a parabola through a peak and its neighbours lies from the peak."""
    rows = np.arange(len(at))
    left, top, right = (curves[rows, at + step] for step in (-1, 0, 1))
    bend = left - 2.0 * top + right
    return np.clip(0.5 * (left - right) / np.where(bend < 0, bend, -np.inf), -0.5, 0.5)


def _median5(track: NDArray[np.float64]) -> NDArray[np.float64]:
    around = np.lib.stride_tricks.sliding_window_view(np.pad(track, 2), 5)
    return np.where(track > 0, np.median(around, axis=1), 0.0)


def voice_features(samples: Samples) -> Frames:
    """What the compact voice network hears, shape (n_frames, 68): 64 log-mel bands, then the ``TRACKS``.

    The bands are relative to the loud frames of the same sound (mean of those at its 90th percentile and above) and cut
    50 dB below, in nepers; so gain changes nothing. ``f0_relative`` and ``f0_absolute`` are octaves from the sound's
    own median and from 160 Hz, 0 where unvoiced.
    """
    bands = log_mel(samples)
    level = np.log(np.exp(bands).mean(axis=1))
    reference = float(level[level >= np.quantile(level, 0.9)].mean())
    f0, voicing = pitch(samples)
    voiced = f0 > 0
    octaves = np.log2(np.where(voiced, f0, 1.0))
    median = float(np.median(octaves[voiced])) if voiced.any() else 0.0
    tracks = [
        np.clip(level - reference, -DYNAMIC_RANGE, 2.0) / 4.0,
        voicing,
        np.where(voiced, np.clip(octaves - median, -1.5, 1.5), 0.0),
        np.where(voiced, octaves - np.log2(160.0), 0.0),
    ]
    relative = np.clip(bands - reference, -DYNAMIC_RANGE, 6.0)
    return np.concatenate([relative, np.stack(tracks, axis=1)], axis=1).astype(np.float32)


def feature_statistics(samples: Samples) -> dict[str, float]:
    """Statistics of log-mel and MFCC over all frames, for researchers (``--features``).

    Keys, bands and coefficients counted from 0: ``logmel_BB_mean|std`` (nepers of power at the recorded level,
    64 bands from 50 to 7600 Hz), ``mfcc_CC_mean|std`` and ``mfcc_delta_CC_mean|std`` (13 coefficients; change over
    +-2 frames, a frame), ``n_frames``. Standard deviations are those of the population.
    """
    bands = log_mel(samples)
    cepstra = mfcc(bands)
    found: dict[str, float] = {"n_frames": float(len(bands))}
    for name, values in (("logmel", bands), ("mfcc", cepstra), ("mfcc_delta", deltas(cepstra))):
        mean, std = values.mean(axis=0), values.std(axis=0)
        for index in range(values.shape[1]):
            found[f"{name}_{index:02d}_mean"] = float(mean[index])
            found[f"{name}_{index:02d}_std"] = float(std[index])
    return found


def deltas(values: Frames) -> Frames:
    """Slope over five frames, a frame, same shape as ``values``; the ends are repeated.

    Source: HTK book, regression formula with a window of 2.
    """
    padded = np.pad(values, ((2, 2), (0, 0)), mode="edge")
    n = len(values)
    return (padded[3 : n + 3] - padded[1 : n + 1] + 2.0 * (padded[4:] - padded[:n])).astype(np.float32) / 10.0
