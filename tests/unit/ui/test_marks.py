from __future__ import annotations

import math

import pytest

from empathy.ui.marks import card, clock, escape, number, panel, share, table, tag, text

from .markup import parse, words

NASTY = "<script>alert('1')</script> & \"quoted\" ${1 + 1} {{name}} `tick` \x00\x0b"


def test_nothing_a_visitor_writes_becomes_markup():
    root = parse(tag("p", escape(NASTY), title=NASTY))
    assert [each.tag for each in root.iter()] == ["root", "p"]
    assert root[0].text == "<script>alert('1')</script> & \"quoted\" ${1 + 1} {{name}} `tick` "


def test_the_marks_of_the_page_s_templates_are_escaped():
    assert not set("${}`") & set(escape(NASTY))


@pytest.mark.parametrize(("value", "shown"), [
    (None, "–"), (math.nan, "–"), (math.inf, "–"), (0.724, "0.72"), (-0.001, "0.00"), (-0.25, "-0.25")])
def test_a_number_is_shown_or_a_dash(value, shown):
    assert number(value) == shown


def test_a_number_carries_its_unit():
    assert number(182.4, 0, "Hz") == "182 Hz"
    assert share(0.724) == "72 %"
    assert share(math.nan) == "–"


@pytest.mark.parametrize(("value", "shown"), [
    (0.0, "0 %"), (0.001, "<1 %"), (0.006, "1 %"), (0.994, "99 %"), (0.999, ">99 %"), (1.0, "100 %")])
def test_only_the_impossible_is_0_and_only_the_certain_100_percent(value, shown):
    assert share(value) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0.0, "0:00"), (7.4, "0:07"), (61.0, "1:01"), (-3.0, "0:00")])
def test_time_is_minutes_and_seconds(seconds, shown):
    assert clock(seconds) == shown


def test_an_empty_panel_is_nothing():
    assert panel("", "") == ""


def test_an_attribute_without_a_value_is_left_out():
    assert tag("p", "x", role=None, class_="a") == '<p class="a">x</p>'


def test_an_empty_element_closes_itself_only_where_html_lets_it():
    assert tag("rect") == "<rect/>"
    assert tag("span") == "<span></span>"


def test_a_table_names_its_columns_in_every_cell():
    markup = table(("stage", "why"), [("transcript", NASTY)], "Missing")
    cells = list(parse(markup).iter("td"))
    assert [each.attrib["data-name"] for each in cells] == ["stage", "why"]


def test_a_card_shows_its_title_and_what_stands_beside_it():
    assert words(card("Face", text("p", "happy"), aside="confidence 70 %")) == "Faceconfidence 70 %happy"
