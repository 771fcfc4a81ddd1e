from math import cos, radians, sin

import numpy as np
import pytest

from empathy.vision import geometry
from empathy.vision.geometry import LANDMARKS_68, crop_face, eye_openness, eye_roll, head_pose, level_square, mesh_box

RIGID = np.array(geometry._RIGID_CM)


def head(pitch: float = 0, yaw: float = 0, roll: float = 0, *, px_per_cm: float = 20.0) -> np.ndarray:
    """A mesh whose rigid points are a neutral head turned by these angles (degrees), seen from far away."""
    p, y, r = radians(pitch), radians(yaw), radians(roll)
    up = np.array([[1, 0, 0], [0, cos(p), sin(p)], [0, -sin(p), cos(p)]])
    aside = np.array([[cos(y), 0, sin(y)], [0, 1, 0], [-sin(y), 0, cos(y)]])
    tilt = np.array([[cos(r), sin(r), 0], [-sin(r), cos(r), 0], [0, 0, 1]])
    turned = RIGID @ (tilt @ aside @ up).T
    points = np.zeros((478, 3), np.float32)
    points[list(geometry._RIGID)] = turned * (px_per_cm, -px_per_cm, -px_per_cm) + (300, 200, 0)
    return points


def degrees(pose: geometry.HeadPose) -> np.ndarray:
    return np.degrees([pose.pitch_rad, pose.yaw_rad, pose.roll_rad])


def test_a_face_straight_ahead_has_no_angles() -> None:
    assert degrees(head_pose(head())) == pytest.approx([0, 0, 0], abs=1e-3)


@pytest.mark.parametrize("angles", [(20, 0, 0), (-15, 0, 0), (0, 35, 0), (0, -60, 0), (0, 0, 25), (10, -30, 40)])
def test_angles_that_were_put_in_come_out(angles: tuple[float, float, float]) -> None:
    assert degrees(head_pose(head(*angles))) == pytest.approx(angles, abs=1e-3)


def test_signs_are_those_of_the_documentation() -> None:
    nose, eyes = 4, [33, 263]
    chin_up = head(pitch=20)
    assert chin_up[nose, 1] - chin_up[eyes, 1].mean() < head()[nose, 1] - head()[eyes, 1].mean()
    to_own_left = head(yaw=20)  # the right of an unmirrored picture
    assert to_own_left[nose, 0] > to_own_left[eyes, 0].mean()
    to_left_shoulder = head(roll=20)  # the person's left eye sinks
    assert to_left_shoulder[263, 1] > to_left_shoulder[33, 1]
    assert eye_roll(to_left_shoulder) == pytest.approx(radians(20), abs=1e-3)


def test_turning_the_picture_adds_to_the_roll_alone() -> None:
    points = head(10, 30, 5)
    turn = radians(18)
    matrix = np.array([[cos(turn), -sin(turn), 0], [sin(turn), cos(turn), 0], [0, 0, 1]])
    assert degrees(head_pose((points @ matrix.T).astype(np.float32))) == pytest.approx([10, 30, 23], abs=1e-2)


def test_mirroring_the_picture_flips_yaw_and_roll() -> None:
    other = {33: 263, 133: 362, 127: 356}
    swap = {**other, **{b: a for a, b in other.items()}}
    points = head(10, 30, 5)
    mirrored = points.copy()
    for index in geometry._RIGID:
        mirrored[index] = points[swap.get(index, index)] * (-1, 1, 1) + (600, 0, 0)
    assert degrees(head_pose(mirrored)) == pytest.approx([10, -30, -5], abs=1e-2)


def oval(centre: tuple[float, float], width: float, height: float, roll_deg: float = 0.0) -> np.ndarray:
    """A mesh of an oval outline with eyes at a third of the height, tilted clockwise."""
    angles = np.linspace(0, 2 * np.pi, 478, endpoint=False)
    points = np.column_stack([np.cos(angles) * width / 2, np.sin(angles) * height / 2])
    for x, indices in ((-0.25, (33, 133)), (0.25, (362, 263))):
        points[list(indices)] = (x * width, -0.17 * height)
    roll = radians(roll_deg)
    points = points @ np.array([[cos(roll), -sin(roll)], [sin(roll), cos(roll)]]).T + centre
    return np.column_stack([points, np.zeros(478)]).astype(np.float32)


