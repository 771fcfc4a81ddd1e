"""The kind of a file is told by what is in it."""

import numpy as np
import pytest
from PIL import Image

from empathy.capture.kind import kind_of
from empathy.errors import InputError
from tests.media import write_video, write_wav

SOUND = np.sin(np.arange(8_000) / 10).astype(np.float32) * 0.3


def test_names_do_not_matter(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    picture = (tmp_path / "a.png").rename(tmp_path / "a.wav")
    sound = write_wav(tmp_path / "b.wav", SOUND).rename(tmp_path / "b.jpg")
    video = write_video(tmp_path / "c.mp4", n_frames=5, fps=5).rename(tmp_path / "c.txt")
    assert [kind_of(path) for path in (picture, sound, video)] == ["image", "audio", "video"]


def test_an_animated_picture_counts_as_a_picture(tmp_path):
    frames = [Image.new("RGB", (8, 8), (i, 0, 0)) for i in (0, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert kind_of(tmp_path / "a.gif") == "image"


@pytest.mark.parametrize(("content", "told"), [(b"", "empty"), (b"Dear Sir,", "can't be read")])
def test_what_is_none_of_the_three_is_refused(tmp_path, content, told):
    path = tmp_path / "letter.jpg"
    path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        kind_of(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="no file"):
        kind_of(tmp_path / "none.jpg")
    with pytest.raises(InputError, match="folder"):
        kind_of(tmp_path)


@pytest.mark.parametrize(("name", "content"), [
    ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{path}\n#EXT-X-ENDLIST\n"),
    ("list.ffconcat", "ffconcat version 1.0\nfile '{path}'\n"),
])
def test_a_playlist_opens_no_other_file(tmp_path, name, content):
    """Else a visitor could learn which files the server has."""
    video = write_video(tmp_path / "secret.mp4", n_frames=5, fps=5)
    (tmp_path / name).write_text(content.format(path=video))
    with pytest.raises(InputError, match="can't be read"):
        kind_of(tmp_path / name)
