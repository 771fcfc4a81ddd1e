"""What a simulated visitor shows and says: a given clip, or one made of the examples that ship."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from math import sin
from pathlib import Path

import numpy as np

from ..capture.audio import load_sound
from ..capture.image import load_picture
from ..capture.kind import kind_of
from ..capture.video import open_video
from ..errors import InputError
from ..settings import Settings
from ..types import SAMPLE_RATE_HZ, Picture, Samples
from ..vision.faces import shrink

EXAMPLES = Path(__file__).parents[1] / "ui" / "examples"
FPS = 5.0
LONGEST_S = 60.0
LARGEST_PX, JPEG_QUALITY = 480, 80
"""What the page's own script sends."""
MADE_S = 12.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LiveClip:
    """Ready to be sent: frames as JPEG in base64, ``FPS`` a second, and 16-bit sound of the same length; both begin
    again when they are over."""

    frames: tuple[str, ...]
    sound: bytes

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.frames) / FPS

    def frame_at(self, time_s: float) -> str:
        """What the camera shows at a time."""
        return self.frames[int(time_s * FPS) % len(self.frames)]

    def sound_between(self, start_s: float, end_s: float) -> str:
        """What the microphone hears in a stretch of time, in base64."""
        n_clip = len(self.sound) // 2
        first, n = round(start_s * SAMPLE_RATE_HZ), round(end_s * SAMPLE_RATE_HZ) - round(start_s * SAMPLE_RATE_HZ)
        at = np.arange(first, first + n) % n_clip
        return base64.b64encode(np.frombuffer(self.sound, "<i2")[at].tobytes()).decode("ascii")


def load_clip(path: Path | None, settings: Settings) -> LiveClip:
    """The clip of a file, or one made of the examples: a face that moves about and a voice that speaks.

    Raises:
        InputError: the file is no video, or can't be read.
    """
    if path is None:
        return _made(settings)
    if kind_of(path) != "video":
        raise InputError(f"{path} is no video: give a clip such as an MP4, or nothing")
    clip = open_video(str(path), settings)
    frames: list[str] = []
    for time_s, picture in clip.frames():
        while len(frames) <= time_s * FPS and len(frames) < LONGEST_S * FPS:
            frames.append(_jpeg(picture))
    if not frames:
        raise InputError(f"{path} has no pictures: give a video with pictures")
    return _clip(frames, clip.samples)


def _made(settings: Settings) -> LiveClip:
    portrait = load_picture(EXAMPLES / "astronaut.jpg", settings)
    frames = [_jpeg(frame) for frame in _moving(portrait, round(MADE_S * FPS))]
    return _clip(frames, load_sound(EXAMPLES / "glad.ogg", settings))


def _moving(portrait: Picture, n: int) -> Iterator[Picture]:
    """A camera's view of 4 to 3 that drifts over the upper part of a portrait and comes nearer and goes again."""
    import cv2

    width = portrait.shape[1]
    for i in range(n):
        turn = 2.0 * np.pi * i / n
        zoom = 0.85 + 0.05 * sin(turn)
        w, h = round(width * zoom), round(width * zoom * 0.75)
        x = round((width - w) * (0.5 + 0.4 * sin(2 * turn)))
        y = round((portrait.shape[0] - h) * 0.1 * (1 + sin(turn)))
        yield np.asarray(cv2.resize(portrait[y:y + h, x:x + w], (640, 480), interpolation=cv2.INTER_AREA), np.uint8)


def _clip(frames: list[str], samples: Samples | None) -> LiveClip:
    n = round(len(frames) / FPS * SAMPLE_RATE_HZ)
    heard = np.zeros(n, np.float32)
    if samples is not None:
        heard[:min(n, samples.size)] = samples[:n]
    return LiveClip(frames=tuple(frames), sound=(np.clip(heard, -1.0, 1.0) * 32767).astype("<i2").tobytes())


def _jpeg(picture: Picture) -> str:
    import cv2

    small, _ = shrink(picture, LARGEST_PX)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return base64.b64encode(data.tobytes()).decode("ascii")
