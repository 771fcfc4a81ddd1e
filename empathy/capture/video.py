"""From a video file to upright pictures at a steady rate and the sound beside them, on one clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..settings import Settings
from ..types import SAMPLE_RATE_HZ, Picture, Samples
from .audio import Recorder, promised_duration_s
from .media import KINDS, name_of, open_media, refuse_cut_off, refuse_longer

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

VARIABLE = "EMPATHY_MAX_VIDEO_S"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clip:
    """An opened video. Time 0 is where the earlier of picture and sound begins; ``samples`` start there.

    ``samples`` is None when it has no sound, ``n_frames`` is 0 when it has no pictures; never both."""

    duration_s: float
    samples: Samples | None
    n_frames: int
    _source: str | Path | bytes = field(repr=False)
    _settings: Settings = field(repr=False)
    _start_s: float = field(repr=False)

    def frames(self) -> Iterator[tuple[float, Picture]]:
        """Pairs of time in seconds and upright RGB picture, ``video_fps`` a second; one is in memory at a time.

        Each call reads the file anew.
        """
        if self.n_frames == 0:
            return
        step_s = 1.0 / self._settings.video_fps
        due_s = 0.0
        with open_media(self._source, self._settings, "video") as container:
            for frame in _decoded(container, _pictures(container)):
                time_s = frame.time - self._start_s
                if time_s + 1e-3 < due_s:
                    continue
                due_s = max(due_s + step_s, time_s)
                yield max(time_s, 0.0), upright(frame)


def open_video(path: str | Path | bytes, settings: Settings) -> Clip:
    """Check a video, read its sound, and make its pictures iterable.

    Args:
        path: a file or its content.
        settings: ``video_fps``, ``max_video_s``, ``max_megapixels`` and ``max_file_mb``.

    Raises:
        InputError: not a video, damaged, cut off, too long, too large, or with neither pictures nor sound.
    """
    name = name_of(path)
    with open_media(path, settings, "video") as container:
        pictures = _pictures(container)
        sound = container.streams.audio[0] if container.streams.audio else None
        streams = [stream for stream in (pictures, sound) if stream is not None]
        if not streams:
            raise InputError(f"{name} has neither pictures nor sound in it; give a {KINDS['video']} file")
        if pictures is not None:
            _check_size(name, pictures, settings)
        promised_s = max((promised_duration_s(container, stream) or 0.0 for stream in streams), default=0.0)
        refuse_longer(name, promised_s, settings.max_video_s, VARIABLE)
        start_s = min(float((stream.start_time or 0) * (stream.time_base or 0)) for stream in streams)
        recorder = Recorder(name, settings.max_video_s, VARIABLE, start_s=start_s)
        times_s = _read(container, streams, recorder, name, settings)
    samples = recorder.samples() if sound is not None and recorder.decoded_s > 0 else None
    ends_s = [max(times_s) - start_s] if times_s else []
    if samples is not None:
        ends_s.append(samples.size / SAMPLE_RATE_HZ)
    if not ends_s:
        raise InputError(f"nothing could be decoded from {name}: it is empty or damaged; give a {KINDS['video']} file")
    duration_s = max(ends_s)
    refuse_cut_off(name, promised_s, duration_s)
    clip = Clip(duration_s=duration_s, samples=samples, n_frames=len(times_s), _source=path, _settings=settings,
                _start_s=start_s)
    _check_first(clip, name)
    return clip


def upright(frame: VideoFrame) -> Picture:
    """RGB of a frame, turned by the rotation its file asks for; shape (height, width, 3)."""
    picture: Picture = frame.to_ndarray(format="rgb24")  # type: ignore[assignment]  # rgb24 is uint8
    turns = round(frame.rotation / 90) % 4  # counter-clockwise, as numpy turns
    return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture


def _pictures(container: InputContainer) -> VideoStream | None:
    """The first moving-picture stream; a cover image is none."""
    import av.stream

    cover = av.stream.Disposition.attached_pic
    return next((stream for stream in container.streams.video if not stream.disposition & cover), None)


def _check_size(name: str, stream: VideoStream, settings: Settings) -> None:
    megapixels = stream.codec_context.width * stream.codec_context.height / 1e6
    if megapixels > settings.max_megapixels:
        raise InputError(f"{name} has pictures of {megapixels:.0f} megapixels; at most {settings.max_megapixels:g} are "
                         "read (EMPATHY_MAX_MEGAPIXELS)")


def _read(container: InputContainer, streams: list[Any], recorder: Recorder, name: str,
          settings: Settings) -> list[float]:
    """Decode all sound; of the pictures only look at the time stamps. Ends of the pictures, in seconds of the file."""
    import av

    ends_s: list[float] = []
    try:
        for packet in container.demux(streams):
            if packet.stream.type == "audio":
                recorder.feed_packet(packet)
            elif packet.pts is not None and packet.size:
                ends_s.append(float((packet.pts + (packet.duration or 0)) * packet.time_base))
                refuse_longer(name, ends_s[-1] - ends_s[0], settings.max_video_s, VARIABLE)
    except av.FFmpegError as error:
        raise InputError(f"{name} is damaged ({error.strerror}); give the whole file") from error
    return ends_s


def _decoded(container: InputContainer, stream: VideoStream | None) -> Iterator[VideoFrame]:
    """Frames in order of time; what can't be decoded is left out."""
    import av

    if stream is None:
        return
    stream.thread_type = "AUTO"
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        yield from frames


def _check_first(clip: Clip, name: str) -> None:
    """One picture must decode, so that a broken stream is told at once and not in the middle of the work."""
    if clip.n_frames == 0:
        return
    frames = clip.frames()
    try:
        if next(frames, None) is None:
            raise InputError(f"no picture could be decoded from {name}: it is damaged; give a {KINDS['video']} file")
    finally:
        frames.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it promises to be
