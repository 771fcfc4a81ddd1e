"""Writes small sound and video files with PyAV itself, so that no ffmpeg binary is needed."""

from fractions import Fraction

import av
import numpy as np

CODECS = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "m4a": "aac", "ogg": "libopus", "webm": "libopus",
          "opus": "libopus"}


def tone(duration_s=1.0, rate_hz=48_000, hz=300.0, height=0.3):
    time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    return (height * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)


def write_sound(path, channels, rate_hz=48_000, codec=None):
    """``channels``: shape (n_channels, n), floats in [-1, 1]."""
    channels = np.atleast_2d(channels).astype(np.float32)
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(channels)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec or CODECS[path.suffix[1:]], rate=rate_hz, layout=layout)
        _encode_sound(container, stream, channels, rate_hz, layout=layout)
    return path


def _encode_sound(container, stream, channels, rate_hz, *, layout, start_s=0.0):
    resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate_hz, frame_size=stream.frame_size or 0)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(channels), format="fltp", layout=layout)
    frame.sample_rate = rate_hz
    frame.pts = 0
    shift = round(start_s * rate_hz)
    for out in [*resampler.resample(frame), *resampler.resample(None)]:
        out.pts += shift
        out.time_base = Fraction(1, rate_hz)
        container.mux(stream.encode(out))
    container.mux(stream.encode(None))


def write_video(path, *, n_frames=20, fps=10, sound=None, sound_start_s=0.0, size=(64, 48), faststart=False):
    """A grey ramp from black to white with a bright top left corner, and perhaps a sound at 48 kHz."""
    options = {"movflags": "+faststart"} if faststart else {}
    with av.open(str(path), "w", options=options) as container:
        pictures = None
        if n_frames:
            pictures = container.add_stream("mpeg4", rate=fps)
            pictures.width, pictures.height, pictures.pix_fmt = *size, "yuv420p"
        voice = container.add_stream("aac", rate=48_000, layout="mono") if sound is not None else None
        for i in range(n_frames):
            picture = np.full((size[1], size[0], 3), round(200 * i / n_frames), np.uint8)
            picture[: size[1] // 2, : size[0] // 2] = 255
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        if pictures is not None:
            container.mux(pictures.encode(None))
        if voice is not None:
            _encode_sound(container, voice, np.atleast_2d(sound).astype(np.float32), 48_000, layout="mono",
                          start_s=sound_start_s)
    return path


def turned(path, target):
    """The same mp4, asking to be shown turned a quarter clockwise (as phones do): the matrix of its track header."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4
    matrix = at + 40
    one = (0x00010000).to_bytes(4, "big")
    minus_one = (0xFFFF0000).to_bytes(4, "big")
    zero, last = bytes(4), (0x40000000).to_bytes(4, "big")
    content[matrix:matrix + 36] = zero + one + zero + minus_one + zero + zero + zero + zero + last
    target.write_bytes(bytes(content))
    return target
