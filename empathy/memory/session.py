"""One visitor's conversation: frozen values, nothing on disk, the clock an argument.

``remember`` gives a new ``Session``; the newest turns are kept word for word, older ones are folded into short lines
(never more than ``BUDGET_TOKENS`` word for word), and facts stand beside both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ..errors import InputError
from ..types import NO_CARE, Care, Estimate, plain
from .amend import amended, meant, put_right, without_doubles
from .facts import Fact, find_facts, merge
from .measures import Measures
from .people import mentioned
from .plain import sentences

Heard: TypeAlias = Literal["typed", "spoken", "shown"]

BUDGET_TOKENS = 1600
"""Turns kept word for word, in tokens of a language model with a window of 4096: its instructions take about 500,
folded lines and facts at most 1200, the reply 160, what is measured now the rest."""

TURN_TOKENS = 45
"""What a turn takes beside its words: the template around two messages, and the notes on what was read."""

BYTES_A_TOKEN = 4
"""UTF-8 bytes of everyday English a token of a vocabulary of 50,000 or more; a model's own count is asked before a
prompt is sent to it (``llama_engine``), so this need not be exact."""

FOLDED_LINE_CHARS = 160
FOLDED_TOKENS = 500
"""The newest folded lines are kept up to this."""

PEOPLE_TURNS = 4  # in which somebody mentioned is still meant by "she" or "him"

_REMOVED = "[forgotten]"
_COMMON = frozenset({"your", "that", "this", "with", "have", "from", "name", "very", "about", "been", "will", "would"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One exchange. ``at_s`` on the caller's clock; ``words`` "" when the person only showed or hummed something;
    ``heard`` tells how the words came."""

    at_s: float
    words: str
    reply: str
    estimate: Estimate | None = None
    care: Care = NO_CARE
    heard: Heard = "typed"
    measures: Measures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How one turn felt, for the story over time; only from estimates that did not abstain."""

    at_s: float
    emotion: str
    valence: float
    confidence: float
    spoken: bool = True
    """False when only a face or a posture was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is known of one visitor. ``said`` holds every sentence already used in replies, in a plain form, so that
    none comes twice; ``summary`` the folded older turns; ``n_turns`` counts all turns, folded ones too."""

    started_s: float
    turns: tuple[Turn, ...] = ()
    summary: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    moods: tuple[Mood, ...] = ()
    said: frozenset[str] = frozenset()
    n_turns: int = 0
    noticed_s: float | None = None
    """When the person was last told that this is software."""

    crisis_s: float | None = None
    """When words last spoke of a crisis; None before."""

    @classmethod
    def start(cls, now_s: float) -> Session:
        """A session that knows nothing."""
        return cls(started_s=now_s)


def remember(session: Session, turn: Turn) -> Session:
    """The session after one more turn, with old turns folded."""
    return fold(grown(session, turn))


def grown(session: Session, turn: Turn) -> Session:
    """The session after one more turn; facts of its words are found, contradicted ones replaced."""
    before = session.turns[-1].words if session.turns else ""
    before = [earlier.words for earlier in session.turns[-PEOPLE_TURNS:]]
    words, people = meant(amended(turn.words), " ".join(before[-1:])), mentioned(" ".join(before))
    found, mood = find_facts(words, turn.at_s, people), _mood(turn)
    facts = merge(put_right(session.facts, words), without_doubles(found, session.facts))
    return replace(
        session,
        turns=(*session.turns, turn),
        facts=facts,
        summary=tuple(line for line in session.summary if _stands(line, facts)) if found else session.summary,
        moods=(*session.moods, *([mood] if mood else [])),
        said=session.said | {key(sentence) for sentence in sentences(turn.reply)},
        n_turns=session.n_turns + 1,
        crisis_s=turn.at_s if turn.care.level == "crisis" else None if turn.care.level == "none" else session.crisis_s,
    )


def _mood(turn: Turn) -> Mood | None:
    estimate = turn.estimate
    if estimate is None or estimate.abstains:
        return None
    spoken = estimate.weights.get("words", 0.0) + estimate.weights.get("voice", 0.0) > 0.2
    return Mood(at_s=turn.at_s, emotion=estimate.emotions.top, valence=estimate.affect.valence,
                confidence=estimate.confidence, spoken=spoken)


def key(sentence: str) -> str:
    """A sentence reduced to its letters: marks and case make no difference."""
    return re.sub(r"[^a-z0-9]+", " ", sentence.lower()).strip()


def n_tokens(text: str) -> int:
    """About how many tokens a text is."""
    return -(-len(text.encode()) // BYTES_A_TOKEN)


def cost(turn: Turn) -> int:
    """About how many tokens of a prompt a turn takes."""
    return n_tokens(turn.words) + n_tokens(turn.reply) + TURN_TOKENS


def fold(session: Session, budget_tokens: int = BUDGET_TOKENS) -> Session:
    """Fold the older half of the turns into lines once all pass the budget.

    In blocks and rarely, so that a language model's prompt keeps its beginning from turn to turn."""
    if not (n_old := n_older(session, budget_tokens)):
        return session
    told = [_line(turn, session.facts) for turn in session.turns[:n_old]]
    return fold(folded(session, n_old, [line for line in told if line]), budget_tokens)


