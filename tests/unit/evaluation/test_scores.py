import numpy as np
import pytest

from empathy.evaluation.scores import Answers, restrict, score

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


def test_a_narrower_choice_shares_the_rest_of_the_probability() -> None:
    assert restrict(np.array([0.5, 0.3, 0.2]), [2, 1]).tolist() == pytest.approx([0.4, 0.6])
    assert restrict(np.array([1.0, 0.0, 0.0]), [1, 2]).tolist() == pytest.approx([0.5, 0.5])
