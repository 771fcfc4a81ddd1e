"""Shorthands for the tests of the reply: estimates, requests and what the composer answers."""

from __future__ import annotations

from empathy.memory.session import Session, Turn, remember
from empathy.protocols import ReplyRequest
from empathy.reply.composer import compose
from empathy.types import (
    NO_CARE,
    Affect,
    Care,
    CareLevel,
    Channel,
    Emotion,
    Emotions,
    Estimate,
    Evidence,
    Masking,
)


def estimate(emotion: Emotion = "sad", *, valence: float = -0.5, confidence: float = 0.8, abstains: bool = False,
             channels: tuple[Channel, ...] = ("words",), masking: Masking | None = None) -> Estimate:
    """An estimate of one emotion, equally from every channel."""
    affect = Affect(valence=valence, arousal=0.0, dominance=0.0, valence_sd=0.2, arousal_sd=0.2, dominance_sd=0.2)
    return Estimate(emotions=Emotions.of({emotion: 0.8, "neutral": 0.2}), affect=affect, confidence=confidence,
                    abstains=abstains, weights=dict.fromkeys(channels, 1 / len(channels)), evidence=(), masking=masking)


def masked() -> Masking:
    """A happy face over a sad voice."""
    evidence = (Evidence(channel="face", claim="looks happy", number=0.8, weight=0.6),
                Evidence(channel="voice", claim="sounds sad", number=0.7, weight=-0.6))
    return Masking(score=3.0, probability=0.9, shown="happy", felt="sad", evidence=evidence)


def care(level: CareLevel) -> Care:
    """Care of a level, with a reason."""
    return NO_CARE if level == "none" else Care(level=level, reasons=("test",), offers=("someone",))


def request(words: str, session: Session | None = None, *, value: Estimate | None = None, level: CareLevel = "none",
            seed: int = 0) -> ReplyRequest:
    """A request as the pipeline makes it, without a prompt."""
    return ReplyRequest(words=words, estimate=value, care=care(level), memory=session or Session.start(0.0),
                        messages=(), seed=seed)


def answer(words: str, session: Session | None = None, *, value: Estimate | None = None, level: CareLevel = "none",
           seed: int = 0) -> str:
    """What the composer answers."""
    return " ".join(compose(request(words, session, value=value, level=level, seed=seed)))


def talk(*turns: str, seed: int = 0) -> tuple[Session, list[str]]:
    """A whole conversation: the session after it and every reply."""
    session, replies = Session.start(0.0), list[str]()
    for i, words in enumerate(turns):
        replies.append(answer(words, session, seed=seed))
        session = remember(session, Turn(at_s=float(i), words=words, reply=replies[-1]))
    return session, replies
