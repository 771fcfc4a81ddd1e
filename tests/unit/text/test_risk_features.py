import numpy as np

from empathy.text.risk_concepts import load_concepts
from empathy.text.risk_features import rule_features, see
from empathy.text.risk_rules import load_rules
from empathy.text.vocabulary import tokens

RULES = load_rules()


def test_rule_features_tell_softeners_counts_and_marks() -> None:
    firm = rule_features(RULES.read("I want to kill myself"))
    soft = rule_features(RULES.read("She said she wants to die"))
    assert {"rule crisis None", "rule crisis > 0", "mark own", "mark own crisis"} <= firm
    assert "rule crisis another person" in soft
    assert "rule crisis > 0" not in soft
    assert "mark said cue" in soft


def test_an_idiom_leaves_its_mark_and_nothing_else() -> None:
    found = rule_features(RULES.read("This exam is killing me"))
    assert found == {"mark idiom", "mark idiom nothing", "mark own", "mark own nothing"}


def test_concepts_do_not_look_into_idioms() -> None:
    finding = RULES.read("This exam is killing me")
    assert "k kill" not in set(load_concepts().features(finding.form))


def test_features_are_sorted_and_come_once() -> None:
    text = "I hurt and I hurt and I hurt"
    seen = see(tokens(text), RULES.read(text), load_concepts())
    for group in (seen.grams, seen.concepts, seen.rules):
        assert np.all(np.diff(group.astype(np.int64)) > 0)


def test_an_empty_text_has_no_concepts() -> None:
    seen = see((), RULES.read(""), load_concepts())
    assert len(seen.concepts) == 0
