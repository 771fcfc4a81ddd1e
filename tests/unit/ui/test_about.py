from __future__ import annotations

import pytest

from empathy.ui.about import about

from .markup import parse, words


@pytest.mark.parametrize("said", [
    "findahelpline.com", "50(3)", "5(1)(f)", "no person, no therapist", "not of an inner state", "I need help now"])
def test_law_and_safety_are_told(said):
    assert said in words(about(""))


def test_links_open_beside_the_conversation():
    assert all(each.attrib["target"] == "_blank" for each in parse(about("")).iter("a"))


def test_what_leaves_the_machine_is_told():
    assert "and nowhere else" in words(about(""))
    told = words(about("llm.example.org"))
    assert "nowhere else" not in told
    assert "may be sent to the server llm.example.org" in told
