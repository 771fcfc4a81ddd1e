from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from empathy.errors import InputError, ModelRunError
from empathy.evaluation.face import evaluate_face
from empathy.settings import Settings
from empathy.types import EMOTIONS, Emotions, Picture
from tests.fakes import FakeExpression, FakeFaceFinder

SETTINGS = Settings()


class ByLight:
    """Calls bright faces happy, dark ones sad."""

    name = "by light@1"
    crop_scale = 1.0

    def express(self, crop: Picture) -> Emotions:
        if crop.shape[0] != crop.shape[1]:
            raise AssertionError("crops must come square")
        bright = float(crop.mean()) / 255.0
        return Emotions.of({"happy": 0.6 * bright, "sad": 0.6 * (1 - bright), "neutral": 0.4})


def manifest(folder: Path, *rows: tuple[int, str, str]) -> Path:
    lines = ["path,label,group"]
    for i, (level, label, group) in enumerate(rows):
        Image.fromarray(np.full((48, 40 if i % 2 else 48), level, np.uint8)).save(folder / f"{i}.png")
        lines.append(f"{i}.png,{label},{group}")
    (folder / "m.csv").write_text("\n".join(lines))
    return folder / "m.csv"


def test_crops_go_to_the_engine_as_they_are(tmp_path: Path) -> None:
    table = manifest(tmp_path, (250, "happiness", "a"), (5, "sadness", "a"), (250, "sad", "b"))
    found = evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS)
    assert (found["task"], found["engine"], found["n"], found["n_unread"]) == ("face", "by light@1", 3, 0)
    assert found["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["uar"] == pytest.approx(0.75)
    assert found["labels"] == list(EMOTIONS)
    assert found["confusion"][EMOTIONS.index("sad")][EMOTIONS.index("happy")] == 1
    assert found["seconds"] >= 0
    assert found["ms_per_item"] >= 0


def test_a_narrower_choice_forces_an_answer_among_it_and_leaves_out_other_rows(tmp_path: Path) -> None:
    table = manifest(tmp_path, (100, "sad", "a"), (200, "happy", "a"), (0, "fear", "a"))
    wide = evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS)
    narrow = evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS, labels=("happy", "sad"))
    assert (wide["n"], wide["accuracy"]) == (3, pytest.approx(1 / 3, abs=1e-4))
    assert (narrow["n"], narrow["n_left_out"], narrow["accuracy"]) == (2, 1, 1.0)
    assert narrow["labels"] == ["happy", "sad"]


class Believing(ByLight):
    """Takes happy to be four times as common as sad, and leaves contempt and its like out."""

    prior: ClassVar = {"happy": 0.4, "sad": 0.1, "neutral": 0.5}


def test_a_narrower_choice_takes_out_the_prior_that_the_engine_learnt(tmp_path: Path) -> None:
    table = manifest(tmp_path, (150, "sad", "a"), (240, "happy", "a"))
    wide = evaluate_face(table, engine=Believing(), finder=None, settings=SETTINGS)
    same = evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS)
    assert wide["prior"] == "as learnt"
    assert {key: wide[key] for key in ("accuracy", "ece", "confusion")} == {
        key: same[key] for key in ("accuracy", "ece", "confusion")}
    narrow = evaluate_face(table, engine=Believing(), finder=None, settings=SETTINGS, labels=("happy", "sad"))
    trusting = evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS, labels=("happy", "sad"))
    assert trusting["recall"] == {"happy": 1.0, "sad": 0.0}
    assert narrow["prior"] == "equal"
    assert narrow["recall"] == {"happy": 1.0, "sad": 1.0}


def test_calm_counts_as_neutral(tmp_path: Path) -> None:
    table = manifest(tmp_path, (128, "calm", "a"))
    assert evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS)["accuracy"] == 1.0


def test_a_file_that_is_no_picture_counts_as_wrong(tmp_path: Path) -> None:
    table = manifest(tmp_path, (250, "happy", "a"), (250, "happy", "a"))
    (tmp_path / "1.png").write_text("no picture")
    found = evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS)
    assert (found["n_unread"], found["accuracy"]) == (1, 0.5)


def test_a_picture_without_a_face_counts_as_wrong(tmp_path: Path) -> None:
    table = manifest(tmp_path, (250, "happy", "a"))
    found = evaluate_face(table, engine=ByLight(), finder=FakeFaceFinder(faces=()), settings=SETTINGS)
    assert (found["n_unread"], found["accuracy"]) == (1, 0.0)


def test_an_engine_that_fails_on_a_picture_leaves_it_unread(tmp_path: Path) -> None:
    table = manifest(tmp_path, (250, "happy", "a"))
    broken = FakeExpression(error=ModelRunError("it broke"))
    assert evaluate_face(table, engine=broken, finder=None, settings=SETTINGS)["n_unread"] == 1


def test_a_column_parts_the_figures(tmp_path: Path) -> None:
    table = manifest(tmp_path, (250, "happy", "old"), (250, "sad", "young"))
    by = evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS, by="group")["by"]
    assert by["old"]["accuracy"] == 1.0
    assert by["young"]["accuracy"] == 0.0


def test_a_table_without_any_of_the_labels_is_refused(tmp_path: Path) -> None:
    table = manifest(tmp_path, (250, "happy", "a"))
    with pytest.raises(InputError, match="no row labelled fear, sad"):
        evaluate_face(table, engine=ByLight(), finder=None, settings=SETTINGS, labels=("fear", "sad"))
