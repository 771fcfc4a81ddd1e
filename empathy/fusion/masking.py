"""Do the face and the voice tell the same story? A likelihood ratio, from two calibrated channels.

Under "masked" the face shows one of the emotions of ``SHOWN`` and the voice carries one of ``FELT``; under "sincere"
both carry the same emotion, whichever. Each channel's probabilities, tempered and smoothed, stand for the likelihood of
what was seen and heard given each emotion; the score is the logarithm of the mean likelihood over the masked pairs of
emotions against the mean over the sincere ones. A channel that can't tell spreads its probabilities, which pulls the
ratio towards 1, so ambiguity is never taken for a contradiction (Watson et al. 2013 ask for just this control).

Why not the gap in valence: a voice is often heard as neutral beside a happy face, sincerely (in CREMA-D the two labels
differ in 47 % of sincere clips, with opposite valence in 3 %). ``python -m empathy evaluate masking`` measures both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..types import EMOTIONS, Emotion, Emotions, Evidence, FaceReading, Masking, VoiceReading
from .fuse import ADJECTIVES

SHOWN: tuple[Emotion, ...] = ("happy", "neutral")
FELT: tuple[Emotion, ...] = ("angry", "disgust", "fear", "sad")
HEARD: tuple[Emotion, ...] = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""What both channels can carry: voices have no contempt."""

MASKED: tuple[tuple[Emotion, Emotion], ...] = tuple((shown, felt) for shown in SHOWN for felt in FELT)
SINCERE: tuple[tuple[Emotion, Emotion], ...] = tuple((emotion, emotion) for emotion in HEARD)
"""Pairs of emotions, of the face and of the voice."""

SMOOTHING = 0.02
"""Share of a uniform distribution mixed into each channel: no single zero decides."""

TEMPER: Mapping[str, float] = {"face": 1.0, "voice": 1.0}
"""Powers of the two channels; below 1 believes a channel less than it believes itself."""

THRESHOLD = 2.0
"""Log ratio from which the page speaks of two stories: at most 5 % of sincere pairs lie above it."""

PRIOR = 0.1
"""Assumed share of masked windows, which turns the ratio into a probability."""

MIN_SPEECH_S = 1.0
MIN_WINDOW_S = 3.0
MIN_CONFIDENCE = 0.5
"""Below these nothing is said: too little speech, too short a window, a face or voice too poorly read."""

_QUIETING = ("laugh",)


def log_ratio(face: NDArray[np.float64], voice: NDArray[np.float64],
              stories: Sequence[tuple[Emotion, Emotion]] = MASKED) -> NDArray[np.float64]:
    """The score of each pair of distributions.

    Args:
        face: shape (n, 8), in the order of ``EMOTIONS``.
        voice: the same.
        stories: pairs of emotions, of the face and of the voice, that are held against the sincere ones.

    Returns:
        Shape (n,), in nats; above 0 speaks for the stories, below for sincerity.
    """
    seen, heard = _likelihood(face, TEMPER["face"]), _likelihood(voice, TEMPER["voice"])

    def mean(pairs: Sequence[tuple[Emotion, Emotion]]) -> NDArray[np.float64]:
        rows, columns = ([EMOTIONS.index(pair[side]) for pair in pairs] for side in (0, 1))
        return (seen[:, rows] * heard[:, columns]).mean(axis=1)

    return np.log(mean(stories)) - np.log(mean(SINCERE))


def probability(score: float) -> float:
    """Of masking, by Bayes' rule from ``PRIOR``; in [0, 1]."""
    odds = np.exp(np.clip(score, -50.0, 50.0)) * PRIOR / (1.0 - PRIOR)
    return float(odds / (1.0 + odds))


def find_masking(face: FaceReading | None, voice: VoiceReading | None) -> Masking | None:
    """The mismatch of one window, or None: sincere, unsure, or not enough seen and heard to say.

    Args:
        face: over the window, from a video or a picture taken while speaking.
        voice: over the same window.
    """
    if face is None or voice is None or voice.emotions is None or not _well_read(face, voice):
        return None
    score = float(log_ratio(face.emotions.array()[None], voice.emotions.array()[None])[0])
    if score < THRESHOLD:
        return None
    shown, felt = _likeliest(face.emotions, SHOWN), _likeliest(voice.emotions, FELT)
    evidence = (
        Evidence(channel="face", claim=f"face looks {ADJECTIVES[shown]}", emotion=shown,
                 number=float(getattr(face.emotions, shown)), weight=face.confidence),
        Evidence(channel="voice", claim=f"voice sounds {ADJECTIVES[felt]}", emotion=felt,
                 number=float(getattr(voice.emotions, felt)), weight=voice.confidence),
    )
    return Masking(score=score, probability=probability(score), shown=shown, felt=felt, evidence=evidence)


def _well_read(face: FaceReading, voice: VoiceReading) -> bool:
    """The gates of the live page; laughter explains a mismatch, so it closes them."""
    speech_s = sum(span.duration_s for span in voice.speech)
    return (voice.duration_s >= MIN_WINDOW_S and speech_s >= MIN_SPEECH_S and not face.abstains and not voice.abstains
            and min(face.confidence, voice.confidence) >= MIN_CONFIDENCE
            and not any(event.kind in _QUIETING for event in voice.events))


def _likelihood(rows: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    return ((1.0 - SMOOTHING) * rows + SMOOTHING / len(EMOTIONS)) ** power


def _likeliest(emotions: Emotions, among: tuple[Emotion, ...]) -> Emotion:
    return max(among, key=lambda name: getattr(emotions, name))
