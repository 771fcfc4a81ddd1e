import numpy as np
import pytest

from empathy.capture.audio import load_sound
from empathy.errors import InputError
from empathy.settings import Settings
from tests.unit.capture.sounds import tone, write_sound, write_video

SETTINGS = Settings()


def rms(samples):
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "m4a", "ogg", "webm", "opus"])
def test_every_usual_format_gives_the_same_sound(tmp_path, kind):
    samples = load_sound(write_sound(tmp_path / f"a.{kind}", tone(2.0)), SETTINGS)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert samples.size == pytest.approx(32_000, abs=1600)
    assert rms(samples[4000:28000]) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)


def test_the_content_of_a_file_reads_as_the_file(tmp_path):
    path = write_sound(tmp_path / "a.flac", tone())
    assert np.array_equal(load_sound(path, SETTINGS), load_sound(path.read_bytes(), SETTINGS))


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 96_000])
def test_any_rate_becomes_16_khz(tmp_path, rate_hz):
    samples = load_sound(write_sound(tmp_path / "a.wav", tone(1.0, rate_hz), rate_hz), SETTINGS)
    crossings = int(np.sum(np.diff(np.signbit(samples[800:-800].astype(float)))))
    assert samples.size == pytest.approx(16_000, abs=40)
    assert crossings / 2 / (samples[800:-800].size / 16_000) == pytest.approx(300, abs=2)


def test_channels_are_averaged(tmp_path):
    path = write_sound(tmp_path / "a.wav", np.stack([tone(), 0 * tone()]))
    assert rms(load_sound(path, SETTINGS)) == pytest.approx(0.15 / np.sqrt(2), rel=0.02)


def test_channels_of_opposite_sign_do_not_cancel_each_other(tmp_path):
    path = write_sound(tmp_path / "a.wav", np.stack([tone(), -tone()]))
    assert rms(load_sound(path, SETTINGS)) == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


def test_surround_sound_is_read(tmp_path):
    path = write_sound(tmp_path / "a.wav", np.stack([tone()] * 6))
    assert rms(load_sound(path, SETTINGS)) == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


def test_a_float_file_beyond_full_scale_is_scaled_down_as_a_whole(tmp_path):
    path = write_sound(tmp_path / "a.wav", tone(height=4.0), codec="pcm_f32le")
    samples = load_sound(path, SETTINGS)
    assert np.abs(samples).max() == pytest.approx(1.0, abs=1e-3)
    assert rms(samples) == pytest.approx(1 / np.sqrt(2), rel=0.02)


def test_the_level_of_a_quiet_recording_is_kept(tmp_path):
    path = write_sound(tmp_path / "a.wav", tone(height=0.004))
    assert rms(load_sound(path, SETTINGS)) == pytest.approx(0.004 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("array", [
    (tone() * 32767).astype(np.int16), (tone() * 2147483000).astype(np.int32), tone(), tone().astype(np.float64),
    (tone() * 127 + 128).astype(np.uint8), np.stack([tone(), tone()], axis=1), np.stack([tone(), tone()])])
def test_arrays_as_gradio_gives_them_are_read(array):
    samples = load_sound((48_000, array), SETTINGS)
    assert samples.size == pytest.approx(16_000, abs=40)
    assert rms(samples) == pytest.approx(0.3 / np.sqrt(2), rel=0.03)


@pytest.mark.parametrize("array", [
    np.zeros(0, np.float32), np.zeros((0, 2), np.int16), np.array([0.0, np.nan]), np.array([0.0, np.inf]),
    np.zeros((2, 2, 2)), np.array(["a", "b"])])
def test_arrays_that_are_no_sound_are_refused(array):
    with pytest.raises(InputError):
        load_sound((16_000, array), SETTINGS)


def test_an_impossible_rate_is_refused():
    with pytest.raises(InputError, match="sample rate"):
        load_sound((0, tone()), SETTINGS)


def test_values_that_are_no_numbers_in_a_file_are_refused(tmp_path):
    broken = tone()
    broken[100] = np.nan
    with pytest.raises(InputError, match="no numbers"):
        load_sound(write_sound(tmp_path / "a.wav", broken, codec="pcm_f32le"), SETTINGS)


@pytest.mark.parametrize("content", [b"", b"hello there, this is text\n" * 40, b"#EXTM3U\n#EXTINF:1,\nother.wav\n"])
def test_what_is_no_sound_gets_a_sentence_that_helps(tmp_path, content):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    for source in (path, content):
        with pytest.raises(InputError, match="give a wav"):
            load_sound(source, SETTINGS)


def test_a_wav_without_samples_is_refused(tmp_path):
    path = write_sound(tmp_path / "a.wav", tone(0.1))
    head = bytearray(path.read_bytes()[:path.read_bytes().index(b"data") + 8])
    head[-4:] = bytes(4)
    head[4:8] = (len(head) - 8).to_bytes(4, "little")
    path.write_bytes(bytes(head))
    with pytest.raises(InputError, match=r"empty|damaged"):
        load_sound(path, SETTINGS)


@pytest.mark.parametrize("kind", ["wav", "flac", "m4a"])
def test_a_file_that_was_cut_off_is_refused(tmp_path, kind):
    path = write_sound(tmp_path / f"a.{kind}", tone(20.0) + np.random.default_rng(0).normal(0, 0.01, 960_000))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=r"cut off|damaged"):
        load_sound(path, SETTINGS)


def test_a_missing_file_is_named():
    with pytest.raises(InputError, match=r"nowhere\.wav"):
        load_sound("nowhere.wav", SETTINGS)


def test_a_video_without_sound_says_so(tmp_path):
    with pytest.raises(InputError, match="has no sound"):
        load_sound(write_video(tmp_path / "a.mp4"), SETTINGS)


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_a_recording_beyond_the_limit_is_refused_and_the_limit_told(tmp_path, kind):
    path = write_sound(tmp_path / f"a.{kind}", tone(4.0))
    with pytest.raises(InputError, match=r"at most 2 s.*EMPATHY_MAX_AUDIO_S"):
        load_sound(path, Settings(max_audio_s=2))
    with pytest.raises(InputError, match="at most 2 s"):
        load_sound((48_000, tone(4.0)), Settings(max_audio_s=2))


def test_a_file_beyond_the_size_limit_is_refused(tmp_path):
    path = write_sound(tmp_path / "a.wav", tone(4.0))
    with pytest.raises(InputError, match="EMPATHY_MAX_FILE_MB"):
        load_sound(path, Settings(max_file_mb=0.1))
