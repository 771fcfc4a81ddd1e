import numpy as np
import pytest
import torch
import torch.nn.functional as F

from empathy.training.avamerg.loss import adjusted_loss, class_weights, focal_loss

LABELS = np.array([0] * 6 + [1] * 3 + [4])
LOGITS = torch.randn(10, 7, generator=torch.Generator().manual_seed(0))


def test_without_focus_and_balance_it_is_plain_cross_entropy():
    loss = focal_loss(LABELS, gamma=0.0, beta=0.0)(LOGITS, torch.from_numpy(LABELS))
    torch.testing.assert_close(loss, F.cross_entropy(LOGITS, torch.from_numpy(LABELS)))


def test_the_weights_are_inverse_to_the_effective_numbers_and_1_in_the_mean():
    weights = class_weights(LABELS, 0.9)
    effective = (1 - 0.9 ** np.array([6, 3, 1])) / 0.1
    assert weights[[0, 1, 4]] * effective == pytest.approx(weights[0] * effective[0])
    assert weights[LABELS].mean() == pytest.approx(1.0)
    assert weights[2] == 0.0


def test_the_focus_passes_over_what_is_told_already():
    sure, unsure = torch.zeros(1, 7), torch.zeros(1, 7)
    sure[0, 0], unsure[0, 0] = 5.0, 0.5
    loss = focal_loss(np.zeros(4, np.int64), gamma=2.0, beta=0.0)
    plain = focal_loss(np.zeros(4, np.int64), gamma=0.0, beta=0.0)
    label = torch.zeros(1, dtype=torch.int64)
    assert loss(sure, label) / plain(sure, label) < 0.01 * loss(unsure, label) / plain(unsure, label)


def test_the_adjusted_loss_asks_more_of_rare_classes():
    loss = adjusted_loss(LABELS)
    even = torch.zeros(1, 7)
    assert loss(even, torch.tensor([4])) > loss(even, torch.tensor([0]))
    prior = np.log((np.bincount(LABELS, minlength=7) + 0.5) / 13.5)
    torch.testing.assert_close(loss(even, torch.tensor([4])), torch.tensor(-prior[4], dtype=torch.float32))
