import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from empathy.capture.image import load_picture
from empathy.errors import InputError
from empathy.settings import Settings

SETTINGS = Settings()


def gradient(width: int = 64, height: int = 48) -> Image.Image:
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(np.dstack([x, y, 255 - x]).astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_common_format_gives_the_same_picture(kind: str) -> None:
    picture = load_picture(encoded(gradient(), kind), SETTINGS)
    assert picture.shape == (48, 64, 3)
    assert picture.dtype == np.uint8
    assert np.abs(picture.astype(int) - np.asarray(gradient())).mean() < 12


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "LA", "RGBA", "YCbCr"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    expected = np.asarray(gradient().convert(mode).convert("RGB")).astype(int)
    assert np.abs(load_picture(gradient().convert(mode), SETTINGS) - expected).max() <= 1


def test_what_is_transparent_becomes_white() -> None:
    image = Image.new("RGBA", (8, 8), (10, 200, 30, 0))
    assert load_picture(encoded(image, "PNG"), SETTINGS).min() == 255


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    image = Image.new("P", (8, 8), 3)
    picture = load_picture(encoded(image, "GIF", transparency=3), SETTINGS)
    assert picture.min() == 255


def test_sixteen_bits_of_grey_are_scaled_and_not_cut() -> None:
    ramp = np.linspace(0, 65535, 64, dtype=np.uint16)[None].repeat(16, axis=0)
    picture = load_picture(encoded(Image.fromarray(ramp), "PNG"), SETTINGS)
    assert np.abs(picture[0, :, 0].astype(int) - np.linspace(0, 255, 64)).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright_by_its_exif(orientation: int) -> None:
    upright = np.asarray(gradient())
    stored = {1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1],
              5: upright.transpose(1, 0, 2), 6: np.rot90(upright), 7: np.rot90(upright, 2).transpose(1, 0, 2),
              8: np.rot90(upright, 3)}[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(np.ascontiguousarray(stored)), "PNG", exif=exif)
    assert np.array_equal(load_picture(data, SETTINGS), upright)


def test_the_first_frame_of_a_gif_is_taken() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert tuple(load_picture(data, SETTINGS)[4, 4]) == (255, 0, 0)


@pytest.mark.parametrize(("array", "value"), [
    (np.full((4, 5), 7, np.uint8), 7), (np.full((4, 5, 1), 7, np.uint8), 7), (np.full((4, 5, 3), 7, np.uint8), 7),
    (np.full((4, 5, 3), 7 * 257, np.uint16), 7), (np.ones((4, 5), bool), 255), (np.full((4, 5, 3), 0.5), 128),
    (np.dstack([np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5, 1), np.uint8)]), 255),
])
def test_arrays_of_every_usual_kind_are_pictures(array: np.ndarray, value: int) -> None:
    picture = load_picture(array, SETTINGS)
    assert picture.shape == (4, 5, 3)
    assert set(np.unique(picture)) == {value}


def test_a_picture_of_one_pixel_is_a_picture() -> None:
    assert load_picture(encoded(Image.new("RGB", (1, 1)), "PNG"), SETTINGS).shape == (1, 1, 3)


def test_forty_megapixels_keep_their_size() -> None:
    data = encoded(Image.new("RGB", (8000, 5000), "grey"), "JPEG")
    assert load_picture(data, SETTINGS).shape == (5000, 8000, 3)


def test_the_given_array_stays_untouched_and_the_result_is_read_only() -> None:
    array = np.zeros((4, 4, 3), np.uint8)
    picture = load_picture(array, SETTINGS)
    array[:] = 9
    assert picture.max() == 0
    assert not picture.flags.writeable


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("data", "says"), [
    (b"", "empty"),
    (b"dear diary, today it rained\n" * 20, "text"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>" * 3, "SVG"),
    (encoded(gradient(640, 480), "JPEG")[:4000], "cut off"),
    (encoded(gradient(640, 480), "JPEG")[:12], "cut off"),
    (encoded(gradient(640, 480), "PNG")[:300], "cut off"),
    (bomb(11_000, 11_000), "121 megapixels"),
    (bomb(60_000, 60_000), "megapixels"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "HEIC"),
    (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + b"\0" * 64, "video"),
    (b"%PDF-1.7 something", "PDF"),
    (bytes(range(128, 256)) * 4, "not a picture"),
])
def test_what_is_no_picture_gets_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        load_picture(data, SETTINGS)


def test_text_with_the_name_of_a_picture_is_called_text(tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_text("no picture at all " * 20)
    with pytest.raises(InputError, match=r"holiday\.jpg is text"):
        load_picture(str(path), SETTINGS)


def test_a_missing_file_a_folder_and_an_odd_name_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        load_picture(tmp_path / "nothing.png", SETTINGS)
    with pytest.raises(InputError, match="folder"):
        load_picture(tmp_path, SETTINGS)
    with pytest.raises(InputError, match="can't be read"):
        load_picture("a\0b.png", SETTINGS)


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(b"\0" * 2_000_000)
    with pytest.raises(InputError, match="EMPATHY_MAX_FILE_MB"):
        load_picture(path, Settings(max_file_mb=1.0))


@pytest.mark.parametrize("array", [np.zeros((3,)), np.zeros((4, 4, 2), np.uint8), np.zeros((0, 4, 3), np.uint8),
                                   np.zeros((4, 4, 3), np.int64)])
def test_an_array_that_is_no_picture_gets_a_sentence(array: np.ndarray) -> None:
    with pytest.raises(InputError):
        load_picture(array, SETTINGS)


def test_a_file_with_every_byte_flipped_somewhere_never_raises_anything_else() -> None:
    rng = np.random.default_rng(0)
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"):
        clean = encoded(gradient(), kind)
        for _ in range(60):
            data = bytearray(clean)
            for at in rng.integers(0, len(data), 4):
                data[at] = int(rng.integers(0, 256))
            try:
                assert load_picture(bytes(data), SETTINGS).ndim == 3
            except InputError as error:
                assert str(error)
