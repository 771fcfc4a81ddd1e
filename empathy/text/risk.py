"""How dangerous what somebody writes is: rules that people wrote, and a small classifier behind them, never one alone.

    rules see a crisis        -> crisis, unless the classifier is all but sure that there is none: concern
    rules see a softened one  -> concern (negated, past, about another, a game), a crisis if the classifier is sure
    rules see a concern       -> concern, a crisis if the classifier leans to it
    rules see weak words      -> none, a concern or a crisis as the classifier leans
    rules see nothing         -> none, a concern or a crisis if the classifier is sure

The classifier is linear over hashed n-grams and over what the rules found, so each judgement can be traced to words.
It has read English alone; elsewhere the rules of ``prompts/risk_rules_languages.toml`` speak by themselves.
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
from ..registry import WEIGHTS
from ..types import NO_RISK, Risk, RiskCategory, RiskLevel
from .network import place
from .risk_rules import Cue, Rules, load_rules
from .vocabulary import Token, features, hashed, tokens

CATEGORIES: tuple[RiskCategory, ...] = get_args(RiskCategory)
CLASSES = ("none", *CATEGORIES)
RULE_WEIGHT = 0.3
"""What one rule feature weighs beside n-grams, which share a length of 1."""
MAX_CUES = 5
FILE = "risk.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Probabilities of a crisis from which each finding of the rules becomes one; ``unsure`` from which the classifier
    alone raises a concern. Chosen in training, on texts that the classifier had not seen."""

    crisis: float
    softened: float
    concern: float
    alone: float
    unsure: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scorer:
    """The classifier: ``keys`` sorted hashes; ``rarity`` (n,), inverse document frequency, 0 for rule features;
    ``weights`` (n, 7) and ``bias`` (7,), classes in the order of ``CLASSES``."""

    keys: NDArray[np.uint32]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    limits: Limits

    def probabilities(self, parts: tuple[Token, ...], cues: Sequence[Cue]) -> NDArray[np.float64]:
        """Shape (7,), in the order of ``CLASSES``; sums to 1."""
        rows, values = self._vector(features(parts))
        rules = self._known([hashed(name) for name in rule_features(cues)])
        logits = self.bias + values @ self.weights[rows] + RULE_WEIGHT * self.weights[rules].sum(axis=0)
        odds = np.exp(logits.astype(np.float64) - logits.max())
        return odds / odds.sum()

    def words(self, text: str, parts: tuple[Token, ...], kind: int) -> tuple[str, ...]:
        """The up to three n-grams that spoke loudest for a class, as they stand in the text."""
        spans = list(_spans(parts))
        known = place(self.keys, [hashed(feature) for feature, _, _ in spans])
        loud: list[tuple[float, int, int]] = []
        for row, (_, first, last) in zip(known, spans, strict=True):
            if row < len(self.keys):
                push = float(self.rarity[row] * (self.weights[row, kind] - self.weights[row, 0]))
                loud.append((push, first, last))
        taken: list[tuple[int, int]] = []
        for push, first, last in sorted(loud, reverse=True):
            if push > 0 and all(last < a or first > b for a, b in taken):
                taken.append((first, last))
            if len(taken) == 3:
                break
        return tuple(text[parts[a].start:parts[b].end] for a, b in sorted(taken))

    def _vector(self, hashes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        rows = self._known(hashes)
        values = self.rarity[rows]
        return rows, values / max(float(np.sqrt((values**2).sum())), 1e-6)

    def _known(self, hashes: Sequence[int] | NDArray[np.uint32]) -> NDArray[np.int64]:
        rows = place(self.keys, hashes) if len(hashes) else np.zeros(0, np.int64)
        return rows[rows < len(self.keys)]


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


def rule_features(cues: Sequence[Cue]) -> frozenset[str]:
    """What the rules found, as features for the classifier: categories, softeners, and how many finds."""
    found = {f"rule {cue.category}" for cue in cues}
    found |= {f"rule {cue.category} crisis {cue.softened}" for cue in cues if cue.crisis}
    found |= {f"rule crisis {cue.softened}" for cue in cues if cue.crisis}
    n_firm = sum(cue.crisis and not cue.softened for cue in cues)
    n_concern = sum(not cue.crisis for cue in cues)
    found |= {f"rule crisis > {k}" for k in (0, 1, 2) if n_firm > k}
    found |= {f"rule concern > {k}" for k in (0, 1, 2, 4) if n_concern > k}
    return frozenset(found)


class RiskJudge:
    """Rules and classifier together. Without the classifier (its file is broken) the rules go on alone."""

    def __init__(self, rules: Rules, scorer: Scorer | None) -> None:
        self.rules = rules
        self.scorer = scorer
        self.name = "rules+classifier@1" if scorer else "rules@1"

    def assess(self, text: str) -> Risk:
        """Judge a text of any length."""
        if not text.strip():
            return NO_RISK
        cues = self.rules.find(text)
        if self.scorer is None:
            level: RiskLevel = "crisis" if _firm(cues) else "concern" if cues else "none"
            return _risk(level, cues, {"crisis": 0.9, "concern": 0.3, "none": 0.0}[level], None, ())
        parts = tokens(text)
        shares = self.scorer.probabilities(parts, cues)
        likely = 1.0 - float(shares[0])
        level = decide(cues, likely, self.scorer.limits)
        kind = 1 + int(shares[1:].argmax())
        words = self.scorer.words(text, parts, kind) if level != "none" and not cues else ()
        return _risk(level, cues, likely, CATEGORIES[kind - 1], words)


def decide(cues: Sequence[Cue], likely: float, limits: Limits) -> RiskLevel:
    """The table at the top of this module."""
    if _firm(cues):
        return "crisis" if likely >= limits.crisis else "concern"
    if any(cue.crisis for cue in cues):
        return "crisis" if likely >= limits.softened else "concern"
    if cues and likely >= limits.concern:
        return "crisis"
    if any(not cue.weak for cue in cues):
        return "concern"
    return "crisis" if likely >= limits.alone else "concern" if likely >= limits.unsure else "none"


def _firm(cues: Sequence[Cue]) -> bool:
    return any(cue.crisis and not cue.softened for cue in cues)


def _risk(level: RiskLevel, cues: Sequence[Cue], likely: float, guess: RiskCategory | None, words: tuple[str, ...]
          ) -> Risk:
    """``probability`` is kept on the level's own side of one half, so that the two never disagree."""
    if level == "none":
        return Risk(level="none", category=None, cues=(), probability=min(likely, 0.49))
    loudest = max(cues, key=lambda cue: (cue.crisis and not cue.softened, cue.crisis), default=None)
    told = [cue for cue in cues if cue.crisis] or list(cues)
    said = tuple(dict.fromkeys(cue.words for cue in told))[:MAX_CUES] or words
    category = loudest.category if loudest is not None and (loudest.crisis or guess is None) else guess
    return Risk(level=level, category=category, cues=said,
                probability=max(likely, 0.5) if level == "crisis" else min(likely, 0.49))


def load_scorer(path: Path) -> Scorer:
    """Read the classifier.

    Raises:
        ModelFileError: the file is absent, broken or of another model.
    """
    from safetensors.numpy import load_file

    try:
        stored = load_file(path)
        weights = stored["weights"].astype(np.float32) * stored["scale"].astype(np.float32)[:, None]
        return Scorer(keys=stored["keys"], rarity=stored["rarity"].astype(np.float32), weights=weights,
                      bias=stored["bias"], limits=Limits(**dict(zip(Limits.__slots__, map(float, stored["limits"]),
                                                                    strict=True))))
    except Exception as error:  # the reader raises its own kinds at a broken file
        raise ModelFileError(f"{path} is no risk classifier ({type(error).__name__}: {error}): take empathy/weights "
                             "from a full checkout, or run: python -m empathy train risk --out RUN") from error


@cache
def bundled_judge() -> RiskJudge:
    """The judge that ships, loaded once. A broken classifier is said in the log, and the rules speak alone."""
    try:
        scorer = load_scorer(WEIGHTS / FILE)
    except ModelFileError as error:
        logging.getLogger(__name__).error("risk: rules speak without the classifier: %s", error)
        scorer = None
    return RiskJudge(load_rules(), scorer)


def assess(text: str, judge: RiskJudge | None = None) -> Risk:
    """What a text says of danger.

    Args:
        text: typed words or a transcript.
        judge: None takes the one that ships.
    """
    return (judge or bundled_judge()).assess(text)
