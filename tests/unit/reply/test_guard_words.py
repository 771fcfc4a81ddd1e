"""The guard's classes of words, as features."""

from __future__ import annotations

from empathy.reply.guard_words import FRAMES, classes, filled, frame_features


def test_a_class_may_use_the_ones_above_it() -> None:
    assert filled("a <one>", {"one": "(?:b|c)"}) == "a (?:b|c)"
    assert all("<" not in words.replace("(?<!", "").replace("(?<=", "") for words in classes().values())
    assert set(FRAMES) < set(classes())


def test_words_of_one_class_make_one_feature() -> None:
    one, other = set(frame_features("Take a tablet.")), set(frame_features("Take a capsule."))
    assert one == other
    assert "framed b a [medicine]" in one
    assert "has medicine" in one


def test_a_question_is_told_apart() -> None:
    assert "asks disorder" in set(frame_features("Is it bipolar?"))
    assert "asks disorder" not in set(frame_features("It is bipolar."))


def test_a_sentence_without_any_class_has_none() -> None:
    assert set(frame_features("The dog ran.")) == set()
    assert set(frame_features("")) == set()
