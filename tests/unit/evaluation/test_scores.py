from dataclasses import dataclass

import numpy as np
import pytest

from empathy.evaluation.scores import Answers, chosen, prior_to_take_out, score

NAN = [np.nan] * 3


def answers(columns: tuple[str, ...] = ()) -> Answers:
    probabilities = np.array([[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7], NAN])
    return Answers(labels=("happy", "sad", "neutral"), truth=np.array([0, 0, 2, 1]), probabilities=probabilities,
                   confidence=np.array([0.8, 0.5, 0.7, 0.0]), columns=columns)


def test_every_row_gets_an_answer_and_an_unread_one_is_wrong() -> None:
    found = score(answers(), abstain_below=0.0)
    assert (found["n"], found["n_unread"]) == (4, 1)
    assert found["accuracy"] == 0.5
    assert found["uar"] == pytest.approx((0.5 + 0.0 + 1.0) / 3, abs=1e-5)
    assert found["recall"] == {"happy": 0.5, "sad": 0.0, "neutral": 1.0}
    assert found["confusion"] == [[1, 1, 0], [0, 0, 0], [0, 0, 1]]


def test_calibration_is_measured_on_what_was_read() -> None:
    expected = (abs(0.8 - 1) + abs(0.5 - 0) + abs(0.7 - 1)) / 3
    assert score(answers(), abstain_below=0.0)["ece"] == pytest.approx(expected, abs=1e-5)


def test_abstention_is_told_apart() -> None:
    assert score(answers(), abstain_below=0.6)["abstention"] == {"threshold": 0.6, "coverage": 0.5, "accuracy": 1.0}
    assert score(answers(), abstain_below=0.9)["abstention"]["accuracy"] is None


def test_a_column_gives_the_figures_of_each_of_its_values() -> None:
    found = score(answers(("b", "a", "b", "a")), abstain_below=0.0)["by"]
    assert list(found) == ["a", "b"]
    assert (found["a"]["n"], found["a"]["n_unread"], found["a"]["accuracy"]) == (2, 1, 0.0)
    assert found["b"]["accuracy"] == 1.0
    assert found["b"]["recall"]["sad"] is None


def test_nothing_read_still_gives_figures() -> None:
    silent = Answers(labels=("happy", "sad", "neutral"), truth=np.array([0]), probabilities=np.array([NAN]),
                     confidence=np.array([0.0]))
    found = score(silent, abstain_below=0.3)
    assert (found["accuracy"], found["ece"]) == (0.0, None)


def test_a_choice_keeps_its_share_and_sums_to_one() -> None:
    shares = {"happy": 0.5, "sad": 0.3, "neutral": 0.2}
    assert chosen(shares, ("neutral", "sad")).tolist() == pytest.approx([0.4, 0.6])
    assert chosen({"happy": 1.0}, ("sad", "fear")).tolist() == [0.5, 0.5]


def test_calm_is_neutral_unless_it_may_be_chosen() -> None:
    shares = {"calm": 0.3, "neutral": 0.1, "sad": 0.4, "happy": 0.2}
    assert chosen(shares, ("neutral", "sad")).tolist() == pytest.approx([0.5, 0.5])
    assert chosen(shares, ("neutral", "calm")).tolist() == pytest.approx([0.25, 0.75])


def test_a_prior_is_taken_out_by_bayes_rule() -> None:
    likelihood, prior = np.array([0.2, 0.3, 0.9]), np.array([0.7, 0.2, 0.1])
    posterior = likelihood * prior / (likelihood * prior).sum()
    names = ("neutral", "sad", "disgust")
    found = chosen(dict(zip(names, posterior, strict=True)), names, dict(zip(names, prior, strict=True)))
    np.testing.assert_allclose(found, likelihood / likelihood.sum())


def test_what_an_engine_never_answers_stays_at_zero() -> None:
    shares, prior = {"happy": 0.6, "sad": 0.4, "contempt": 0.0}, {"happy": 0.5, "sad": 0.5, "contempt": 0.0}
    assert chosen(shares, ("happy", "contempt"), prior).tolist() == [1.0, 0.0]


@dataclass
class Believing:
    prior: dict[str, float]


def test_the_prior_stays_unless_the_choice_leaves_out_what_the_engine_may_answer() -> None:
    engine = Believing({"happy": 0.5, "neutral": 0.2, "calm": 0.2, "sad": 0.099999, "contempt": 0.0})
    assert prior_to_take_out(engine, ("happy", "neutral", "sad")) is None
    assert prior_to_take_out(engine, ("happy", "neutral", "calm", "sad", "fear")) is None
    assert prior_to_take_out(engine, ("happy", "sad")) == engine.prior
    assert prior_to_take_out(object(), ("happy", "sad")) is None
