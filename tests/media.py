"""Small files of sound and moving pictures, written without any outside program."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np


def write_wav(path: Path, samples: np.ndarray, rate_hz: int = 16_000) -> Path:
    """16-bit mono; samples in [-1, 1]."""
    import wave

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def write_video(path: Path, *, n_frames: int, fps: int, sound: np.ndarray | None = None,
                picture: np.ndarray | None = None) -> Path:
    """A still picture, 160x120 grey by default, for ``n_frames``, with 16 kHz mono sound."""
    frame = picture if picture is not None else np.full((120, 160, 3), 128, np.uint8)
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=fps)
        video.height, video.width, video.pix_fmt = frame.shape[0], frame.shape[1], "yuv420p"
        audio = container.add_stream("aac", rate=16_000, layout="mono") if sound is not None else None
        for _ in range(n_frames):
            container.mux(video.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(video.encode())
        if audio is not None:
            block = av.AudioFrame.from_ndarray(sound[None].astype(np.float32), format="fltp", layout="mono")
            block.sample_rate = 16_000
            resampler = av.AudioResampler(format=audio.format, layout="mono", rate=16_000, frame_size=1024)
            for piece in (*resampler.resample(block), *resampler.resample(None)):
                container.mux(audio.encode(piece))
            container.mux(audio.encode())
    return path
