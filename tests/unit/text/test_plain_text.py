import pytest

from empathy.text.plain_text import one_slip, plain_text


@pytest.mark.parametrize(("typed", "plain"), [
    ("i wanna die", "i want to die"), ("k i l l  m y s e l f", "kill myself"), ("su1c1de", "suicide"),
    ("s.u.i.c.i.d.e", "suicide"), ("suicdal thoughts", "suicidal thoughts"), ("dont u care", "don't you care"),
    ("self-harm", "self harm"), ("I’M DONE!!!", "i'm done !"), ("killlll me", "kill me")])
def test_hidden_and_hasty_spelling_is_read(typed: str, plain: str) -> None:
    assert plain_text(typed).form.strip() == plain


@pytest.mark.parametrize("word", ["skill", "farming", "pillow", "lying", "struggle", "addition", "cutting"])
def test_ordinary_words_are_left_alone(word: str) -> None:
    assert plain_text(word).form.strip() == word


def test_a_place_in_the_plain_copy_leads_back_to_the_text() -> None:
    text = "Well… I really wanna   DIE today"
    plain = plain_text(text)
    at = plain.form.index("want to die")
    start, end = plain.place(at, at + len("want to die"))
    assert text[start:end] == "wanna   DIE"


def test_letters_apart_lead_back_to_all_of_them() -> None:
    text = "so k i l l  m y s e l f now"
    plain = plain_text(text)
    at = plain.form.index("kill")
    start, end = plain.place(at, at + len("kill myself"))
    assert text[start:end] == "k i l l  m y s e l f"


def test_one_slip_is_one_letter_more_less_other_or_swapped() -> None:
    assert one_slip("suicdal", "suicidal")
    assert one_slip("suiicidal", "suicidal")
    assert one_slip("suicidel", "suicidal")
    assert one_slip("sucidial", "suicidal") is False
    assert one_slip("usicidal", "suicidal")


def test_an_empty_text_stays_empty() -> None:
    assert plain_text("").form.strip() == ""
