"""Readings of every kind, to be changed by a test where it matters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from empathy.types import (
    NO_RISK,
    Affect,
    Box,
    Care,
    Estimate,
    Evidence,
    FaceQuality,
    FaceReading,
    HeadPose,
    Moment,
    Prosody,
    SoundEvent,
    Span,
    Transcript,
    VoiceReading,
    Word,
    WordsReading,
)
from tests.fakes import CALM, DOWN, GLAD, mesh

BRIGHT = Affect(valence=0.6, arousal=0.3, dominance=0.2, valence_sd=0.2, arousal_sd=0.3, dominance_sd=0.3)
CRISIS = Care(level="crisis", reasons=("the button was pressed",), offers=("Call someone you trust.",))


def face(**changes: Any) -> FaceReading:
    box = Box(x=170.0, y=60.0, width=110.0, height=130.0)
    reading = FaceReading(
        box=box, detection_confidence=0.97, emotions=GLAD, affect=BRIGHT,
        head_pose=HeadPose(pitch_rad=0.1, yaw_rad=-0.2, roll_rad=0.0), eye_openness=(0.9, 0.8),
        quality=FaceQuality(size_px=110.0, light=0.55, sharpness=0.7, frontal=0.9, inside=1.0, score=0.8),
        confidence=0.78, abstains=False, engine="fake expression@1", landmarks=mesh(box))
    return replace(reading, **changes)


def voice(**changes: Any) -> VoiceReading:
    words = tuple(Word(text=each, start_s=0.5 + 0.4 * i, end_s=0.8 + 0.4 * i, confidence=0.95 - 0.15 * i)
                  for i, each in enumerate(["I", "feel", "tired", "today"]))
    reading = VoiceReading(
        duration_s=4.0, speech=(Span(start_s=0.5, end_s=1.6), Span(start_s=2.0, end_s=3.4)),
        transcript=Transcript(text="I feel tired today", language="en", words=words, confidence=0.8, engine="fake@1"),
        emotions=DOWN, calm=0.5, affect=CALM,
        prosody=Prosody(f0_median_hz=182.0, f0_range_semitones=4.2, rate_syllables_per_s=3.1, pause_share=0.2,
                        n_pauses=2, loudness_dbfs=-23.0, jitter=0.011, shimmer=None, hnr_db=14.0, tremor_hz=None,
                        tremor_depth=None),
        events=(SoundEvent(kind="sigh", start_s=3.5, end_s=3.9, confidence=0.7, experimental=True),),
        snr_db=8.0, clipped=False, confidence=0.66, abstains=False, engine="fake tone@1")
    return replace(reading, **changes)


def words(text: str = "I feel tired today", **changes: Any) -> WordsReading:
    reading = WordsReading(text=text, source="typed", emotions=DOWN, labels={"sadness": 0.7, "grief": 0.2}, affect=CALM,
                           risk=NO_RISK, confidence=0.7, abstains=False, engine="fake words@1")
    return replace(reading, **changes)


def estimate(**changes: Any) -> Estimate:
    reading = Estimate(
        emotions=DOWN, affect=CALM, confidence=0.71, abstains=False, weights={"words": 0.6, "voice": 0.4},
        evidence=(Evidence(channel="words", claim="the words sound sad", number=0.6, weight=0.4),
                  Evidence(channel="voice", claim="quiet and slow", number=3.1, weight=-0.1)))
    return replace(reading, **changes)


def moments(n: int = 8) -> tuple[Moment, ...]:
    return tuple(Moment(time_s=0.5 * i, face=GLAD if i != 3 else None, face_affect=BRIGHT if i != 3 else None,
                        voice=DOWN if i > 4 else None, voice_affect=CALM if i > 4 else None) for i in range(n))
