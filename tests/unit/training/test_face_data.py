import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from empathy.errors import InputError
from empathy.training.face_data import ferplus_majority, read_faces
from empathy.types import EMOTIONS

NAMES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")


def write_faces(folder: Path, rows: list[dict[str, object]]) -> None:
    """A data folder with one even 48 x 48 picture a row: ``level``, ``split``, ``use``, ``label`` and votes by name."""
    (folder / "faces").mkdir(parents=True)
    columns = ("name", "offset", "size", "label", "split", *(f"fp_{name}" for name in NAMES), "use")
    offset = 0
    with (folder / "faces/fer2013_train_val.webp.bin").open("wb") as packed, \
            (folder / "faces/fer2013_train_val.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, columns, restval="0", extrasaction="ignore")
        table.writeheader()
        for i, row in enumerate(rows):
            picture = io.BytesIO()
            level = int(str(row.get("level", 100)))
            Image.fromarray(np.full((48, 48), level, np.uint8)).save(picture, "WEBP", lossless=True)
            packed.write(picture.getvalue())
            table.writerow({"name": f"p{i}", "offset": offset, "size": len(picture.getvalue()), "label": "happy",
                            "split": "train", "use": "ok", **row})
            offset += len(picture.getvalue())


def counts(**votes: int) -> np.ndarray:
    order = ("anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise", "unknown", "NF")
    return np.array([[votes.get(name, 0) for name in order]], np.float32)


@pytest.mark.parametrize(("votes", "label"), [
    ({"happiness": 10}, "happy"),
    ({"sadness": 6, "neutral": 4}, "sad"),
    ({"sadness": 5, "neutral": 5}, None),
    ({"anger": 4, "neutral": 3, "sadness": 3}, None),
    ({"anger": 5, "neutral": 3, "sadness": 1, "fear": 1}, "angry"),  # single votes are dropped: 5 of 8
    ({"unknown": 6, "fear": 4}, None),
    ({"NF": 10}, None),
])
def test_the_majority_needs_more_than_half_of_what_is_left_without_single_votes(
        votes: dict[str, int], label: str | None) -> None:
    expected = -1 if label is None else EMOTIONS.index(label)
    assert ferplus_majority(counts(**votes)).tolist() == [expected]


def test_pictures_votes_and_labels_come_in_our_order(tmp_path: Path) -> None:
    write_faces(tmp_path, [
        {"level": 10, "fp_happiness": 8, "fp_neutral": 2},
        {"level": 200, "fp_surprise": 6, "fp_fear": 2, "fp_unknown": 2, "label": "fear"},
    ])
    faces = read_faces(tmp_path, "train")
    assert faces.pictures.shape == (2, 48, 48)
    assert faces.pictures[:, 0, 0].tolist() == [10, 200]
    assert faces.votes[0, EMOTIONS.index("happy")] == pytest.approx(0.8)
    assert faces.votes[1, EMOTIONS.index("surprise")] == pytest.approx(0.75)
    assert faces.sure.tolist() == pytest.approx([1.0, 0.8])
    assert faces.majority.tolist() == [EMOTIONS.index("happy"), EMOTIONS.index("surprise")]
    assert faces.fer_label.tolist() == [EMOTIONS.index("happy"), EMOTIONS.index("fear")]


def test_rows_to_drop_other_splits_and_unnamed_faces_are_left_out(tmp_path: Path) -> None:
    write_faces(tmp_path, [
        {"fp_happiness": 10}, {"fp_happiness": 10, "use": "drop_not_a_face"}, {"fp_unknown": 9, "fp_sadness": 1},
        {"fp_sadness": 10, "split": "val", "level": 7},
    ])
    assert len(read_faces(tmp_path, "train")) == 1
    assert read_faces(tmp_path, "val").pictures[0, 0, 0] == 7


def test_an_absent_folder_says_which_variable_to_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="EMPATHY_DATA"):
        read_faces(tmp_path, "train")
