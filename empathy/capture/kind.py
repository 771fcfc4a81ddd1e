"""Tell a picture, a sound and a video apart by what is in the file, never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from ..errors import InputError
from .image import FORMATS
from .media import FORMATS as MEDIA_FORMATS

Kind: TypeAlias = Literal["image", "audio", "video"]

_ACCEPTED = ("a picture (jpg, png, webp, gif), a sound (wav, flac, mp3, m4a, ogg, opus, webm) or a video (mp4, mov, "
             "webm)")


def kind_of(path: Path) -> Kind:
    """What a file holds. A sound with a cover picture is a sound; an animated gif counts as its first picture.

    Raises:
        InputError: there is no such file, it is empty, or it is none of the three.
    """
    if not path.exists():
        raise InputError(f"there is no file {path}; check the path")
    if path.is_dir():
        raise InputError(f"{path} is a folder; name the files in it")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty (0 bytes); send {_ACCEPTED}")
    if _is_picture(path):
        return "image"
    streams = _streams(path)
    if "video" in streams:
        return "video"
    if "audio" in streams:
        return "audio"
    raise InputError(f"{path.name} can't be read as {_ACCEPTED}; it may be damaged, cut short or of another type")


def _is_picture(path: Path) -> bool:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=FORMATS):
            return True
    except Image.DecompressionBombError:
        return True  # a picture all the same; loading it says that it is too large
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return False


def _streams(path: Path) -> set[str]:
    import av
    from av.stream import Disposition

    try:
        with path.open("rb") as file, av.open(file, options={"format_whitelist": MEDIA_FORMATS}) as container:
            return {stream.type for stream in container.streams
                    if not stream.disposition & Disposition.attached_pic and stream.type in ("audio", "video")}
    except (av.FFmpegError, ValueError, OSError):
        return set()
