import re
from pathlib import Path

import pytest

from empathy.text.risk_rules import Rules, load_rules


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def softened(rules: Rules, text: str) -> list[str | None]:
    return [cue.softened for cue in rules.find(text) if cue.crisis]


@pytest.mark.parametrize(("text", "how"), [
    ("I never want to kill myself", "negation"), ("When I was fifteen I wanted to die", "past"),
    ("She said she wants to die", "another person"), ("In this game I had to hang myself twice", "frame"),
    ("lol I'm going to kill myself if it rains", "frame")])
def test_what_stands_around_a_find_softens_it(rules: Rules, text: str, how: str) -> None:
    assert how in softened(rules, text)


def test_a_plain_statement_is_not_softened(rules: Rules) -> None:
    assert softened(rules, "I am going to kill myself tonight") == [None]


def test_a_relapse_is_not_past(rules: Rules) -> None:
    assert None in softened(rules, "I used to cut myself and now I started cutting myself again")


def test_dont_want_to_live_is_no_negation(rules: Rules) -> None:
    assert None in softened(rules, "I don't want to live anymore")


def test_somebody_who_does_not_wake_up_is_as_urgent(rules: Rules) -> None:
    assert None in softened(rules, "My friend took something and he won't wake up")


def test_idioms_are_blanked_before_any_rule(rules: Rules) -> None:
    assert rules.find("I nearly died laughing, the suspense is killing me") == ()


def test_every_rule_names_a_known_category_and_compiles(rules: Rules) -> None:
    assert {rule.category for rule in rules.rules} == {
        "suicidal thoughts", "self-harm", "harm by others", "harm to others", "substance", "acute distress"}


def test_no_macro_is_left_unfilled(rules: Rules) -> None:
    for rule in rules.rules:
        assert not [name for name in re.findall(r"(?<!\?P)(?<!\?)<([a-z]+\d?)>", rule.pattern.pattern)
                    if name != "number"]


def test_a_missing_file_of_rules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="risk_rules"):
        load_rules(tmp_path)
