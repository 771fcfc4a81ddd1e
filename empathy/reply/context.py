"""A message read as a part of the conversation: whom "she" means, which mood goes on, what an apology is for."""

from __future__ import annotations

import re
from dataclasses import replace

from ..memory.people import meant_by, mentioned
from ..memory.plain import mend
from ..memory.session import Session
from .feel import Certainty, entry, literal, polarity, situation_of
from .understand import MAX_READ, WORDLESS, Understanding, understand

SHORT = 10
"""Words up to which a message may lean on the one before it."""

LOOK_BACK = 4
"""Turns in which a mood goes on."""

MOURNED = 8
"""Turns for which a death told of stays what it is about."""

_ANGER_TURNS = 3
"""Turns after anger at the system in which an apology is for that."""

_LEANS_BACK = re.compile(r"\b(?:he|she|they|it|him|her|them|his|their|this|that)\b", re.IGNORECASE)
_EASED = re.compile(r"\b(?:ok|okay|fine|alright|all right|good|fixed|better)\b", re.IGNORECASE)
_IN_EARNEST = re.compile(r"\b(?:really|seriously|honestly|truly|actually|no joke)\b", re.IGNORECASE)
UNASKED = 5
"""Turns without a question after "stop asking"."""
_NO_QUESTIONS = re.compile(
    r"\b(?:stop|no more|don't want|don't like|too many|enough|quit|hate|so many)\b[^.!?]{0,20}\bquestions?\b"
    r"|\bstop asking\b|\bdon't ask (?:me|so)\b", re.IGNORECASE)
_BUT = re.compile(r"\bbut\b", re.IGNORECASE)
_CARRIES = ("tell", "yes", "no", "dont_know", "ask_advice", "judge_me", "their_mind")


def in_conversation(told: Understanding, session: Session) -> Understanding:
    """The message read after the turns before it."""
    before: list[Understanding] = []
    for turn in session.turns[-LOOK_BACK:]:
        if turn.words:
            before.append(_after(understand(turn.words, None), before))
    told = _after(told, before)
    if told.act == "apology" and not any(one.act == "angry_at_me" for one in before[-_ANGER_TURNS:]):
        told = replace(told, act="apology_plain")
    for ago, turn in enumerate(reversed(session.turns[-MOURNED:])):
        near = ago < LOOK_BACK or _LEANS_BACK.search(told.said)
        if near and told.time != "ahead" and (situation := mourning(turn.words)):
            return in_mourning(told, situation)
    return told


def _after(told: Understanding, before: list[Understanding]) -> Understanding:
    """A message after those before it."""
    if not before:
        return told
    told = in_context(told, before[-1])
    if any(one.act == "sarcasm" for one in before[-2:]) and _goes_on_ironically(told):
        return replace(told, act="sarcasm")
    if told.act == "ask_advice" and not told.situation:  # what it is about was told a while ago
        return replace(told, situation=next((one.situation for one in reversed(before) if one.situation), None))
    return told


def in_context(told: Understanding, before: Understanding) -> Understanding:
    """The message read after the one before it: a short one that tells no feeling of its own goes on with that of the
    message before, and after good news somebody's tears are no bad ones."""
    if told.act not in _CARRIES or before.act in WORDLESS:
        return told
    if not told.topic and (leans := _LEANS_BACK.search(told.said)):
        told = replace(told, topic=_meant(leans.group().lower(), before))
    if told.act == "ask_advice" and not told.feeling:
        return replace(told, situation=told.situation or before.situation, feeling=before.feeling, tone=before.tone)
    weak = told.certainty != "sure" and not entry(told.situation).get("strong")
    ironic = before.act == "sarcasm" and told.tone == "good"  # it goes on
    calm = "!" not in told.said
    turned = (before.tone == "good" and told.tone == "bad") or (before.tone == "bad" and told.tone == "good" and calm)
    if ironic or (turned and weak):
        return replace(told, tone="plain", feeling=None, situation=None)
    if told.feeling == "confused" and before.tone == "bad" and before.feeling:  # "I don't know what to do" after a loss
        return replace(told, tone="bad", feeling=before.feeling, situation=before.situation, certainty="likely",
                       carried=True)
    ends = polarity(told.said) < 0 or _BUT.search(before.said) if before.tone == "good" else _EASED.search(told.said)
    heavy = before.certainty == "sure" or entry(before.situation).get("strong")  # it does not pass with a sentence
    ends = ends or not (heavy or told.clause is None or _LEANS_BACK.search(told.said))
    bare = not ends and not told.feeling and not told.situation and told.tone == "plain"
    if told.act != "tell" or not bare or len(told.said.split()) > SHORT:
        return told
    certainty: Certainty = "maybe" if before.certainty == "maybe" else "likely"
    situation = None if before.carried else before.situation  # the mood lasts longer than what began it
    return replace(told, tone=before.tone, feeling=before.feeling, situation=situation, certainty=certainty,
                   carried=True)


def unasked(told: Understanding, session: Session) -> bool:
    """Whether the person has lately had enough of questions."""
    words = (*(turn.words for turn in session.turns[-UNASKED:]), told.said)
    return any(_NO_QUESTIONS.search(one) for one in words)


def _goes_on_ironically(told: Understanding) -> bool:
    """Praise in a few words straight after irony: "you must be so proud"."""
    praise = told.tone == "good" or told.act == "thanks"
    return praise and len(told.said.split()) <= SHORT and not _IN_EARNEST.search(told.said)


def _meant(pronoun: str, before: Understanding) -> str | None:
    """What of the message before a pronoun means; for "she" nobody who is no woman."""
    if pronoun in ("he", "she", "him", "her", "his"):
        who = meant_by(pronoun, mentioned(before.said))
        return f"your {who}" if who else None
    return before.topic


def mourning(words: str) -> str | None:
    """The situation of a message that needs its own lines alone, such as a death, else None."""
    situation = situation_of(literal(mend(words[:MAX_READ])))
    return situation if entry(situation).get("alone") else None


def in_mourning(told: Understanding, situation: str) -> Understanding:
    """A message soon after one of mourning, read as still about that, unless it brings something good or of its own."""
    own = told.situation and entry(told.situation).get("strong") and told.situation != "illness"
    if told.act not in _CARRIES or told.tone == "good" or own or told.mould == "harsh":
        return told
    return replace(told, tone="bad", situation=situation, feeling="grief", certainty="likely", carried=True)
