"""From any sound to mono samples at 16 kHz, at the level it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..settings import Settings
from ..types import SAMPLE_RATE_HZ, Samples
from .media import KINDS, name_of, open_media, refuse_cut_off, refuse_longer

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

GAP_S = 0.1
"""A hole in the time stamps longer than this is filled with silence, so that times stay true."""
CANCELS = 0.05
"""Channels whose mean holds less than this share of the first one's energy cancel each other: the first is taken."""
EXACT_HEADERS = ("wav", "w64", "aiff", "flac", "mov", "matroska", "avi")
"""Containers whose header knows how long the file is; mp3 and ogg only guess."""
RATES_HZ = (1_000, 768_000)
MAX_CHANNELS = 64


def load_sound(source: str | Path | bytes | tuple[int, NDArray[Any]], settings: Settings) -> Samples:
    """Read a recording.

    Channels are averaged. Samples beyond full scale (float files) are scaled down as a whole until they fit; nothing
    else touches the level.

    Args:
        source: a path, the content of a file, or ``(rate in Hz, samples)`` as Gradio gives it: shape (n,) or
            (n, channels), integers of any width or floats in [-1, 1].
        settings: ``max_audio_s`` and ``max_file_mb`` bound it.

    Returns:
        Shape (n,), float32, 16 kHz.

    Raises:
        InputError: not sound, damaged, cut off, empty, too long, or not finite.
    """
    if isinstance(source, tuple):
        return _from_array(source[0], source[1], settings)
    name = name_of(source)
    with open_media(source, settings, "sound") as container:
        if not container.streams.audio:
            raise InputError(f"{name} has no sound in it; give a {KINDS['sound']} file")
        stream = container.streams.audio[0]
        promised_s = promised_duration_s(container, stream)
        refuse_longer(name, promised_s or 0.0, settings.max_audio_s, "EMPATHY_MAX_AUDIO_S")
        recorder = Recorder(name, settings.max_audio_s, "EMPATHY_MAX_AUDIO_S", start_s=None)
        for packet in container.demux(stream):
            recorder.feed_packet(packet)
        samples = recorder.samples()
        refuse_cut_off(name, promised_s, recorder.decoded_s)
        return samples


def promised_duration_s(container: InputContainer, stream: Any) -> float | None:
    """What the header says, in seconds; None where it only guesses."""
    if not any(kind in container.format.name for kind in EXACT_HEADERS):
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / 1e6


