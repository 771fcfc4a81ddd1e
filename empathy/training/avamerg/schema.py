"""One conversation of AvaMERG as it stands in train.json or test.json, read and checked.

What describes the label and does not exist when a system is used (the situation, the chain of empathy, the reply, the
topic) is left behind here unless a leaky run asks for it; the conversation's number is never a feature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ...avamerg.classes import FeelingClass
from .labels import class_of

Role: TypeAlias = Literal["speaker", "listener"]
Block: TypeAlias = Literal["dialogues", "added"]

FIRST_ADDED = 17_500
"""Numbers from here on belong to the block that AvaMERG's authors added to EmpatheticDialogues; nine of ten of its rows
are anxious or sad. Source: 4,939 published pairs of number and label."""

CHAIN = ("speaker_emotion", "event_scenario", "emotion_cause", "goal_to_response")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who an avatar is; what is not told is None."""

    age: str | None = None
    gender: str | None = None
    timbre: str | None = None
    identity: int | None = None


NOBODY = Profile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One line; ``index`` counts both roles' lines from 0 and is part of its clips' names."""

    index: int
    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """What must not be learned from: read only for a run that is marked as leaky."""

    chain: tuple[str, ...]
    situation: str
    reply: str
    topic: str

    def texts(self) -> tuple[str, ...]:
        """Every leaking text: the chain's four fields, the situation, the reply, the topic."""
        return (*self.chain, self.situation, self.reply, self.topic)


N_LEAKS = len(CHAIN) + 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation up to its latest speaker's line.

    ``key`` is unique in a data set: the number as written, with ``#2`` and so on for later ones of the same number.
    ``label`` is None where it is not told or its word is unknown. ``situation_key`` is a digest, only good for telling
    whether two conversations tell of one situation; "" where none is given.
    """

    key: str
    number: str
    fine: str | None
    label: int | None
    speaker: Profile
    listener: Profile
    utterances: tuple[Utterance, ...]
    situation_key: str
    leak: Leak | None = None

    @property
    def block(self) -> Block:
        """Where its number puts it."""
        return "added" if int(self.number) >= FIRST_ADDED else "dialogues"

    @property
    def spoken(self) -> tuple[Utterance, ...]:
        """The speaker's own lines: the only ones that are learned from."""
        return tuple(line for line in self.utterances if line.role == "speaker")

    @property
    def content_key(self) -> str:
        """A digest of all lines: equal for two copies of one conversation."""
        return _digest("\n".join(f"{line.role}: {line.text}" for line in self.utterances))


class BadRecordError(ValueError):
    """A record that is not of the schema; the text says what is wrong with it."""


def read_conversation(record: Any, table: Mapping[str, FeelingClass], *, leaky: bool) -> Conversation:
    """Check one record. Its longest turn is taken, since every earlier one is a beginning of it.

    Args:
        record: an object of the list in train.json or test.json.
        table: see ``labels.fold``.
        leaky: also keep what leaks the label.

    Raises:
        BadRecordError: a field is missing or of another type.
    """
    number = _get(record, "conversation_id", str)
    if not number.isdigit():
        raise BadRecordError(f"conversation_id {number!r} holds more than digits")
    turns = _get(record, "turns", list)
    if not turns:
        raise BadRecordError("turns is empty")
    turn = max(turns, key=lambda turn: len(_get(turn, "dialogue_history", list)))
    lines = [_utterance(line) for line in _get(turn, "dialogue_history", list)]
    last = max((place for place, line in enumerate(lines) if line.role == "speaker"), default=-1)
    if last < 0:
        raise BadRecordError("the speaker says nothing in it")
    chain: Any = turn.get("chain_of_empathy") or {}
    words = {_text(_mapping(other.get("chain_of_empathy")).get("speaker_emotion")) for other in turns} - {""}
    if len(words) > 1:
        raise BadRecordError(f"its turns are labelled differently: {', '.join(sorted(words))}")
    fine = next(iter(words), None)
    situation = _text(turn.get("context"))
    leak = Leak(chain=tuple(_text(_mapping(chain).get(name)) for name in CHAIN), situation=situation,
                reply=_text(turn.get("response")), topic=_text(record.get("topic")))
    plain = " ".join(situation.lower().split())
    return Conversation(
        key=number, number=number, fine=fine, label=None if fine is None else class_of(fine, table),
        speaker=_profile(record.get("speaker_profile")), listener=_profile(record.get("listener_profile")),
        utterances=tuple(lines[:last + 1]), situation_key=_digest(plain) if plain else "",
        leak=leak if leaky else None)


def _utterance(line: Any) -> Utterance:
    index, role = _get(line, "index", int), _get(line, "role", str)
    if role not in ("speaker", "listener"):
        raise BadRecordError(f"the role of a line is {role!r}, not speaker or listener")
    if index < 0:
        raise BadRecordError(f"the index of a line is {index}")
    return Utterance(index=index, role=role, text=_get(line, "utterance", str).strip())


def _profile(value: Any) -> Profile:
    if value is None:
        return NOBODY
    fields = _mapping(value)
    identity = fields.get("ID")
    if identity is not None and (not isinstance(identity, int) or identity < 0):
        raise BadRecordError(f"the ID of a profile is {identity!r}, not a number from 0")
    return Profile(age=_word(fields.get("age")), gender=_word(fields.get("gender")),
                   timbre=_word(fields.get("timbre")), identity=identity)


def _get(record: Any, name: str, kind: type[Any]) -> Any:
    value = _mapping(record).get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadRecordError(f"{name} is {'missing' if value is None else f'{type(value).__name__}'}, "
                             f"expected {kind.__name__}")
    return value


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadRecordError(f"a {type(value).__name__} stands where an object is expected")
    return value


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _word(value: Any) -> str | None:
    return _text(value).lower() or None


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode("utf-8"), usedforsecurity=False).hexdigest()[:16]
