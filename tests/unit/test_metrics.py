import numpy as np
import pytest

from empathy import metrics

TRUTH = [0, 0, 0, 1, 1, 2]
ANSWER = [0, 0, 1, 1, -1, 0]


def test_confusion_has_truth_in_rows_and_leaves_out_the_unread() -> None:
    assert metrics.confusion(TRUTH, ANSWER, 3).tolist() == [[2, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_an_unread_item_counts_as_wrong() -> None:
    assert metrics.accuracy(TRUTH, ANSWER) == pytest.approx(3 / 6)
    assert metrics.recalls(TRUTH, ANSWER, 3).tolist() == pytest.approx([2 / 3, 1 / 2, 0.0])
    assert metrics.uar(TRUTH, ANSWER, 3) == pytest.approx((2 / 3 + 1 / 2) / 3)


def test_macro_f1_in_closed_form() -> None:
    f1 = [2 * 2 / (3 + 3), 2 * 1 / (2 + 2), 0.0]
    assert metrics.f1_scores(TRUTH, ANSWER, 3).tolist() == pytest.approx(f1)
    assert metrics.macro_f1(TRUTH, ANSWER, 3) == pytest.approx(np.mean(f1))


def test_a_class_that_does_not_occur_is_left_out_of_means() -> None:
    assert np.isnan(metrics.recalls([0, 1], [0, 1], 3)[2])
    assert metrics.uar([0, 1], [0, 2], 3) == pytest.approx(0.5)
    assert metrics.macro_f1([0, 1], [0, 1], 3) == pytest.approx(1.0)


def test_nothing_to_judge_gives_nan() -> None:
    assert np.isnan(metrics.accuracy([], []))
    assert np.isnan(metrics.uar([], [], 3))
    assert np.isnan(metrics.ece([], []))
    assert np.isnan(metrics.ccc([], []))


def test_truth_and_answer_must_be_of_one_length() -> None:
    with pytest.raises(ValueError, match="one length"):
        metrics.accuracy([0, 1], [0])


def test_multilabel_f1_pools_for_micro_and_averages_for_macro() -> None:
    truth = [[1, 0], [1, 1], [0, 0]]
    answer = [[1, 0], [0, 1], [0, 1]]
    macro, micro = metrics.multilabel_f1(truth, answer)
    assert macro == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert micro == pytest.approx(2 * 2 / (3 + 3))


def test_calibration_error_is_the_gap_within_bins() -> None:
    assert metrics.ece([0.9] * 10, [1] * 9 + [0]) == pytest.approx(0.0)
    assert metrics.ece([0.9] * 10, [1] * 5 + [0] * 5) == pytest.approx(0.4)
    assert metrics.ece([0.3] * 5 + [0.9] * 5, [0] * 5 + [1] * 5) == pytest.approx(0.5 * 0.3 + 0.5 * 0.1)


def test_calibration_error_takes_certainty_and_zero() -> None:
    assert metrics.ece([1.0, 0.0], [1, 0]) == pytest.approx(0.0)


def test_ccc_is_one_for_equal_minus_one_for_opposite_and_falls_with_a_shift() -> None:
    x = np.array([-1.0, 0.0, 1.0])
    assert metrics.ccc(x, x) == pytest.approx(1.0)
    assert metrics.ccc(x, -x) == pytest.approx(-1.0)
    variance = 2 / 3
    assert metrics.ccc(x, x + 1) == pytest.approx(2 * variance / (2 * variance + 1))
    assert metrics.ccc(x, np.zeros(3)) == 0.0


def test_auc_counts_pairs_and_halves_ties() -> None:
    positive = np.array([1, 1, 0, 0, 1, 0, 0])
    score = np.array([0.9, 0.4, 0.4, 0.1, 0.7, 0.8, 0.4])
    pairs = [(p > n) + 0.5 * (p == n) for p in score[positive == 1] for n in score[positive == 0]]
    assert metrics.auc(positive, score) == pytest.approx(np.mean(pairs))


def test_a_figure_that_can_t_be_had_is_told_as_none() -> None:
    assert (metrics.told(1 / 3), metrics.told(float("nan")), metrics.told(float("inf"))) == (0.33333, None, None)


def test_auc_needs_both_kinds() -> None:
    assert np.isnan(metrics.auc([1, 1], [0.1, 0.2]))


def test_abstaining_from_the_least_sure_lowers_the_risk() -> None:
    coverage, risk = metrics.risk_coverage([0.2, 0.9, 0.5, 0.7], [0, 1, 0, 1])
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0.0, 0.0, 1 / 3, 0.5])


def test_the_bootstrap_interval_of_a_mean_agrees_with_the_normal_one() -> None:
    values = np.random.default_rng(1).normal(3.0, 2.0, 400)
    low, high = metrics.bootstrap(lambda i: float(values[i].mean()), 400, np.random.default_rng(2))
    half = 1.96 * values.std() / np.sqrt(400)
    assert low == pytest.approx(values.mean() - half, abs=0.04)
    assert high == pytest.approx(values.mean() + half, abs=0.04)
