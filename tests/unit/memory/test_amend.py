"""What a person puts right."""

from __future__ import annotations

import pytest

from empathy.memory.amend import meant, put_right, righted
from empathy.memory.facts import find_facts
from empathy.memory.session import Session, Turn, remember


def told(*turns: str) -> list[str]:
    session = Session.start(0.0)
    for i, words in enumerate(turns):
        session = remember(session, Turn(at_s=float(i), words=words, reply=""))
    return [fact.text for fact in session.facts]


@pytest.mark.parametrize(("words", "right"), [
    ("no, I don't have a sister, she is my cousin", "she is your cousin, not your sister"),
    ("No, Tom is my friend, not my brother", "Tom is your friend, not your brother"),
    ("sorry, I mean Tuesday", "Tuesday"),
    ("I have a sister", None),
    ("My exam is on Monday", None),
])
def test_what_was_put_right_is_told_to_the_person(words: str, right: str | None) -> None:
    assert righted(words) == right


def test_a_bare_time_is_put_into_the_sentence_before() -> None:
    assert meant("oops, I mean Tuesday", "My exam is on Monday.") == "My exam is Tuesday."
    assert meant("I mean Tuesday", "I like tea.") == "I mean Tuesday"


def test_the_right_day_stands() -> None:
    assert told("My exam is on Monday", "sorry, I mean Tuesday") == ["your exam is on Tuesday"]


def test_the_right_relation_stands_in_all_that_is_remembered() -> None:
    facts = told("My brother Tom is sick", "no, Tom is my friend, not my brother")
    assert "your friend is called Tom" in facts
    assert not any("brother" in fact for fact in facts)


def test_somebody_of_another_name_stays_who_they_are() -> None:
    facts = find_facts("My brother Ben is a cook.", 0.0)
    assert put_right(facts, "Tom is my friend, not my brother") == facts
