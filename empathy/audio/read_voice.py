"""One recording as a ``VoiceReading``: where speech is, how clean, its melody, tone, words and other sounds.

Each step is a function of its own, so that the pipeline can show what is ready and one failing engine loses only its
own part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..affect import affect_of
from ..protocols import Tone, ToneEngine
from ..types import SAMPLE_RATE_HZ, Emotions, Samples, Span, VoiceReading
from .logmel import feature_statistics
from .prosody import measure_prosody
from .segment import is_clipped, joined, snr_db, spread

MIN_TONE_S = 0.3
"""Less speech than this carries no tone."""
MAX_TONE_S = 60.0
"""Most speech handed to a tone engine."""

AMOUNT_S = 0.8
SNR_NONE_DB, SNR_FULL_DB, SNR_LEAST = -5.0, 15.0, 0.15
CLIPPED = 0.7
"""Confidence is the product of three shares: 1 - exp(-speech / 0.8 s); a line from -5 dB (0.15 at least) to 15 dB of
SNR (1); and 0.7 where the recording is clipped. Set by judgement: a clean sentence of 2 s gives 0.9."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one tone engine heard."""

    engine: str
    tone: Tone


def begin_reading(samples: Samples, spans: tuple[Span, ...], *, abstain_below: float, features: bool = False,
                  rough: bool = True) -> VoiceReading:
    """All that needs no engine but the speech spans: quality, melody (with jitter and shimmer where ``rough``),
    confidence, features."""
    spoken = joined(samples, spans)
    clipped = is_clipped(spoken if spans else samples)
    ratio_db = snr_db(samples, spans)
    confidence = voice_confidence(sum(span.duration_s for span in spans), ratio_db, clipped)
    return VoiceReading(
        duration_s=samples.size / SAMPLE_RATE_HZ, speech=spans, transcript=None, emotions=None, calm=None, affect=None,
        prosody=measure_prosody(samples, spans, rough=rough), events=(), snr_db=ratio_db, clipped=clipped,
        confidence=confidence, abstains=confidence < abstain_below, engine=None,
        features=feature_statistics(spoken) if features and spans else None)


def voice_confidence(speech_s: float, ratio_db: float | None, clipped: bool) -> float:
    """How well this voice could be heard, in [0, 1]: falls with little, noisy and clipped speech.

    How sure the engine is stays out of it: fusion meets that in the emotions themselves, and counted twice it costs
    accuracy (docs/experiments.md)."""
    if speech_s <= 0 or ratio_db is None:
        return 0.0
    amount = 1.0 - np.exp(-speech_s / AMOUNT_S)
    clean = np.clip((ratio_db - SNR_NONE_DB) / (SNR_FULL_DB - SNR_NONE_DB), SNR_LEAST, 1.0)
    return float(amount * clean * (CLIPPED if clipped else 1.0))


def listen(samples: Samples, spans: tuple[Span, ...], engine: ToneEngine) -> Heard | None:
    """What an engine hears in the speech; None where there is too little of it."""
    spoken = spread(joined(samples, spans), MAX_TONE_S)
    if spoken.size < MIN_TONE_S * SAMPLE_RATE_HZ:
        return None
    return Heard(engine=engine.name, tone=engine.listen(spoken))


def with_tones(reading: VoiceReading, heard: Sequence[Heard], *, abstain_below: float) -> VoiceReading:
    """The reading with the tones put together; see ``is_unsure`` for when it abstains."""
    emotions = _specialist(heard, lambda tone: tone.emotions is not None, lambda tone: tone.affect is None)
    affect = _specialist(heard, lambda tone: tone.affect is not None, lambda tone: tone.emotions is None)
    felt = emotions.tone.emotions if emotions else None
    names = dict.fromkeys(one.engine for one in (emotions, affect) if one is not None)
    return replace(
        reading, emotions=felt, calm=emotions.tone.calm if emotions else None,
        abstains=is_unsure(reading.confidence, felt, abstain_below),
        affect=affect.tone.affect if affect else affect_of(felt) if felt else None,
        engine="+".join(names) or None)


def is_unsure(confidence: float, emotions: Emotions | None, abstain_below: float) -> bool:
    """Whether to say "I can't tell": confidence times the probability of the likeliest emotion, about the chance that
    naming it is right, lies below ``abstain_below``."""
    certainty = float(emotions.array().max()) if emotions is not None else 1.0
    return confidence * certainty < abstain_below


def _specialist(heard: Sequence[Heard], able: Callable[[Tone], bool], alone: Callable[[Tone], bool]) -> Heard | None:
    """The first engine that is able, one that does nothing else before one that does both."""
    able_ones = [one for one in heard if able(one.tone)]
    return next((one for one in able_ones if alone(one.tone)), next(iter(able_ones), None))
