import numpy as np
import pytest

from empathy.types import HeadPose, Picture
from empathy.vision.quality import face_quality

STRAIGHT = HeadPose(pitch_rad=0.0, yaw_rad=0.0, roll_rad=0.0)


def mesh(x: float = 200, y: float = 200, side: float = 120) -> np.ndarray:
    """An even disc of points with level eyes."""
    turns, radii = np.arange(478) * 2.399963, np.sqrt(np.arange(478) / 478)
    points = np.column_stack([np.cos(turns) * radii * side / 2 + x, np.sin(turns) * radii * side / 2 + y, turns * 0])
    points[[33, 133], :2], points[[362, 263], :2] = (x - side / 4, y - side / 6), (x + side / 4, y - side / 6)
    return points.astype(np.float32)


def noise(level: float = 128, spread: float = 30, grain: int = 4) -> Picture:
    import cv2

    cells = np.random.default_rng(0).normal(level, spread, (400 // grain, 400 // grain))
    cells += np.linspace(-2, 2, 400 // grain)[:, None] * spread  # light from below, as any face has light and shade
    return np.clip(np.repeat(cv2.resize(cells, (400, 400))[:, :, None], 3, axis=2), 0, 255).astype(np.uint8)


def test_a_sharp_well_lit_face_straight_ahead_has_full_quality() -> None:
    quality = face_quality(noise(), mesh(), STRAIGHT)
    assert quality.score == pytest.approx(1.0)
    assert quality.size_px == pytest.approx(120, abs=2)
    assert quality.light == pytest.approx(0.5, abs=0.02)
    assert quality.frontal == quality.inside == 1.0


def test_blur_lowers_sharpness_until_nothing_is_left() -> None:
    import cv2

    sharp = [face_quality(cv2.GaussianBlur(noise(), (0, 0), sigma), mesh(), STRAIGHT).sharpness
             for sigma in (0.5, 4, 8, 16)]
    assert sharp == sorted(sharp, reverse=True)
    assert sharp[0] > 0.9
    assert sharp[-1] < 0.2


def test_an_even_grey_patch_is_not_sharp() -> None:
    assert face_quality(np.full((400, 400, 3), 128, np.uint8), mesh(), STRAIGHT).score == 0.0


@pytest.mark.parametrize("level", [6, 250])
def test_too_dark_and_too_bright_faces_lose(level: int) -> None:
    assert face_quality(noise(level, 8), mesh(), STRAIGHT).score < 0.4


def test_a_face_in_profile_scores_nothing() -> None:
    profile = HeadPose(pitch_rad=0.0, yaw_rad=np.pi / 2, roll_rad=0.0)
    quality = face_quality(noise(), mesh(), profile)
    assert quality.frontal == pytest.approx(0.0, abs=1e-9)
    assert quality.score == 0.0


def test_tilting_the_head_costs_nothing() -> None:
    tilted = HeadPose(pitch_rad=0.0, yaw_rad=0.0, roll_rad=0.6)
    assert face_quality(noise(), mesh(), tilted).frontal == 1.0


def test_a_face_cut_in_half_by_the_border_is_half_inside() -> None:
    quality = face_quality(noise(), mesh(x=0), STRAIGHT)
    assert quality.inside == pytest.approx(0.5, abs=0.03)
    assert quality.score < 0.1


def test_a_tiny_face_scores_nothing() -> None:
    assert face_quality(noise(), mesh(side=12), STRAIGHT).score == 0.0
