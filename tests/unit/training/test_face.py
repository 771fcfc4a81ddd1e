import argparse
import json
from pathlib import Path

import pytest

from empathy.errors import InputError
from empathy.registry import digest
from empathy.training.face import add_arguments, run
from empathy.types import EMOTIONS
from empathy.vision.expression_compact import load_file

from .test_face_data import NAMES, write_faces


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def small(folder: Path, out: str) -> Path:
    """A run on the faces in ``folder``."""
    assert run(arguments("--data", str(folder / "data"), "--out", str(folder / out), "--epochs", "1", "--members", "1",
                         "--threads", "1", "--device", "cpu")) == 0
    return folder / out


def write_pictures(folder: Path) -> None:
    votes = {"neutral": "neutral", "happiness": "happy", "surprise": "surprise", "sadness": "sad", "anger": "angry",
             "disgust": "disgust", "fear": "fear", "contempt": "contempt"}
    rows: list[dict[str, object]] = [
        {f"fp_{name}": 10, "level": 20 * i, "split": split, "label": votes[name].replace("contempt", "sad")}
        for split in ("train", "val") for i, name in enumerate((*NAMES[:8], *NAMES[:8]))]
    rows += [{**row, "level": 7} for row in rows if row["split"] == "train"] * 8
    write_faces(folder / "data", rows)


def test_one_command_makes_the_file_its_card_and_its_pictures(tmp_path: Path) -> None:
    write_pictures(tmp_path)
    out = small(tmp_path, "run")
    card = json.loads((out / "face.json").read_text())
    assert card["sha256"] == digest(out / "face.onnx") == digest(small(tmp_path, "again") / "face.onnx")
    assert card["engine"] == load_file(out / "face.onnx").name
    assert card["validation"]["n"] == 16
    assert set(card["validation"]["recall"]) == set(EMOTIONS)
    assert {name: row["n"] for name, row in card["validation"]["narrowed"].items()} == {"as learnt": 14, "equal": 14}
    assert set(card["validation"]["degraded"]) == {"blurred", "dark", "24 px"}
    assert "--epochs 1 --members 1 --seed 1" in card["command"]
    text = (out / "face.md").read_text()
    assert card["command"] in text
    assert str(tmp_path) not in text
    assert {"loss.png", "confusion.png", "member-1.pt"} <= {path.name for path in out.iterdir()}


def test_without_data_the_command_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("EMPATHY_DATA", raising=False)
    with pytest.raises(InputError, match="EMPATHY_DATA"):
        run(arguments("--out", str(tmp_path)))


@pytest.mark.parametrize("words", [("--epochs", "0"), ("--members", "0"), ("--seed", "-1")])
def test_numbers_out_of_range_are_refused(words: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least"):
        run(arguments("--out", str(tmp_path), "--data", str(tmp_path), *words))
