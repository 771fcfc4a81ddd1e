"""Weigh the channels: from any subset of face, posture, voice and words to one ``Estimate``.

Emotions are pooled log-linearly: each channel's distribution, smoothed, is raised to its reliability times its
confidence, the powers are multiplied, the product is normalised. A channel that is unsure of itself comes close to
saying nothing; a missing one changes the certainty, not the scale. Affect is the mean weighted by precision; where
channels disagree, their spread is added to its standard deviation.

Source of reliabilities and tilts: a maximum-likelihood fit, on 7,442 clips of CREMA-D, of the share of people who chose
each emotion for face and voice together from the shares for the face alone and for the voice alone (five folds by
actor: accuracy 0.832 against 0.799 for the confidence-weighted average and 0.790 for the face alone, as ``python -m
empathy evaluate fusion`` prints; Cao et al. 2014, ratings under ODbL 1.0). The tilt away from neutral says that people
who meet one clear and one flat channel believe the clear one. Those clips say neutral sentences, so the reliability of
words could not be fitted: it is set midway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..types import (
    EMOTIONS,
    Affect,
    Channel,
    Emotion,
    Emotions,
    Estimate,
    Evidence,
    FaceReading,
    PostureReading,
    VoiceReading,
    WordsReading,
)

RELIABILITY: Mapping[Channel, float] = {"face": 0.96, "voice": 0.64, "words": 0.80, "posture": 0.15}
TILT: Mapping[Emotion, float] = {"angry": -0.03, "contempt": 0.0, "disgust": 0.11, "fear": 0.39, "happy": 0.15,
                                 "neutral": -0.49, "sad": -0.14, "surprise": 0.0}
"""Log-odds added where two channels speak, times the confidence of the less sure one."""

SMOOTHING = 0.05
"""Share of a uniform distribution mixed into each channel, so that no single zero can veto the others."""

CONFIDENT = 0.35
"""An estimate less confident than this abstains."""

_AXES = ("valence", "arousal", "dominance")
ADJECTIVES: Mapping[Emotion, str] = {
    "angry": "angry", "contempt": "contemptuous", "disgust": "disgusted", "fear": "afraid",
    "happy": "happy", "neutral": "neutral", "sad": "sad", "surprise": "surprised"}
_VERBS: Mapping[Channel, str] = {"face": "looks", "voice": "sounds", "words": "read as", "posture": "looks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one channel says, in the common currency. ``emotions`` is None for a channel that knows only affect;
    ``seen`` is what it says of itself in words, where its emotions do not."""

    channel: Channel
    emotions: Emotions | None
    affect: Affect
    confidence: float
    seen: str = ""

    @property
    def claim(self) -> str:
        """The vote in words, for the evidence line."""
        return f"{self.channel} {self.seen or f'{_VERBS[self.channel]} {ADJECTIVES[self._top]}'}"

    @property
    def _top(self) -> Emotion:
        return self.emotions.top if self.emotions else "neutral"


def votes(face: FaceReading | None = None, posture: PostureReading | None = None, voice: VoiceReading | None = None,
          words: WordsReading | None = None) -> tuple[Vote, ...]:
    """One vote for each channel that said anything."""
    found: list[Vote] = []
    if face is not None:
        found.append(Vote(channel="face", emotions=face.emotions, affect=face.affect, confidence=face.confidence))
    if posture is not None and (affect := posture_affect(posture)) is not None:
        found.append(Vote(channel="posture", emotions=None, affect=affect, confidence=posture.visibility,
                          seen=posture.label or "shows nothing clear"))
    if voice is not None and voice.affect is not None:
        found.append(Vote(channel="voice", emotions=voice.emotions, affect=voice.affect, confidence=voice.confidence))
    if words is not None:
        found.append(Vote(channel="words", emotions=words.emotions, affect=words.affect, confidence=words.confidence))
    return tuple(found)


def posture_affect(posture: PostureReading) -> Affect | None:
    """A collapsed body goes with displeasure and little control, an open one with control; weak evidence, so the
    standard deviations are wide. Source: Wallbott 1998 (collapsed posture in sadness, shame and boredom); Carney, Cuddy
    & Yap 2010 (open posture and dominance); the slopes are ours."""
    if posture.slouch is None and posture.openness is None:
        return None
    slouch, openness = posture.slouch or 0.0, 0.5 if posture.openness is None else posture.openness
    return Affect(valence=-0.3 * slouch, arousal=0.3 * (posture.arms_raised or 0.0) - 0.2 * slouch,
                  dominance=0.4 * (openness - 0.5) - 0.3 * slouch,
                  valence_sd=0.6, arousal_sd=0.6, dominance_sd=0.5)


