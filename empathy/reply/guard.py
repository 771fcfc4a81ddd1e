"""Reads every sentence of a generated reply before anyone sees it.

Rules, not a model: each names what it forbids. A sentence that fails is never shown; ``respond`` asks for the answer
once more, and puts one of the composer's in its place when that fails too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..registry import PROMPTS
from ..types import Estimate
from .phrases import pattern, table

MAX_CHARS = 320
"""Longest sentence shown; about 60 words."""

_CLAIM = re.compile(
    r"\byou(?:'re| are| were| feel| felt| must feel| look)\s+"
    r"(?:so |very |really |clearly |obviously |deeply |extremely |just |still |quite |truly )*([a-z]+)",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:perhaps|maybe|might|may|could|seems?|sounds? (?:like|as)|if|wonder|possibly|as (?:if|though)|I imagine"
    r"|I'd guess|I guess|can|would|when|do you|are you|whether|or)\b|\?",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"\b(?:clearly|obviously|I can tell|certainly|without a doubt|no doubt|deep down|secretly|subconsciously|in denial"
    r"|hiding|suppressing|repressing|lying|pretending)\b",
    re.IGNORECASE,
)


@cache
def _file() -> Mapping[str, Any]:
    """``prompts/guard.toml``. ``Any``: its shape is told in its head."""
    return tomllib.loads((PROMPTS / "guard.toml").read_text(encoding="utf-8"))


@cache
def _rules() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {name: tuple(re.compile(rule, re.IGNORECASE) for rule in entry["rules"]) for name, entry in _file().items()}


def reasons(broken: Sequence[str]) -> tuple[str, ...]:
    """What each broken rule says of an answer, to whoever writes it again."""
    return tuple(_file()[name]["why"] for name in broken)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a sentence about the person may lean on: their own words (all turns) and the estimate."""

    words: str
    estimate: Estimate | None


def check(sentence: str, evidence: Evidence) -> tuple[str, ...]:
    """The names of the rules a sentence breaks; empty when it may be shown.

    Args:
        sentence: one sentence of a generated reply.
        evidence: what is known of the person.
    """
    broken = [name for name, rules in _rules().items() if any(rule.search(sentence) for rule in rules)]
    if len(sentence) > MAX_CHARS:
        broken.append("length")
    if _unfounded(sentence, evidence):
        broken.append("claim")
    return tuple(broken)


def _unfounded(sentence: str, evidence: Evidence) -> bool:
    """A flat statement of what the person feels, with nothing in their words or the readings to bear it."""
    if (
        re.search(r"\byou(?:'re| are)\b", sentence, re.IGNORECASE)
        and _SURE.search(sentence)
        and not _HEDGE.search(sentence)
    ):
        return True
    for found in _CLAIM.finditer(sentence):
        family = _family(found.group(1).lower())
        if family is None or _HEDGE.search(sentence[: found.end()]):
            continue
        if not _borne(family, evidence):
            return True
    return False


def _family(word: str) -> str | None:
    for name, entry in table("feelings").items():
        found = pattern(tuple(phrase for phrase in entry["match"] if " " not in phrase))
        if found and found.fullmatch(word):
            return name
    return None


def _borne(family: str, evidence: Evidence) -> bool:
    feelings = table("feelings")
    kin = [entry for entry in feelings.values() if entry["emotion"] == feelings[family]["emotion"]]
    if any(found.search(evidence.words) for entry in kin if (found := pattern(tuple(entry["match"])))):
        return True
    estimate = evidence.estimate
    return (
        estimate is not None
        and not estimate.abstains
        and feelings[family]["emotion"] in [name for name, p in estimate.emotions.items()[:2] if p > 0.2]
    )