def n_older(session: Session, budget_tokens: float = BUDGET_TOKENS) -> int:
    """How many of the oldest turns are to be folded: half of them once all pass the budget, none before."""
    if sum(cost(turn) for turn in session.turns) <= budget_tokens or len(session.turns) < 2:
        return 0
    return len(session.turns) // 2


def folded(session: Session, n_old: int, told: Sequence[str]) -> Session:
    """The session with lines in place of its ``n_old`` oldest turns; what a later word has put right is left out."""
    lines = [*session.summary, *(line for line in told if _stands(line, session.facts))]
    while sum(map(n_tokens, lines)) > FOLDED_TOKENS:
        lines.pop(0)
    return replace(session, turns=session.turns[n_old:], summary=tuple(lines))


def _stands(sentence: str, facts: tuple[Fact, ...]) -> bool:
    """False where a later fact says otherwise of who somebody is or when something is; events may happen again."""
    known = {fact.key: fact.text for fact in facts if fact.kind in ("self", "person", "date")}
    return all(known.get(told.key, told.text) == told.text for told in find_facts(sentence, 0.0))


def _line(turn: Turn, facts: tuple[Fact, ...]) -> str:
    """The sentence of a turn that carries most: the one with a fact in it, else the longest; none that a later one has
    put right."""
    spoken = [sentence for sentence in sentences(turn.words) if sentence != _REMOVED and _stands(sentence, facts)]
    if not spoken:
        return ""
    best = max(spoken, key=lambda sentence: (bool(find_facts(sentence, turn.at_s)), len(sentence)))
    return best if len(best) <= FOLDED_LINE_CHARS else best[: FOLDED_LINE_CHARS - 1].rsplit(" ", 1)[0] + "…"


def lines(session: Session) -> tuple[str, ...]:
    """What is remembered, one line a thing, for the page: facts first, then what was kept of older turns."""
    return (*(fact.line for fact in session.facts), *(f'Earlier you said: "{line}"' for line in session.summary))


def forget_line(session: Session, i: int) -> Session:
    """Forget line ``i`` of ``lines``, and the words it came from.

    Raises:
        IndexError: there is no such line.
    """
    return _without_line(session, i, _REMOVED)


