import numpy as np
import pytest

from empathy.avamerg.classes import CLASSES, as_emotions
from empathy.avamerg.figures import figures, fit_temperature, scores
from empathy.logits import softmax


def certain(said):
    return np.eye(7)[said] * 0.93 + 0.01


def test_figures_of_a_small_table_are_those_counted_by_hand():
    truth = np.array([0, 0, 0, 1, 1, 4])
    found = scores(truth, certain([0, 0, 1, 1, 4, 4]))
    assert found["n"] == 6
    assert found["accuracy"] == pytest.approx(4 / 6, abs=1e-5)
    assert found["per_class"]["happy"] == {"n": 3, "precision": 1.0, "recall": 0.66667, "f1": 0.8}
    assert found["per_class"]["surprised"] == {"n": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert found["per_class"]["sad"]["f1"] == pytest.approx(2 / 3, abs=1e-5)
    assert found["per_class"]["fear"] == {"n": 0, "precision": None, "recall": None, "f1": None}
    assert found["macro_f1"] == pytest.approx((0.8 + 0.5 + 2 / 3) / 3, abs=1e-5)
    assert found["weighted_f1"] == pytest.approx((3 * 0.8 + 2 * 0.5 + 2 / 3) / 6, abs=1e-5)
    assert found["weighted_recall"] == found["accuracy"]
    assert found["weighted_precision"] == pytest.approx((3 * 1 + 2 * 0.5 + 0.5) / 6, abs=1e-5)
    assert found["ece"] == pytest.approx(0.94 - 4 / 6, abs=1e-5)


def test_blocks_and_the_majority_stand_apart():
    truth = np.array([0, 4, 4, 4])
    found = figures(truth, certain([0, 4, 0, 4]), ["dialogues", "dialogues", "added", "added"], majority=4)
    assert found["blocks"]["dialogues"]["accuracy"] == 1.0
    assert found["blocks"]["added"]["accuracy"] == 0.5
    assert found["majority"]["accuracy"] == 0.75
    assert found["majority"]["macro_f1"] == pytest.approx((0 + 6 / 7) / 2, abs=1e-5)
    assert np.array(found["confusion"])[4, 0] == 1
    assert found["labels"] == list(CLASSES)


def test_figures_of_no_rows_are_none():
    found = scores(np.zeros(0, np.int64), np.zeros((0, 7)))
    assert (found["n"], found["accuracy"], found["macro_f1"], found["weighted_f1"]) == (0, None, None, None)


def test_a_temperature_brings_overconfident_logits_back():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 7))
    chances = softmax(logits)
    truth = np.array([rng.choice(7, p=row) for row in chances])
    assert fit_temperature(logits * 3.0, truth) == pytest.approx(3.0, rel=0.08)


def test_the_classes_become_our_emotions_without_neutral():
    emotions = as_emotions(np.array([0.0, 0.1, 0.0, 0.2, 0.0, 0.3, 0.4]))
    assert (emotions.surprise, emotions.fear, emotions.disgust, emotions.contempt, emotions.neutral) == (
        0.1, 0.2, 0.3, 0.4, 0.0)
