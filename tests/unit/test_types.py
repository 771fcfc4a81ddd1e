"""The values refuse what makes no sense, and turn into plain JSON."""

import json

import numpy as np
import pytest

from empathy.types import EMOTIONS, Affect, Emotions, Span, plain


def test_emotions_are_normalised_by_name_and_by_array():
    assert Emotions.of({"happy": 3, "sad": 1}).happy == pytest.approx(0.75)
    assert Emotions.of(np.eye(8)[4] * 5).top == "happy"


@pytest.mark.parametrize("weights", [{}, {"happy": -1.0}, {"joy": 1.0}, np.zeros(8), np.full(8, np.nan), np.ones(7)])
def test_weights_that_are_no_distribution_are_refused(weights):
    with pytest.raises(ValueError, match=r"weights|unknown"):
        Emotions.of(weights)


def test_a_distribution_that_does_not_sum_to_one_is_refused():
    with pytest.raises(ValueError, match="sum to 1"):
        Emotions(happy=0.5)


def test_array_and_items_keep_the_order():
    emotions = Emotions.of({"fear": 0.7, "sad": 0.3})
    assert emotions.array()[EMOTIONS.index("fear")] == pytest.approx(0.7)
    assert [name for name, _ in emotions.items()][:2] == ["fear", "sad"]


def test_affect_outside_its_axes_is_refused():
    with pytest.raises(ValueError, match="arousal"):
        Affect(valence=0, arousal=1.5, dominance=0, valence_sd=0, arousal_sd=0, dominance_sd=0)
    with pytest.raises(ValueError, match="valence"):
        Affect(valence=float("nan"), arousal=0, dominance=0, valence_sd=0, arousal_sd=0, dominance_sd=0)


def test_a_span_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="start_s <= end_s"):
        Span(start_s=2.0, end_s=1.0)


def test_plain_values_survive_json():
    value = {"spans": (Span(start_s=0.0, end_s=1.5),), "array": np.array([[1.23456]]), "nan": float("nan")}
    assert json.loads(json.dumps(plain(value))) == {"spans": [{"start_s": 0.0, "end_s": 1.5}], "array": [[1.235]],
                                                    "nan": None}
