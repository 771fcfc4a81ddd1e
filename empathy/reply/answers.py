"""Questions put to the system about what it remembers: answered from facts, or honestly not."""

from __future__ import annotations

import re
from dataclasses import replace

from ..memory.clauses import clauses
from ..memory.facts import Fact, find_facts
from ..memory.plain import stems
from ..memory.recall import quoted, recall
from ..memory.session import Session
from ..memory.turn import turned
from .phrases import Pen, lines
from .understand import Understanding

QUOTE_CHARS = 120

MAX_LISTED = 5
"""Facts told in one breath; the page shows them all."""

_OWN_QUESTION = re.compile(
    r"^(?:(?:so|and|ok|okay|hey|wait|by the way),? )*"
    r"(?:when(?:'s| is| are| was| does| do)|what(?:'s| is| are| was| day is| time is)|who(?:'s| is)"
    r"|where(?:'s| is| do| does| did| was| am I)|how old|which day"
    r"|what do I (?:do|love|like|hate|want)|what did I (?:say|tell)|did I (?:tell|say|mention)"
    r"|(?:can|do) you (?:still )?(?:remember|know))\b.*\b(?:my|I|me)\b",
    re.IGNORECASE,
)
_DO_I = re.compile(
    r"^(?:(?:so|and|wait|hey),? )*(?:do I (?:like|love|hate|have|live|work|own)|am I (?:from|called)"
    r"|did I (?:mention|name))\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"what (?:do|did|can|have) (?:you|I) (?:remember|know|say|tell|told)|about me|everything", re.IGNORECASE
)
_ABOUT = re.compile(r"\babout (?!me\b)", re.IGNORECASE)
_NAME = re.compile(r"\bmy name\b|who I am|who am I", re.IGNORECASE)
_ASKS_PLACE = re.compile(r"^(?:(?:so|and|ok|okay|hey|wait),? )*where\b", re.IGNORECASE)
_ASKS_NAME = re.compile(r"\b(?:name|called|who)\b", re.IGNORECASE)
_FIRST = re.compile(r"\bfirst\b.*\b(?:say|said|tell|told|wrote)\b|\b(?:say|said|tell|told)\b.*\bfirst\b", re.IGNORECASE)
_MAY_KNOW = re.compile(
    r"^(?:(?:so|and|ok|okay|hey|wait|by the way),? )*(?:when|what|who|where|which|how old|is|are|does|do|did)\b",
    re.IGNORECASE,
)
"""Questions whose answer they may have told."""
_ASKS_TIME = re.compile(r"\b(?:when|what day|which day|what time)\b", re.IGNORECASE)


def own_question(told: Understanding) -> bool:
    """True for "when is my exam?", "what's my sister's name?", "do you remember what I told you?"."""
    asked = _OWN_QUESTION.match(told.said) or _DO_I.match(told.said)
    return asked is not None and told.act not in ("ask_advice", "medical", "do_you_understand")


def asks_of_memory(told: Understanding, session: Session) -> bool:
    """True for "who is Ana?" when an Ana was mentioned, for "when is the wedding?" when its day was told."""
    if told.act not in ("fact_question", "tell") or not told.said.endswith("?") or not _MAY_KNOW.match(told.said):
        return False
    timed, hits = bool(_ASKS_TIME.search(told.said)), recall(session, told.said)
    named = bool(_ASKS_NAME.search(told.said))
    if any((timed and fact.kind == "date") or (named and fact.kind == "person") for fact in hits):
        return True
    if any(fact.kind in ("date", "person") and stems(fact.topic) & stems(told.said) for fact in hits):
        return True
    return bool(quoted(session, told.said, timed=timed, least=2))


def from_memory(told: Understanding, session: Session, pen: Pen) -> tuple[str, ...]:
    """The answer to a question about what was said, and an open question after it."""
    if told.act == "my_name" or _NAME.search(told.said):
        return _act(pen, "name_known" if name_of(session) else "name_unknown")
    asks_all = bool(_ALL.search(told.said)) and not _ABOUT.search(told.said)
    if _FIRST.search(told.said) and (first := next((turn.words for turn in session.turns if turn.words), "")):
        return _said_back(pen, first)
    return _everything(session, pen) if asks_all else _one_thing(told.said, session, pen)


