"""Noun phrases that the person calls their own."""

from __future__ import annotations

import pytest

from empathy.memory.things import things


@pytest.mark.parametrize(("text", "found"), [
    ("My exam is on Monday", ("your exam",)),
    ("My best friend Ana called my mother", ("your best friend Ana", "your mother")),
    ("I love my dog and my dog loves me", ("your dog",)),
    ("my brother tied it up", ("your brother",)),
    ("It is my fault, in my opinion", ()),
    ("I saw a film", ()),
])
def test_things_are_found_once_each_and_turned_round(text: str, found: tuple[str, ...]) -> None:
    assert things(text) == found
