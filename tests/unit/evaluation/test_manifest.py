from pathlib import Path

import pytest

from empathy.errors import InputError
from empathy.evaluation.manifest import WORDS, column, groups, label_of, labels_of, read_manifest
from empathy.types import EMOTIONS


@pytest.mark.parametrize(("name", "label"), [
    ("happiness", "happy"), (" Anger ", "angry"), ("FEARFUL", "fear"), ("surprised", "surprise"), ("sadness", "sad"),
    ("calm", "calm"), ("Disgusted", "disgust"), ("neutral", "neutral"), ("contempt", "contempt"),
])
def test_names_of_other_data_sets_become_ours(name: str, label: str) -> None:
    assert label_of(name) == label


def test_every_emotion_is_a_label_of_its_own() -> None:
    assert {label_of(name) for name in EMOTIONS} == set(EMOTIONS)
    assert set(WORDS.values()) == {*EMOTIONS, "calm"}


def test_an_unknown_label_says_which_are_known() -> None:
    with pytest.raises(InputError, match=r"'bored' is not a label.*angry"):
        label_of("bored")


def test_a_choice_of_labels_keeps_its_order_and_drops_repeats() -> None:
    assert labels_of("sad, anger,happy,sadness") == ("sad", "angry", "happy")
    assert labels_of("") == ()


def test_one_label_is_no_choice() -> None:
    with pytest.raises(InputError, match="at least two"):
        labels_of("happy")


def test_paths_stand_beside_the_table_and_columns_are_kept(tmp_path: Path) -> None:
    table = tmp_path / "m.csv"
    table.write_text("\ufeffpath, label,speaker\na/1.png,Happiness,7\n/abs/2.png,fear,8\n", encoding="utf-8")
    first, second = read_manifest(table)
    assert first.path == tmp_path / "a/1.png"
    assert first.label == "happy"
    assert second.path == Path("/abs/2.png")
    assert column((first, second), "speaker") == ("7", "8")


def test_a_bad_label_names_its_line(tmp_path: Path) -> None:
    table = tmp_path / "m.csv"
    table.write_text("path,label\n1.png,happy\n2.png,bored\n")
    with pytest.raises(InputError, match=r"line 3.*bored"):
        read_manifest(table)


@pytest.mark.parametrize(("text", "message"), [
    ("file,label\n1.png,sad\n", "no column path"), ("path,label\n", "no rows"), ("", "no column label"),
    ("path,label\n,sad\n", "column path is empty"),
])
def test_a_broken_table_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    table = tmp_path / "m.csv"
    table.write_text(text)
    with pytest.raises(InputError, match=message):
        read_manifest(table)


def test_an_absent_table_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="path,label"):
        read_manifest(tmp_path / "none.csv")


def test_an_absent_column_lists_those_there(tmp_path: Path) -> None:
    table = tmp_path / "m.csv"
    table.write_text("path,label,speaker\n1.png,happy,7\n")
    with pytest.raises(InputError, match=r"--by age.*speaker"):
        column(read_manifest(table), "age")


def test_groups_hold_the_places_of_each_value() -> None:
    assert groups(["b", "a", "b"]) == {"a": (1,), "b": (0, 2)}
