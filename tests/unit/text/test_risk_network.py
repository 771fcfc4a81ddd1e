import numpy as np
import pytest

from empathy.logits import softmax
from empathy.text.linear import Floats
from empathy.text.risk_network import REACH, SHARE, Layers, RiskNetwork, mixed, restored_network

RULES = np.array([3, 7, 9], np.uint32)


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def drawn(seed: int) -> Layers:
    """Layers over two numbers of a vector and three rules, with four hidden numbers and two classes."""
    rng = np.random.default_rng(seed)
    return Layers(**{name: rng.normal(size=shape).astype(np.float32) for name, shape in
                     (("first", (5, 4)), ("first_bias", (4,)), ("last", (4, 2)), ("last_bias", (2,)))})


def test_it_sees_the_vector_and_which_rules_are_found() -> None:
    seen = RiskNetwork(rules=RULES, members=()).inputs(floats(0.6, 0.8), np.array([5, 7], np.uint32))
    assert seen.tolist() == pytest.approx([0.6 * REACH, 0.8 * REACH, 0.0, 1.0, 0.0])


def test_what_is_below_zero_in_the_middle_says_nothing() -> None:
    layers = Layers(first=np.array([[1.0, -1.0]], np.float32), first_bias=floats(0.0, 0.0),
                    last=np.array([[2.0], [5.0]], np.float32), last_bias=floats(1.0))
    assert layers.logits(floats(3.0)).tolist() == [7.0]
    assert layers.logits(floats(-3.0)).tolist() == [16.0]


def test_members_have_an_equal_say() -> None:
    one, two = (RiskNetwork(rules=RULES, members=[drawn(seed)]) for seed in (0, 1))
    both = RiskNetwork(rules=RULES, members=[*one.members, *two.members])
    inputs = floats(0.1, 0.2, 1.0, 0.0, 1.0)
    assert both.log_shares(inputs) == pytest.approx((one.log_shares(inputs) + two.log_shares(inputs)) / 2)


def test_many_texts_are_read_as_each_alone() -> None:
    network = RiskNetwork(rules=RULES, members=[drawn(0), drawn(1)])
    inputs = np.random.default_rng(2).normal(size=(6, 5)).astype(np.float32)
    assert network.log_shares(inputs) == pytest.approx(np.array([network.log_shares(row) for row in inputs]), abs=1e-5)


def test_what_is_stored_answers_alike() -> None:
    network = RiskNetwork(rules=RULES, members=[drawn(0), drawn(1)])
    back, inputs = restored_network(network.stored()), floats(0.1, 0.2, 1.0, 0.0, 1.0)
    assert back.rules.tolist() == RULES.tolist()
    assert back.log_shares(inputs) == pytest.approx(network.log_shares(inputs), abs=0.01)


def test_layers_that_were_made_apart_are_refused() -> None:
    wrong = Layers(first=drawn(0).first, first_bias=floats(0.0), last=drawn(0).last, last_bias=floats(0.0, 0.0))
    with pytest.raises(ValueError, match="made apart"):
        RiskNetwork(rules=RULES, members=[wrong])


def test_a_network_that_agrees_changes_nothing() -> None:
    logits = np.array([1.0, 2.0, 0.5])
    assert mixed(logits, np.log(softmax(logits))) == pytest.approx(softmax(logits))


def test_where_they_differ_the_linear_classifier_has_the_greater_say() -> None:
    sure = np.log([0.9, 0.1])
    said = mixed(sure, sure[::-1])
    assert said[0] > 0.5
    assert np.log(said[0] / said[1]) == pytest.approx((1 - 2 * SHARE) * np.log(9))
