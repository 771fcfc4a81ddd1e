"""Words become a reading: emotions, affect, risk, and how far to trust them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Literal

from ..affect import affect_of
from ..protocols import WordsEngine
from ..types import Affect, Emotion, Emotions, RiskCategory, WordsReading
from .risk import RiskJudge, assess
from .vocabulary import n_signs

ENOUGH_LETTERS = 12
"""From so many letters on, a text's length no longer lowers confidence; set by us ("I'm sad" has 6)."""

SIGN_LETTERS = 6
"""An emoji or emoticon says as much as a word of so many letters; set by us."""

FELT: Mapping[RiskCategory, Emotion] = {
    "suicidal thoughts": "sad", "self-harm": "sad", "substance": "sad", "harm by others": "fear",
    "harm to others": "angry", "acute distress": "fear"}
"""The plainest feeling of each category of danger; set by us."""


def read_words(
    text: str, engine: WordsEngine, *, source: Literal["typed", "spoken"], transcript_confidence: float = 1.0,
    abstain_below: float = 0.25, max_chars: int = 4000, judge: RiskJudge | None = None,
) -> WordsReading:
    """Read typed words or a transcript.

    Risk is judged over all of the text, emotions over its first ``max_chars`` characters. A crisis is itself a feeling,
    and one that emotion engines have hardly met ("I want to die" looks like a wish to them): emotions and affect are
    mixed with the plainest feeling of its category, in the share of its probability.

    Args:
        text: not blank.
        engine: reads emotions.
        source: where the text comes from.
        transcript_confidence: of the transcript, 1 for typed words.
        abstain_below: confidence under which the reading says that it can't tell.
        max_chars: longest text whose emotions are read.
        judge: of the risk; None takes the one that ships.

    Raises:
        ModelError: the engine failed. The risk of the text can still be had from ``risk.assess``.
    """
    risk = assess(text, judge)
    meaning = engine.read(text[:max_chars])
    emotions, affect = meaning.emotions, meaning.affect
    if risk.level == "crisis" and risk.category is not None and risk.probability is not None:
        felt = Emotions.of({FELT[risk.category]: 1.0})
        emotions = Emotions.of((1.0 - risk.probability) * emotions.array() + risk.probability * felt.array())
        affect = _between(affect, affect_of(felt), risk.probability)
    confidence = confidence_of(text, max(meaning.labels.values(), default=0.0), meaning.known, transcript_confidence)
    return WordsReading(text=text, source=source, emotions=emotions, labels=meaning.labels, affect=affect, risk=risk,
                        confidence=confidence, abstains=confidence < abstain_below, engine=engine.name)


def _between(one: Affect, other: Affect, share: float) -> Affect:
    """A weighted mean of two readings of affect."""
    names = [field.name for field in fields(Affect)]
    return Affect(**{name: (1.0 - share) * getattr(one, name) + share * getattr(other, name) for name in names})


def confidence_of(text: str, surest: float, known: float, transcript_confidence: float) -> float:
    """How far a reading can be trusted, in [0, 1]: the probability of its surest label, lowered for words that the
    engine does not know, for very short texts and for a rough transcript.

    A text of which less than half is known counts as not understood: it is in another language, or no language.
    """
    letters = sum(ch.isalpha() for ch in text) + SIGN_LETTERS * n_signs(text)
    understood = max(0.0, 2.0 * known - 1.0) if known < 0.9 else known
    enough = min(1.0, letters / ENOUGH_LETTERS) ** 0.5
    return float(min(1.0, max(0.0, surest * understood * enough * transcript_confidence)))
