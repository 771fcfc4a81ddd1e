"""Do the face and the voice tell the same story? A likelihood ratio, from two calibrated channels.

Under "masked" the face shows one of the emotions of ``SHOWN`` and the voice carries one of ``FELT``; under "everyday"
both carry the same emotion, or they differ harmlessly: a happy face with a voice that is heard as neutral. Each
channel's probabilities, smoothed, stand for the likelihood of what was seen and heard given each emotion; the score is
the logarithm of the mean likelihood over the masked pairs of emotions against the mean over the everyday ones. A
channel that can't tell spreads its probabilities, which pulls the ratio towards 1, so ambiguity is never taken for a
contradiction (Watson et al. 2013 ask for just this control).

Words that are spoken or typed with it move the score, on the voice's side: sad words raise it, glad ones lower it,
neutral ones say nothing, since people say neutral things in any mood. They never make the claim: that takes a voice
whose own likeliest emotion is one of ``FELT``. What explains a mismatch harmlessly (``harmless``) silences it.

Why not the gap in valence: a voice is often heard as neutral beside a happy face, sincerely (in CREMA-D the two labels
differ in 47 % of sincere clips, with opposite valence in 3 %). ``python -m empathy evaluate masking`` measures both;
``docs/masking.md`` tells what came out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..types import EMOTIONS, Emotion, Evidence, FaceReading, Masking, VoiceReading, WordsReading
from .fuse import ADJECTIVES
from .harmless import explanation

SHOWN: tuple[Emotion, ...] = ("happy", "neutral")
FELT: tuple[Emotion, ...] = ("angry", "disgust", "fear", "sad")
HEARD: tuple[Emotion, ...] = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""What both channels can carry: voices have no contempt."""

Pair: TypeAlias = tuple[Emotion, Emotion]
"""Emotion of the face, emotion of the voice."""

MASKED: tuple[Pair, ...] = tuple((shown, felt) for shown in SHOWN for felt in FELT)
HARMLESS: tuple[Pair, ...] = (
    ("happy", "neutral"), ("happy", "surprise"), ("neutral", "happy"), ("neutral", "surprise"))
SINCERE: Mapping[Pair, float] = {(emotion, emotion): 1.0 for emotion in HEARD}
EVERYDAY: Mapping[Pair, float] = {**SINCERE, **dict.fromkeys(HARMLESS, 0.5)}
"""Pairs with their weights. The harmless ones cost some AUC and make alarms on them rare: ``harmless_alarm_rate`` of
``evaluate masking``."""

SMOOTHING = 0.02
"""Share of a uniform distribution mixed into each channel: no single zero decides."""

THRESHOLD = 2.0
"""Log ratio from which the page speaks of two stories. Chosen for at most 5 % of sincere pairs above it, with room for
faces and voices that are read less well than those it was chosen on (there 1.7 %)."""

PRIOR = 0.1
"""Assumed share of masked windows, which turns the ratio into a probability."""

WORDS = 0.5
"""Power of the words, times their confidence, beside the voice's 1. Set by us: no corpus tells it."""

NOTABLE = 0.1
"""In nats: words that move the score less are no evidence."""

MIN_SPEECH_S = 1.0
MIN_WINDOW_S = 3.0
MIN_CONFIDENCE = 0.5
"""Below these nothing is said: too little speech, too short a window, a face or voice too poorly read."""


def log_ratio(face: NDArray[np.float64], voice: NDArray[np.float64], stories: Sequence[Pair] = MASKED,
              against: Mapping[Pair, float] = EVERYDAY, words: NDArray[np.float64] | None = None,
              ) -> NDArray[np.float64]:
    """The score of each pair of distributions.

    Args:
        face: shape (n, 8), in the order of ``EMOTIONS``.
        voice: the same.
        stories: pairs of emotions, all of one weight.
        against: the pairs that they are held against, with weights.
        words: likelihood of the words given each emotion, shape (n, 8); None: nothing was said.

    Returns:
        Shape (n,), in nats; above 0 speaks for the stories.
    """
    seen, heard = _likelihood(face), _likelihood(voice) * (1.0 if words is None else words)

    def mean(pairs: Mapping[Pair, float]) -> NDArray[np.float64]:
        rows, columns = ([EMOTIONS.index(pair[side]) for pair in pairs] for side in (0, 1))
        return np.average(seen[:, rows] * heard[:, columns], axis=1, weights=list(pairs.values()))

    return np.log(mean(dict.fromkeys(stories, 1.0))) - np.log(mean(against))


