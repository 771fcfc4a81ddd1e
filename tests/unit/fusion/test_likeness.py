"""Likeness of emotions: its order, what smoothing keeps, and what counts as disagreement."""

import numpy as np
import pytest

from empathy.fusion.likeness import divergence, kept_still, likeness, spread
from empathy.types import EMOTIONS, Emotions

EVEN = (0.5, 0.5)


def row(**emotions):
    return Emotions.of(emotions).array()


def like(one, other):
    return likeness()[EMOTIONS.index(one), EMOTIONS.index(other)]


def test_anger_is_like_disgust_and_not_like_joy():
    assert np.allclose(likeness().sum(axis=1), 1.0)
    assert like("angry", "disgust") > 5 * like("angry", "happy")
    assert like("happy", "surprise") > like("happy", "sad")
    for name in EMOTIONS:
        assert likeness()[EMOTIONS.index(name)].argmax() == EMOTIONS.index(name)


def test_spreading_keeps_a_distribution_and_leaves_no_zero():
    rng = np.random.default_rng(0)
    rows = np.vstack([rng.dirichlet(np.full(8, 0.3), 20), np.eye(8)])
    after = spread(rows)
    assert np.allclose(after.sum(axis=1), 1.0)
    assert after.min() > 0
    assert np.array_equal(after[20:].argmax(axis=1), np.arange(8))
    assert np.allclose(spread(rows, near=0.0, even=0.0), rows)


def test_a_channel_that_may_keep_still_says_less_where_it_is_neutral_and_the_same_where_it_is_not():
    flat, clear = kept_still(row(neutral=1.0), 0.1), kept_still(row(sad=1.0), 0.1)
    assert flat[EMOTIONS.index("neutral")] == 1.0
    assert flat[EMOTIONS.index("sad")] == pytest.approx(0.1)
    assert clear[EMOTIONS.index("sad")] == pytest.approx(0.9)
    assert clear.sum() == pytest.approx(0.9)
    assert np.array_equal(kept_still(row(happy=0.4, neutral=0.6), 0.0), row(happy=0.4, neutral=0.6))


def test_divergence_is_zero_for_twins_and_one_for_certain_joy_and_sadness():
    assert divergence([row(happy=1.0), row(happy=1.0)], EVEN) == pytest.approx(0.0, abs=1e-9)
    assert divergence([row(happy=1.0), row(sad=1.0)], EVEN) == pytest.approx(1.0)
    near, far = (divergence([row(angry=1.0), row(**{other: 1.0})], EVEN) for other in ("disgust", "happy"))
    assert near < 0.5 < far


def test_a_neutral_channel_contradicts_nobody_and_one_alone_has_nobody_to_contradict():
    assert divergence([row(happy=1.0), row(neutral=1.0)], EVEN) == pytest.approx(0.0, abs=1e-6)
    assert divergence([row(neutral=1.0), row(neutral=1.0)], EVEN) == 0.0
    assert divergence([row(happy=1.0)], (1.0,)) == 0.0


def test_a_channel_without_weight_contradicts_nobody():
    assert divergence([row(happy=1.0), row(sad=1.0)], (1.0, 0.0)) == pytest.approx(0.0, abs=1e-9)
