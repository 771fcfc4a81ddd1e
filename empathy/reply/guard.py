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


@dataclass(frozen=True, slots=True)
class _Rule:
    """``always`` count; ``unsaid`` count unless the person said most of what they find."""

    always: tuple[re.Pattern[str], ...]
    unsaid: tuple[re.Pattern[str], ...]

    def broken(self, sentence: str, words: str) -> bool:
        if any(rule.search(sentence) for rule in self.always):
            return True
        return any(not _said(found.group(), words) for rule in self.unsaid if (found := rule.search(sentence)))


def _said(text: str, words: str) -> bool:
    """Whether more than half of a text's words of four letters and more begin as one of the person's ``words`` does."""
    stems = [word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())]
    return sum(bool(re.search(rf"\b{stem}", words)) for stem in stems) > len(stems) / 2


@cache
def _rules() -> Mapping[str, _Rule]:
    classes = dict[str, str]()
    for name, alternatives in _file()["words"].items():
        classes[name] = f"(?:{_filled(alternatives, classes)})"

    def compiled(rules: Sequence[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_filled(rule, classes), re.IGNORECASE) for rule in rules)

    return {name: _Rule(compiled(entry["rules"]), compiled(entry.get("unsaid", ())))
            for name, entry in _file().items() if name != "words"}


def _filled(rule: str, classes: Mapping[str, str]) -> str:
    """The rule with the words of every class in place of the class's <name>."""
    for name, alternatives in classes.items():
        rule = rule.replace(f"<{name}>", alternatives)
    return rule


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
    sentence, words = sentence.replace("\u2019", "'"), evidence.words.lower()
    broken = [name for name, rule in _rules().items() if rule.broken(sentence, words)]
    if len(sentence) > MAX_CHARS:
        broken.append("length")
    if "claim" not in broken and _unfounded(sentence, evidence):
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
