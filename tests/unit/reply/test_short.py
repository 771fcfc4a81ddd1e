"""Clauses said back shorter."""

from __future__ import annotations

import pytest

from empathy.reply.short import bare, brief


@pytest.mark.parametrize(("said", "short"), [
    ("you just completed your degree yesterday", "you completed your degree"),
    ("your dog really ate your shoes the other day", "your dog ate your shoes"),
    ("you left yesterday", "you left yesterday"),  # too little would remain
    ("you don't really like your new boss", "you don't really like your new boss"),  # less than "don't like"
    ("you were so very tired of it", "you were so very tired of it"),
])
def test_padding_and_the_day_are_left_out(said: str, short: str) -> None:
    assert brief(said) == short


@pytest.mark.parametrize(("said", "without"), [
    ("you lost your job", "lost your job"),
    ("you finally got your licence", "finally got your licence"),
    ("you're scared of your father", "scared of your father"),
    ("you were fired without a word", "fired without a word"),
    ("you had a flat on the way", "a flat on the way"),
])
def test_a_clause_is_said_without_its_you(said: str, without: str) -> None:
    assert bare(said) == without


@pytest.mark.parametrize("said", [
    "your dog died last night", "you read a book today", "you were in the store", "you're not sure of it",
    "you had to use a screwdriver", "you can't sleep at night", "you left",
])
def test_what_does_not_stand_alone_keeps_its_you(said: str) -> None:
    assert bare(said) is None
