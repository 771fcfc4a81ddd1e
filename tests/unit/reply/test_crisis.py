"""The crisis text: several ways, by country, complete everywhere."""

from __future__ import annotations

import re
import tomllib

import pytest

from empathy.registry import PROMPTS
from empathy.reply.crisis import EU, countries, crisis_offers, crisis_text


@pytest.mark.parametrize(("country", "number"), [
    ("US", "988"), ("CA", "988"), ("GB", "116 123"), ("UK", "116 123"), ("IE", "116 123"), ("AU", "13 11 14"),
    ("NZ", "1737"),
    ("IN", "14416"), ("DE", "0800 1110111"), ("de", "0800 1110111"), ("PL", "112"),
])
def test_the_number_of_the_country_is_told(country: str, number: str) -> None:
    assert number in " ".join(crisis_text(country))
    assert number in " ".join(crisis_offers(country))


@pytest.mark.parametrize("country", ["", "XX", "JP"])
def test_elsewhere_the_directory_is_told_and_no_number_is_made_up(country: str) -> None:
    text = " ".join(crisis_text(country))
    assert "findahelpline.com" in text
    assert not re.search(r"\b\d{3,}\b", text)


@pytest.mark.parametrize("country", ["", "EU", *countries()])
def test_there_are_several_ways_to_help(country: str) -> None:
    text = " ".join(crisis_text(country))
    for way in ("call", "findahelpline.com", "close by", "next hour", "breathe", "software"):
        assert way in text
    assert "{" not in text


@pytest.mark.parametrize("category", [
    "self-harm", "harm by others", "harm to others", "substance", "acute distress", None,
])
def test_each_kind_of_danger_has_its_words(category: str | None) -> None:
    text = crisis_text("US", category)  # type: ignore[arg-type]  # the literal, parametrised
    assert len(text) >= 6
    if category == "harm by others":
        assert "Nobody has the right" in " ".join(text)
        assert "harm yourself" not in " ".join(text)


def test_the_second_time_it_is_brief_and_still_has_the_number() -> None:
    assert len(crisis_text("US", again=True)) < len(crisis_text("US"))
    assert "988" in " ".join(crisis_text("US", again=True))


def test_every_country_has_a_source_and_the_table_a_date() -> None:
    file = tomllib.loads((PROMPTS / "crisis.toml").read_text("utf-8"))
    table = file["countries"]
    assert all(row["source"].startswith("https://") and row["emergency"] and row["call"] for row in table.values())
    assert re.fullmatch(r"\d{4}-\d{2}", file["collected"])
    assert len(EU) == 27
