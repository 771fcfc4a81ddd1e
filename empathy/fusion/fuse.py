"""Weigh the channels: from any subset of face, posture, voice and words to one ``Estimate``.

Emotions are pooled log-linearly: each channel's distribution, smoothed towards emotions like its own, is raised to its
reliability times its confidence, the powers are multiplied, the product is normalised. A channel that is unsure of
itself comes close to saying nothing; a missing one changes the certainty, not the scale. Every channel adds to the
log-odds, so ``Estimate.pushes`` tells exactly what pushed where. Affect is the mean weighted by precision; where
channels disagree, their spread is added to its standard deviation.

Where a face and a voice both speak, what they say together is taken from a small transformer (``attention``): it
foretells those votes better than the pool does, and is level with it on what our engines say (``weights/fusion.md``).
It enters as one more step, "pairing", as far as both channels are sure and show emotions that it knows.

Source of reliabilities and tilts: a maximum-likelihood fit, on 7,442 clips of CREMA-D, of the share of people who chose
each emotion for face and voice together from the shares for the face alone and for the voice alone (``python -m empathy
evaluate fusion``, which also holds averages and rules against both; Cao et al. 2014, ratings under ODbL 1.0). People
who meet one clear and one flat channel believe the clear one: in the fit a channel may keep still, and there is a tilt
away from neutral. Those clips say neutral sentences, so the reliability of words could not be fitted: it is set midway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..logits import softmax
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
    Push,
    VoiceReading,
    WordsReading,
)
from .attention import PLACES, Attention, bundled_attention, choices
from .likeness import divergence, kept_still, spread

RELIABILITY: Mapping[Channel, float] = {"face": 1.16, "voice": 0.77, "words": 0.97, "posture": 0.15}
STILL: Mapping[Channel, float] = {"face": 0.08, "voice": 0.04, "words": 0.06, "posture": 0.0}
"""How often an emotion is felt but not shown in a channel: where two channels speak, a neutral one says less."""

TILT: Mapping[Emotion, float] = {"angry": -0.09, "contempt": 0.0, "disgust": 0.09, "fear": 0.40, "happy": 0.07,
                                 "neutral": -0.35, "sad": -0.12, "surprise": 0.0}
"""Log-odds added where two channels speak. Both count by the confidence of the less sure one."""

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
    ``seen`` is what it says of itself in words, where its emotions do not; ``abstains`` that it can't tell alone."""

    channel: Channel
    emotions: Emotions | None
    affect: Affect
    confidence: float
    seen: str = ""
    abstains: bool = False

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
        found.append(Vote(channel="face", emotions=face.emotions, affect=face.affect, confidence=face.confidence,
                          abstains=face.abstains))
    if posture is not None and (affect := posture_affect(posture)) is not None:
        found.append(Vote(channel="posture", emotions=None, affect=affect, confidence=posture.visibility,
                          seen=posture.label or "shows nothing clear"))
    if voice is not None and voice.affect is not None:
        found.append(Vote(channel="voice", emotions=voice.emotions, affect=voice.affect, confidence=voice.confidence,
                          abstains=voice.abstains))
    if words is not None:
        found.append(Vote(channel="words", emotions=words.emotions, affect=words.affect, confidence=words.confidence,
                          abstains=words.abstains))
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
    pushes = steps(cast, strengths)
    emotions = Emotions.of(softmax(np.sum([list(push.nats.values()) for push in pushes], axis=0)))
    speaking = [vote for vote in cast if vote.emotions is not None]
    told = sum(weights[vote.channel] for vote in speaking)
    sureness = sum(weights[vote.channel] * vote.confidence for vote in speaking) / told
    agreement = 1.0 - divergence([vote.emotions.array() for vote in speaking if vote.emotions],
                                 [weights[vote.channel] for vote in speaking])
    confidence = agreement * sureness
    doubt = None if confidence >= CONFIDENT else "mixed" if sureness >= CONFIDENT else "can't tell"
    if all(vote.abstains for vote in speaking):
        doubt = "can't tell"
    evidence = [_evidence(vote, emotions, weights[vote.channel]) for vote in cast]
    return Estimate(
        emotions=emotions, affect=_affect(cast, weights), confidence=float(np.clip(confidence, 0.0, 1.0)),
        abstains=doubt is not None, doubt=doubt, weights=weights, pushes=pushes,
        evidence=tuple(sorted(evidence, key=lambda line: -abs(line.weight))))


