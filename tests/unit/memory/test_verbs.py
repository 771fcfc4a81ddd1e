"""Verb forms, against a table written out by hand."""

from __future__ import annotations

import pytest

from empathy.memory.verbs import BASES, IRREGULAR, base_of, gerund_of, is_past


@pytest.mark.parametrize(("form", "base"), [
    ("lost", "lose"), ("cried", "cry"), ("stopped", "stop"), ("hoping", "hope"), ("misses", "miss"), ("goes", "go"),
    ("lying", "lie"), ("went", "go"), ("worries", "worry"), ("table", None), ("s", None), ("", None),
])
def test_a_form_leads_to_its_base(form: str, base: str | None) -> None:
    assert base_of(form) == base


@pytest.mark.parametrize(("base", "form"), [
    ("lose", "losing"), ("get", "getting"), ("die", "dying"), ("be", "being"), ("agree", "agreeing"),
    ("stop", "stopping"),    ("visit", "visiting"), ("forget", "forgetting"), ("wait", "waiting"), ("open", "opening"),
])
def test_gerunds_are_spelled_right(base: str, form: str) -> None:
    assert gerund_of(base) == form


def test_every_gerund_leads_back_to_its_verb() -> None:
    assert {base for base in BASES if base_of(gerund_of(base)) != base} == set()


def test_a_past_tense_is_told_from_a_noun_in_ed() -> None:
    assert is_past("cried")
    assert not is_past("bed")
    assert not is_past("hundred")


def test_every_irregular_form_has_a_known_base() -> None:
    assert set(IRREGULAR.values()) <= BASES
