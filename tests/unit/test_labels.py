import pytest

from empathy.errors import InputError
from empathy.labels import WORDS, label_of, labels_of
from empathy.types import EMOTIONS


@pytest.mark.parametrize(("name", "label"), [
    ("happiness", "happy"), (" Anger ", "angry"), ("FEARFUL", "fear"), ("surprised", "surprise"), ("sadness", "sad"),
    ("calm", "calm"), ("Disgusted", "disgust"), ("neutral", "neutral"), ("contempt", "contempt"),
])
def test_names_of_other_data_sets_become_ours(name: str, label: str) -> None:
    assert label_of(name) == label


def test_every_emotion_is_a_label_of_its_own() -> None:
    assert {label_of(name) for name in EMOTIONS} == set(EMOTIONS)
    assert set(WORDS.values()) == {*EMOTIONS, "calm"}


def test_an_unknown_label_says_which_are_known() -> None:
    with pytest.raises(InputError, match=r"'bored' is not a label.*angry"):
        label_of("bored")


def test_a_choice_of_labels_keeps_its_order_and_drops_repeats() -> None:
    assert labels_of("sad, anger,happy,sadness") == ("sad", "angry", "happy")
    assert labels_of("") == ()


def test_one_label_is_no_choice() -> None:
    with pytest.raises(InputError, match="at least two"):
        labels_of("happy")
