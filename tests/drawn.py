"""A face drawn by arithmetic, so that real detectors can be tested without anybody's photograph."""

from __future__ import annotations

import cv2
import numpy as np

from empathy.types import Picture

SKIN = np.array((214, 168, 140), np.float32)
HAIR = (48, 34, 26)


class Canvas:
    """Colours laid over each other through soft masks; x and y run from -1 to 1."""

    def __init__(self, side: int) -> None:
        self.y, self.x = np.mgrid[0:side, 0:side].astype(np.float32) / side * 2 - 1
        self.pixels = np.full((side, side, 3), (96, 112, 128), np.float32)

    def oval(self, x: float, y: float, width: float, height: float, soft: float = 0.04) -> np.ndarray:
        distance = np.sqrt(((self.x - x) / width) ** 2 + ((self.y - y) / height) ** 2)
        return np.clip((1 - distance) / soft + 0.5, 0, 1)

    def blob(self, x: float, y: float, width: float, height: float) -> np.ndarray:
        return np.exp(-2 * (((self.x - x) / width) ** 2 + ((self.y - y) / height) ** 2))

    def lay(self, mask: np.ndarray, colour: object) -> None:
        self.pixels = self.pixels * (1 - mask[..., None]) + np.asarray(colour, np.float32) * mask[..., None]


def drawn_face(side: int = 400) -> Picture:
    """A lit ellipsoid with painted features, looking straight ahead: RGB, shape (side, side, 3); the face itself is
    0.45 sides wide and 0.6 high, about (0.5, 0.5)."""
    canvas = Canvas(side)
    canvas.lay(canvas.oval(0, 0.95, 0.75, 0.35), (50, 70, 120))
    canvas.lay(canvas.oval(0, 0.62, 0.2, 0.3), SKIN * 0.78)
    canvas.lay(canvas.oval(0, -0.2, 0.56, 0.66), HAIR)
    depth = np.sqrt(np.clip(1 - (canvas.x / 0.45) ** 2 - (canvas.y / 0.6) ** 2, 0, 1))
    normal = np.dstack([canvas.x / 0.45**2, canvas.y / 0.6**2, depth / 0.5])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True) + 1e-6
    light = np.clip(normal @ np.array([-0.25, -0.45, 0.85]), 0.25, 1.1)
    canvas.lay(canvas.oval(0, 0, 0.45, 0.6), SKIN * light[..., None])
    canvas.lay(canvas.oval(0, -0.66, 0.5, 0.22, 0.2), HAIR)
    for x in (-1, 1):
        canvas.lay(canvas.blob(x * 0.19, -0.1, 0.15, 0.09) * 0.45, SKIN * 0.45)
        canvas.lay(canvas.oval(x * 0.19, -0.09, 0.085, 0.04, 0.15), (240, 238, 235))
        canvas.lay(canvas.oval(x * 0.19, -0.09, 0.037, 0.037, 0.15), (58, 42, 32))
        canvas.lay(canvas.oval(x * 0.19, -0.125, 0.095, 0.012, 0.3), (40, 28, 24))
        canvas.lay(canvas.oval(x * 0.2, -0.21, 0.12, 0.022, 0.4), HAIR)
        canvas.lay(canvas.blob(x * 0.07, 0.13, 0.03, 0.025) * 0.8, SKIN * 0.4)
        canvas.lay(canvas.blob(x * 0.27, 0.14, 0.12, 0.1) * 0.25, (225, 130, 120))
    canvas.lay(canvas.blob(0, 0.06, 0.035, 0.14) * 0.35, (250, 215, 190))
    canvas.lay(canvas.blob(0, 0.17, 0.09, 0.03) * 0.5, SKIN * 0.55)
    canvas.lay(canvas.oval(0, 0.32, 0.17, 0.05, 0.25), (176, 84, 84))
    canvas.lay(canvas.oval(0, 0.32, 0.15, 0.012, 0.25), (90, 35, 38))
    canvas.lay(canvas.blob(0, 0.42, 0.12, 0.03) * 0.35, SKIN * 0.6)
    noise = np.random.default_rng(0).normal(0, 3, canvas.pixels.shape)
    picture = np.clip(canvas.pixels + noise, 0, 255).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), side / 400), dtype=np.uint8)


def placed(*faces: tuple[int, int, int], width: int = 640, height: int = 480) -> Picture:
    """Drawn faces at (x, y) of their top left corner and of a side, on an even ground."""
    ground = np.full((height, width, 3), (96, 112, 128), np.uint8)
    for x, y, side in faces:
        left, top = max(0, x), max(0, y)
        right, bottom = min(width, x + side), min(height, y + side)
        ground[top:bottom, left:right] = drawn_face(side)[top - y:bottom - y, left - x:right - x]
    return ground
