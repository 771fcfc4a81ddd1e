"""What a visitor's browser has sent and nobody has read yet: the newest frame, and the newest seconds of sound."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

import numpy as np

from ..errors import InputError
from ..types import SAMPLE_RATE_HZ, Picture, Samples

Frame: TypeAlias = Picture | Callable[[], Picture]
"""A picture, or how to decode it: one that is dropped unread then costs nothing."""

MOST_SOUND_S = 5.0
"""Sound beyond this is dropped, the oldest first, when the machine can't keep up."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waiting:
    """What was waiting; times on the session's clock, of the frame's capture and of the last sample. ``trouble`` tells
    why the frame could not be decoded."""

    picture: Picture | None
    picture_s: float
    samples: Samples
    sound_end_s: float
    trouble: str = ""


class Inbox:
    """May be shared by threads; storing takes no longer than copying a reference.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._frame: tuple[Frame, float] | None = None
        self._sound: list[Samples] = []
        self._n_samples = 0
        self._sound_end_s = -inf
        self.frame_came_s = -inf
        """When the last frame arrived."""
        self.n_read = self.n_dropped = 0
        """Frames that were read, and that were replaced by a newer one before they could be."""

    def put_frame(self, frame: Frame, captured_s: float) -> None:
        """The newest frame replaces the one that waits."""
        with self._lock:
            self.n_dropped += self._frame is not None
            self._frame = (frame, captured_s)
            self.frame_came_s = self._clock()

    def put_sound(self, samples: Samples, end_s: float) -> None:
        """Add sound, of which the last sample was heard at ``end_s``."""
        with self._lock:
            self._sound.append(samples)
            self._n_samples += samples.size
            self._sound_end_s = end_s
            while self._n_samples - self._sound[0].size > MOST_SOUND_S * SAMPLE_RATE_HZ:
                self._n_samples -= self._sound.pop(0).size

    def waits(self) -> tuple[bool, bool]:
        """Whether a frame waits, and whether sound does."""
        with self._lock:
            return self._frame is not None, bool(self._sound)

    def take(self) -> Waiting:
        """Everything that waits; the inbox is empty afterwards."""
        with self._lock:
            frame, captured_s = self._frame or (None, -inf)
            samples = np.concatenate(self._sound) if self._sound else np.zeros(0, np.float32)
            end_s = self._sound_end_s
            self._frame, self._sound, self._n_samples = None, [], 0
        picture, trouble = _decoded(frame)
        self.n_read += picture is not None
        return Waiting(picture=picture, picture_s=captured_s, samples=samples, sound_end_s=end_s, trouble=trouble)

    def clear(self) -> None:
        """Drop what waits."""
        with self._lock:
            self._frame, self._sound, self._n_samples = None, [], 0


def _decoded(frame: Frame | None) -> tuple[Picture | None, str]:
    """The picture, and why there is none."""
    try:
        return (frame() if callable(frame) else frame), ""
    except InputError as error:
        return None, str(error)
