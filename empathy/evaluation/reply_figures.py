"""The figures of ``evaluate replies``: the judge's, variety, length, reading level, echo, and the guard's finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..memory.plain import mend, sentences, stems
from ..memory.session import key
from ..reply.guard import Evidence, check
from ..text.judge import DIMENSIONS, ReplyJudge
from ..types import Estimate

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A reply and what it answers. ``told``: all the person said; ``last``: their last turn ("" stands for ``told``);
    ``estimate``: what was read of it; ``by_people``: the crisis text; ``rescued``: the composer wrote in another
    engine's stead."""

    told: str
    reply: str
    last: str = ""
    estimate: Estimate | None = None
    by_people: bool = False
    rescued: bool = False

    @cached_property
    def violations(self) -> tuple[str, ...]:
        """The rules of the guard that its sentences break; the human-written crisis text names links on purpose."""
        evidence = Evidence(f"{self.told} {mend(self.told)}", self.estimate)
        return () if self.by_people else tuple(
            rule for sentence in sentences(self.reply) for rule in check(sentence, evidence))


def figures(answers: Sequence[Answer], judge: ReplyJudge) -> dict[str, Any]:
    """What can be said of some replies.

    Returns:
        ``n``; ``empathy_mean`` in [0, 6] and its parts ``emotional_reaction, interpretation, exploration`` in [0, 2];
        ``meant`` in [0, 1]; ``distinct_1, distinct_2`` over all replies together; ``repetition``, the share of
        sentences that stood in an earlier reply word for word; ``guard_violations``, a count; ``words`` a reply;
        ``reading_level`` as a school grade; ``reflected``, the share of the content words of the last turn that the
        reply takes up; ``questions``, the share of replies that ask one.
    """
    judged = [judge.judge(answer.told, answer.reply) for answer in answers]
    replies = [answer.reply for answer in answers]
    return {
        "n": len(answers), "empathy_mean": float(np.mean([one.empathy for one in judged])),
        **{name: float(np.mean([getattr(one, name) for one in judged])) for name in DIMENSIONS},
        "meant": float(np.mean([one.meant for one in judged])),
        "distinct_1": distinct(replies, 1), "distinct_2": distinct(replies, 2), "repetition": repetition(replies),
        "guard_violations": sum(len(answer.violations) for answer in answers),
        "words": float(np.mean([len(words(reply)) for reply in replies])),
        "reading_level": reading_level(replies),
        "reflected": float(np.mean([reflected(answer) for answer in answers])),
        "questions": float(np.mean(["?" in reply for reply in replies])),
    }


def words(text: str) -> list[str]:
    """Words in lower case, marks left out."""
    return [found.group().lower() for found in _WORD.finditer(text.replace("’", "'"))]


def distinct(replies: Sequence[str], n: int) -> float:
    """Different word n-grams among all, over the whole corpus; 0 for none. Source: Li et al. 2016."""
    grams = [tuple(said[i : i + n]) for said in map(words, replies) for i in range(len(said) - n + 1)]
    return len(set(grams)) / len(grams) if grams else 0.0


def repetition(replies: Sequence[str]) -> float:
    """The share of sentences that an earlier reply held already."""
    seen: set[str] = set()
    again = total = 0
    for reply in replies:
        own = {key(sentence) for sentence in sentences(reply)}
        again, total = again + len(own & seen), total + len(own)
        seen |= own
    return again / total if total else 0.0


def reading_level(replies: Sequence[str]) -> float:
    """School grade by sentence and word length over the corpus; syllables are counted as groups of vowels.
    Source: Kincaid et al. 1975."""
    said = [word for reply in replies for word in words(reply)]
    n_sentences = sum(len(sentences(reply)) for reply in replies)
    if not said or not n_sentences:
        return 0.0
    return 0.39 * len(said) / n_sentences + 11.8 * sum(map(_syllables, said)) / len(said) - 15.59


def _syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(word)) - (word.endswith("e") and not word.endswith("le")))


def reflected(answer: Answer) -> float:
    """The share of the content words of the last turn that the reply takes up; 0 where there are none."""
    own = stems(answer.last or answer.told)
    return len(own & stems(answer.reply)) / len(own) if own else 0.0
