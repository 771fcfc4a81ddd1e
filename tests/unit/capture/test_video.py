import numpy as np
import pytest

from empathy.capture.video import open_video
from empathy.errors import InputError
from empathy.settings import Settings
from tests.unit.capture.sounds import tone, turned, write_video

SETTINGS = Settings(video_fps=4)


def first_sound_s(samples):
    return float(np.argmax(np.abs(samples) > 0.05)) / 16_000


def test_a_clip_gives_pictures_at_the_rate_asked_for_and_its_sound(tmp_path):
    clip = open_video(write_video(tmp_path / "a.mp4", n_frames=20, fps=10, sound=tone(2.0)), SETTINGS)
    frames = list(clip.frames())
    assert clip.duration_s == pytest.approx(2.0, abs=0.1)
    assert clip.samples.size == pytest.approx(32_000, abs=1600)
    assert [time_s for time_s, _ in frames] == pytest.approx([0.0, 0.3, 0.5, 0.8, 1.0, 1.3, 1.5, 1.8], abs=0.11)
    assert all(picture.shape == (48, 64, 3) and picture.dtype == np.uint8 for _, picture in frames)


def test_frames_may_be_read_twice(tmp_path):
    clip = open_video(write_video(tmp_path / "a.mp4"), SETTINGS)
    assert [t for t, _ in clip.frames()] == [t for t, _ in clip.frames()]


def test_frames_come_one_at_a_time(tmp_path):
    frames = open_video(write_video(tmp_path / "a.mp4"), SETTINGS).frames()
    assert next(frames)[0] == 0.0
    frames.close()


def test_a_video_held_upright_is_turned_upright(tmp_path):
    path = write_video(tmp_path / "a.mp4", size=(64, 48))
    _, flat = next(open_video(path, SETTINGS).frames())
    _, picture = next(open_video(turned(path, tmp_path / "turned.mp4"), SETTINGS).frames())
    assert picture.shape == (64, 48, 3)
    assert flat[5, 5].min() > 200
    assert picture[5, -5].min() > 200  # the bright corner, a quarter clockwise
    assert picture[5, 5].max() < 60


def test_sound_that_begins_late_keeps_its_time(tmp_path):
    path = write_video(tmp_path / "a.mp4", n_frames=30, sound=tone(1.0), sound_start_s=1.0)
    assert first_sound_s(open_video(path, SETTINGS).samples) == pytest.approx(1.0, abs=0.05)


def test_a_silent_video_has_no_samples(tmp_path):
    clip = open_video(write_video(tmp_path / "a.mp4"), SETTINGS)
    assert clip.samples is None
    assert clip.n_frames == 20


def test_a_video_file_with_sound_alone_has_no_frames(tmp_path):
    clip = open_video(write_video(tmp_path / "a.mp4", n_frames=0, sound=tone(1.0)), SETTINGS)
    assert list(clip.frames()) == []
    assert clip.samples.size == pytest.approx(16_000, abs=1600)


def test_a_clip_in_memory_reads_as_the_file(tmp_path):
    path = write_video(tmp_path / "a.mp4")
    (_, a), (_, b) = next(open_video(path, SETTINGS).frames()), next(open_video(path.read_bytes(), SETTINGS).frames())
    assert np.array_equal(a, b)


@pytest.mark.parametrize("faststart", [False, True])
def test_a_video_that_was_cut_off_is_refused(tmp_path, faststart):
    path = write_video(tmp_path / "a.mp4", n_frames=100, faststart=faststart)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="cut off"):
        open_video(path, SETTINGS)


@pytest.mark.parametrize("content", [b"", b"this is text\n" * 50])
def test_what_is_no_video_gets_a_sentence_that_helps(tmp_path, content):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(InputError, match="give a mp4"):
        open_video(path, SETTINGS)


def test_a_video_beyond_the_limit_is_refused_and_the_limit_told(tmp_path):
    with pytest.raises(InputError, match="EMPATHY_MAX_VIDEO_S"):
        open_video(write_video(tmp_path / "a.mp4"), Settings(max_video_s=1))


def test_a_video_of_huge_pictures_is_refused(tmp_path):
    with pytest.raises(InputError, match="EMPATHY_MAX_MEGAPIXELS"):
        open_video(write_video(tmp_path / "a.mp4", n_frames=2, size=(640, 480)), Settings(max_megapixels=0.1))
