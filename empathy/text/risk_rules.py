"""The rules behind the risk reading: patterns that people wrote and can check, in ``prompts/risk_rules*.toml``.

A text is first made plain (letters apart are joined, "su1cide" and "suicdal" become "suicide" and "suicidal"), idioms
are blanked, then every pattern is looked up, and what stands around a find may soften it: negation, the past, another
person, a game, a song, the news. A softened crisis stays a concern; it is never dropped.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from ..registry import PROMPTS
from ..types import RiskCategory
from .plain_text import plain_text

SHORT = 240
"""Characters up to which one word about a game or a song frames all of a text."""
FILES = ("risk_rules.toml", "risk_rules_languages.toml")

Softener = Literal["negation", "past", "another person", "frame"]
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|me|my|myself|mine)\b")
_BORDER = re.compile(r" [.!?;] | but | \n ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One family of patterns. ``firm`` patterns hold their own negation; ``anyone``: as urgent for somebody else;
    ``own``: a crisis only where the sentence has a first person; ``soft`` tells whether the surroundings of a find are
    read at all (they are in English alone)."""

    category: RiskCategory
    crisis: bool
    weak: bool
    firm: bool
    anyone: bool
    own: bool
    soft: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """The very words that a rule found, what they point at, and what softened them. ``weak``: everyday words,
    which are a concern only where the classifier agrees; ``foreign``: of a language that the classifier can't read."""

    words: str
    start: int
    category: RiskCategory
    crisis: bool
    weak: bool
    softened: Softener | None
    foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the rules say of a text. ``form``: its plain copy, idioms as "#"; ``marks``: what of "idiom", "own" (a first
    person) and the softeners' kinds stands anywhere in it."""

    cues: tuple[Cue, ...]
    form: str
    marks: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Softeners:
    """What turns a crisis into a concern, as patterns over plain text."""

    negation: re.Pattern[str]
    no_negation: re.Pattern[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    other: re.Pattern[str]
    said: re.Pattern[str]
    frame: re.Pattern[str]
    joke: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules, compiled."""

    rules: tuple[Rule, ...]
    idioms: re.Pattern[str]
    soften: Softeners

    def find(self, text: str) -> tuple[Cue, ...]:
        """Every find in a text, in its order; at most one a place and category, a crisis before a concern."""
        return self.read(text).cues

    def read(self, text: str) -> Finding:
        """Finds, and what of the text the classifier may know."""
        plain = plain_text(text)
        blanked = self.idioms.sub(lambda match: "#" * len(match.group()), plain.form)
        cues: dict[tuple[str, int], Cue] = {}
        for rule in self.rules:
            for match in rule.pattern.finditer(blanked):
                softened = self._softened(rule, blanked, match) if rule.crisis and rule.soft else None
                start, end = plain.place(*match.span())
                cue = Cue(words=text[start:end], start=start, category=rule.category, crisis=rule.crisis,
                          weak=rule.weak, softened=softened, foreign=not rule.soft)
                known = cues.get((rule.category, start))
                if known is None or (cue.crisis and (not known.crisis or (known.softened and not softened))):
                    cues[rule.category, start] = cue
        return Finding(cues=tuple(sorted(cues.values(), key=lambda cue: cue.start)), form=blanked,
                       marks=self._marks(plain.form, blanked))

    def _marks(self, form: str, blanked: str) -> frozenset[str]:
        found = {name for name in ("past", "present", "other", "said", "frame", "joke", "negation")
                 if getattr(self.soften, name).search(form)}
        return frozenset(found | ({"idiom"} if form != blanked else set())
                         | ({"own"} if _FIRST_PERSON.search(form) else set()))

    def _softened(self, rule: Rule, form: str, match: re.Match[str]) -> Softener | None:
        start, end = _sentence(form, *match.span())
        before, found, sentence = form[start:match.start()], match.group(), form[start:end]
        if rule.own and not _FIRST_PERSON.search(sentence):
            return "another person"
        if not rule.anyone and self._told_of_another(before, found):
            return "another person"
        if self._framed(rule, form, sentence):
            return "frame"
        near = " ".join(before.split()[-5:])
        if not rule.firm and self.soften.negation.search(near) and not self.soften.no_negation.search(near):
            return "negation"
        clause = before.split(" , ")[-1] + found + form[match.end():end].split(" , ", maxsplit=1)[0]
        past = self.soften.past.search(sentence) and not self.soften.present.search(clause)
        return "past" if past else None

    def _framed(self, rule: Rule, form: str, sentence: str) -> bool:
        """True in jokes, games, songs, news: in the sentence, or anywhere in a short text."""
        joke = not rule.firm and self.soften.joke.search(form)
        around = form if len(form) < SHORT else sentence
        return bool(joke or self.soften.frame.search(around))

    def _told_of_another(self, before: str, found: str) -> bool:
        """True when somebody else is the subject, or is quoted."""
        words = before.split()[-7:]
        near = " ".join(words)
        if re.search(rf"\b{self.soften.other.pattern}\b.*{self.soften.said.pattern}", near):
            return True
        if _FIRST_PERSON.search(found):
            return False
        other = list(self.soften.other.finditer(near))
        own = list(_FIRST_PERSON.finditer(near))
        return bool(other) and (not own or own[-1].start() < other[-1].end())


def _sentence(form: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a find."""
    first = 0
    for border in _BORDER.finditer(form, 0, start):
        first = border.end()
    after = _BORDER.search(form, end)
    return first, after.start() if after else len(form)


def load_rules(folder: Path = PROMPTS) -> Rules:
    """Read and compile the rule files.

    Args:
        folder: where ``risk_rules.toml`` and ``risk_rules_languages.toml`` lie.

    Raises:
        OSError: a file is absent.
        re.error: a pattern is broken.
    """
    rules: list[Rule] = []
    idioms: list[str] = []
    soften: dict[str, str] = {}
    for name in FILES:
        with (folder / name).open("rb") as file:
            content = tomllib.load(file)
        macros = _expanded(content.get("macros", {}))
        for entry in content["rule"]:
            joined = "|".join(_fill(pattern, macros) for pattern in entry["patterns"])
            flags = {flag: bool(entry.get(flag, False)) for flag in ("weak", "firm", "anyone", "own")}
            rules.append(Rule(category=cast(RiskCategory, entry["category"]), crisis=entry["level"] == "crisis",
                              soft=content.get("soft", True), pattern=re.compile(joined), **flags))
        idioms += [_fill(pattern, macros) for pattern in content.get("idioms", {}).get("patterns", ())]
        soften |= {key: _fill(value, macros) for key, value in content.get("soften", {}).items()}
    return Rules(rules=tuple(rules), idioms=re.compile("|".join(idioms)),
                 soften=Softeners(**{key: re.compile(rf"(?<![a-z']){value}(?![a-z'])")
                                     for key, value in soften.items()}))


def _expanded(macros: dict[str, str]) -> dict[str, str]:
    return {name: _fill(value, macros) for name, value in macros.items()}


def _fill(pattern: str, macros: dict[str, str]) -> str:
    for _ in range(3):  # a macro may hold a macro
        pattern = re.sub(r"<([a-z]+\d?)>", lambda match: macros.get(match[1], match[0]), pattern)
    return pattern
