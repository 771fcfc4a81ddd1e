"""How dangerous what somebody writes is: rules that people wrote, and a small classifier behind them, never one alone.

    rules see a crisis        -> crisis, unless the classifier is all but sure that there is none: concern
    rules see a softened one  -> concern (negated, past, about another, a game), a crisis if the classifier is sure
    rules see a concern       -> concern, a crisis if the classifier leans to it
    rules see weak words      -> none, a concern or a crisis as the classifier leans
    rules see nothing         -> none, a concern or a crisis if the classifier is sure

A text that sounds like asking for help becomes a crisis at a lower probability than one that sounds like everyday talk.
The classifier is linear over hashed n-grams, over concepts (a thesaurus that people wrote), over what the rules found
and over the text encoder's vector, which knows what is meant by words that no training text held. It has read English
alone; elsewhere the rules of ``prompts/risk_rules_languages.toml`` speak by themselves, and it can't overrule them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelFileError
from ..logits import softmax
from ..registry import WEIGHTS, Bundled, ModelSpec, reading
from ..types import NO_RISK, Risk, RiskCategory, RiskLevel
from .encoder import FILES as ENCODER_FILES
from .encoder import WIDTH, Encoder, bundled_encoder
from .linear import Linear, restored
from .network import place
from .risk_concepts import Concepts, load_concepts
from .risk_features import see
from .risk_rules import Cue, Finding, Rules, load_rules
from .vocabulary import Token, hashed, tokens

CATEGORIES: tuple[RiskCategory, ...] = get_args(RiskCategory)
CLASSES = ("none", *CATEGORIES, "everyday")
"""What the classifier tells apart: asking for help without danger, danger of six kinds, and everyday talk."""
RULE_WEIGHT = 0.3
"""What one rule feature weighs beside n-grams and concepts, which share a length of 1 each."""
ASKING = 0.2
"""A text asks for help where less than this share of the classifier's belief is everyday talk. Set by us, where
everyday sentences and hard negatives hardly reach."""
ASKING_SOFTENED = 0.4
"""What makes a crisis of a softened one in a text that asks for help; set by us, like ``ASKING``."""
MAX_CUES = 5
FILE = "risk.safetensors"
NAME = "rules+classifier@3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Probabilities of a crisis from which each finding of the rules becomes one; ``asking`` where a text sounds like
    asking for help and the rules see no crisis; ``unsure`` from which the classifier alone raises a concern. Chosen in
    training, on texts that the classifier had not seen."""

    crisis: float
    softened: float
    concern: float
    weak: float
    alone: float
    asking: float
    unsure: float

    def least(self, standing: int, asks: bool) -> float:
        """The probability that a text has to reach.

        Args:
            standing: what the rules found: 0 a crisis, 1 a softened one, 2 a concern, 3 weak words, 4 nothing.
            asks: the text sounds like asking for help.
        """
        limit = (self.crisis, self.softened, self.concern, self.weak, self.alone)[standing]
        if not asks or standing == 0:
            return limit
        return min(limit, ASKING_SOFTENED if standing == 1 else self.asking)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scorer:
    """The classifier. ``linear``: over n-grams, concepts and rule features, the last without a rarity, and over the
    encoder's vector, with classes in the order of ``CLASSES``."""

    linear: Linear
    limits: Limits
    concepts: Concepts
    encoder: Encoder

    def probabilities(self, text: str, parts: tuple[Token, ...], finding: Finding) -> NDArray[np.float64]:
        """Shape (8,), in the order of ``CLASSES``; sums to 1. ``parts``: the text's tokens."""
        seen = see(parts, finding, self.concepts)
        logits = self.linear.logits([(seen.grams, 1.0), (seen.concepts, 1.0)], self.encoder.read(text))
        ruled = self.linear.weights[self.linear.rows(seen.rules)].sum(axis=0)
        return softmax((logits + RULE_WEIGHT * ruled).astype(np.float64))

    def words(self, text: str, parts: tuple[Token, ...], kind: int) -> tuple[str, ...]:
        """The up to three n-grams that spoke loudest for a class, as they stand in the text."""
        spans = list(_spans(parts))
        rarity, weights = self.linear.rarity, self.linear.weights
        known = place(self.linear.keys, [hashed(feature) for feature, _, _ in spans])
        loud: list[tuple[float, int, int]] = []
        for row, (_, first, last) in zip(known, spans, strict=True):
            if row < len(rarity):
                push = float(rarity[row] * (weights[row, kind] - weights[row, 0]))
                loud.append((push, first, last))
        taken: list[tuple[int, int]] = []
        for push, first, last in sorted(loud, reverse=True):
            if push > 0 and all(last < a or first > b for a, b in taken):
                taken.append((first, last))
            if len(taken) == 3:
                break
        return tuple(text[parts[a].start:parts[b].end] for a, b in sorted(taken))