def steps(cast: tuple[Vote, ...], strengths: Mapping[Channel, float]) -> tuple[Push, ...]:
    """What each channel that speaks of emotions adds to the log-odds, and what it changes that there are several.

    A channel adds the logarithm of its spread distribution times its strength. Each step is centred on its mean over
    the emotions, which changes no odds."""
    rows: dict[Channel, NDArray[np.float64]] = {
        vote.channel: vote.emotions.array() for vote in cast if vote.emotions is not None}
    pushes = [_push(channel, strengths[channel] * np.log(spread(row))) for channel, row in rows.items()]
    if len(rows) > 1:
        sure: dict[Channel, float] = {vote.channel: vote.confidence for vote in cast}
        pairing = _pairing(rows, sure)
        network = bundled_attention()
        if network is not None and "face" in rows and "voice" in rows:
            face, voice = rows["face"], rows["voice"]
            attended = min(sure["face"], sure["voice"]) * _known(face, voice)
            pairing = pairing + attended * _together(network, face, voice)
            pairing = pairing - _pairing({"face": face, "voice": voice}, {"face": attended, "voice": attended})
        pushes.append(_push("pairing", pairing))
    return tuple(pushes)


def _pairing(rows: Mapping[Channel, NDArray[np.float64]], sure: Mapping[Channel, float]) -> NDArray[np.float64]:
    """The pool's own: people lean away from neutral, as far as the second surest channel is sure, and each channel may
    keep still, as far as it and another are sure."""
    second = sorted(sure[channel] for channel in rows)[-2]
    log_odds = second * np.array([TILT[name] for name in EMOTIONS])
    for channel, row in rows.items():
        seen = spread(row)
        still = np.log(kept_still(seen, STILL[channel])) - np.log(seen)
        log_odds = log_odds + min(sure[channel], second) * RELIABILITY[channel] * still
    return log_odds


def _together(network: Attention, face: NDArray[np.float64], voice: NDArray[np.float64]) -> NDArray[np.float64]:
    """What brings a sure face and a sure voice to what the transformer makes of them; 0 for emotions it does not know,
    against the mean of those it knows."""
    alone = RELIABILITY["face"] * np.log(spread(face)) + RELIABILITY["voice"] * np.log(spread(voice))
    change = network.log_shares(choices(face[None]), choices(voice[None]))[0] - alone[PLACES]
    log_odds = np.zeros(len(EMOTIONS))
    log_odds[PLACES] = change - change.mean()
    return log_odds


def _known(face: NDArray[np.float64], voice: NDArray[np.float64]) -> float:
    """How much of both lies on emotions that the transformer knows."""
    return float(min(face[PLACES].sum(), voice[PLACES].sum()))


def _push(source: Channel | Literal["pairing"], logs: NDArray[np.float64]) -> Push:
    return Push(source=source, nats=dict(zip(EMOTIONS, (logs - logs.mean()).tolist(), strict=True)))


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
    ratio = spread(vote.emotions.array())[EMOTIONS.index(fused.top)] * len(EMOTIONS)  # 1 is chance, 8 is certainty
    own, probability = vote.emotions.items()[0]
    return Evidence(channel=vote.channel, claim=vote.claim, number=probability, emotion=own,
                    weight=weight * float(np.clip(np.log2(ratio) / 3, -1, 1)))

