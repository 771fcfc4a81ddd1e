from dataclasses import replace
from math import radians, sin

import numpy as np
import pytest

from empathy.types import Box, PostureReading
from empathy.vision.stance import Body, movement, read_stance

HEAD = Box(x=262, y=100, width=76, height=100)


def body(*, seen: float = 1.0, **moved: tuple[float, float]) -> Body:
    """Somebody upright facing the camera, arms hanging, shoulders 200 px apart; ``moved`` puts points elsewhere."""
    places = {"nose": (300, 160), "left_ear": (345, 150), "right_ear": (255, 150),
              "left_shoulder": (400, 280), "right_shoulder": (200, 280), "left_elbow": (415, 400),
              "right_elbow": (185, 400), "left_wrist": (420, 510), "right_wrist": (180, 510),
              "left_hip": (365, 560), "right_hip": (235, 560)} | moved
    index = {"nose": 0, "left_ear": 7, "right_ear": 8, "left_shoulder": 11, "right_shoulder": 12, "left_elbow": 13,
             "right_elbow": 14, "left_wrist": 15, "right_wrist": 16, "left_hip": 23, "right_hip": 24}
    points, visible = np.full((33, 3), (300.0, 160.0, 0.0), np.float32), np.zeros(33, np.float32)
    for name, place in places.items():
        points[index[name], :2], visible[index[name]] = place, seen
    for wrist, fingers in ((15, (17, 19, 21)), (16, (18, 20, 22))):
        points[list(fingers)], visible[list(fingers)] = points[wrist], seen
    world = np.zeros((33, 3))
    world[:, :2] = (points[:, :2] - (300, 560)) / 600
    world[[7, 8], 2], world[[11, 12], 2] = -0.17, -0.10
    return Body(points=points, world=world, seen=visible, head=HEAD)


def test_somebody_upright_is_upright() -> None:
    reading = read_stance(body(), "test@1")
    assert reading.label == "upright"
    assert reading.slouch == 0.0
    assert reading.lean == pytest.approx(0.0, abs=0.15)
    assert reading.openness == pytest.approx(2 / 3, abs=0.05)
    assert reading.hands_near_face == reading.arms_raised == 0.0
    assert reading.shoulder_tilt_rad == 0.0
    assert reading.visibility == 1.0
    assert reading.movement is None


def test_a_higher_left_shoulder_is_a_positive_tilt() -> None:
    assert read_stance(body(left_shoulder=(400, 250)), "test@1").shoulder_tilt_rad == pytest.approx(np.arctan(0.15))


def test_a_head_between_the_shoulders_is_a_slouch() -> None:
    reading = read_stance(body(left_ear=(345, 210), right_ear=(255, 210), nose=(300, 220)), "test@1")
    assert reading.slouch is not None and reading.slouch > 0.9
    assert reading.label == "slouched"


def test_a_head_before_the_shoulders_is_a_slouch_too() -> None:
    forward = body()
    forward.world[[7, 8], 2] = -0.45
    slouch = read_stance(forward, "test@1").slouch
    assert slouch is not None and slouch > 0.6


def test_leaning_towards_the_camera_is_positive_and_away_is_negative() -> None:
    leans = []
    for angle in (44, 14, -16):
        person = body()
        person.seen[[25, 26]] = 1.0
        person.world[[11, 12], 2] = person.world[[11, 12], 1] * np.tan(radians(angle))
        person.world[[7, 8], 2] = person.world[[11, 12], 2] - 0.07
        leans.append(read_stance(person, "test@1").lean)
    assert leans == pytest.approx([1.0, 0.0, -1.0], abs=1e-6)


def test_arms_over_the_head_are_raised_and_open() -> None:
    reading = read_stance(body(left_elbow=(480, 250), left_wrist=(540, 120), right_elbow=(120, 250),
                               right_wrist=(60, 120)), "test@1")
    assert reading.label == "arms raised"
    assert reading.arms_raised == 1.0
    assert reading.openness == 1.0


