"""What every command that trains does with its folders and numbers."""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from empathy.errors import InputError
from empathy.training.command import say_made

MODELS = ("face", "voice", "words", "risk", "judge", "guard")


def told(name: str, *words: str) -> tuple[Any, argparse.Namespace]:
    """A model's module, and its command's arguments as given."""
    module = import_module(f"empathy.training.{name}")
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return module, parser.parse_args(words)


@pytest.mark.parametrize("name", MODELS)
def test_without_data_each_command_says_what_to_set(name: str, monkeypatch: pytest.MonkeyPatch,
                                                    tmp_path: Path) -> None:
    monkeypatch.delenv("EMPATHY_DATA", raising=False)
    module, arguments = told(name, "--out", str(tmp_path))
    with pytest.raises(InputError, match="set EMPATHY_DATA or --data"):
        module.run(arguments)


@pytest.mark.parametrize("name", MODELS)
def test_the_environment_names_the_data(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EMPATHY_DATA", str(tmp_path))
    assert told(name, "--out", str(tmp_path))[1].data == tmp_path


@pytest.mark.parametrize("name", MODELS)
def test_a_negative_seed_is_refused_before_anything_is_read(name: str, tmp_path: Path) -> None:
    module, arguments = told(name, "--out", str(tmp_path / "run"), "--data", str(tmp_path), "--seed", "-1")
    with pytest.raises(InputError, match="--seed must be at least 0, not -1"):
        module.run(arguments)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", MODELS)
def test_a_folder_without_the_data_is_refused_with_its_path(name: str, tmp_path: Path) -> None:
    module, arguments = told(name, "--out", str(tmp_path / "run"), "--data", str(tmp_path))
    with pytest.raises(InputError, match=re.escape(str(tmp_path))):
        module.run(arguments)


def test_what_was_made_is_told_with_the_files_that_ship(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    say_made(tmp_path / "words.safetensors")
    assert capsys.readouterr().err == (
        f"empathy: made {tmp_path}/words.safetensors and its card words.md; to ship them, copy words.safetensors, "
        "words.json and words.md to empathy/weights\n")
