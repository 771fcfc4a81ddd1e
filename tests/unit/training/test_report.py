import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from empathy.training.report import (
    abstention,
    machine,
    save_confusion,
    save_curves,
    save_lines,
    scores,
    table,
    write_card,
)


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


def test_scores_of_answers():
    truth = np.array([0, 0, 0, 1])
    shares = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert scores(truth, shares) == pytest.approx({"accuracy": 0.75, "uar": (2 / 3 + 1) / 2, "ece": 0.25})


def test_weak_answers_are_held_back_and_a_limit_above_all_is_left_out():
    sure, right = np.array([0.2, 0.4, 0.6, 0.8]), np.array([False, False, True, True])
    assert abstention(sure, right, (0.0, 0.5, 0.9)) == [
        {"below": 0.0, "coverage": 1.0, "accuracy": 0.5}, {"below": 0.5, "coverage": 0.5, "accuracy": 1.0}]
