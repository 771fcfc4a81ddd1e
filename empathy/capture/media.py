"""Opens sound and video files through PyAV, which carries its own FFmpeg: no binary is needed on the machine."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..errors import InputError
from ..settings import Settings

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = "wav,w64,aiff,caf,au,flac,mp3,aac,ogg,mov,matroska,avi,mpegts,mpeg,flv,asf,amr,mpegvideo,m4v"
"""FFmpeg demuxers that may open a visitor's file. Playlists (hls, dash, concat, sdp) stay out: they make the reader
open other files and addresses."""

KINDS = {
    "sound": "wav, flac, mp3, m4a, ogg, webm or opus",
    "video": "mp4, mov, webm, mkv or avi",
}

RIFF_SLACK = 1024
RIFF_UNKNOWN = 0x7FFF0000
BREAKS_OFF_S = 1.0
"""A file may end this much before what its header promises (rounding, padding) without being called cut off."""


@contextmanager
def open_media(source: str | Path | bytes, settings: Settings, kind: str) -> Generator[InputContainer]:
    """Open a file or its bytes for reading.

    Args:
        source: a path, or the content of a file.
        settings: ``max_file_mb`` bounds the size.
        kind: a key of ``KINDS``, for the messages.

    Raises:
        InputError: missing, empty, too large, or nothing that FFmpeg knows as sound or video.
    """
    import av

    name = _checked(source, settings, kind)
    with io.BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb") as file:
        _refuse_cut_off_riff(file, name)
        try:
            container: Any = av.open(file, mode="r", options={"format_whitelist": FORMATS}, metadata_errors="replace")
        except (av.FFmpegError, ValueError) as error:
            raise InputError(f"{name} can't be read as {kind}: it is damaged, cut off or something else; "
                             f"give a {KINDS[kind]} file") from error
        with container:
            yield container


def _checked(source: str | Path | bytes, settings: Settings, kind: str) -> str:
    limit = settings.max_file_mb * 1e6
    name = name_of(source)
    if isinstance(source, bytes):
        size = len(source)
    else:
        path = Path(source)
        if not path.is_file():
            raise InputError(f"there is no file {str(path)!r}; give the path of a {KINDS[kind]} file")
        size = path.stat().st_size
    if size == 0:
        raise InputError(f"{name} is empty (0 bytes); give a {KINDS[kind]} file")
    if size > limit:
        raise InputError(f"{name} has {size / 1e6:.0f} MB; at most {settings.max_file_mb:g} MB are read "
                         "(EMPATHY_MAX_FILE_MB)")
    return name


def name_of(source: str | Path | bytes) -> str:
    """How messages call the source."""
    return "the file" if isinstance(source, bytes) else Path(source).name


def _refuse_cut_off_riff(file: BinaryIO, name: str) -> None:
    """FFmpeg reads a wav that lacks its end without a word; its header tells. Recorders that stream write a size near
    or beyond 2 GB, or 0, as "not known yet"."""
    head = file.read(12)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if head[:4] == b"RIFF":
        promised = int.from_bytes(head[4:8], "little") + 8
        if size + RIFF_SLACK < promised < RIFF_UNKNOWN:
            raise InputError(f"{name} is cut off: {size} of {promised} bytes are there; give the whole file")


def refuse_longer(name: str, seconds: float, limit_s: float, variable: str) -> None:
    """Raise an ``InputError`` that states the limit when ``seconds`` is above it."""
    if seconds > limit_s:
        raise InputError(f"{name} lasts {_clock(seconds)}; at most {_clock(limit_s)} are read: cut it, or raise "
                         f"{variable} (seconds)")


def refuse_cut_off(name: str, promised_s: float | None, found_s: float) -> None:
    """Raise an ``InputError`` when much less was found than the header promised."""
    if promised_s and promised_s - found_s > max(BREAKS_OFF_S, 0.1 * promised_s):
        raise InputError(f"{name} is cut off: {found_s:.1f} of {promised_s:.1f} s are there; give the whole file")


def _clock(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} hours"
