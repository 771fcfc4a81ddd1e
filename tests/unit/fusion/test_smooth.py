from math import exp

import pytest

from empathy.fusion.smooth import HOLD_S, Smoothed, approach

RATES = {"attack_s": 0.5, "release_s": 2.0}


def run(values, dt_s):
    state = Smoothed()
    for value in values:
        state = state.after({"x": value}, dt_s, **RATES)
    return state.values["x"]


def test_one_step_in_closed_form():
    assert approach(0.0, 1.0, 0.5, 0.5) == pytest.approx(1 - exp(-1))
    assert approach(1.0, 0.0, 1.0, 2.0) == pytest.approx(exp(-0.5))
    assert approach(0.3, 0.9, 1.0, 0.0) == 0.9
    assert approach(0.3, 0.9, 0.0, 1.0) == 0.3


def test_two_half_steps_are_one_whole_step():
    assert run([0.0, 1.0, 1.0], 0.25) == pytest.approx(run([0.0, 1.0], 0.5))


def test_rising_is_quicker_than_falling():
    assert run([0.0, 1.0], 0.5) == pytest.approx(1 - exp(-1))
    assert run([1.0, 0.0], 0.5) == pytest.approx(exp(-0.25))


def test_the_first_value_is_taken_as_it_is():
    assert run([0.7], 0.5) == 0.7


def test_what_is_absent_is_held_for_a_while_and_then_given_up():
    state = Smoothed().after({"x": 0.8}, 0.0, **RATES)
    held = state.after({"x": None}, HOLD_S, **RATES)
    assert held.values["x"] == 0.8
    gone = held.after({"x": None}, 0.1, **RATES)
    assert gone.values["x"] is None
    assert gone.after({"x": 0.2}, 0.5, **RATES).values["x"] == 0.2


def test_a_short_absence_is_forgotten_when_the_value_comes_back():
    state = Smoothed().after({"x": 0.8}, 0.0, **RATES).after({"x": None}, HOLD_S * 0.8, **RATES)
    state = state.after({"x": 0.8}, 0.1, **RATES).after({"x": None}, HOLD_S * 0.8, **RATES)
    assert state.values["x"] == pytest.approx(0.8)


def test_what_was_never_there_is_none():
    assert run([None], 0.5) is None
