"""Films and recordings for Chromium's fake camera and microphone, made from the examples that come with the program."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from pathlib import Path

import av
import cv2
import numpy as np

from empathy.capture.audio import load_sound
from empathy.capture.image import load_picture
from empathy.settings import Settings
from empathy.types import SAMPLE_RATE_HZ, Picture, Samples
from tests.browser.conftest import EXAMPLES

SIZE = (480, 360)
FPS = 5


def film(path: Path, pictures: Iterable[Picture]) -> Path:
    """A y4m file at 5 pictures a second, which Chromium plays again and again."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures:
            fitted = cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA)
            file.write(b"FRAME\n" + cv2.cvtColor(fitted, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path


def smiling_then_away(path: Path, seen_s: float = 6.0, away_s: float = 4.0) -> Path:
    """The smiling astronaut of the examples, who then is gone for a while."""
    whole = load_picture(EXAMPLES / "astronaut.jpg", Settings())
    somebody = np.ascontiguousarray(whole[: whole.shape[1] * 3 // 4])
    nobody = np.full((360, 480, 3), 120, np.uint8)
    return film(path, [somebody] * round(seen_s * FPS) + [nobody] * round(away_s * FPS))


def clip(path: Path, video: Path, seconds: float = 6.0) -> Path:
    """The pictures of a video, played again until the time is full."""
    with av.open(str(video)) as container:
        rate = float(container.streams.video[0].average_rate or 25)
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(container.streams.video[0])]
    return film(path, (pictures[round(i * rate / FPS) % len(pictures)] for i in range(round(seconds * FPS))))


def speech_between_silence(path: Path, silence_s: float = 4.0) -> Path:
    """The example voice between two silences, as WAV at 48 kHz."""
    voice = load_sound(EXAMPLES / "glad.ogg", Settings())
    quiet = np.zeros(round(silence_s * SAMPLE_RATE_HZ), np.float32)
    return _wav(path, np.concatenate([quiet, voice, quiet]))


def silence(path: Path) -> Path:
    """Ten seconds of nothing."""
    return _wav(path, np.zeros(10 * SAMPLE_RATE_HZ, np.float32))


def _wav(path: Path, samples: Samples) -> Path:
    at = np.arange(3 * samples.size) / 3.0
    finer = np.interp(at, np.arange(samples.size), samples)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(3 * SAMPLE_RATE_HZ)
        file.writeframes((finer * 32767).astype("<i2").tobytes())
    return path
