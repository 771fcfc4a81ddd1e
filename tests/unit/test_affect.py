import numpy as np
import pytest

from empathy.affect import affect_of, places
from empathy.types import EMOTIONS, Emotions


@pytest.mark.parametrize("name", EMOTIONS)
def test_a_certain_emotion_lies_at_its_own_place(name: str) -> None:
    means, sds = places()
    row = EMOTIONS.index(name)
    affect = affect_of(Emotions.of({name: 1.0}))
    assert (affect.valence, affect.arousal, affect.dominance) == pytest.approx(tuple(means[row]))
    assert (affect.valence_sd, affect.arousal_sd, affect.dominance_sd) == pytest.approx(tuple(sds[row]))


def test_doubt_between_joy_and_grief_lies_between_them_with_a_wide_spread() -> None:
    happy, sad = affect_of(Emotions.of({"happy": 1})), affect_of(Emotions.of({"sad": 1}))
    both = affect_of(Emotions.of({"happy": 1, "sad": 1}))
    assert both.valence == pytest.approx((happy.valence + sad.valence) / 2)
    assert both.valence_sd > max(happy.valence_sd, sad.valence_sd) * 2


def test_the_spread_is_that_of_samples_drawn_from_the_mixture() -> None:
    rng = np.random.default_rng(0)
    means, sds = places()
    weights = np.array([0.1, 0.0, 0.2, 0.1, 0.3, 0.1, 0.1, 0.1])
    which = rng.choice(8, size=200_000, p=weights)
    drawn = rng.normal(means[which, 1], sds[which, 1])
    affect = affect_of(Emotions.of(weights))
    assert affect.arousal == pytest.approx(drawn.mean(), abs=0.01)
    assert affect.arousal_sd == pytest.approx(drawn.std(), abs=0.01)
