import pytest

from empathy.evaluation.reply_figures import Answer, distinct, figures, reading_level, reflected, repetition, words
from empathy.text.judge import bundled_judge


def test_distinct_counts_different_pairs_among_all_of_the_corpus() -> None:
    assert distinct(["a b c", "a b d"], 2) == 3 / 4
    assert distinct(["a b", "a b"], 1) == 0.5
    assert distinct(["", "a"], 2) == 0.0


def test_pairs_do_not_reach_from_one_reply_into_the_next() -> None:
    assert distinct(["a", "b", "a", "b"], 2) == 0.0


def test_repetition_is_the_share_of_sentences_said_before_in_another_reply() -> None:
    assert repetition(["I see. How was it?", "How was it? And then?"]) == 1 / 4
    assert repetition(["I see. I see.", "Oh."]) == 0.0
    assert repetition([]) == 0.0


def test_words_keep_their_apostrophes_and_lose_their_marks() -> None:
    assert words("Don’t you, too?") == ["don't", "you", "too"]


def test_the_reading_level_is_kincaids() -> None:
    """Six words of one syllable in one sentence: 0.39 * 6 + 11.8 - 15.59."""
    assert reading_level(["The cat sat on the mat."]) == pytest.approx(-1.45)
    assert reading_level([""]) == 0.0


def test_what_the_person_said_is_counted_as_taken_up() -> None:
    assert reflected(Answer(told="", last="My dog chased the postman", reply="Your dog chased him!")) == 2 / 3
    assert reflected(Answer(told="hm", last="", reply="Oh.")) == 0.0


def test_the_guard_counts_every_rule_a_reply_breaks_but_for_text_by_people() -> None:
    bad = Answer(told="I lost my job.", reply="You have depression. See www.help.com now.")
    assert len(bad.violations) >= 2
    assert Answer(told="x", reply=bad.reply, by_people=True).violations == ()


def test_figures_are_those_of_all_replies() -> None:
    found = figures([Answer(told="My dog died.", reply="I'm so sorry about your dog. How old was he?"),
                     Answer(told="My dog died.", reply="The trains run on Monday.")], bundled_judge())
    assert found["n"] == 2
    assert found["questions"] == 0.5
    assert found["empathy_mean"] == pytest.approx(
        found["emotional_reaction"] + found["interpretation"] + found["exploration"])
    assert found["words"] == pytest.approx((10 + 5) / 2)