def _spans(parts: tuple[Token, ...]) -> Iterator[tuple[str, int, int]]:
    """Word n-grams (1 to 3) with their first and last token."""
    forms = [token.form for token in parts]
    for i, token in enumerate(parts):
        if token.is_word and len(token.form) > 3:
            yield "w " + token.form, i, i
        if i + 1 < len(forms):
            yield f"b {forms[i]} {forms[i + 1]}", i, i + 1
        if i + 2 < len(forms):
            yield f"t {forms[i]} {forms[i + 1]} {forms[i + 2]}", i, i + 2


class RiskJudge:
    """Rules and classifier together. Without the classifier (its file is broken) the rules go on alone."""

    def __init__(self, rules: Rules, scorer: Scorer | None) -> None:
        self.rules = rules
        self.scorer = scorer
        self.name = NAME if scorer else "rules@2"

    def assess(self, text: str) -> Risk:
        """Judge a text of any length."""
        if not text.strip():
            return NO_RISK
        finding = self.rules.read(text)
        cues = finding.cues
        if self.scorer is None:
            level: RiskLevel = "crisis" if _firm(cues) else "concern" if cues else "none"
            return _risk(level, cues, None, None, ())
        parts = tokens(text)
        shares = self.scorer.probabilities(text, parts, finding)
        likely = float(danger(shares))
        level = decide(cues, shares, self.scorer.limits)
        kind = 1 + int(shares[1:-1].argmax())
        words = self.scorer.words(text, parts, kind) if level != "none" and not cues else ()
        return _risk(level, cues, likely, CATEGORIES[kind - 1], words)


def danger(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability of a crisis: shape (..., 8) to (...)."""
    return shares[..., 1:-1].sum(axis=-1)


def decide(cues: Sequence[Cue], shares: NDArray[np.float64], limits: Limits) -> RiskLevel:
    """The table at the top of this module; ``shares``: the classifier's, shape (8,)."""
    if any(cue.crisis and cue.foreign for cue in cues):
        return "crisis"
    rank, likely = standing(cues), float(danger(shares))
    if likely >= limits.least(rank, asks=bool(shares[-1] < ASKING)):
        return "crisis"
    return "concern" if rank <= 2 or likely >= limits.unsure else "none"


def standing(cues: Sequence[Cue]) -> int:
    """What the rules found: 0 a crisis, 1 a softened one, 2 a concern, 3 weak words, 4 nothing."""
    if any(cue.crisis for cue in cues):
        return 0 if _firm(cues) else 1
    return 2 if any(not cue.weak for cue in cues) else 3 if cues else 4


def _firm(cues: Sequence[Cue]) -> bool:
    return any(cue.crisis and not cue.softened for cue in cues)


def _risk(level: RiskLevel, cues: Sequence[Cue], likely: float | None, guess: RiskCategory | None,
          words: tuple[str, ...]) -> Risk:
    if level == "none":
        return Risk(level="none", category=None, cues=(), probability=likely)
    loudest = max(cues, key=lambda cue: (cue.crisis and not cue.softened, cue.crisis), default=None)
    told = [cue for cue in cues if cue.crisis] or list(cues)
    said = tuple(dict.fromkeys(cue.words for cue in told))[:MAX_CUES] or words
    category = loudest.category if loudest is not None and (loudest.crisis or guess is None) else guess
    return Risk(level=level, category=category, cues=said, probability=likely)


def load_scorer(path: Path) -> Scorer:
    """Read the classifier and the encoder that ships, whose vectors it was fitted to.

    Raises:
        ModelFileError: a file is absent, broken or of another model.
    """
    from safetensors.numpy import load_file

    encoder = bundled_encoder()
    with reading(path, "risk classifier", "risk --out RUN"):
        stored = load_file(path)
        linear = restored({**stored, "dense": stored["meaning"]})
        if linear.dense.shape != (WIDTH, len(CLASSES)):
            raise ValueError("it tells other classes apart")
        limits = Limits(**dict(zip(Limits.__slots__, map(float, stored["limits"]), strict=True)))
        return Scorer(linear=linear, limits=limits, concepts=load_concepts(), encoder=encoder)


@cache
def bundled_judge() -> RiskJudge:
    """The judge that ships, loaded once. A broken classifier is said in the log, and the rules speak alone."""
    try:
        scorer = load_scorer(WEIGHTS / FILE)
    except ModelFileError as error:
        logging.getLogger(__name__).error("risk: rules speak without the classifier: %s", error)
        scorer = None
    return RiskJudge(load_rules(), scorer)


def _load(paths: tuple[Path, ...]) -> RiskJudge:
    return RiskJudge(load_rules(), load_scorer(paths[0]))


SPEC: ModelSpec[RiskJudge] = ModelSpec(
    name="risk-compact", stage="risk", tier="compact", source=Bundled(files=(FILE, *ENCODER_FILES)),
    licence="research, non-commercial: the messages and EmpatheticDialogues are for research",
    load=_load, about="danger in words by rules, and a linear classifier over words and meaning behind them, English")


def assess(text: str, judge: RiskJudge | None = None) -> Risk:
    """What a text says of danger.

    Args:
        text: typed words or a transcript.
        judge: None takes the one that ships.
    """
    return (judge or bundled_judge()).assess(text)