def _one_thing(question: str, session: Session, pen: Pen) -> tuple[str, ...]:
    """The fact that answers; for want of one, or of one that names a time where a time is asked, their own sentence."""
    if about := _ABOUT.search(question):
        return _of_someone(question[about.end() :], session, pen)
    hits, timed = recall(session, question), bool(_ASKS_TIME.search(question))
    fit = tuple(fact for fact in hits if fact.kind == "date") if timed else hits
    if timed and not fit:
        said = quoted(session, question, timed=True)
        return _said_back(pen, said) if said else _act(pen, "not_told")
    wanted = _wanted(fit, question) if fit else None
    named = _ASKS_NAME.search(question)
    aside = wanted is not None and not timed and (
        (wanted.kind == "person" and not named) or (wanted.kind == "date" and bool(_ASKS_PLACE.search(question))))
    if wanted is None or aside:
        said = quoted(session, question, timed=False, least=2 if aside else 1)
        return _said_back(pen, said) if said else _act(pen, "not_told")
    return _act(pen, "remembered_answer", fact=wanted.text)


def _of_someone(about: str, session: Session, pen: Pen) -> tuple[str, ...]:
    """All that was told of somebody or something, by name and by what they are."""
    asked = stems(about)
    names = [fact for fact in session.facts if fact.kind == "person" and asked & stems(fact.text)]
    asked |= frozenset[str]().union(*(stems(fact.text) for fact in names)) - {"call"}
    hits = tuple(fact for fact in session.facts if asked & stems(fact.text))
    hits = tuple(fact for fact in hits if fact.kind != "person" or not _told_elsewhere(fact, hits))
    said = quoted(session, " ".join(asked), timed=False)
    if said and all(fact.kind == "person" for fact in hits):  # more than a name
        return _said_back(pen, said)
    return _act(pen, "remembered_answer", fact=listed(hits[-MAX_LISTED:])) if hits else _act(pen, "not_told")


def _told_elsewhere(name: Fact, facts: tuple[Fact, ...]) -> bool:
    """"Your sister is called Ana" adds nothing to "your sister Ana gets married"."""
    return any(other is not name and name.topic in other.text for other in facts)


def _everything(session: Session, pen: Pen) -> tuple[str, ...]:
    if session.facts:
        return _act(pen, "recalled", facts=listed(session.facts[-MAX_LISTED:]))
    last = next((turn.words for turn in reversed(session.turns) if turn.words), "")
    return _act(pen, "recalled", facts=f'you wrote "{last[:80]}"') if last else _act(pen, "nothing_recalled")


def _said_back(pen: Pen, sentence: str) -> tuple[str, ...]:
    """Turned round where that is safe, else word for word."""
    fact = next((theirs for clause in clauses(sentence) if (theirs := turned(clause))), None)
    return _act(pen, "remembered_answer", fact=fact) if fact else _act(pen, "quoted", quote=sentence[:QUOTE_CHARS])


def listed(facts: tuple[Fact, ...]) -> str:
    """Facts in one breath: "your exam is on Monday, you are a nurse, and your sister is called Ana"."""
    texts = [fact.text for fact in facts]
    return " and ".join(texts) if len(texts) < 3 else ", ".join(texts[:-1]) + f", and {texts[-1]}"


def name_of(session: Session, words: str = "") -> str | None:
    """The person's name, as they told it, now or before."""
    facts = (*find_facts(words, 0.0), *session.facts)
    return next((fact.text.rsplit(" ", 1)[-1] for fact in facts if fact.key == ("you", "name")), None)


def _wanted(hits: tuple[Fact, ...], question: str) -> Fact:
    """A question for a name wants a name, one for a time wants a date."""
    kind = "person" if _ASKS_NAME.search(question) else "date" if _ASKS_TIME.search(question) else ""
    return next((fact for fact in hits if fact.kind == kind), hits[0])


def _act(pen: Pen, act: str, **slots: str) -> tuple[str, ...]:
    pen = replace(pen, slots={**pen.slots, **slots})
    said = pen.write(lines("acts", act, "say"))
    if said is None:  # all wordings were used: the plain fact again is better than no answer
        said = pen.write(lines("acts", act, "say"), alike=True) or replace(pen, said=frozenset[str]()).write(
            lines("acts", act, "say"))
    return tuple(part for part in (said, pen.write(lines("acts", act, "ask"))) if part)
