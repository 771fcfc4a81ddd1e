"""Settings come from arguments, then the environment, then the file; a bad value is named with its choices."""

import pytest

from empathy.errors import SettingsError
from empathy.settings import Settings, load, on_space


def test_arguments_win_over_environment_over_file_over_defaults(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empathy.toml").write_text('threads = 3\nwhisper = "tiny"\nvideo_fps = 2.0\n')
    monkeypatch.setenv("EMPATHY_WHISPER", "small")
    monkeypatch.setenv("EMPATHY_VIDEO_FPS", "8")
    settings = load(video_fps=1.0)
    assert (settings.threads, settings.whisper, settings.video_fps, settings.max_faces) == (3, "small", 1.0, 10)


def test_a_bad_value_names_variable_value_and_choices(monkeypatch):
    monkeypatch.setenv("EMPATHY_WHISPER", "huge")
    with pytest.raises(SettingsError, match=r"EMPATHY_WHISPER is 'huge'.*'tiny'.*'base'"):
        load()


def test_a_number_out_of_range_names_its_bound(monkeypatch):
    monkeypatch.setenv("EMPATHY_VIDEO_FPS", "0")
    with pytest.raises(SettingsError, match=r"EMPATHY_VIDEO_FPS is '0'.*greater than 0"):
        load()


def test_an_unknown_key_in_the_file_is_named(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empathy.toml").write_text("wisper = 'tiny'\n")
    with pytest.raises(SettingsError, match="unknown key 'wisper'"):
        load()


@pytest.mark.parametrize("content", [b"junk", b"\xff\xfe\x00"])
def test_a_file_that_is_no_toml_is_named(monkeypatch, tmp_path, content):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empathy.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"empathy.toml can't be read"):
        load()


def test_settings_are_frozen_and_every_knob_is_described():
    with pytest.raises(ValueError, match="frozen"):
        Settings().threads = 4
    assert all(field.description for field in Settings.model_fields.values())


def test_a_space_is_known_by_its_id():
    assert on_space({"SPACE_ID": "a/b"})
    assert not on_space({})
