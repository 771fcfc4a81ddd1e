from __future__ import annotations

from empathy.types import NO_CARE, Care
from empathy.ui.care import care_card

from .markup import parse, words


def test_without_need_care_is_silent():
    assert care_card(NO_CARE) == ""


def test_a_crisis_is_announced_and_gives_a_way_to_help():
    root = parse(care_card(Care(level="crisis", reasons=("words",), offers=("Call someone.",))))
    assert root[0].attrib["role"] == "alert"
    assert next(root.iter("a")).attrib["href"] == "https://findahelpline.com"


def test_a_way_to_help_is_given_once():
    offers = ("Find a help line: findahelpline.com", "Tell someone near you")
    markup = care_card(Care(level="crisis", reasons=(), offers=offers))
    assert words(markup).count("findahelpline.com") == 1
    assert len(list(parse(markup).iter("a"))) == 1


def test_a_check_in_raises_no_alarm():
    markup = care_card(Care(level="check-in", reasons=(), offers=()))
    assert "alert" not in markup
    assert words(markup) == "A question back"
