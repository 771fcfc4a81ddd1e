"""Things and people named, as the composer says them back."""

from __future__ import annotations

import pytest

from empathy.memory.plain import mend
from empathy.reply.nouns import best_thing, noun_phrases, someone


@pytest.mark.parametrize(("words", "said"), [
    ("I found a box of old photos in my closet.", ("the box of old photos", "your closet")),
    ("My sister made a birthday cake for our party.", ("your sister", "the birthday cake", "your party")),
    ("I'm nervous about this test", ("that test",)),
    ("One of my friends sent me a lot of money", ("your friends", "the money")),
    ("I let my friend use my car", ("your friend", "your car")),
    ("My brother landed a 900", ("your brother",)),
])
def test_what_is_named_is_said_back_with_the_persons_words_turned(words: str, said: tuple[str, ...]) -> None:
    assert noun_phrases(mend(words)) == said


@pytest.mark.parametrize("words", [
    "", "When I was a teenager", "I had a hard time", "It was the best", "my own", "I love the way", "a friend of mine",
    "I saw a fucking mess",
])
def test_what_is_no_plain_thing_is_left_out(words: str) -> None:
    assert noun_phrases(mend(words)) == ()


def test_the_thing_named_most_precisely_is_asked_about_and_people_are_no_things() -> None:
    named = ("your sister", "the party", "the box of old photos", "the front door")
    assert best_thing(named) == "the box of old photos"
    assert best_thing(("your sister", "your pocket")) is None
    assert [one for one in named if someone(one)] == ["your sister"]
