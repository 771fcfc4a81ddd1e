"""Which facts bear on what is said."""

from __future__ import annotations

from empathy.memory.recall import recall, upcoming
from empathy.memory.session import Session, Turn, remember


def told(*words: str) -> Session:
    session = Session.start(0.0)
    for i, word in enumerate(words):
        session = remember(session, Turn(at_s=float(i), words=word, reply=""))
    return session


SESSION = told("My exam is on Monday.", "My sister is called Ana.", "I'm a nurse.", "I love painting.")


def test_the_fact_that_shares_words_comes_first() -> None:
    assert recall(SESSION, "when is my exam?")[0].text == "your exam is on Monday"
    assert recall(SESSION, "What's my sister's name?")[0].text == "your sister is called Ana"


def test_a_word_of_the_same_family_brings_a_fact_back() -> None:
    assert [fact.text for fact in recall(SESSION, "I can't study any more")] == ["your exam is on Monday"]


def test_nothing_shared_means_nothing_recalled() -> None:
    assert recall(SESSION, "The weather turned grey") == ()
    assert recall(SESSION, "") == ()
    assert recall(Session.start(0.0), "my exam") == ()


def test_what_is_to_come_is_told_newest_first() -> None:
    session = told("My exam is on Monday.", "I have an interview tomorrow.")
    assert [fact.topic for fact in upcoming(session)] == ["your interview", "your exam"]