def fuse(cast: tuple[Vote, ...]) -> Estimate | None:
    """The estimate of all votes, or None where no channel speaks of emotions (a posture alone does not)."""
    if all(vote.emotions is None for vote in cast):
        return None
    strengths: dict[Channel, float] = {vote.channel: RELIABILITY[vote.channel] * vote.confidence for vote in cast}
    if not any(strengths[vote.channel] for vote in cast if vote.emotions is not None):
        strengths = dict.fromkeys(strengths, 1.0)  # nobody is sure of anything: all count alike, and it abstains
    weights: dict[Channel, float] = {
        channel: strength / sum(strengths.values()) for channel, strength in strengths.items()}
    emotions = pool(cast, strengths)
    agreement = 1.0 - divergence([v for v in cast if v.emotions is not None], weights)
    told = sum(weights[vote.channel] for vote in cast if vote.emotions is not None)
    confidence = agreement * sum(weights[vote.channel] * vote.confidence for vote in cast
                                 if vote.emotions is not None) / told
    evidence = [_evidence(vote, emotions, weights[vote.channel]) for vote in cast]
    return Estimate(
        emotions=emotions, affect=_affect(cast, weights), confidence=float(np.clip(confidence, 0.0, 1.0)),
        abstains=confidence < CONFIDENT, weights=weights,
        evidence=tuple(sorted(evidence, key=lambda line: -abs(line.weight))))


def pool(cast: tuple[Vote, ...], strengths: Mapping[Channel, float]) -> Emotions:
    """The normalised product of the channels' smoothed distributions, each raised to its strength."""
    speaking = [(vote, vote.emotions) for vote in cast if vote.emotions is not None]
    logs = np.sum([strengths[vote.channel] * np.log(_smooth(emotions)) for vote, emotions in speaking], axis=0)
    if len(speaking) > 1:
        second = sorted(vote.confidence for vote, _ in speaking)[-2]
        logs = logs + second * np.array([TILT[name] for name in EMOTIONS])
    return Emotions.of(np.exp(logs - logs.max()))


def divergence(cast: list[Vote], weights: Mapping[Channel, float]) -> float:
    """How far the channels contradict each other, in [0, 1]; 0 when all agree, or all but one are neutral.

    The Jensen-Shannon divergence between their emotions, in bits, each channel weighing as much as it says anything:
    its weight times its probability of something else than neutral."""
    rows = [(weights[vote.channel] * (1.0 - vote.emotions.neutral), _smooth(vote.emotions))
            for vote in cast if vote.emotions is not None]
    total = sum(weight for weight, _ in rows)
    if len(rows) < 2 or total <= 1e-9:
        return 0.0
    mixture = sum((weight / total * row for weight, row in rows), start=np.zeros(len(EMOTIONS)))
    return float(_entropy(mixture) - sum(weight / total * _entropy(row) for weight, row in rows))


def stability(affects: tuple[Affect, ...]) -> float | None:
    """1 for an affect that never moves, falling with its spread over valence and arousal; None below two values.

    One minus the root mean square distance from the mean, in units of a whole half-axis, cut at 0."""
    if len(affects) < 2:
        return None
    points = np.array([[affect.valence, affect.arousal] for affect in affects])
    spread = float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=1).mean()))
    return max(0.0, 1.0 - spread)


def _affect(cast: tuple[Vote, ...], weights: Mapping[Channel, float]) -> Affect:
    values: dict[str, float] = {}
    for axis in _AXES:
        means = np.array([getattr(vote.affect, axis) for vote in cast])
        spreads = np.array([max(getattr(vote.affect, f"{axis}_sd"), 0.05) for vote in cast])
        precision = np.array([weights[vote.channel] for vote in cast]) / spreads**2 + 1e-9
        share = precision / precision.sum()
        mean = float((share * means).sum())
        within = float((share**2 * spreads**2).sum())
        between = float((share * (means - mean) ** 2).sum())
        values[axis] = float(np.clip(mean, -1.0, 1.0))
        values[f"{axis}_sd"] = float(np.sqrt(within + between))
    return Affect(**values)


def _evidence(vote: Vote, fused: Emotions, weight: float) -> Evidence:
    """How far a channel pushed towards (or away from) the emotion that came out on top."""
    if vote.emotions is None:
        return Evidence(channel=vote.channel, claim=vote.claim, number=vote.affect.dominance, weight=0.0)
    ratio = _smooth(vote.emotions)[EMOTIONS.index(fused.top)] * len(EMOTIONS)  # 1 is chance, 8 is certainty
    own, probability = vote.emotions.items()[0]
    return Evidence(channel=vote.channel, claim=vote.claim, number=probability, emotion=own,
                    weight=weight * float(np.clip(np.log2(ratio) / 3, -1, 1)))


def _smooth(emotions: Emotions) -> NDArray[np.float64]:
    return (1.0 - SMOOTHING) * emotions.array() + SMOOTHING / len(EMOTIONS)


def _entropy(row: NDArray[Any]) -> float:
    return float(-(row * np.log2(row)).sum())
