"""What is to happen, to the person and to others, and when."""

from __future__ import annotations

import pytest

from empathy.memory.plans import plans
from empathy.memory.session import Session, Turn, remember


def told(*turns: str) -> list[str]:
    session = Session.start(0.0)
    for i, words in enumerate(turns):
        session = remember(session, Turn(at_s=float(i), words=words, reply=""))
    return [fact.text for fact in session.facts if fact.kind == "date"]


@pytest.mark.parametrize(("words", "texts"), [
    ("My name is Tom and my sister Ana gets married on Saturday!", ["your sister Ana gets married on Saturday"]),
    ("My brother flies to Rome tomorrow and my mum has surgery on Tuesday.",
     ["your brother flies to Rome tomorrow", "your mum has surgery on Tuesday"]),
    ("my granddaughter is coming friday", ["your granddaughter is coming on Friday"]),
    ("My boss wants the report by Friday and I've barely begun.", ["your boss wants the report by Friday"]),
    ("I have a dog called Biscuit and a job interview on the 14th of June.",
     ["your job interview is on the 14th of June"]),
    ("My exam is on Monday and my interview is on Friday.", ["your exam is on Monday", "your interview is on Friday"]),
    ("My dad goes to church every Sunday.", []),
    ("My sister got married on Saturday.", []),
    ("I feel sad today.", []),
    ("I want to cry tomorrow.", []),
    ("People drink too much on Saturday.", []),
])
def test_what_is_to_come_is_remembered_with_its_time(words: str, texts: list[str]) -> None:
    assert told(words) == texts


@pytest.mark.parametrize(("turns", "text"), [
    (("My wife is pregnant.", "She's due in October."), "your wife is due in October"),
    (("My therapist will be happy, I see her on Thursday.",), "you see your therapist on Thursday"),
    (("My best friend got engaged.", "Her wedding is next June."), "your best friend's wedding is next June"),
    (("My brother is here, and my mum too.", "She flies home on Sunday."), "your mum flies home on Sunday"),
    (("My sister called, and my aunt.", "She has an exam on Monday."), "your aunt has an exam on Monday"),
    (("My boss and my friend argue.", "She leaves on Monday."), "she leaves on Monday"),
])
def test_a_pronoun_gets_the_name_of_the_only_one_it_can_mean(turns: tuple[str, ...], text: str) -> None:
    assert told(*turns)[-1] == text


@pytest.mark.parametrize(("turns", "text"), [
    (("My mum has surgery on Tuesday.", "It's on Wednesday now, they moved it."), "your mum has surgery on Wednesday"),
    (("My mum has surgery on Tuesday.", "The surgery is on Friday now."), "your mum has surgery on Friday"),
    (("My interview is on Wednesday. No wait, Thursday.",), "your interview is on Thursday"),
    (("My interview is on Monday.", "Actually the interview got cancelled."), "your interview was cancelled"),
])
def test_the_later_word_stands(turns: tuple[str, ...], text: str) -> None:
    assert told(*turns) == [text]


def test_the_plans_of_two_people_stand_side_by_side() -> None:
    assert told("My surgery is on Monday.", "My mum has surgery on Tuesday.") == [
        "your surgery is on Monday", "your mum has surgery on Tuesday"]


def test_a_sentence_without_a_time_tells_no_plan() -> None:
    assert not list(plans("My brother flies to Rome."))
