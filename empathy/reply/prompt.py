"""The prompt for a language model: a constant head, the conversation, and all that is volatile at the very end.

llama.cpp keeps the longest unchanged beginning of a prompt, so an earlier turn is rendered exactly as it was when it
was new. The person's words are data: bounded, delimited, and stripped of anything a chat template would obey.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..memory.session import Session, Turn
from ..protocols import Message
from ..registry import PROMPTS
from ..types import NO_CARE, Care, Emotion, Estimate, Masking
from .senses import sides

MAX_WORDS_CHARS = 2000
"""Longest stretch of a person's words put into a prompt (about 500 tokens)."""

SURE, LIKELY = 0.75, 0.5
"""Confidences above which a reading is called fairly sure, or likely."""

_ADJECTIVES: Mapping[Emotion, str] = {
    "angry": "angry",
    "contempt": "dismissive",
    "disgust": "put off",
    "fear": "worried",
    "happy": "happy",
    "neutral": "calm",
    "sad": "sad",
    "surprise": "surprised",
}
_CONTROL = re.compile(
    r"<\|[^|>]{0,60}\|?>?|\|>|</?s>|\[/?INST\]|<</?SYS>>|</?(?:words|notes|system|user|assistant|tool)\b[^>]{0,40}>|<(?:start|end)_of_turn>|"
    r"<\uff5c[^>]{0,40}>|#{2,}\s*(?:system|user|assistant|instruction)[^:\n]{0,20}:?",
    re.IGNORECASE,
)


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(PROMPTS), undefined=StrictUndefined, trim_blocks=True, autoescape=False)


def _render(template: str, **values: object) -> str:
    text = _environment().get_template(f"{template}.jinja").render(**values)
    return text.strip() if template == "system" else " ".join(text.split())


def neutral(text: str, limit: int = MAX_WORDS_CHARS) -> str:
    """A person's words as data: one line, bounded, without template tokens, our delimiters or control characters."""
    text = "".join(char if char.isprintable() else " " for char in text[: 4 * limit])
    before = None
    while before != text:  # removing one marker may put another together
        before, text = text, _CONTROL.sub(" ", text)
    text = " ".join(text.replace("<", "‹").replace(">", "›").split())
    if len(text) > limit:
        head = text[: limit - 200].rsplit(" ", 1)[0]
        text = f"{head} … {text[-180:]}"
    return text


def build_messages(session: Session, words: str, estimate: Estimate | None, care: Care) -> tuple[Message, ...]:
    """The whole prompt: system, what was folded, earlier turns, the newest turn with its readings.

    Args:
        session: the conversation without the newest turn.
        words: what was just said, "" for nothing.
        estimate: what was read of this turn.
        care: what the situation asks for.
    """
    messages = [Message(role="system", content=_render("system"))]
    if session.summary:
        since = session.turns[0].at_s if session.turns else float("inf")
        facts = [neutral(fact.text, 160) for fact in session.facts if fact.at_s < since]
        messages.append(
            Message(
                role="user",
                content=_render("summary", facts=facts, lines=[neutral(line, 160) for line in session.summary]),
            )
        )
        messages.append(Message(role="assistant", content="I remember."))
    for turn in session.turns:
        messages += _exchange(turn)
    messages.append(Message(role="user", content=render_turn(words, estimate, care)))
    return tuple(messages)


def build_opening(session: Session, words: str) -> tuple[Message, ...]:
    """The beginning of ``build_messages`` that is known while the words are still being written, to be read ahead: as
    if they ended here, which they do when it matters."""
    *before, newest = build_messages(session, words, None, NO_CARE)
    opening = newest.content if words.strip() else "<words>"
    return (*before, Message(role=newest.role, content=opening))


def build_rewrite(messages: tuple[Message, ...], reasons: Sequence[str], shown: Sequence[str]) -> tuple[Message, ...]:
    """The prompt that asks for the answer once more: all as it was, with the reasons at the very end.

    Args:
        messages: as the answer was first asked for.
        reasons: what was wrong with it, as parts of a sentence ("gives a diagnosis").
        shown: the sentences that the person has read already.
    """
    *before, newest = messages
    note = _render("rewrite", reasons=reasons, shown=neutral(" ".join(shown)))
    return (*before, Message(role=newest.role, content=f"{newest.content} {note}"))


def build_folding(session: Session, n_old: int, most_lines: int) -> tuple[Message, ...]:
    """The prompt that asks for the ``n_old`` oldest turns in lines: the conversation as it was read, and at its very
    end the question."""
    *before, _ = build_messages(session, "", None, NO_CARE)
    until = neutral(session.turns[n_old - 1].words, 60) or "(no words)"
    return (*before, Message(role="user", content=_render("fold", until=until, most=most_lines)))


def _exchange(turn: Turn) -> list[Message]:
    return [
        Message(role="user", content=render_turn(turn.words, turn.estimate, turn.care)),
        Message(role="assistant", content=neutral(turn.reply) or "I'm here."),
    ]


def render_turn(words: str, estimate: Estimate | None, care: Care) -> str:
    """One of the person's turns: their words, then what was read of it."""
    return _render("turn", words=neutral(words) or "(no words)", notes=_notes(estimate, care))


def _notes(estimate: Estimate | None, care: Care) -> list[str]:
    notes: list[str] = []
    if estimate is not None and estimate.abstains:
        notes.append(_render("uncertain"))
    elif estimate is not None:
        notes.append(_reading(estimate) if estimate.masking is None else _stories(estimate.masking))
    if care.level != "none":
        notes.append(_render("care", level=care.level))
    return notes


def _stories(masking: Masking) -> str:
    one, other = sides(masking)
    return _render(
        "masking", one=one, other=other, shown=_ADJECTIVES[masking.shown], felt=_ADJECTIVES[masking.felt])


def _reading(estimate: Estimate) -> str:
    (first, _), (second, p_second), *_ = estimate.emotions.items()
    channels = ", ".join(channel for channel, weight in estimate.weights.items() if weight > 0.1) or "no channel"
    certainty = "fairly sure" if estimate.confidence > SURE else "likely" if estimate.confidence > LIKELY else "a guess"
    return _render(
        "readings",
        emotion=_ADJECTIVES[first],
        second=_ADJECTIVES[second] if p_second > 0.25 else "",
        channels=channels,
        certainty=certainty,
    )
