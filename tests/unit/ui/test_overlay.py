import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.types import Box, Emotions, FaceQuality, FaceReading, HeadPose, PostureReading
from empathy.ui.overlay import draw_overlay
from tests.fakes import mesh, standing

PICTURE = np.full((240, 320, 3), 90, np.uint8)


def reading(box: Box, *, abstains: bool = False) -> FaceReading:
    emotions = Emotions.of({"happy": 0.8, "neutral": 0.2})
    return FaceReading(
        box=box, detection_confidence=0.9, emotions=emotions, affect=affect_of(emotions),
        head_pose=HeadPose(pitch_rad=0.1, yaw_rad=-0.2, roll_rad=0.0), eye_openness=(1.0, 1.0),
        quality=FaceQuality(size_px=100, light=0.5, sharpness=1.0, frontal=0.9, inside=1.0, score=1.0),
        confidence=0.9, abstains=abstains, engine="fake@1", landmarks=mesh(box))


def posture() -> PostureReading:
    points = np.zeros((33, 3), np.float32)
    points[11], points[12], points[7], points[8] = (220, 200, 0), (100, 200, 0), (180, 90, 0), (140, 90, 0)
    visible = np.zeros(33, np.float32)
    visible[[7, 8, 11, 12]] = 1.0
    still = standing()
    return PostureReading(**{name: getattr(still, name) for name in (
        "shoulder_tilt_rad", "slouch", "lean", "openness", "hands_near_face", "arms_raised", "movement", "visibility",
        "label", "engine")}, landmarks=points, landmark_visibility=visible)


FACE = Box(x=110, y=60, width=100, height=120)


def changed(drawn: np.ndarray) -> np.ndarray:
    return np.any(drawn != PICTURE, axis=2)


def test_nothing_seen_draws_nothing_and_gives_a_copy() -> None:
    drawn = draw_overlay(PICTURE, ())
    assert np.array_equal(drawn, PICTURE)
    assert drawn is not PICTURE


def test_the_given_picture_stays_untouched_even_when_read_only() -> None:
    picture = PICTURE.copy()
    picture.setflags(write=False)
    drawn = draw_overlay(picture, [reading(FACE)], posture())
    assert np.array_equal(picture, PICTURE)
    assert not np.array_equal(drawn, picture)


def test_a_face_is_framed() -> None:
    marks = changed(draw_overlay(PICTURE, [reading(FACE)], mesh=False, labels=False))
    assert marks[60, 110:210].all()
    assert marks[60:180, 110].all()
    assert not marks[100:150, 130:190].any()


def test_the_main_face_looks_different_from_the_others() -> None:
    other = Box(x=20, y=60, width=60, height=80)
    drawn = draw_overlay(PICTURE, [reading(FACE), reading(other)], mesh=False, labels=False)
    assert tuple(drawn[60, 160]) != tuple(drawn[60, 50])


def test_of_several_faces_each_has_its_number() -> None:
    other = Box(x=5, y=60, width=100, height=120)
    alone = draw_overlay(PICTURE, [reading(FACE)], mesh=False)
    both = draw_overlay(PICTURE, [reading(FACE), reading(other)], mesh=False)
    label = np.s_[25:60, 110:215]
    assert (alone[label] != both[label]).any()


def test_mesh_label_and_body_can_each_be_seen() -> None:
    bare = changed(draw_overlay(PICTURE, [reading(FACE)], mesh=False, labels=False))
    assert changed(draw_overlay(PICTURE, [reading(FACE)], labels=False)).sum() > bare.sum()
    assert changed(draw_overlay(PICTURE, [reading(FACE)], mesh=False)).sum() > bare.sum()
    shoulders = changed(draw_overlay(PICTURE, (), posture()))
    assert shoulders[200, 100:220].all()


def test_points_that_were_not_seen_are_not_drawn() -> None:
    assert not changed(draw_overlay(PICTURE, (), posture()))[:40].any()


def test_a_face_that_abstains_is_not_given_an_expression() -> None:
    sure = draw_overlay(PICTURE, [reading(FACE)], mesh=False)
    unsure = draw_overlay(PICTURE, [reading(FACE, abstains=True)], mesh=False)
    assert not np.array_equal(sure, unsure)


@pytest.mark.parametrize("box", [Box(x=0, y=0, width=320, height=240), Box(x=-30, y=-20, width=80, height=90),
                                 Box(x=300, y=200, width=60, height=80), Box(x=5, y=5, width=1, height=1)])
def test_faces_at_and_over_the_border_draw_without_an_error(box: Box) -> None:
    assert draw_overlay(PICTURE, [reading(box)], posture()).shape == PICTURE.shape


def test_large_pictures_are_shrunk_with_what_is_drawn_on_them() -> None:
    large = np.zeros((2400, 3200, 3), np.uint8)
    drawn = draw_overlay(large, [reading(Box(x=800, y=600, width=800, height=1000))], mesh=False, labels=False)
    assert drawn.shape == (1200, 1600, 3)
    assert drawn[300:800, 400].any(axis=1).all()


def test_a_picture_of_one_pixel_can_be_drawn_on() -> None:
    assert draw_overlay(np.zeros((1, 1, 3), np.uint8), [reading(FACE)]).shape == (1, 1, 3)
