from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from empathy.training.face_data import Faces
from empathy.training.face_fit import Recipe, draw, draw_chances, fit, log_prior

RECIPE = Recipe(epochs=2, batch=8, learning_rate=0.02)


def faces(n: int = 16) -> Faces:
    """Bright above for class 0, bright below for class 4."""
    rng = np.random.default_rng(0)
    label = np.arange(n) % 2 * 4
    pictures = rng.integers(0, 60, (n, 48, 48)).astype(np.uint8)
    for picture, one in zip(pictures, label, strict=True):
        picture[slice(0, 24) if one == 0 else slice(24, 48)] += 150
    votes = np.full((n, 8), 0.02, np.float32)
    votes[np.arange(n), label] = 0.86
    return Faces(pictures=pictures, votes=votes, sure=np.ones(n, np.float32), majority=label, fer_label=label)


def stops_after(n_calls: int) -> Callable[[], float]:
    ticks = count()

    def clock() -> float:
        if next(ticks) >= n_calls:
            raise KeyboardInterrupt
        return 0.0

    return clock


def test_an_interrupted_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    def train(name: str, clock: Callable[[], float]) -> dict[str, np.ndarray]:
        member = fit(faces(), faces(), tmp_path / name, recipe=RECIPE, seed=5, device="cpu", clock=clock)
        assert [row["epoch"] for row in member.history] == [1, 2]
        return {key: value.numpy() for key, value in member.network.state_dict().items()}

    with pytest.raises(KeyboardInterrupt):
        train("stopped.pt", stops_after(2))
    went_on = train("stopped.pt", lambda: 0.0)
    straight = train("straight.pt", lambda: 0.0)
    for key, value in straight.items():
        np.testing.assert_allclose(went_on[key], value, rtol=1e-4, atol=1e-5)


def test_another_seed_makes_another_network(tmp_path: Path) -> None:
    recipe = replace(RECIPE, epochs=1)
    one, two = (fit(faces(8), faces(8), tmp_path / str(seed), recipe=recipe, seed=seed, device="cpu",
                    clock=lambda: 0.0).network.state_dict()["head.weight"] for seed in (1, 2))
    assert float((one - two).abs().max()) > 1e-3


def test_rare_labels_are_drawn_more_often_the_more_balance_is_asked() -> None:
    votes = np.eye(2, dtype=np.float32)[[0] * 90 + [1] * 10]
    assert draw_chances(votes, 0.0)[90:].sum() == pytest.approx(0.1)
    assert draw_chances(votes, 0.5)[90:].sum() == pytest.approx(0.25)
    assert draw_chances(votes, 1.0)[90:].sum() == pytest.approx(0.5)


def test_draws_follow_the_chances_closely() -> None:
    chances = np.array([0.5, 0.25, 0.125, 0.125])
    chances = np.repeat(chances / 25, 25)
    drawn = draw(chances, np.random.default_rng(0))
    times = np.bincount(drawn, minlength=100)
    assert len(drawn) == 100
    assert np.abs(times - chances * 100).max() < 1.0 + 1e-9


def test_the_prior_is_the_mean_of_the_votes() -> None:
    votes = np.array([[0.75, 0.25], [0.25, 0.75]], np.float32)
    assert np.exp(log_prior(votes)).tolist() == pytest.approx([0.5, 0.5])
    assert np.exp(log_prior(votes, np.array([1.0, 0.0]))).tolist() == pytest.approx([0.75, 0.25])
