import numpy as np
import pytest

from empathy.text.goemotions import FOLD, LABELS, affect, fold, fold_matrix
from empathy.types import EMOTIONS


def only(label: str) -> np.ndarray:
    return np.array([0.9 if name == label else 0.0 for name in LABELS])


def test_there_are_28_labels_and_each_folds_into_one_of_ours() -> None:
    assert len(LABELS) == 28
    assert set(FOLD) == set(LABELS)
    assert set(FOLD.values()) == set(EMOTIONS) - {"contempt"}


def test_each_label_gives_all_of_itself() -> None:
    assert np.allclose(fold_matrix().sum(axis=1), 1.0)


@pytest.mark.parametrize(("label", "emotion"), [("gratitude", "happy"), ("grief", "sad"), ("nervousness", "fear"),
                                                ("annoyance", "angry"), ("neutral", "neutral")])
def test_a_sure_label_decides_the_emotion(label: str, emotion: str) -> None:
    assert fold(only(label)).top == emotion


def test_a_plain_question_reads_more_neutral_than_surprised() -> None:
    assert fold(only("curiosity")).neutral > fold(only("curiosity")).surprise


def test_no_label_at_all_still_gives_a_distribution() -> None:
    assert sum(fold(np.zeros(28)).array()) == pytest.approx(1.0)


def test_affect_has_the_sign_of_the_feeling() -> None:
    assert affect(only("joy")).valence > 0.5 > -0.5 > affect(only("grief")).valence
    assert affect(only("anger")).arousal > 0.4 > affect(only("sadness")).arousal


def test_mixed_labels_are_less_certain_than_one() -> None:
    mixed = only("joy") + only("grief")
    assert affect(mixed).valence_sd > affect(only("joy")).valence_sd
