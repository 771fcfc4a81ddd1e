"""Facts found in the person's own sentences."""

from __future__ import annotations

import pytest

from empathy.memory.facts import MAX_FACTS, Fact, find_facts, merge


def texts(words: str) -> list[str]:
    return [fact.text for fact in find_facts(words, 0.0)]


@pytest.mark.parametrize(("words", "text"), [
    ("My name is maria.", "your name is Maria"),
    ("Hi, I'm Maria.", "your name is Maria"),
    ("I'm a nurse", "you are a nurse"),
    ("I work as a primary school teacher.", "you are a primary school teacher"),
    ("I am 34 years old", "you are 34"),
    ("I live in New York.", "you live in New York"),
    ("My exam is on Monday and I am nervous", "your exam is on Monday"),
    ("I have a job interview tomorrow.", "your job interview is tomorrow"),
    ("i have a dentist appointment on friday", "your dentist appointment is on Friday"),
    ("My finals start next week", "your finals are next week"),
    ("My exam was moved to Tuesday.", "your exam is on Tuesday"),
    ("My sister Ana lives far away", "your sister is called Ana"),
    ("I have a dog named Rex", "your dog is called Rex"),
    ("I want to move to Spain one day", "you want to move to Spain one day"),
    ("I love painting", "you love painting"),
    ("Music helps me.", "music helped you"),
    ("I lost my job yesterday", "you lost your job yesterday"),
    ("My mom is in the hospital", "your mom is in the hospital"),
])
def test_a_fact_is_found(words: str, text: str) -> None:
    assert text in texts(words)


@pytest.mark.parametrize("words", [
    "I'm sad", "I'm so tired", "Is my exam on Monday?", "My life is today", "I'm a mess", "Hello there", "",
    "I'm sorry.",
    "I'm here", "it helps",
])
def test_no_fact_is_made_up(words: str) -> None:
    assert texts(words) == []


def test_a_later_fact_with_the_same_key_stands() -> None:
    first = find_facts("My exam is on Monday.", 1.0)
    later = find_facts("My exam got postponed to Friday.", 2.0)
    assert [fact.text for fact in merge(first, later)] == ["your exam is on Friday"]


def test_a_denied_event_replaces_the_event() -> None:
    first = find_facts("I lost my job.", 1.0)
    later = find_facts("I didn't lose my job.", 2.0)
    assert [fact.text for fact in merge(first, later)] == ["you didn't lose your job"]


def test_a_taste_that_changed_is_replaced() -> None:
    first, later = find_facts("I love painting.", 1.0), find_facts("I don't like painting anymore.", 2.0)
    assert [fact.text for fact in merge(first, later)] == ["you don't like painting anymore"]


def test_the_oldest_facts_go_first() -> None:
    many = tuple(Fact(kind="event", key=(str(i),), text=str(i), topic="", quote="", at_s=float(i))
                 for i in range(MAX_FACTS + 5))
    assert merge((), many)[0].text == "5"


def test_a_fact_keeps_its_sentence_and_its_time() -> None:
    fact = find_facts("Well. My exam is on Monday.", 7.0)[0]
    assert (fact.quote, fact.at_s, fact.line) == ("My exam is on Monday.", 7.0, "Your exam is on Monday.")
