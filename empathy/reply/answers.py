"""Questions put to the system about itself or about what it remembers: answered from facts, or honestly not."""

from __future__ import annotations

import re
from dataclasses import replace

from ..memory.facts import Fact
from ..memory.recall import recall
from ..memory.session import Session
from .phrases import Pen, lines
from .understand import Understanding

_OWN_QUESTION = re.compile(
    r"^(?:so |and |ok |okay |hey |wait |by the way )*,? ?(?:when(?:'s| is| are| was| does| do)|what(?:'s| is| are| was| day is| time is)|who(?:'s| is)|where(?:'s| is| do I| am I)|"
    r"how old|which day|what do I (?:do|love|like|hate|want)|what did I (?:say|tell)|did I (?:tell|say|mention)|can you remember|do you (?:still )?remember|do you (?:still )?know)\b.*\b(?:my|I|me)\b",
    re.IGNORECASE)
_MAX_LISTED = 5


def own_question(understanding: Understanding) -> bool:
    """True for "when is my exam?", "what's my sister's name?", "do you remember what I told you?"."""
    return bool(_OWN_QUESTION.match(understanding.said)) and understanding.act not in ("ask_advice", "medical", "do_you_understand")


def from_memory(understanding: Understanding, session: Session, pen: Pen) -> tuple[str, ...]:
    """The answer to a question about what was said, and an open question after it."""
    name = _name(session)
    if understanding.act == "my_name" or re.search(r"\bmy name\b|who I am|who am I", understanding.said):
        return _act(pen, "name_known" if name else "name_unknown", {"name": name or ""})
    asks_all = re.search(r"what (?:do|did|can|have) (?:you|I) (?:remember|know|say|tell|told)|about me|everything", understanding.said)
    hits = recall(session, understanding.said)
    if hits and not (asks_all and not re.search(r"\babout (?!me\b)", understanding.said)):
        return _act(pen, "remembered_answer", {"fact": _about(hits, understanding.said).text})
    if asks_all or understanding.act == "recall" and not re.search(r"\bmy \w", understanding.said):
        if not session.facts:
            return _act(pen, "nothing_recalled", {}) if not session.turns else _act(pen, "recalled", {"facts": _last_words(session)})
        return _act(pen, "recalled", {"facts": listed(session.facts[-_MAX_LISTED:])})
    return _act(pen, "not_told", {})


def listed(facts: tuple[Fact, ...]) -> str:
    """Facts in one breath: "your exam is on Monday, you are a nurse, and your sister is called Ana"."""
    texts = [fact.text for fact in facts]
    if len(texts) < 3:
        return " and ".join(texts)
    return ", ".join(texts[:-1]) + f", and {texts[-1]}"


def _about(hits: tuple[Fact, ...], question: str) -> Fact:
    """A question for a name wants a name, one for a time wants a date."""
    wanted = "person" if re.search(r"\b(?:name|called|who)\b", question, re.IGNORECASE) else "date" if re.search(
        r"\b(?:when|what day|which day|what time)\b", question, re.IGNORECASE) else ""
    return next((fact for fact in hits if fact.kind == wanted), hits[0])


def _last_words(session: Session) -> str:
    words = next((turn.words for turn in reversed(session.turns) if turn.words), "")
    return f'you wrote "{words[:80]}"' if words else "no words yet, only what you showed me"


def _name(session: Session) -> str | None:
    return next((fact.text.rsplit(" ", 1)[-1] for fact in session.facts if fact.key == ("you", "name")), None)


def _act(pen: Pen, act: str, slots: dict[str, str]) -> tuple[str, ...]:
    filled = replace(pen, slots={**pen.slots, **slots})
    parts = (filled.write(lines("acts", act, "say")), filled.write(lines("acts", act, "ask")))
    if parts[0] is None:  # all wordings were used: the plain fact again is better than no answer
        fresh = replace(filled, said=frozenset())
        parts = (fresh.write(lines("acts", act, "say")), parts[1])
    return tuple(part for part in parts if part)
