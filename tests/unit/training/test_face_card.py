from empathy.training.face_card import changes


def test_a_run_that_kept_its_plan_has_nothing_to_tell() -> None:
    assert changes([[{"planned": 3.0}] * 3], 3) == []


def test_a_run_that_was_cut_short_says_so() -> None:
    history = [{"planned": 9.0}, {"planned": 9.0}, {"planned": 3.0}]
    assert changes([history], 3) == ["Member 1 had its first 2 epochs on the learning rates of a run of 9, which was "
                                     "then changed to 3."]
