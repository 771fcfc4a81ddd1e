import numpy as np
import pytest

from empathy.text.vocabulary import features, n_signs, tokens


def forms(text: str) -> list[str]:
    return [token.form for token in tokens(text)]


def test_shouting_and_stretching_become_tokens_of_their_own() -> None:
    assert forms("That is SOOOO good") == ["that", "is", "soo", "<caps>", "<long>", "good"]


def test_words_after_a_negation_are_marked_until_punctuation() -> None:
    marked = [token.form for token in tokens("I am not happy, really") if token.negated]
    assert marked == ["happy"]


def test_contractions_without_apostrophe_are_read_as_with_one() -> None:
    assert forms("i dont care, im done") == ["i", "don't", "care", ",", "i'm", "done"]


def test_an_emoji_is_read_by_its_sign_and_its_name() -> None:
    assert forms("😂") == ["😂", "<tears>", "<joy>"]


def test_emoticons_are_one_token() -> None:
    assert forms("fine :)") == ["fine", ":)"]


def test_tokens_know_their_place_in_the_text() -> None:
    text = "Well... I’m glad"
    assert [text[token.start:token.end] for token in tokens(text) if token.is_word] == ["Well", "I’m", "glad"]


def test_features_are_sorted_hashes_each_once() -> None:
    found = features(tokens("happy happy people"))
    assert found.dtype == np.uint32
    assert np.all(np.diff(found.astype(np.int64)) > 0)


def test_a_typo_shares_most_letter_features_with_its_word() -> None:
    right, typo, other = (set(features(tokens(word)).tolist()) for word in ("wonderful", "wonderfull", "potatoes"))
    assert len(right & typo) > 5 * len(right & other)


def test_nothing_gives_no_tokens() -> None:
    assert tokens("  \n ") == ()


@pytest.mark.parametrize(("text", "n"), [
    ("😭", 1), ("so 😂😂😂", 3), ("hi :)", 1), ("<3 <3", 2), ("wow!!!", 0), ("see http://x.y (four) 3.5", 0), ("", 0)])
def test_emoji_and_emoticons_are_counted(text: str, n: int) -> None:
    assert n_signs(text) == n
