"""How dangerous what somebody writes is: rules that people wrote, and a small classifier behind them, never one alone.

    rules see a plain crisis    -> crisis, unless the classifier is all but sure that there is none
    the classifier sees danger  -> crisis, unless it is told as past and the classifier is not sure
    rules see anything else of weight (a danger negated, past, of another, in a game; a concern), or
    the classifier leans to it  -> concern

What sounds like everyday talk has to sound more dangerous than what sounds like asking for help (``leaning``).
The classifier is linear over hashed n-grams, over concepts (a thesaurus that people wrote), over what the rules found
and over the text encoder's vector, which knows what is meant by words that no training text held; a small network over
the last two has a say beside it. Both have read English alone; elsewhere the rules of
``prompts/risk_rules_languages.toml`` speak by themselves, and no classifier can overrule them.
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
from ..registry import WEIGHTS, Bundled, ModelSpec, reading
from ..types import NO_RISK, Risk, RiskCategory, RiskLevel
from .encoder import FILES as ENCODER_FILES
from .encoder import WIDTH, Encoder, bundled_encoder
from .linear import Linear, restored
from .network import place
from .risk_concepts import Concepts, load_concepts
from .risk_features import see
from .risk_network import RiskNetwork, mixed, restored_network
from .risk_rules import Cue, Finding, Rules, load_rules
from .vocabulary import Token, hashed, tokens

CATEGORIES: tuple[RiskCategory, ...] = get_args(RiskCategory)
CLASSES = ("none", *CATEGORIES, "everyday")
"""What the classifier tells apart: asking for help without danger, danger of six kinds, and everyday talk."""
RULE_WEIGHT = 0.3
"""What one rule feature weighs beside n-grams and concepts, which share a length of 1 each."""
FIRM = 0.03
"""The probability that a plain danger which the rules know has to reach; set by us: only a classifier that is all but
sure overrules them, since it knows no word that is spelt in a new way."""
PAST = 0.6
"""The probability that a danger which is told as past, and no other, has to reach; set by us."""
MAX_CUES = 5
FILE = "risk.safetensors"
NAME = "rules+classifier@4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where the classifier alone decides. Chosen in training, on texts that the classifier had not seen.

    Attributes:
        everyday: how many times the belief in everyday talk counts against danger.
        crisis: the ``leaning`` from which a text is a crisis.
        concern: the ``leaning`` from which it is a concern.
    """

    everyday: float
    crisis: float
    concern: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scorer:
    """The classifier. ``linear``: over n-grams, concepts and rule features, the last without a rarity, and over the
    encoder's vector, with classes in the order of ``CLASSES``; ``network``: what has a say beside it."""

    linear: Linear
    network: RiskNetwork
    limits: Limits
    concepts: Concepts
    encoder: Encoder

    def probabilities(self, text: str, parts: tuple[Token, ...], finding: Finding) -> NDArray[np.float64]:
        """Shape (8,), in the order of ``CLASSES``; sums to 1. ``parts``: the text's tokens."""
        seen = see(parts, finding, self.concepts)
        vector = self.encoder.read(text)
        logits = self.linear.logits([(seen.grams, 1.0), (seen.concepts, 1.0)], vector)
        ruled = self.linear.weights[self.linear.rows(seen.rules)].sum(axis=0)
        beside = self.network.log_shares(self.network.inputs(vector, seen.rules))
        return mixed((logits + RULE_WEIGHT * ruled).astype(np.float64), beside)

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


def leaning(shares: NDArray[np.float64], everyday: float) -> NDArray[np.float64]:
    """The probability of a crisis if everyday talk were that many times as frequent as where the classifier learned:
    shape (..., 8) to (...), 0 to 1."""
    likely = danger(shares)
    return likely / (likely + shares[..., 0] + everyday * shares[..., -1])


def decide(cues: Sequence[Cue], shares: NDArray[np.float64], limits: Limits) -> RiskLevel:
    """The table at the top of this module; ``shares``: the classifier's, shape (8,)."""
    lean, dangers = float(leaning(shares, limits.everyday)), [cue for cue in cues if cue.crisis]
    if any(cue.foreign for cue in dangers) or overruling(cues, shares):
        return "crisis"
    past = bool(dangers) and all(cue.softened == "past" for cue in dangers)
    if lean >= limits.crisis and (not past or danger(shares) >= PAST):
        return "crisis"
    return "concern" if dangers or any(not cue.weak for cue in cues) or lean >= limits.concern else "none"


def overruling(cues: Sequence[Cue], shares: NDArray[np.float64]) -> bool:
    """Whether the rules see a plain crisis, and the classifier is not all but sure that there is none."""
    return _firm(cues) and float(danger(shares)) >= FIRM


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
        return Scorer(linear=linear, network=restored_network(stored), limits=limits, concepts=load_concepts(),
                      encoder=encoder)


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
    load=_load, about="danger in words by rules, and a small classifier of words and meaning behind them, English")


def assess(text: str, judge: RiskJudge | None = None) -> Risk:
    """What a text says of danger.

    Args:
        text: typed words or a transcript.
        judge: None takes the one that ships.
    """
    return (judge or bundled_judge()).assess(text)
