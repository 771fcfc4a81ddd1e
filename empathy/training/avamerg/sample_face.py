"""A drawn face that speaks, so that its shape and its motion are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...types import Picture

Colour = NDArray[np.float64]
SIDE_PX = 128
FPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """``smile``: corners of the mouth, -1 down to 1 up. ``brows``: -1 low to 1 high. ``nods``: swings of the head a
    second, 0 is still."""

    smile: float
    brows: float
    nods: float


def frames(look: Look, duration_s: float, rng: np.random.Generator) -> Iterator[Picture]:
    """Pictures of shape (128, 128, 3), eight a second; skin, hair, ground, place and size of the face are drawn."""
    skin = np.array([214, 168, 140]) * rng.uniform(0.85, 1.1)
    hair, ground = rng.uniform(20, 60, 3), rng.uniform(100, 140, 3)
    size, left, top = rng.uniform(0.9, 1.05), rng.uniform(-4, 4), rng.uniform(-3, 3)
    phase = rng.random()
    for place in range(max(2, round(duration_s * FPS))):
        time_s = place / FPS
        swing = 9.0 * np.sin(2 * np.pi * (look.nods * time_s + phase)) if look.nods else 0.0
        mouth = 0.35 + 0.3 * np.sin(2 * np.pi * (3.1 * time_s + phase))
        picture = _draw(look, (64 + left, 66 + top + swing), 26 * size, mouth, (skin, hair, ground))
        yield np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


def write_clip(path: Path, pictures: Iterator[Picture]) -> None:
    """As mp4, eight pictures a second, without sound."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=FPS)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = SIDE_PX, SIDE_PX, "yuv420p", 1_000_000
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def _draw(
    look: Look, middle: tuple[float, float], radius: float, mouth: float,
    colours: tuple[Colour, Colour, Colour],
) -> NDArray[np.float32]:
    """One frame; ``radius`` is half the face's width in px, ``mouth`` its opening in [0, 1]."""
    import cv2

    skin, hair, ground = colours
    x, y = middle
    picture = np.full((SIDE_PX, SIDE_PX, 3), ground, np.float32)

    def oval(dx: float, dy: float, width: float, height: float, colour: Colour) -> None:
        centre = (round((x + dx * radius) * 16), round((y + dy * radius) * 16))
        axes = (max(8, round(width * radius * 16)), max(8, round(height * radius * 16)))
        cv2.ellipse(picture, centre, axes, 0, 0, 360, [float(part) for part in colour], -1, cv2.LINE_AA, 4)

    oval(0, 2.2, 1.7, 0.9, ground * 0.5)
    oval(0, 1.3, 0.45, 0.6, skin * 0.75)
    oval(0, -0.4, 1.2, 1.45, hair)
    oval(0, 0, 1.0, 1.35, skin)
    for side in (-1, 1):
        oval(side * 0.42, -0.22, 0.2, 0.1, np.array([240.0, 238, 235]))
        oval(side * 0.42, -0.22, 0.09, 0.09, np.array([50.0, 40, 32]))
        oval(side * 0.42, -0.48 - 0.2 * look.brows, 0.26, 0.05, hair)
        oval(side * 0.14, 0.3, 0.06, 0.05, skin * 0.6)
    across = np.linspace(-1, 1, 9)
    bend = look.smile * 0.4 * (across**2 - 0.5)
    for sign, colour in ((1.0, skin * [0.8, 0.5, 0.5]), (0.6, np.array([80.0, 30, 35]))):
        thick = sign * (0.06 + 0.12 * mouth) * (1 - across**2)
        upper = np.stack([0.4 * across, 0.7 - bend - thick], 1)
        lower = np.stack([0.4 * across, 0.7 - bend + thick], 1)[::-1]
        outline = (np.concatenate([upper, lower]) * radius + [x, y]) * 16
        cv2.fillPoly(picture, [outline.round().astype(np.int32)], [float(part) for part in colour], cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.7), dtype=np.float32)
