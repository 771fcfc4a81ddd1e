import numpy as np
import pytest

from empathy.training.face_augment import DEGRADATIONS, augment, degrade


def pictures(n: int = 40) -> np.ndarray:
    """Smooth blobs, different in each picture."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:48, :48]
    return np.stack([
        255 * np.exp(-((x - rng.uniform(15, 33)) ** 2 + (y - rng.uniform(15, 33)) ** 2) / 150) for _ in range(n)
    ]).astype(np.uint8)


def test_variants_have_the_side_asked_for_and_the_same_seed_gives_the_same_ones() -> None:
    first = augment(pictures(), np.random.default_rng(3), 44)
    again = augment(pictures(), np.random.default_rng(3), 44)
    other = augment(pictures(), np.random.default_rng(4), 44)
    assert first.shape == (40, 44, 44)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_about_half_of_the_variants_are_mirrored() -> None:
    ramp = np.repeat(np.tile(np.linspace(60, 200, 48), (48, 1))[None].astype(np.uint8), 400, axis=0)
    variants = augment(ramp, np.random.default_rng(1), 44).astype(float)
    falling = variants[:, :, :15].mean((1, 2)) > variants[:, :, -15:].mean((1, 2))
    assert 0.4 < falling.mean() < 0.6


def test_the_originals_stay_as_they_are() -> None:
    before = pictures()
    kept = before.copy()
    augment(before, np.random.default_rng(0), 48)
    for how in DEGRADATIONS:
        degrade(before, how, np.random.default_rng(0))
    assert np.array_equal(before, kept)


def test_dark_is_a_fifth_of_the_light_and_blur_keeps_it() -> None:
    bright = np.full((3, 48, 48), 200, np.uint8)
    rng = np.random.default_rng(0)
    assert degrade(bright, "dark", rng).mean() == pytest.approx(40, abs=0.5)
    assert degrade(pictures(), "blurred", rng).mean() == pytest.approx(pictures().mean(), rel=0.02)


def test_small_pictures_lose_what_is_finer_than_their_pixels() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (1, 48, 24))
    assert np.ptp(degrade(stripes, "24 px", np.random.default_rng(0))) <= 1
