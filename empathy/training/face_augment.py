"""What a webcam does to a face: small faces, blur, compression, bad light, noise, hands, loose framing.

Pictures are grey, uint8, 48 x 48; each function takes the random generator it draws from.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Degradation = Literal["blurred", "dark", "24 px"]
DEGRADATIONS: tuple[Degradation, ...] = ("blurred", "dark", "24 px")


def augment(pictures: Grey, rng: np.random.Generator, side_px: int) -> Grey:
    """One random variant of each picture.

    Args:
        pictures: shape (n, 48, 48).
        rng: random generator.
        side_px: side of the results; 44 of 48 px leaves room to shift without a border, and trains faster.

    Returns:
        Shape (n, side_px, side_px).
    """
    return np.stack([_photograph(_frame(picture, rng, side_px), rng) for picture in pictures])


def _frame(picture: Grey, rng: np.random.Generator, side_px: int) -> Grey:
    """Mirror, turn, scale, stretch and shift in one interpolation."""
    import cv2

    angle = np.deg2rad(rng.normal(0.0, 6.0))
    zoom = np.exp(rng.normal(0.0, 0.09))
    stretch = np.exp(rng.normal(0.0, 0.04))
    mirror = rng.choice((-1.0, 1.0))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag([mirror * zoom * stretch, zoom / stretch])
    middle = (picture.shape[0] - 1) / 2 + rng.normal(0.0, 1.6, 2)
    shift = np.full(2, (side_px - 1) / 2) - matrix @ middle
    placed = np.column_stack([matrix, shift]).astype(np.float64)
    border = cv2.BORDER_REPLICATE if rng.random() < 0.7 else cv2.BORDER_CONSTANT
    warped = cv2.warpAffine(picture, placed, (side_px, side_px), flags=cv2.INTER_LINEAR,
                            borderMode=border, borderValue=(int(rng.integers(256)),))
    return np.asarray(warped, dtype=np.uint8)


def _photograph(picture: Grey, rng: np.random.Generator) -> Grey:
    """Blur or shrink, light, noise, compress, cover: each now and then."""
    import cv2

    side = picture.shape[0]
    how = rng.random()
    if how < 0.12:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.6)), np.uint8)
    elif how < 0.24:
        small = int(rng.integers(18, 36))
        shrunk = cv2.resize(picture, (small, small), interpolation=cv2.INTER_AREA)
        picture = np.asarray(cv2.resize(shrunk, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)
    if rng.random() < 0.5:
        picture = _light(picture, rng)
    if rng.random() < 0.15:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))]
        picture = np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_GRAYSCALE), np.uint8)
    if rng.random() < 0.25:
        picture = _cover(picture, rng)
    return picture


def _light(picture: Grey, rng: np.random.Generator) -> Grey:
    """Gamma, gain and a slope of light across the face; noise where it is dark."""
    side = picture.shape[0]
    levels = (picture / 255.0) ** np.exp(rng.normal(0.0, 0.35))
    levels *= np.exp(-abs(rng.normal(0.0, 0.6)))
    if rng.random() < 0.3:
        slope = np.linspace(-1.0, 1.0, side)
        direction = rng.uniform(0, 2 * np.pi)
        plane = np.cos(direction) * slope[None] + np.sin(direction) * slope[:, None]
        levels *= np.exp(rng.uniform(0.0, 0.6) * plane)
    if rng.random() < 0.4:
        levels += rng.normal(0.0, rng.uniform(0.004, 0.03), levels.shape)
    return (np.clip(levels, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def _cover(picture: Grey, rng: np.random.Generator) -> Grey:
    """A rectangle of one grey level or of noise: a hand, hair, a microphone. Source: Zhong et al. 2017."""
    side = picture.shape[0]
    height, width = rng.integers(side // 8, side // 2, 2)
    top, left = rng.integers(0, side - height), rng.integers(0, side - width)
    covered = picture.copy()
    patch = covered[top:top + height, left:left + width]
    patch[:] = rng.integers(256) if rng.random() < 0.5 else rng.integers(0, 256, patch.shape)
    return covered


def degrade(pictures: Grey, how: Degradation, rng: np.random.Generator) -> Grey:
    """Spoil pictures in one known way, to measure what it costs.

    ``blurred``: Gaussian of 1.5 px; ``dark``: a fifth of the light, with noise of 3 grey levels; ``24 px``: shrunk to
    half and enlarged again.
    """
    import cv2

    match how:
        case "blurred":
            spoilt = [cv2.GaussianBlur(picture, (0, 0), 1.5) for picture in pictures]
        case "dark":
            levels = pictures * 0.2 + rng.normal(0.0, 3.0, pictures.shape)
            spoilt = list(np.clip(np.round(levels), 0, 255))
        case "24 px":
            small = [cv2.resize(picture, (24, 24), interpolation=cv2.INTER_AREA) for picture in pictures]
            spoilt = [cv2.resize(picture, pictures.shape[1:], interpolation=cv2.INTER_LINEAR) for picture in small]
    return np.stack([np.asarray(picture) for picture in spoilt]).astype(np.uint8)
