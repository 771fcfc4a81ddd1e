from empathy.training.face_card import changes


def test_a_run_that_kept_its_plan_has_nothing_to_tell() -> None:
    assert changes([[{"planned": 3.0}] * 3]) == []


def test_a_run_that_was_cut_short_says_so() -> None:
    history = [{"planned": 9.0}, {"planned": 9.0}, {"planned": 3.0}]
    assert changes([history[:1], history]) == [
        "Member 2 was changed on the way: 2 epochs of a run planned for 9, then 1 epochs of a run planned for 3."]
