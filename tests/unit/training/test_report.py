import json
from pathlib import Path

import numpy as np
from PIL import Image

from empathy.training.report import machine, save_confusion, save_curves, save_lines, table, write_card


def test_a_card_is_plain_json_with_short_numbers(tmp_path: Path) -> None:
    card = {"accuracy": np.float64(0.123456789), "n": np.int64(3), "matrix": np.eye(2, dtype=np.int64),
            "pair": (1, 2.5)}
    write_card(tmp_path / "face", card, "# Title\n\n")
    assert json.loads((tmp_path / "face.json").read_text()) == {
        "accuracy": 0.12346, "n": 3, "matrix": [[1, 0], [0, 1]], "pair": [1, 2.5]}
    assert (tmp_path / "face.md").read_text() == "# Title\n"


def test_pictures_are_drawn(tmp_path: Path) -> None:
    history = [{"epoch": k, "loss": 1.0 / k, "val_loss": 1.2 / k} for k in (1, 2, 3)]
    save_curves(tmp_path / "loss.png", history, (("loss", "val_loss"), ("val_loss",)))
    save_confusion(tmp_path / "confusion.png", [[5, 1], [0, 0]], ("happy", "sad"))
    for name in ("loss.png", "confusion.png"):
        with Image.open(tmp_path / name) as picture:
            assert min(picture.size) > 200


def test_a_table_is_markdown() -> None:
    assert table([("a", "1")], ("name", "n")) == "| name | n |\n| --- | --- |\n| a | 1 |"


def test_the_machine_names_cores_and_versions() -> None:
    found = machine(("numpy",))
    assert found["numpy"] == np.__version__
    assert found["cores"] >= 1


def test_lines_are_drawn(tmp_path: Path) -> None:
    save_lines(tmp_path / "lines.png", {"one": ([0.0, 1.0], [0.0, 1.0])}, ("false alarms", "recall"))
    assert (tmp_path / "lines.png").read_bytes().startswith(b"\x89PNG")
