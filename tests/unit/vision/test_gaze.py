from math import asin, radians

import numpy as np
import pytest

from empathy.types import HeadPose
from empathy.vision.gaze import LEFT_IRIS, RIGHT_IRIS, gaze, off_camera
from empathy.vision.geometry import LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS

AHEAD = HeadPose(pitch_rad=0.0, yaw_rad=0.0, roll_rad=0.0)


def eyes(across=0.0, up=0.0, roll_rad=0.0):
    """Two eyes 30 px wide whose irises lie off their middles by shares of that width."""
    points = np.zeros((478, 3), np.float32)
    for corners, iris, x in ((RIGHT_EYE_CORNERS, RIGHT_IRIS, 100.0), (LEFT_EYE_CORNERS, LEFT_IRIS, 180.0)):
        points[corners[0], :2], points[corners[1], :2] = (x - 15, 200), (x + 15, 200)
        points[iris, :2] = (x + 30 * across, 200 - 30 * up)
    turn = np.array([[np.cos(roll_rad), np.sin(roll_rad)], [-np.sin(roll_rad), np.cos(roll_rad)]])
    points[:, :2] = points[:, :2] @ turn
    return points


def test_eyes_in_the_middle_look_where_the_head_points():
    assert gaze(eyes(), AHEAD) == pytest.approx((0.0, 0.0))
    turned = HeadPose(pitch_rad=0.1, yaw_rad=-0.3, roll_rad=0.0)
    assert gaze(eyes(), turned) == pytest.approx((-0.3, 0.1))


def test_the_turn_of_the_eyes_is_added_in_closed_form():
    yaw_rad, pitch_rad = gaze(eyes(across=0.1, up=-0.05), AHEAD)
    assert yaw_rad == pytest.approx(asin(0.25), abs=1e-4)
    assert pitch_rad == pytest.approx(asin(-0.125), abs=1e-4)


def test_a_tilted_head_changes_nothing():
    assert gaze(eyes(across=0.1, up=0.1, roll_rad=0.4), AHEAD) == pytest.approx(gaze(eyes(0.1, 0.1), AHEAD), abs=1e-4)


def test_eyes_without_width_are_taken_for_straight():
    assert gaze(np.zeros((478, 3), np.float32), AHEAD) == (0.0, 0.0)


def test_the_angle_off_the_camera():
    assert off_camera(0.0, 0.0) == 0.0
    assert off_camera(radians(30), 0.0) == pytest.approx(radians(30))
    assert off_camera(0.0, radians(-20)) == pytest.approx(radians(20))
    assert off_camera(radians(30), radians(20)) > radians(30)
