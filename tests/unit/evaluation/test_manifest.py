from pathlib import Path

import pytest

from empathy.errors import InputError
from empathy.evaluation.manifest import column, groups, read_choice, read_manifest


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


def test_a_choice_leaves_out_other_labels_known_or_not(tmp_path: Path) -> None:
    table = tmp_path / "m.csv"
    table.write_text("path,label\n1.wav,happy\n2.wav,boredom\n3.wav,fear\n4.wav,sad\n5.wav,calm\n6.wav\n")
    rows, n_left_out = read_choice(table, ("sad", "happy", "neutral"))
    assert [row.label for row in rows] == ["happy", "sad", "neutral"]
    assert n_left_out == 3
    with pytest.raises(InputError, match="boredom"):
        read_choice(table, ())
    with pytest.raises(InputError, match=r"no row labelled angry, disgust; it has .*boredom"):
        read_choice(table, ("angry", "disgust"))


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