def probability(score: float) -> float:
    """Of masking, by Bayes' rule from ``PRIOR``; in [0, 1]."""
    odds = np.exp(np.clip(score, -50.0, 50.0)) * PRIOR / (1.0 - PRIOR)
    return float(odds / (1.0 + odds))


def two_stories(face: NDArray[np.float64], voice: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The page's verdict on each pair: the score passes the threshold, and what is shown and what is felt are each the
    likeliest emotion of their channel, so that no claim goes against a channel's own reading.

    Args:
        face: distributions, shape (n, 8).
        voice: the same.
    """
    shown = np.isin(face.argmax(axis=1), [EMOTIONS.index(name) for name in SHOWN])
    felt = np.isin(voice.argmax(axis=1), [EMOTIONS.index(name) for name in FELT])
    return (log_ratio(face, voice) >= THRESHOLD) & shown & felt


def weigh_window(face: FaceReading | None, voice: VoiceReading | None,
                 words: WordsReading | None = None) -> Masking | None:
    """Face, voice and words of one window against each other, whatever comes out; ``told`` tells whether it passes.
    None where not enough was seen and heard to say, or a harmless reason was found.

    Args:
        face: over the window, from a video or a picture taken while speaking.
        voice: over the same window.
        words: said in it.
    """
    if face is None or voice is None or voice.emotions is None or not _well_read(face, voice):
        return None
    if explanation(voice, words) is not None:
        return None
    seen, heard = face.emotions.array()[None], voice.emotions.array()[None]
    wordless = float(log_ratio(seen, heard)[0])
    score = wordless if words is None else float(log_ratio(seen, heard, words=_said(words)[None])[0])
    shown, felt = face.emotions.top, voice.emotions.top
    evidence = [
        Evidence(channel="face", claim=f"face looks {ADJECTIVES[shown]}", emotion=shown,
                 number=float(getattr(face.emotions, shown)), weight=face.confidence),
        Evidence(channel="voice", claim=f"voice sounds {ADJECTIVES[felt]}", emotion=felt,
                 number=float(getattr(voice.emotions, felt)), weight=voice.confidence),
    ]
    if words is not None and abs(score - wordless) >= NOTABLE:
        emotion, number = words.emotions.items()[0]
        evidence.append(Evidence(channel="words", claim=f"words read as {ADJECTIVES[emotion]}", emotion=emotion,
                                 number=number, weight=score - wordless))
    return Masking(score=score, probability=probability(score), shown=shown, felt=felt, evidence=tuple(evidence))


def _said(words: WordsReading) -> NDArray[np.float64]:
    """Likelihood of the words given each emotion, shape (8,), to the power of ``WORDS`` and their confidence. What is
    neutral in them speaks for no emotion, and in a neutral voice people say anything."""
    even = 1.0 / len(EMOTIONS)
    row = words.emotions.array() + words.emotions.neutral * even
    row[EMOTIONS.index("neutral")] = even
    return _likelihood(row) ** (WORDS * words.confidence)


def told(window: Masking, threshold: float = THRESHOLD) -> bool:
    """The verdict of ``two_stories`` on one window."""
    return window.score >= threshold and window.shown in SHOWN and window.felt in FELT


def find_masking(face: FaceReading | None, voice: VoiceReading | None,
                 words: WordsReading | None = None) -> Masking | None:
    """The mismatch of one window, or None: sincere, unsure, or not enough seen and heard to say. The arguments are
    those of ``weigh_window``; over several windows, ask ``persistence``."""
    window = weigh_window(face, voice, words)
    return window if window is not None and told(window) else None


def _well_read(face: FaceReading, voice: VoiceReading) -> bool:
    """The gates of the live page."""
    speech_s = sum(span.duration_s for span in voice.speech)
    return (voice.duration_s >= MIN_WINDOW_S and speech_s >= MIN_SPEECH_S and not face.abstains and not voice.abstains
            and min(face.confidence, voice.confidence) >= MIN_CONFIDENCE)


def _likelihood(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return (1.0 - SMOOTHING) * rows + SMOOTHING / len(EMOTIONS)
