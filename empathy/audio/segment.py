"""Cuts speech out of a recording, and says how clean it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import SAMPLE_RATE_HZ, Samples, Span

WINDOW_S = 2.0
"""Length of the pieces a long speech is sampled by."""

SNR_DB = (-10.0, 60.0)
BACKGROUND_S = 0.2
"""With less sound outside speech than this, the quietest tenth of the speech stands for the background."""
MARGIN_S = 0.1
"""Kept between speech and what counts as background: breath and echo."""
N_LEVEL = 320

CLIPPED_RATIO, CLIPPED_SHARE, CLIPPED_PEAK = 1.6, 0.0005, 0.1
"""Of ten equal bands of height, one in the upper half that holds 1.6 times as many samples as the band below it, and at
least this share of all, is a cut-off top: natural speech grows rarer with height. It holds through resampling, which
makes flat tops ripple. A recording whose peak lies below 0.1 is not judged. Measured on 278 clips: 0.5 % of clean ones
flagged, 85 % of those cut at half their peak, 99 % of those cut at a quarter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a recording within the cut: ``at_s`` in the cut is ``start_s`` in the recording; ``speech`` in it,
    by the times of the recording."""

    at_s: float
    start_s: float
    duration_s: float
    speech: tuple[Span, ...]


def joined(samples: Samples, speech: tuple[Span, ...]) -> Samples:
    """The speech spans one after the other, shape (n,)."""
    parts = [samples[round(span.start_s * SAMPLE_RATE_HZ):round(span.end_s * SAMPLE_RATE_HZ)] for span in speech]
    return np.concatenate(parts) if parts else samples[:0]


def spread(speech: Samples, max_s: float) -> Samples:
    """A longer speech sampled by windows of 2 s at equal distances: beginning, middle and end are heard alike."""
    n_max, n_window = round(max_s * SAMPLE_RATE_HZ), round(WINDOW_S * SAMPLE_RATE_HZ)
    if speech.size <= n_max:
        return speech
    n_windows = n_max // n_window
    if n_windows < 2:
        return speech[:n_max]
    starts = np.linspace(0, speech.size - n_window, n_windows).round().astype(int)
    return np.concatenate([speech[start:start + n_window] for start in starts])


def cut_with_times(samples: Samples, speech: tuple[Span, ...], margin_s: float) -> tuple[Samples, tuple[Piece, ...]]:
    """Speech with a margin on each side, long pauses taken out, and the way back to the times of the recording."""
    whole_s = samples.size / SAMPLE_RATE_HZ
    wide: list[tuple[float, float, tuple[Span, ...]]] = []
    for span in speech:
        start_s, end_s = max(0.0, span.start_s - margin_s), min(whole_s, span.end_s + margin_s)
        if wide and start_s <= wide[-1][1]:
            wide[-1] = (wide[-1][0], end_s, (*wide[-1][2], span))
        else:
            wide.append((start_s, end_s, (span,)))
    parts: list[Samples] = []
    pieces: list[Piece] = []
    n = 0
    for start_s, end_s, inside in wide:
        part = samples[round(start_s * SAMPLE_RATE_HZ):round(end_s * SAMPLE_RATE_HZ)]
        pieces.append(Piece(at_s=n / SAMPLE_RATE_HZ, start_s=start_s, duration_s=part.size / SAMPLE_RATE_HZ,
                            speech=inside))
        parts.append(part)
        n += part.size
    return (np.concatenate(parts) if parts else samples[:0]), tuple(pieces)


def in_recording(word: Span, pieces: tuple[Piece, ...]) -> Span:
    """Where a word of the cut lies in the recording: within the stretch of speech that it shares most time with, else
    within that piece. A recogniser lets a word begin where the last one ended, so that it takes in the pause between
    them, which may be long."""
    near = [piece for piece in pieces
            if piece.at_s <= word.end_s and piece.at_s + piece.duration_s >= word.start_s] or pieces[-1:]
    speech = [(piece, span) for piece in near for span in piece.speech]
    whole = [(piece, Span(start_s=piece.start_s, end_s=piece.start_s + piece.duration_s)) for piece in near]
    spoken = max(speech, key=lambda place: _shared_s(word, *place))
    piece, span = spoken if _shared_s(word, *spoken) > 0 else max(whole, key=lambda place: _shared_s(word, *place))
    later_s = piece.start_s - piece.at_s
    start_s, end_s = np.clip([word.start_s + later_s, word.end_s + later_s], span.start_s, span.end_s)
    return Span(start_s=float(start_s), end_s=float(end_s))


def _shared_s(word: Span, piece: Piece, span: Span) -> float:
    """Time that a word of the cut shares with a span of the recording; below 0 what lies between them."""
    later_s = piece.start_s - piece.at_s
    return min(word.end_s + later_s, span.end_s) - max(word.start_s + later_s, span.start_s)


def snr_db(samples: Samples, speech: tuple[Span, ...]) -> float | None:
    """Level of the speech over that of the background, in [-10, 60] dB; None without speech.

    The background is what lies outside the spans; where there is too little of it, the quietest tenth of 20 ms frames
    within, which gives too good a figure for continuous noise and too bad a one for breathless speech.
    """
    inside = _mask(samples.size, speech, 0.0)
    if not inside.any():
        return None
    outside = ~_mask(samples.size, speech, MARGIN_S)
    power = np.square(samples, dtype=np.float64)
    if outside.sum() >= BACKGROUND_S * SAMPLE_RATE_HZ:
        background = float(power[outside].mean())
    else:
        spoken = power[inside]
        frames = spoken[:spoken.size // N_LEVEL * N_LEVEL].reshape(-1, N_LEVEL).mean(axis=1)
        background = float(np.percentile(frames, 10)) if frames.size else 0.0
    speech_power = max(float(power[inside].mean()) - background, 1e-20)
    return float(np.clip(10.0 * np.log10(speech_power / max(background, 1e-20)), *SNR_DB))


def is_clipped(samples: Samples) -> bool:
    """True when the tops of the waveform were cut off by too high a recording level."""
    if samples.size == 0:
        return False
    return any(_cut_off(np.maximum(side * samples, 0.0)) for side in (1.0, -1.0))


def _cut_off(height: Samples) -> bool:
    peak = float(np.percentile(height, 99.99))
    if peak < CLIPPED_PEAK:
        return False
    bands, _ = np.histogram(height / peak, bins=10, range=(0.0, 1.0))
    upper, below = bands[5:], bands[4:-1]
    return bool(np.any((upper >= max(10, CLIPPED_SHARE * height.size)) & (upper > CLIPPED_RATIO * below)))


def _mask(n: int, speech: tuple[Span, ...], margin_s: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    mask = np.zeros(n, np.bool_)
    for span in speech:
        start = max(0, round((span.start_s - margin_s) * SAMPLE_RATE_HZ))
        mask[start:max(0, round((span.end_s + margin_s) * SAMPLE_RATE_HZ))] = True
    return mask
