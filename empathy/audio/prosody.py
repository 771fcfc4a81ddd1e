"""The melody of speech, by signal processing: pitch, rate, pauses, loudness, roughness, tremor.

All figures are measured over the speech spans alone and at the recorded level.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..types import SAMPLE_RATE_HZ, Prosody, Samples, Span
from .pitch import HOP_S, N_HOP, N_WINDOW, Pitch, pulses, stretches, track_pitch

MIN_VOICED_S = 0.1
"""Less voiced speech than this gives no pitch."""
PAUSE_S = 0.2
FLOOR_DBFS = -120.0

PULSES_MAX_S = 20.0
"""Voiced speech that is searched for pulses; more changes jitter and shimmer little and costs time."""
MIN_PERIODS = 20
PERIOD_RATIO_MAX, AMPLITUDE_RATIO_MAX = 1.3, 1.6
"""Neighbours that differ more are no neighbours (Praat's defaults)."""

N_INTENSITY = round(0.064 * SAMPLE_RATE_HZ)
SYLLABLE_DIP_DB = 2.0
SYLLABLE_FLOOR_DB = 25.0
"""de Jong and Wempe: a nucleus stands 2 dB above its surroundings and at most 25 dB below the loud frames."""

TREMOR_HZ = (4.0, 12.0)
TREMOR_MIN_S = 0.8
TREMOR_CLEAR = 0.5
"""Share of the slow modulation's energy that the tremor must hold to count as one."""


def measure_prosody(samples: Samples, speech: tuple[Span, ...], *, rough: bool = True) -> Prosody | None:
    """Measure how somebody speaks.

    Args:
        samples: the whole recording, shape (n,).
        speech: its speech spans, in order.
        rough: also measure jitter and shimmer, which take half of the time.

    Returns:
        None without speech. Jitter and shimmer are local (mean difference of neighbours over the mean), HNR is the
        mean over voiced frames, the rate counts syllable nuclei over the time of the speech spans.

    Raises:
        InputError: samples that are not finite.

    Source: Boersma 1993 (f0, HNR); de Jong and Wempe 2009, Behavior Research Methods 41(2), (rate); local jitter and
    shimmer as in Praat's manual; tremor as the strongest slow modulation of f0, after Brückl 2012.
    """
    if not np.all(np.isfinite(samples)):
        raise InputError("the recording holds values that are no numbers (NaN or infinite); export it again")
    parts = [samples[round(span.start_s * SAMPLE_RATE_HZ):round(span.end_s * SAMPLE_RATE_HZ)] for span in speech]
    parts = [part for part in parts if part.size]
    if not parts:
        return None
    pitches = [track_pitch(part) for part in parts]
    f0_hz = np.concatenate([pitch.f0_hz[pitch.voiced] for pitch in pitches])
    enough = f0_hz.size * HOP_S >= MIN_VOICED_S
    low, high = np.percentile(f0_hz, [10, 90]) if enough else (1.0, 1.0)
    jitter, shimmer = _roughness(parts, pitches) if rough else (None, None)
    tremor = _tremor(pitches)
    return Prosody(
        f0_median_hz=float(np.median(f0_hz)) if enough else None,
        f0_range_semitones=float(12.0 * np.log2(high / low)) if enough else None,
        rate_syllables_per_s=_rate(parts, pitches) if enough else None,
        pause_share=_pause_share(speech),
        n_pauses=sum(after.start_s - before.end_s > PAUSE_S for before, after in pairwise(speech)),
        loudness_dbfs=level_dbfs(np.concatenate(parts)),
        jitter=jitter,
        shimmer=shimmer,
        hnr_db=_harmonics_db(pitches) if enough else None,
        tremor_hz=tremor[0] if tremor else None,
        tremor_depth=tremor[1] if tremor else None,
    )


def level_dbfs(samples: Samples) -> float:
    """RMS level against full scale (a full-scale square is 0 dBFS, a sine -3), at least -120."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if samples.size else 0.0
    return max(FLOOR_DBFS, 10.0 * float(np.log10(power + 1e-30)))


def _pause_share(speech: tuple[Span, ...]) -> float | None:
    whole = speech[-1].end_s - speech[0].start_s
    spoken = sum(span.duration_s for span in speech)
    return float(np.clip(1.0 - spoken / whole, 0.0, 1.0)) if whole > 0 else None


def _harmonics_db(pitches: list[Pitch]) -> float:
    strength = np.concatenate([pitch.strength[pitch.voiced] for pitch in pitches])
    strength = np.clip(strength, 1e-3, 1.0 - 1e-4)
    return float(np.mean(10.0 * np.log10(strength / (1.0 - strength))))


def _rate(parts: list[Samples], pitches: list[Pitch]) -> float | None:
    """Syllable nuclei a second of speech: voiced peaks of the intensity between dips."""
    levels = [_intensity_db(part) for part in parts]
    loud_db = float(np.percentile(np.concatenate(levels), 99))
    n_nuclei = sum(_nuclei(level, pitch.voiced, loud_db) for level, pitch in zip(levels, pitches, strict=True))
    spoken_s = sum(part.size for part in parts) / SAMPLE_RATE_HZ
    return n_nuclei / spoken_s if spoken_s > 0 else None


def _intensity_db(samples: Samples) -> NDArray[np.float64]:
    """Level over 64 ms in dB on the frames of the pitch track; shape (n_frames,), at least one frame."""
    window = np.hanning(N_INTENSITY + 2)[1:-1]
    n_frames = max(1, 1 + (samples.size - N_WINDOW) // N_HOP)
    before = (N_INTENSITY - N_WINDOW) // 2
    padded = np.zeros((n_frames - 1) * N_HOP + N_INTENSITY)
    power = np.square(samples - samples.mean(), dtype=np.float64)[:padded.size - before]
    padded[before:before + power.size] = power
    power = np.lib.stride_tricks.sliding_window_view(padded, N_INTENSITY)[::N_HOP] @ (window / window.sum())
    return 10.0 * np.log10(np.maximum(power, 1e-12))


def _nuclei(level_db: NDArray[np.float64], voiced: NDArray[np.bool_], loud_db: float) -> int:
    """Voiced peaks that stand out by ``SYLLABLE_DIP_DB`` on both sides and are loud enough."""
    count = 0
    highest, lowest, at, rising = -np.inf, np.inf, 0, True
    for i, level in enumerate([*level_db.tolist(), -np.inf]):
        if level > highest:
            highest, at = level, i
        lowest = min(lowest, level)
        if rising and level < highest - SYLLABLE_DIP_DB:
            loud = highest > loud_db - SYLLABLE_FLOOR_DB
            count += int(loud and at < voiced.size and bool(voiced[at]))
            rising, lowest = False, level
        elif not rising and level > lowest + SYLLABLE_DIP_DB:
            rising, highest, at = True, level, i
    return count


def _roughness(parts: list[Samples], pitches: list[Pitch]) -> tuple[float | None, float | None]:
    """Local jitter and shimmer over all voiced stretches."""
    periods: list[NDArray[np.float64]] = []
    heights: list[NDArray[np.float64]] = []
    left_s = PULSES_MAX_S
    for part, pitch in zip(parts, pitches, strict=True):
        for start, end in stretches(pitch.voiced, round(MIN_VOICED_S / 2 / HOP_S)):
            if left_s <= 0:
                break
            left_s -= (end - start) * HOP_S
            at = pulses(part, pitch, start, end)
            if at.size > 2:
                periods.append(np.diff(at))
                heights.append(_heights(part, at))
    return _local(periods, PERIOD_RATIO_MAX), _local(heights, AMPLITUDE_RATIO_MAX)


def _heights(samples: Samples, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Peak to peak within half a period around each pulse but the last; shape (n_pulses - 1,)."""
    halves = np.diff(at) / 2
    starts = np.maximum(np.round(at[:-1] - halves).astype(int), 0)
    ends = np.round(at[:-1] + halves).astype(int) + 1
    return np.array([float(np.ptp(samples[start:end])) for start, end in zip(starts, ends, strict=True)])


def _local(series: list[NDArray[np.float64]], ratio_max: float) -> float | None:
    """Mean difference of neighbours over the mean of all; pairs too far apart are left out."""
    differences: list[NDArray[np.float64]] = []
    for values in series:
        before, after = values[:-1], values[1:]
        ratio = np.maximum(before, after) / np.maximum(np.minimum(before, after), 1e-12)
        differences.append(np.abs(after - before)[ratio <= ratio_max])
    n = sum(difference.size for difference in differences)
    if n < MIN_PERIODS:
        return None
    mean = float(np.concatenate(series).mean())
    return float(np.concatenate(differences).mean()) / mean if mean > 0 else None


def _tremor(pitches: list[Pitch]) -> tuple[float, float] | None:
    """Rate and depth of the clearest modulation of f0 in the longest voiced stretch, if there is one."""
    n_min = round(TREMOR_MIN_S / HOP_S)
    found = [pitch.f0_hz[start:end] for pitch in pitches for start, end in stretches(pitch.voiced, n_min)]
    if not found:
        return None
    track = max(found, key=len)
    time_s = np.arange(track.size) * HOP_S
    relative = track / track.mean() - 1.0
    relative = relative - np.polyval(np.polyfit(time_s, relative, 2), time_s)
    window = np.hanning(track.size + 2)[1:-1]
    n_fft = 4096
    power = np.abs(np.fft.rfft(relative * window, n_fft)) ** 2
    rate_hz = np.fft.rfftfreq(n_fft, HOP_S)
    band = (rate_hz >= TREMOR_HZ[0]) & (rate_hz <= TREMOR_HZ[1])
    at = int(np.argmax(np.where(band, power, 0.0)))
    lobe = np.abs(rate_hz - rate_hz[at]) <= 2.0 / (track.size * HOP_S)
    slow = rate_hz <= 2 * TREMOR_HZ[1]
    if power[slow].sum() <= 0 or power[lobe].sum() < TREMOR_CLEAR * power[slow].sum():
        return None
    return float(rate_hz[at]), float(2.0 * np.sqrt(power[at]) / window.sum())
