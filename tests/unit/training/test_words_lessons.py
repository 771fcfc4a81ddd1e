import numpy as np

from empathy.text.goemotions import LABELS
from empathy.training.words_lessons import lessons


def labels_of(text: str) -> set[str]:
    texts, truth = lessons(1)
    row = next(i for i, one in enumerate(texts) if one.lower() == text)
    return {LABELS[k] for k in np.flatnonzero(truth[row])}


def test_denied_joy_is_sadness_and_denied_sadness_is_none() -> None:
    assert labels_of("i'm not glad") == {"sadness", "disappointment"}
    assert labels_of("i'm not heartbroken") == {"neutral"}
    assert labels_of("i am no longer heartbroken") == {"relief", "neutral"}


def test_signs_alone_have_a_feeling() -> None:
    assert labels_of("😡") == {"anger"}
    assert labels_of("💔💔") == {"sadness"}


def test_every_lesson_has_a_label_and_comes_once() -> None:
    texts, truth = lessons(1)
    assert truth.shape == (len(texts), 28)
    assert truth.any(axis=1).all()
    assert len(texts) > 5000


def test_some_are_shouted_and_a_seed_draws_the_same() -> None:
    texts, truth = lessons(2)
    again, same = lessons(2)
    assert texts == again
    assert np.array_equal(truth, same)
    assert 0.05 < np.mean([text.isupper() for text in texts if any(ch.isalpha() for ch in text)]) < 0.2