def test_wrists_that_passed_each_other_are_crossed_arms() -> None:
    reading = read_stance(body(left_wrist=(240, 410), right_wrist=(360, 410)), "test@1")
    assert reading.label == "arms crossed"
    assert reading.openness == 0.0


def test_wide_arms_are_open() -> None:
    reading = read_stance(body(left_elbow=(500, 330), left_wrist=(600, 350), right_elbow=(100, 330),
                               right_wrist=(0, 350)), "test@1")
    assert reading.label == "open"


def test_a_hand_on_the_cheek_is_at_the_face() -> None:
    reading = read_stance(body(left_elbow=(420, 330), left_wrist=(330, 185)), "test@1")
    assert reading.label == "hand at face"
    assert reading.hands_near_face == 1.0


def test_a_guessed_hand_alone_is_no_hand_at_the_face() -> None:
    person = body(left_elbow=(420, 330), left_wrist=(330, 185))
    person.seen[13] = 0.2
    reading = read_stance(person, "test@1")
    assert reading.hands_near_face == 0.5
    assert reading.label != "hand at face"


def test_a_hand_that_the_hand_model_saw_counts_whatever_the_pose_says() -> None:
    chin = np.full((21, 2), (300.0, 200.0))
    assert read_stance(replace(body(), hands=(chin,)), "test@1").label == "hand at face"


def test_without_a_face_box_the_head_is_where_nose_and_ears_are() -> None:
    person = replace(body(left_elbow=(420, 330), left_wrist=(330, 185)), head=None)
    assert read_stance(person, "test@1").hands_near_face == 1.0


def test_parts_that_are_not_seen_give_none_and_no_label() -> None:
    person = body()
    person.seen[[7, 8, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]] = 0.0
    reading = read_stance(person, "test@1")
    assert (reading.slouch, reading.lean, reading.openness, reading.hands_near_face, reading.arms_raised) == (None,) * 5
    assert reading.label is None
    assert reading.visibility == pytest.approx(0.4)


def test_a_tilted_person_is_not_called_upright() -> None:
    assert read_stance(body(left_shoulder=(395, 240), right_shoulder=(205, 320)), "test@1").label is None


def test_shoulders_turned_aside_do_not_lengthen_the_neck() -> None:
    aside = body(left_shoulder=(330, 280), right_shoulder=(270, 280), left_ear=(310, 220), right_ear=(290, 220))
    aside.world[11], aside.world[12] = (0.05, -0.47, -0.26), (-0.05, -0.47, 0.06)
    aside.world[[7, 8], 1] = -0.60
    slouch = read_stance(aside, "test@1").slouch
    assert slouch is not None and slouch > 0.6  # 60 px of neck over 60 px of shoulders seen, over 180 px in truth


def reading_at(shift_px: float, visible: float = 1.0) -> PostureReading:
    person = body(seen=visible)
    person.points[:, 0] += shift_px
    return read_stance(person, "test@1")


def test_movement_is_in_shoulder_widths_a_second() -> None:
    assert movement(reading_at(0), reading_at(50), 0.5) == pytest.approx(0.5)
    assert movement(reading_at(0), reading_at(0), 0.5) == 0.0


def test_movement_needs_time_and_points_seen_both_times() -> None:
    assert movement(reading_at(0), reading_at(50), 0.0) is None
    assert movement(reading_at(0), reading_at(50, visible=0.3), 0.5) is None


def test_measures_mean_the_same_near_and_far() -> None:
    near, far = body(left_wrist=(330, 185)), body(left_wrist=(330, 185))
    far = replace(far, points=(far.points * 0.25).astype(np.float32),
                  head=Box(x=HEAD.x / 4, y=HEAD.y / 4, width=HEAD.width / 4, height=HEAD.height / 4))
    a, b = read_stance(near, "test@1"), read_stance(far, "test@1")
    assert (a.slouch, a.lean, a.openness, a.hands_near_face, a.arms_raised) == pytest.approx(
        (b.slouch, b.lean, b.openness, b.hands_near_face, b.arms_raised), abs=1e-4)
    assert sin(a.shoulder_tilt_rad) == pytest.approx(sin(b.shoulder_tilt_rad), abs=1e-4)
