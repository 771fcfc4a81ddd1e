from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from empathy.ui.privacy import PREFIX, private_folder, wipe, wipe_left_over


@pytest.fixture(autouse=True)
def same_tempdir() -> Iterator[None]:
    before = tempfile.tempdir
    yield
    tempfile.tempdir = before


def test_uploads_go_to_a_folder_that_only_its_owner_can_read(tmp_path: Path):
    environ: dict[str, str] = {}
    folder = private_folder(environ, 10.0, memory=tmp_path)
    assert folder.parent == tmp_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert environ["GRADIO_TEMP_DIR"] == str(folder)
    assert tempfile.gettempdir() == str(folder)


def test_a_folder_that_is_asked_for_is_used(tmp_path: Path):
    environ = {"GRADIO_TEMP_DIR": str(tmp_path / "asked")}
    assert private_folder(environ, 10.0).parent == tmp_path / "asked"


def test_a_memory_too_small_for_uploads_is_not_used(tmp_path: Path):
    tempfile.tempdir = str(tmp_path / "disk")
    folder = private_folder({}, 1e12, memory=tmp_path)
    assert folder.parent == tmp_path / "disk"


def test_what_lay_there_before_is_gone(tmp_path: Path):
    old = tmp_path / f"{PREFIX}{os.getpid()}"
    old.mkdir()
    (old / "photo.jpg").write_bytes(b"x")
    assert list(private_folder({}, 1.0, memory=tmp_path).iterdir()) == []


def test_what_a_killed_process_left_is_wiped_and_what_a_living_one_uses_is_not(tmp_path: Path):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    dead, alive = tmp_path / f"{PREFIX}{gone.pid}", tmp_path / f"{PREFIX}{os.getppid()}"
    other = tmp_path / f"{PREFIX}notes"
    for folder in (dead, alive, other):
        folder.mkdir()
    assert wipe_left_over(tmp_path) == 1
    assert not dead.exists()
    assert alive.exists()
    assert other.exists()


def test_at_the_end_everything_goes(tmp_path: Path):
    folder = private_folder({}, 1.0, memory=tmp_path)
    (folder / "voice.wav").write_bytes(b"x")
    wipe(folder)
    assert not folder.exists()
    assert tempfile.tempdir is None
