"""A picture in, whatever its shape; an upright RGB array out, at its own size, so that every box is in its own pixels.

Nothing is shrunk here: a face of 60 px in a group photo of 40 megapixels is worth keeping. The engines shrink for
themselves where they need to, and give boxes back in these pixels.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..settings import Settings
from ..types import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

PictureSource: TypeAlias = "str | Path | bytes | Image | NDArray[np.generic]"
"""A path, the bytes of a file, a Pillow image, or an array of shape (height, width[, 1, 3 or 4])."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""What Pillow may open here. Formats that run another program (EPS) or fetch parts from elsewhere stay out."""

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_READERS_COMPLAIN = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, struct.error, zlib.error)
"""Pillow's readers raise all of these at damaged files."""


def load_picture(source: PictureSource, settings: Settings) -> Picture:
    """Read one picture; of several frames the first.

    Args:
        source: path, bytes, Pillow image, or array (uint8, uint16, bool, or float in [0, 1]; RGB, RGBA or grey).
        settings: ``max_file_mb`` and ``max_megapixels`` are the limits, checked before a pixel is decoded.

    Returns:
        RGB, uint8, shape (height, width, 3), turned upright by its EXIF, transparency laid over white, read-only.

    Raises:
        InputError: says what is wrong and what to give instead.
    """
    if isinstance(source, np.ndarray):
        picture = _from_array(source, settings)
    elif isinstance(source, str | Path):
        path = Path(source)
        picture = _from_bytes(_read(path, settings), path.name, settings)
    elif isinstance(source, bytes):
        picture = _from_bytes(source, "the picture", settings)
    else:
        picture = _from_image(source, "the picture", settings)
    picture.setflags(write=False)
    return picture


def _read(path: Path, settings: Settings) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder: give the picture files in it")
        size_mb = path.stat().st_size / 1e6
        if size_mb > settings.max_file_mb:
            raise InputError(f"{path.name} has {size_mb:.0f} MB, more than the {settings.max_file_mb:.0f} MB allowed "
                             "(EMPATHY_MAX_FILE_MB): save it smaller")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist: check the name") from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise InputError(f"{path} can't be read ({error}): check its permissions") from error


def _from_bytes(data: bytes, name: str, settings: Settings) -> Picture:
    from PIL import Image, UnidentifiedImageError

    if not data:
        raise InputError(f"{name} is empty (0 bytes): save or send it again")
    if len(data) > settings.max_file_mb * 1e6:
        raise InputError(f"{name} has {len(data) / 1e6:.0f} MB, more than the {settings.max_file_mb:.0f} MB allowed "
                         "(EMPATHY_MAX_FILE_MB): save it smaller")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns at 89 megapixels; our own limit is checked below
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise InputError(_not_a_picture(data, name)) from error
    except Image.DecompressionBombError as error:
        raise InputError(f"{name} says it has more pixels than can be read safely ({error}): "
                         f"save it with at most {settings.max_megapixels:.0f} megapixels") from error
    except _READERS_COMPLAIN as error:
        raise InputError(_damaged(name, error)) from error
    with image:
        return _from_image(image, name, settings)


def _from_image(image: Image, name: str, settings: Settings) -> Picture:
    _check_size(image.width, image.height, name, settings)
    try:
        image.load()
        return _rgb(_upright(image))
    except MemoryError as error:
        raise InputError(f"{name} needs more memory than there is: save it smaller") from error
    except _READERS_COMPLAIN as error:
        raise InputError(_damaged(name, error)) from error


def _check_size(width: int, height: int, name: str, settings: Settings) -> None:
    if width < 1 or height < 1:
        raise InputError(f"{name} has no pixels ({width} x {height}): give another picture")
    megapixels = width * height / 1e6
    if megapixels > settings.max_megapixels:
        raise InputError(f"{name} has {megapixels:.0f} megapixels ({width} x {height}), more than the "
                         f"{settings.max_megapixels:.0f} allowed (EMPATHY_MAX_MEGAPIXELS): save it smaller")


def _upright(image: Image) -> Image:
    from PIL import ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a broken EXIF block says nothing about the pixels
            return ImageOps.exif_transpose(image)
    except _READERS_COMPLAIN:
        return image


def _rgb(image: Image) -> Picture:
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, clear)
    return np.array(image.convert("RGB"), dtype=np.uint8)


def _from_deep(grey: NDArray[np.generic]) -> Picture:
    """Grey of 16 or 32 bits, or floats, by its own range: shape (height, width)."""
    values = np.nan_to_num(grey.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    top = float(values.max(initial=0.0))
    if grey.dtype.kind == "f" and top <= 1.0:
        full = 1.0
    else:
        full = 255.0 if grey.dtype.itemsize > 2 and top <= 255.0 else max(65535.0, top)
    grey8 = np.clip(np.round(values * (255.0 / full)), 0, 255).astype(np.uint8)
    return np.repeat(grey8[:, :, None], 3, axis=2)


def _from_array(array: NDArray[np.generic], settings: Settings) -> Picture:
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3 or array.shape[2] not in (1, 3, 4):
        raise InputError(f"an array of shape {array.shape} is no picture: give (height, width), or (height, width, 3) "
                         "in RGB, or (height, width, 4) in RGBA")
    _check_size(array.shape[1], array.shape[0], "the picture", settings)
    full = {"b": 1.0, "f": 1.0, "u": 65535.0 if array.dtype.itemsize == 2 else 255.0}.get(array.dtype.kind)
    if full is None or (array.dtype.kind == "u" and array.dtype.itemsize > 2):
        raise InputError(f"an array of {array.dtype} is no picture: give uint8 in [0, 255] or floats in [0, 1]")
    if array.dtype == np.uint8 and array.shape[2] == 3:
        return np.array(array, dtype=np.uint8)
    pixels = np.clip(np.nan_to_num(array.astype(np.float32)) / full, 0.0, 1.0)
    if pixels.shape[2] == 4:
        alpha = pixels[:, :, 3:]
        pixels = pixels[:, :, :3] * alpha + (1.0 - alpha)
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    return np.round(pixels * 255.0).astype(np.uint8)


def _damaged(name: str, error: Exception) -> str:
    return f"{name} is cut off or damaged ({error}): save or send it again"


def _not_a_picture(data: bytes, name: str) -> str:
    head = data[:512]
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    printable = sum(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head) / len(head)
    if brand in _HEIC_BRANDS:
        what = ("a HEIC picture, which can't be read here: export it as JPEG (on an iPhone: Settings, Camera, Formats, "
                "Most Compatible)")
    elif brand in (b"avif", b"avis"):
        what = "an AVIF picture, which can't be read here: save it as JPEG or PNG"
    elif brand:
        what = "a video, not a picture: give it as a video, or give JPEG, PNG, WebP or GIF"
    elif head[:5] == b"%PDF-":
        what = "a PDF: save the page as JPEG or PNG"
    elif head[:3] == b"\xff\xd8\xff" or head[:4] == b"\x89PNG":
        what = "cut off or damaged: save or send it again"
    elif b"<svg" in head.lower():
        what = "an SVG drawing: save it as PNG"
    elif printable > 0.9:
        what = "text, not a picture, whatever its name says: give JPEG, PNG, WebP or GIF"
    else:
        what = "not a picture that can be read here: give JPEG, PNG, WebP, GIF, BMP or TIFF"
    return f"{name} is {what}"