class Recorder:
    """Collects decoded frames as mono sound at 16 kHz; holes in time become silence.

    Args:
        name: how messages call the source.
        limit_s: longest sound accepted.
        variable: the setting that holds the limit, for the message.
        start_s: time of sample 0; None: the time of the first frame.
    """

    def __init__(self, name: str, limit_s: float, variable: str, *, start_s: float | None) -> None:
        self._name = name
        self._limit_s = limit_s
        self._variable = variable
        self._start_s = start_s
        self._resampler: Any = None
        self._shape: tuple[int, str] | None = None
        self._mean: list[Samples] = []
        self._first: list[Samples] = []
        self._n = 0
        self._n_packets = 0
        self._n_broken = 0
        self.decoded_s = 0.0

    def feed_packet(self, packet: Any) -> None:
        """Decode one packet of sound; a broken one is left out."""
        import av

        self._n_packets += 1
        try:
            frames: list[AudioFrame] = packet.decode()
        except av.FFmpegError:
            self._n_broken += 1
            return
        for frame in frames:
            self.feed(frame)

    def feed(self, frame: AudioFrame) -> None:
        """Add one decoded frame."""
        if frame.time is not None:
            if self._start_s is None:
                self._start_s = frame.time
            self._fill_until(frame.time - self._start_s)
        self._resample(frame)
        self.decoded_s += frame.samples / frame.sample_rate

    def samples(self) -> Samples:
        """All that was fed.

        Raises:
            InputError: nothing, or nothing usable, was decoded.
        """
        self._flush()
        if self._n == 0 or self._n_broken > 0.5 * self._n_packets:
            raise InputError(f"no sound could be decoded from {self._name}: it is empty or damaged; "
                             f"give a {KINDS['sound']} file")
        mean, first = np.concatenate(self._mean), np.concatenate(self._first)
        cancels = float(np.dot(mean, mean)) < CANCELS * float(np.dot(first, first))
        return fit(first if cancels else mean, self._name)

    def _fill_until(self, time_s: float) -> None:
        refuse_longer(self._name, time_s, self._limit_s, self._variable)
        if time_s - self._now_s() > GAP_S:
            self._flush()
            hole = np.zeros(round((time_s - self._n / SAMPLE_RATE_HZ) * SAMPLE_RATE_HZ), np.float32)
            self._append(hole, hole)

    def _now_s(self) -> float:
        return self._n / SAMPLE_RATE_HZ

    def _resample(self, frame: AudioFrame) -> None:
        import av

        shape = (frame.sample_rate, frame.layout.name)
        if shape != self._shape:
            self._flush()
            self._resampler = av.AudioResampler(format="fltp", layout=frame.layout, rate=SAMPLE_RATE_HZ)
            self._shape = shape
        frame.pts = None  # time is kept here; the resampler would pad by its own
        self._take(self._resampler.resample(frame))

    def _flush(self) -> None:
        if self._resampler is not None:
            self._take(self._resampler.resample(None))
        self._resampler = self._shape = None

    def _take(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            channels = frame.to_ndarray()
            self._append(channels.mean(axis=0, dtype=np.float32), channels[0].copy())

    def _append(self, mean: Samples, first: Samples) -> None:
        self._mean.append(mean)
        self._first.append(first)
        self._n += mean.size
        refuse_longer(self._name, self._now_s(), self._limit_s, self._variable)


def fit(samples: NDArray[np.float32], name: str) -> Samples:
    """Check samples and bring what lies beyond full scale back into [-1, 1] by one factor for all.

    Raises:
        InputError: none, or not all finite.
    """
    if samples.size == 0:
        raise InputError(f"{name} holds 0 samples; record again")
    if not np.all(np.isfinite(samples)):
        raise InputError(f"{name} holds values that are no numbers (NaN or infinite); export it again")
    peak = float(np.abs(samples).max())
    return (samples / peak if peak > 1.0 else samples).astype(np.float32)


def _from_array(rate_hz: int, array: NDArray[Any], settings: Settings) -> Samples:
    import av

    name = "the recording"
    sound = _planes(np.asarray(array))
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise InputError(f"{name} has a sample rate of {rate_hz!r} Hz; {RATES_HZ[0]} to {RATES_HZ[1]} are read")
    refuse_longer(name, sound.shape[1] / rate_hz, settings.max_audio_s, "EMPATHY_MAX_AUDIO_S")
    fit(sound, name)  # a NaN would spread in the resampler
    recorder = Recorder(name, settings.max_audio_s, "EMPATHY_MAX_AUDIO_S", start_s=0.0)
    for block in _blocks(sound, rate_hz):
        layout = "mono" if len(block) == 1 else "stereo"
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate = int(rate_hz)
        recorder.feed(frame)
    return recorder.samples()


def _blocks(sound: NDArray[np.float32], rate_hz: int) -> Iterator[NDArray[np.float32]]:
    for start in range(0, sound.shape[1], int(rate_hz)):
        yield np.ascontiguousarray(sound[:, start:start + int(rate_hz)])


def _planes(array: NDArray[Any]) -> NDArray[np.float32]:
    """Shape (channels, n) with one or two channels, floats."""
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.size == 0:
        raise InputError(f"the recording holds 0 samples or has a shape that is no sound ({array.shape}); record again")
    if array.shape[0] < array.shape[1] and array.shape[0] <= MAX_CHANNELS:
        array = array.T
    if array.dtype == np.uint8:
        planes = (array.T.astype(np.float32) - 128.0) / 128.0
    elif np.issubdtype(array.dtype, np.integer):
        planes = array.T.astype(np.float32) / float(np.iinfo(array.dtype).max + 1)
    elif np.issubdtype(array.dtype, np.floating):
        planes = array.T.astype(np.float32)
    else:
        raise InputError(f"the recording holds {array.dtype} values; integers or floats are read")
    return planes if len(planes) <= 2 else planes.mean(axis=0, keepdims=True)
