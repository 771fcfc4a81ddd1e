"""Reads every sentence of a generated reply before anyone sees it.

Rules that people wrote come first: each names what it forbids. Behind them a small classifier stops what means the same
in words that no rule knows, and lets pass what a rule hit by its words alone. A sentence that fails is never shown;
``respond`` asks for the answer once more, and puts one of the composer's in its place when that fails too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ..memory.fact_words import RELATION
from ..types import Estimate
from .guard_scorer import bundled_scorer
from .guard_words import classes, filled, guard_file
from .phrases import pattern, table

MAX_CHARS = 320
"""Longest sentence shown; about 60 words."""

EXACT = frozenset({"link", "leak", "length"})
"""Rules that no classifier overrules: what they find is there."""

SURELY_FINE = 0.02
"""Below this probability of anything forbidden the classifier overrules a rule; it costs no forbidden sentence of those
that it never saw (docs/experiments.md)."""

_CLAIM = re.compile(
    r"\byou(?:'re| are| were| feel| felt| look)\s+"
    r"(?:so |very |really |clearly |obviously |deeply |extremely |just |still |quite |truly )*"
    r"(?!hoping (?:to|for)\b)([a-z]+)",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:perhaps|maybe|might|may|could|seems?|sounds? (?:like|as)|if|wonder|possibly|as (?:if|though)|I imagine"
    r"|I'd guess|I guess|you (?:say|said|told me|wrote)|can|would|when|do you|are you|whether|or)\b|\?",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"\b(?:clearly|obviously|I can tell|certainly|without a doubt|no doubt|deep down|secretly|subconsciously|in denial"
    r"|hiding|suppressing|repressing|lying|pretending)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """``always`` count; ``unsaid`` count unless the person said most of what they find, or of what they capture; what
    matches one of ``spared`` breaks none."""

    always: tuple[re.Pattern[str], ...]
    unsaid: tuple[re.Pattern[str], ...]
    spared: tuple[re.Pattern[str], ...]

    def broken(self, sentence: str, words: str) -> bool:
        if any(rule.search(sentence) for rule in self.spared):
            return False
        if any(rule.search(sentence) for rule in self.always):
            return True
        return any(not _said(found.group(found.lastindex or 0), words)
                   for rule in self.unsaid if (found := rule.search(sentence)))


def _said(text: str, words: str) -> bool:
    """Whether more than half of a text's words of four letters and more begin as one of the person's ``words`` does."""
    stems = [word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())]
    return sum(bool(re.search(rf"\b{stem}", words)) for stem in stems) > len(stems) / 2


@cache
def _rules() -> Mapping[str, _Rule]:
    def compiled(rules: Sequence[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(filled(rule, classes()), re.IGNORECASE) for rule in rules)

    return {name: _Rule(*(compiled(entry.get(part, ())) for part in ("rules", "unsaid", "spared")))
            for name, entry in guard_file().items() if name != "words"}


def reasons(broken: Sequence[str]) -> tuple[str, ...]:
    """What each broken rule says of an answer, to whoever writes it again."""
    return tuple(guard_file()[name]["why"] for name in broken)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a sentence about the person may lean on: their own words (all turns) and the estimate."""

    words: str
    estimate: Estimate | None


_NAMED = re.compile(rf"\b([Yy]our {RELATION}) [A-Z]\w+")
"""Somebody of theirs with a name, which tells the classifier nothing: "your sister Ana". A medicine's name tells."""


def check(sentence: str, evidence: Evidence) -> tuple[str, ...]:
    """The names of the rules a sentence breaks; empty when it may be shown.

    Args:
        sentence: one sentence of a generated reply.
        evidence: what is known of the person.
    """
    broken, scorer = broken_rules(sentence, evidence), bundled_scorer()
    if scorer is None:
        return broken
    sentence = _NAMED.sub(r"\1", _plain(sentence))
    rule, forbidden = scorer.judge(sentence)
    if not stops(broken, forbidden, scorer.limit):
        return ()
    return broken or (() if _owned(rule, sentence, evidence) else (rule,))


def stops(broken: Sequence[str], forbidden: float, limit: float) -> bool:
    """Whether rules and classifier together stop a sentence.

    Args:
        broken: the rules that it breaks.
        forbidden: the classifier's probability that it is not fine.
        limit: from where on that is enough without a rule.
    """
    return not EXACT.isdisjoint(broken) or forbidden >= (SURELY_FINE if broken else limit)


def prepare() -> None:
    """Read the rules and load the classifier, so that the first sentence need not wait for them."""
    check("Good.", Evidence("", None))


def broken_rules(sentence: str, evidence: Evidence) -> tuple[str, ...]:
    """What ``check`` says without its classifier: enough for lines that are held against the person's own words."""
    sentence, words = _plain(sentence), evidence.words.lower()
    broken = [name for name, rule in _rules().items() if rule.broken(sentence, words)]
    if len(sentence) > MAX_CHARS:
        broken.append("length")
    if "claim" not in broken and _unfounded(sentence, evidence):
        broken.append("claim")
    return tuple(broken)


def _plain(sentence: str) -> str:
    return sentence.replace("\u2019", "'")


def _owned(rule: str, sentence: str, evidence: Evidence) -> bool:
    """Whether a sentence that sounds like a claim or a diagnosis, and breaks no rule, may be said all the same: the
    person said what the rule looks for, or most of the sentence, or the readings bear the feeling that it names. What
    does harm does so in their own words too."""
    if rule not in ("claim", "diagnosis"):
        return False
    named = (_family(found.group(1).lower()) for found in _CLAIM.finditer(sentence))
    return (any(found.search(sentence) for found in _rules()[rule].unsaid)
            or _said(sentence, evidence.words.lower())
            or any(name and _borne(name, evidence) for name in named))


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
