import numpy as np
import torch
from numpy.typing import NDArray

from empathy.text.linear import Floats
from empathy.text.risk_network import Layers, RiskNetwork
from empathy.training.risk_network import HIDDEN, MEMBERS, fit_members


def either_or(n: int) -> tuple[Floats, NDArray[np.float64]]:
    """Two signs, and a class that holds where exactly one of them is up: no linear classifier can tell it."""
    signs = np.random.default_rng(0).integers(0, 2, size=(n, 2))
    return (8.0 * signs - 4.0).astype(np.float32), np.eye(2)[signs[:, 0] ^ signs[:, 1]]


def read(members: list[Layers], inputs: Floats) -> NDArray[np.float64]:
    return RiskNetwork(rules=np.zeros(0, np.uint32), members=members).log_shares(inputs)


def test_it_learns_what_counts_only_together() -> None:
    inputs, target = either_or(2000)
    members = fit_members(inputs, target, np.ones(2000), 1)
    assert [one.first.shape for one in members] == [(2, HIDDEN)] * MEMBERS
    assert (read(members, inputs).argmax(axis=1) == target.argmax(axis=1)).mean() > 0.99


def test_the_same_seed_gives_the_same_network_and_disturbs_no_other_draw() -> None:
    inputs, target = either_or(200)
    torch.manual_seed(5)
    one = fit_members(inputs, target, np.ones(200), 3)
    after = torch.rand(1)
    two, three = (fit_members(inputs, target, np.ones(200), seed) for seed in (3, 4))
    assert np.array_equal(one[0].first, two[0].first)
    assert not np.array_equal(one[0].first, one[1].first)
    assert not np.array_equal(one[0].first, three[0].first)
    torch.manual_seed(5)
    assert torch.equal(after, torch.rand(1))


def test_a_text_without_weight_teaches_nothing() -> None:
    inputs, target = either_or(1000)
    weight = np.repeat([1.0, 0.0], 500)
    target[500:] = target[500:, ::-1]
    members = fit_members(inputs, target, weight, 1)
    assert (read(members, inputs[:500]).argmax(axis=1) == target[:500].argmax(axis=1)).mean() > 0.99
