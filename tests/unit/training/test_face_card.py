import numpy as np

from empathy.training.face_card import changes, terciles


def test_a_run_that_kept_its_plan_has_nothing_to_tell() -> None:
    assert changes([[{"planned": 3.0}] * 3]) == []


def test_a_run_that_was_cut_short_says_so() -> None:
    history = [{"planned": 9.0}, {"planned": 9.0}, {"planned": 3.0}]
    assert changes([history[:1], history]) == [
        "Member 2 was changed on the way: 2 epochs of a run planned for 9, then 1 epochs of a run planned for 3."]


def test_pictures_are_parted_into_thirds_by_light_and_by_sharpness() -> None:
    flat = [np.full((48, 48), level, np.uint8) for level in (10, 200, 90)]
    flat[0][:, ::2] += 8
    flat[1][:, :24] += 8
    found = terciles(np.stack(flat))
    assert [found[name].tolist() for name in ("dark", "middling light", "bright")] == [[0], [2], [1]]
    assert [found[name].tolist() for name in ("soft", "middling sharp", "sharp")] == [[2], [1], [0]]
