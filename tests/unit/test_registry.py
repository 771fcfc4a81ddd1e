"""Engines load once, under a lock, and a broken file gets a sentence."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from empathy.errors import ModelFileError, ModelMissingError
from empathy.registry import Models, ModelSpec, Packaged, Url, how_to_get, reading, state, verify


def spec(load, source=None, **more):
    return ModelSpec(name="thing", stage="tone", tier="full", source=source or Packaged(package="json"), licence="MIT",
                     size_mb=1, load=load, **more)


def test_twenty_callers_at_once_load_one_engine(tmp_path):
    loads = []

    def slow(paths):
        time.sleep(0.05)
        loads.append(paths)
        return object()

    models, found, wanted = Models(tmp_path), [], spec(slow)
    threads = [threading.Thread(target=lambda: found.append(models.get(wanted))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert len(found) == 20
    assert len(set(map(id, found))) == 1


def test_a_forgotten_engine_loads_again(tmp_path):
    models, wanted = Models(tmp_path), spec(lambda paths: object())
    first = models.get(wanted)
    models.forget("thing")
    assert models.get(wanted) is not first


def test_absent_weights_name_the_command_that_brings_them(tmp_path):
    wanted = spec(lambda paths: paths, Url(name="w.bin", urls=("http://x/w.bin",)))
    assert state(wanted, tmp_path) == "not downloaded"
    with pytest.raises(ModelMissingError, match="python -m empathy models pull thing"):
        Models(tmp_path).get(wanted)


def test_an_absent_file_that_the_user_named_is_named_back(tmp_path):
    wanted = spec(lambda paths: paths, Url(name=str(tmp_path / "my.gguf"), urls=()))
    assert f"needs the file {tmp_path / 'my.gguf'}, which is not there" in how_to_get(wanted)


def test_an_absent_package_is_named(tmp_path):
    wanted = spec(lambda paths: paths, Packaged(package="no_such_package_at_all"))
    assert state(wanted, tmp_path) == "not installed"
    assert "no_such_package_at_all" in how_to_get(wanted)


def test_a_loader_that_fails_becomes_a_file_error_and_may_be_tried_again(tmp_path):
    (tmp_path / "w.bin").write_text("not weights")

    def load(paths):
        raise ValueError("bad magic")

    wanted = spec(load, Url(name="w.bin", urls=()))
    models = Models(tmp_path)
    for _ in range(2):
        with pytest.raises(ModelFileError, match="bad magic"):
            models.get(wanted)


def test_verify_tells_a_changed_file(tmp_path):
    (tmp_path / "w.bin").write_text("other")
    with pytest.raises(ModelFileError, match="sha256 differs"):
        verify(spec(lambda paths: paths, Url(name="w.bin", urls=()), sha256={"w.bin": "0" * 64}), tmp_path)


def test_a_file_that_the_hubs_own_cache_holds_is_used_from_there(tmp_path):
    """As on a Space, whose build preloads: the layout is that of huggingface_hub."""
    kept = tmp_path / "models--a--b" / "snapshots" / ("0" * 40) / "config.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")
    code = ("from pathlib import Path; from empathy.registry import HubFile, ModelSpec, files_of; "
            f"source = HubFile(repo='a/b', files=('config.json', 'other.json'), revision='{'0' * 40}'); "
            "print(*files_of(ModelSpec(name='x', stage='tone', tier='full', licence='', size_mb=1, load=print, "
            "source=source), Path('own')))")
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env=os.environ | {"HF_HUB_CACHE": str(tmp_path)}).stdout.split()
    assert told == [str(kept), str(Path("own/a--b/other.json"))]


def test_whatever_a_reader_raises_at_broken_weights_names_the_file_and_the_command(tmp_path):
    with pytest.raises(ModelFileError, match=r"a\.safetensors is no judge \(KeyError: 'bias'\).*train judge"), \
            reading(tmp_path / "a.safetensors", "judge", "judge --out RUN"):
        raise KeyError("bias")


def test_weights_that_can_be_read_are_left_alone(tmp_path):
    with reading(tmp_path / "a.safetensors", "judge", "judge --out RUN"):
        found = 1
    assert found == 1
