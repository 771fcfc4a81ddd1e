import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from empathy.audio.tone_compact import CLASSES, load_file
from empathy.errors import InputError
from empathy.evaluation.manifest import read_manifest
from empathy.registry import digest
from empathy.training.voice import add_arguments, run
from empathy.types import EMOTIONS

from .test_voice_data import write_voices


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def small(tmp_path: Path, *more: str) -> argparse.Namespace:
    return arguments("--data", str(tmp_path / "data"), "--out", str(tmp_path / "run"), "--epochs", "1", "--folds", "2",
                     "--variants", "3", *more)


def test_one_command_makes_the_file_its_card_and_its_pictures(tmp_path: Path):
    write_voices(tmp_path / "data", n_speakers=4, per_label=2)
    assert run(small(tmp_path, "--members", "2")) == 0
    out = tmp_path / "run"
    card = json.loads((out / "voice.json").read_text())
    engine = load_file(out / "voice.onnx")
    assert card["sha256"] == digest(out / "voice.onnx")
    assert card["engine"] == engine.name
    assert (card["members"], card["validation"]["n"]) == (4, 64)
    assert set(card["validation"]["recall"]) == set(CLASSES)
    assert set(card["validation"]["by_gender"]) == {"female", "male"}
    assert sum(row["n"] for row in card["validation"]["by_speaker"].values()) == 64
    assert engine.prior == pytest.approx(dict.fromkeys(CLASSES, 0.125), abs=1e-4)
    assert np.array(card["validation"]["confusion"]).sum() == 64
    unheard = read_manifest(out / "out_of_fold.csv")
    assert len(unheard) == 64
    assert all(sum(float(row.columns[f"p_{name}"]) for name in EMOTIONS) == pytest.approx(1.0, abs=1e-4)
               for row in unheard)
    text = (out / "voice.md").read_text()
    assert card["command"] in text
    assert str(tmp_path) not in text
    assert {"loss.png", "confusion.png"} <= {path.name for path in out.iterdir()}


def test_an_interrupted_run_goes_on_and_ends_where_a_whole_one_does(tmp_path: Path):
    write_voices(tmp_path / "data", n_speakers=2, per_label=2)
    run(small(tmp_path, "--members", "1"))
    whole = digest(tmp_path / "run" / "voice.onnx")
    next((tmp_path / "run").glob("*/member-2-*.pt")).unlink()
    run(small(tmp_path, "--members", "1"))
    assert digest(tmp_path / "run" / "voice.onnx") == whole


def test_a_run_of_other_settings_takes_nothing_over(tmp_path: Path):
    write_voices(tmp_path / "data", n_speakers=4, per_label=1)
    run(small(tmp_path, "--members", "1"))
    run(small(tmp_path, "--members", "1", "--seed", "5"))
    other = digest(tmp_path / "run" / "voice.onnx")
    run(arguments("--data", str(tmp_path / "data"), "--out", str(tmp_path / "fresh"), "--epochs", "1", "--folds", "2",
                  "--variants", "3", "--members", "1", "--seed", "5"))
    assert digest(tmp_path / "fresh" / "voice.onnx") == other


def test_without_data_the_command_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("EMPATHY_DATA", raising=False)
    with pytest.raises(InputError, match="EMPATHY_DATA"):
        run(arguments("--out", str(tmp_path)))


@pytest.mark.parametrize("words", [("--epochs", "0"), ("--members", "0"), ("--variants", "2"), ("--seed", "-1")])
def test_numbers_out_of_range_are_refused(words: tuple[str, str], tmp_path: Path):
    with pytest.raises(InputError, match="at least"):
        run(arguments("--out", str(tmp_path), "--data", str(tmp_path), *words))
