"""One reply in order: crisis first, guard, fallback, notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from empathy.errors import ModelError, ModelRunError
from empathy.memory.session import Session, Turn, noticed, remember
from empathy.protocols import ReplyRequest
from empathy.reply.composer import Composer
from empathy.reply.prompt import build_messages
from empathy.reply.respond import NOTICE_S, notice_due, respond, sentences_of, speak
from empathy.types import NO_CARE, Care

from .said import care, request


class Scripted:
    """A reply engine that says its pieces and may then fail."""

    name = "scripted@1"

    def __init__(self, *pieces: str, error: ModelError | None = None) -> None:
        self.pieces, self.error, self.closed, self.asked = pieces, error, False, 0

    def reply(self, request: ReplyRequest) -> Iterator[str]:
        self.asked += 1
        try:
            yield from self.pieces
            if self.error:
                raise self.error
        finally:
            self.closed = True


LOST = replace(request("I lost my job last week."),
               messages=build_messages(Session.start(0.0), "I lost my job last week.", None, NO_CARE))


def test_pieces_become_sentences_as_soon_as_they_are_whole() -> None:
    pieces = iter(["I'm sor", "ry. Dr. Lee sa", "id so! What ", "now?"])
    assert list(sentences_of(pieces)) == ["I'm sorry.", "Dr. Lee said so!", "What now?"]


def test_a_whole_sentence_does_not_wait_for_the_next_piece() -> None:
    given: list[str] = []

    def pieces() -> Iterator[str]:
        for piece in ("That sounds", " hard.", " What", " now?"):
            given.append(piece)
            yield piece

    assert next(sentences_of(pieces())) == "That sounds hard."
    assert given == ["That sounds", " hard."]


@pytest.mark.parametrize("pieces", [
    ("It is 3.", "5 km away."), ("Ask Dr.", " Lee."), ("Well..", ". I see."),
    ("It is (so they say.", ") hard."), ('They said "No.', '" to you.'),
])
def test_a_mark_that_may_go_on_waits_for_what_comes(pieces: tuple[str, ...]) -> None:
    assert next(sentences_of(iter(pieces))) != pieces[0]


def test_an_unfinished_last_sentence_is_dropped() -> None:
    assert list(sentences_of(iter(["That is hard. And then the"]))) == ["That is hard."]
    assert list(sentences_of(iter(["only half"]))) == ["only half."]


def test_good_sentences_pass_as_they_are() -> None:
    spoken = list(speak(LOST, Scripted("That sounds hard. ", "What did they say?")))
    assert [one.text for one in spoken] == ["That sounds hard.", "What did they say?"]
    assert {one.engine for one in spoken} == {"scripted@1"}


def test_joined_the_pieces_are_the_reply() -> None:
    assert "".join(respond(LOST, Scripted("That sounds hard. What now?"))) == "That sounds hard. What now?"


def test_a_forbidden_sentence_is_replaced_by_the_composer() -> None:
    spoken = list(speak(LOST, Scripted("That sounds hard. You have depression. What did they say?")))
    assert [one.engine for one in spoken] == ["scripted@1", "composer@1", "scripted@1"]
    assert not any("depression" in one.text for one in spoken)


def test_a_reply_of_nothing_but_forbidden_sentences_becomes_the_composers() -> None:
    spoken = list(speak(LOST, Scripted("I promise it will be fine. " * 9)))
    assert spoken
    assert {one.engine for one in spoken} == {"composer@1"}


def test_when_the_engine_fails_midway_the_turn_is_not_lost() -> None:
    engine = Scripted("That sounds hard. And the", error=ModelRunError("out of memory"))
    spoken = list(speak(LOST, engine))
    assert spoken[0].text == "That sounds hard."
    assert engine.closed


def test_when_the_engine_fails_at_once_the_composer_answers() -> None:
    spoken = list(speak(LOST, Scripted(error=ModelRunError("no"))))
    assert len(spoken) >= 2
    assert spoken[-1].text.endswith("?")


def test_an_engine_that_says_nothing_is_replaced() -> None:
    assert {one.engine for one in speak(LOST, Scripted("", "  ")) if one.text} == {"composer@1"}


def test_while_the_engine_waits_the_reply_has_empty_pieces() -> None:
    pieces = list(respond(LOST, Scripted("", "", "That sounds hard. ", "What now?")))
    assert pieces == ["", "", "That sounds hard.", " What now?"]


class Learning(Scripted):
    """Says its first script, and another once it is told what was wrong."""

    def __init__(self, first: str, then: str) -> None:
        super().__init__(first)
        self.then, self.told = then, list[str]()

    def reply(self, request: ReplyRequest) -> Iterator[str]:
        self.told.append(request.messages[-1].content)
        yield from super().reply(request) if len(self.told) == 1 else [self.then]


def test_what_fails_is_written_again_once_and_the_engine_is_told_why() -> None:
    engine = Learning("That sounds hard. You have depression. What now?", "That sounds hard. What did they say?")
    spoken = list(speak(LOST, engine))
    assert [one.text for one in spoken] == ["That sounds hard.", "What did they say?"]
    assert {one.engine for one in spoken} == {"scripted@1"}
    assert "names an illness" in engine.told[1] and "That sounds hard." in engine.told[1]
    assert "depression" not in engine.told[1]


def test_what_fails_twice_is_not_asked_for_a_third_time() -> None:
    engine = Learning("I promise it will be fine.", "I promise. You have depression. Take 20 mg of it.")
    assert {one.engine for one in speak(LOST, engine)} == {"composer@1"}
    assert len(engine.told) == 2


def test_a_reply_nobody_waits_for_any_more_is_not_finished() -> None:
    assert list(speak(replace(LOST, cancelled=lambda: True), Scripted("I promise it. What now?"))) == []


def test_a_flood_is_cut_and_the_engine_closed() -> None:
    engine = Scripted(*(f"This is sentence number {i}. " for i in range(100)))
    assert len(list(speak(LOST, engine))) == 5
    assert engine.closed


def test_closing_the_reply_closes_the_engine() -> None:
    engine = Scripted("That sounds hard. ", "What now? ", "More.")
    reply = speak(LOST, engine)
    next(reply)
    reply.close()  # type: ignore[attr-defined]  # an iterator by contract, a generator in fact
    assert engine.closed


def test_a_sentence_of_an_earlier_turn_is_left_out() -> None:
    session = remember(Session.start(0.0), Turn(at_s=0.0, words="x", reply="That sounds hard."))
    spoken = list(speak(request("I lost my job", session), Scripted("That sounds hard. What did they say?")))
    assert [one.text for one in spoken] == ["What did they say?"]


def test_a_crisis_is_answered_by_people_before_any_model() -> None:
    engine = Scripted("Cheer up!")
    spoken = list(speak(replace(LOST, care=care("crisis")), engine, country="US"))
    assert {one.engine for one in spoken} == {"human"}
    assert "988" in " ".join(one.text for one in spoken)
    assert engine.asked == 0


def test_the_kind_of_danger_is_known_from_the_reasons() -> None:
    hurt = Care(level="crisis", reasons=("your words speak of harm by others ('he hits me')",), offers=())
    text = "".join(respond(replace(LOST, care=hurt), Composer(), country="GB"))
    assert "Nobody has the right" in text
    assert "\n" in text


def test_a_second_crisis_in_a_row_is_answered_briefly() -> None:
    session = remember(Session.start(0.0), Turn(at_s=0.0, words="x", reply="y", care=care("crisis")))
    first = "".join(respond(replace(LOST, care=care("crisis")), Composer()))
    again = "".join(respond(replace(LOST, care=care("crisis"), memory=session), Composer()))
    assert len(again) < len(first)


def test_the_notice_comes_at_the_start_and_every_three_hours() -> None:
    session = Session.start(0.0)
    assert "software" in (notice_due(session, 0.0) or "")
    session = remember(noticed(session, 0.0), Turn(at_s=1.0, words="hi", reply="Hello."))
    assert notice_due(session, NOTICE_S - 1) is None
    assert "software" in (notice_due(session, NOTICE_S) or "")
    assert notice_due(noticed(session, NOTICE_S), NOTICE_S + 1) is None