def test_the_side_of_a_crop_follows_the_face_and_the_scale() -> None:
    picture = np.zeros((400, 400, 3), np.uint8)
    face = oval((200, 200), 80, 100)
    assert crop_face(picture, face, 1.0).shape == (109, 109, 3)
    assert crop_face(picture, face, 2.0).shape == (218, 218, 3)
    assert crop_face(picture, oval((200, 200), 4, 5), 1.0).shape == (16, 16, 3)


def test_a_crop_has_level_eyes_wherever_the_head_tilts() -> None:
    face = oval((200, 200), 120, 150, roll_deg=30)
    picture = np.zeros((400, 400, 3), np.uint8)
    for index, channel in ((33, 0), (263, 1)):
        x, y = np.round(face[index, :2]).astype(int)
        picture[y - 3:y + 4, x - 3:x + 4, channel] = 255
    crop = crop_face(picture, face, 1.0)
    right, left = (np.array(np.nonzero(crop[:, :, channel] > 100)).mean(axis=1) for channel in (0, 1))
    assert right[0] == pytest.approx(left[0], abs=1.0)
    assert right[1] < left[1]


def test_what_lies_outside_the_picture_repeats_its_border() -> None:
    picture = np.full((100, 100, 3), 77, np.uint8)
    assert set(np.unique(crop_face(picture, oval((0, 50), 60, 80), 1.3))) == {77}


def test_a_face_outside_the_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        crop_face(np.zeros((100, 100, 3), np.uint8), oval((900, 50), 60, 80))


def test_a_huge_face_is_shrunk_without_flicker() -> None:
    stripes = np.zeros((3000, 3000, 3), np.uint8)
    stripes[:, ::2] = 255
    crop = crop_face(stripes, oval((1500, 1500), 1600, 2048))
    assert crop.shape == (512, 512, 3)
    assert crop.std() < 30  # the mean grey, not a pattern


@pytest.mark.parametrize(("side", "out"), [(100, 40), (100, 100), (100, 260)])
def test_a_levelled_square_tells_where_its_points_went(side: int, out: int) -> None:
    picture = np.zeros((300, 300, 3), np.uint8)
    picture[137:144, 157:164] = 255  # about (160, 140)
    square, matrix = level_square(picture, (150, 150), side, radians(20), out)
    y, x = (float(axis.mean()) for axis in np.nonzero(square[:, :, 0] > 127))
    assert (x, y) == pytest.approx(tuple(matrix @ (160, 140, 1)), abs=1.5)


def eye(aspect: float) -> np.ndarray:
    points = np.zeros((478, 3), np.float32)
    for ring in ((362, 385, 387, 263, 373, 380), (33, 160, 158, 133, 153, 144)):
        x = np.array([0, 10, 20, 30, 20, 10])
        y = np.array([0, -1, -1, 0, 1, 1]) * aspect * 30 / 2
        points[list(ring), 0], points[list(ring), 1] = x, y
    return points


@pytest.mark.parametrize(("aspect", "openness"), [(0.05, 0.0), (0.10, 0.0), (0.20, 0.5), (0.30, 1.0), (0.5, 1.0)])
def test_eyes_open_with_their_aspect_ratio(aspect: float, openness: float) -> None:
    assert eye_openness(eye(aspect)) == pytest.approx((openness, openness), abs=1e-5)


def test_a_collapsed_mesh_has_shut_eyes_and_no_nan() -> None:
    points = np.zeros((478, 3), np.float32)
    assert eye_openness(points) == (0.0, 0.0)
    assert np.isfinite(degrees(head_pose(points))).all()


def test_the_68_points_are_distinct_points_of_the_skin() -> None:
    assert len(LANDMARKS_68) == len(set(LANDMARKS_68)) == 68
    assert set(LANDMARKS_68) <= set(range(468))


def test_the_box_of_a_mesh_is_tight() -> None:
    box = mesh_box(oval((200, 100), 80, 120))
    assert (box.x, box.y, box.width, box.height) == pytest.approx((160, 40, 80, 120), abs=0.1)