def correct_line(session: Session, i: int, text: str) -> Session:
    """Put the person's own wording in place of line ``i`` of ``lines``; what was said before it no longer stands.

    Args:
        session: the conversation.
        i: which line.
        text: what is right, as they wrote it ("My exam is on Tuesday" or "Your exam is on Tuesday").

    Raises:
        IndexError: there is no such line.
        InputError: nothing was written.
    """
    if not (text := " ".join(text.split())[:FOLDED_LINE_CHARS].rstrip(".")):
        raise InputError("write what is right, then press Correct")
    if i >= len(session.facts):
        left, j = forget_line(session, i), i - len(session.facts)
        return replace(left, summary=(*left.summary[:j], text, *left.summary[j:]))
    fact = _corrected(session.facts[i], text)
    left = _without_line(session, i, f"({fact.line})")
    before = sum(other.key != fact.key for other in left.facts[:i])
    others = [other for other in left.facts if other.key != fact.key]
    return replace(left, facts=(*others[:before], fact, *others[before:]))


def _corrected(old: Fact, text: str) -> Fact:
    """The fact that a line of the person's tells, or, where none is understood, the old one in their words."""
    told = find_facts(f"{_in_first_person(text)}.", old.at_s)
    text = f"{text[:1].lower()}{text[1:]}"
    return told[0] if len(told) == 1 else replace(
        old, text=text, quote=text, topic=old.topic if old.topic in text else text)


def _without_line(session: Session, i: int, instead: str) -> Session:
    if not 0 <= i < len(lines(session)):
        raise IndexError(f"there is no line {i}; {len(lines(session))} things are remembered")
    if i >= len(session.facts):
        j = i - len(session.facts)
        return replace(session, summary=session.summary[:j] + session.summary[j + 1 :])
    fact = session.facts[i]
    turns = tuple(
        replace(turn, words=turn.words.replace(fact.quote, instead), reply=_without(turn.reply, fact))
        for turn in session.turns
    )
    return replace(
        session,
        facts=session.facts[:i] + session.facts[i + 1 :],
        turns=turns,
        summary=tuple(line for line in session.summary if line not in fact.quote and fact.quote not in line
                      and not _marks(fact) & set(key(line).split())),
        said=frozenset(sentence for sentence in session.said if not _marks(fact) & set(sentence.split())),
    )


_PERSONS = (("you are", "I am"), ("you're", "I'm"), ("your", "my"), ("you", "I"))


def _in_first_person(line: str) -> str:
    """A line of the page as the person would say it, where that is plain: "Your exam" gives "My exam"."""
    low = line.lower()
    told = ((yours, mine) for yours, mine in _PERSONS if low.startswith(f"{yours} "))
    return next((f"{mine[:1].upper()}{mine[1:]}{line[len(yours):]}" for yours, mine in told), line)


def _without(reply: str, fact: Fact) -> str:
    """A reply without the sentences that speak of the fact."""
    return " ".join(sentence for sentence in sentences(reply) if not _marks(fact) & set(key(sentence).split()))


def _marks(fact: Fact) -> set[str]:
    """The words by which a fact can be told from others; rather one sentence too many is forgotten than one too few."""
    return {word for word in key(fact.text).split() if len(word) > 3} - _COMMON


def noticed(session: Session, now_s: float) -> Session:
    """The session after the software notice was shown."""
    return replace(session, noticed_s=now_s)


def change(session: Session) -> float | None:
    """How the valence moved from the first third of the moods to the last, in [-2, 2]; None below three moods."""
    n = len(session.moods)
    if n < 3:
        return None
    third = max(1, n // 3)
    first = sum(mood.valence for mood in session.moods[:third]) / third
    last = sum(mood.valence for mood in session.moods[-third:]) / third
    return last - first


def export(session: Session) -> str:
    """Everything remembered, as JSON for the person to keep."""
    return json.dumps(
        {
            "started_s": session.started_s,
            "facts": [plain(fact) for fact in session.facts],
            "moods": [plain(mood) for mood in session.moods],
            "summary": list(session.summary),
            "turns": [plain(turn) for turn in session.turns],
        },
        ensure_ascii=False,
        indent=2,
    )
