"""Mending what was typed, and cutting it into sentences and tokens."""

from __future__ import annotations

from empathy.memory.plain import mend, sentences, stems, tokens


def test_slips_and_quotes_are_mended() -> None:
    assert mend("im sad,  i dont know…") == "I'm sad, I don't know."
    assert mend("It’s “fine”") == "It's \"fine\""


def test_shouting_is_lowered_but_names_in_talk_are_kept() -> None:
    assert mend("WHY DOES THIS ALWAYS HAPPEN") == "why does this always happen"
    assert mend("Ana met NASA people") == "Ana met NASA people"


def test_control_characters_are_dropped() -> None:
    assert mend("a\x00b\x1bc") == "abc"


def test_sentences_end_at_marks_and_lines_and_not_at_titles() -> None:
    assert sentences(mend("I saw Dr. Lee. She was kind!\nThen home")) == ("I saw Dr Lee.", "She was kind!", "Then home")


def test_a_contraction_and_a_sum_of_money_are_one_token() -> None:
    assert tokens("I'm owed $4,500.") == ("I'm", "owed", "$4,500", ".")


def test_stems_join_the_forms_of_a_word() -> None:
    assert stems("my exams worried me") == stems("the exam worries her")
    assert stems("I am the one") == frozenset()
