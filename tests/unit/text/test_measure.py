from pathlib import Path

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.text.goemotions import LABELS
from empathy.text.measure import figures, label_f1, read_comments


def truth(*rows: tuple[str, ...]) -> np.ndarray:
    return np.array([[label in row for label in LABELS] for row in rows])


def test_comments_may_bear_several_labels(tmp_path: Path) -> None:
    (tmp_path / "some.tsv").write_text("I love it\t17,18\ta\nhm\t27\tb\n", encoding="utf-8")
    comments = read_comments(tmp_path / "some.tsv")
    assert comments.texts == ("I love it", "hm")
    assert [LABELS[k] for k in np.flatnonzero(comments.truth[0])] == ["joy", "love"]
    assert comments.keys == ("a", "b")


def test_label_names_may_stand_in_another_order(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("neutral\njoy\n", encoding="utf-8")
    (tmp_path / "some.tsv").write_text("yes\t1\ta\n", encoding="utf-8")
    assert read_comments(tmp_path / "some.tsv", tmp_path / "labels.txt").truth[0, LABELS.index("joy")]


@pytest.mark.parametrize("line", ["no tabs at all", "text\tx\tid", "text\t99\tid"])
def test_a_line_of_another_layout_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "some.tsv").write_text(f"fine\t0\ta\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_comments(tmp_path / "some.tsv")


def test_a_right_answer_scores_one_and_a_wrong_one_nothing() -> None:
    right = truth(("joy",), ("anger", "disgust"))
    assert figures(right, right)["micro_f1"] == 1.0
    assert figures(right, ~right)["micro_f1"] == 0.0


def test_labels_of_one_emotion_are_the_same_when_folded() -> None:
    found = figures(truth(("joy",), ("anger",)), truth(("love",), ("annoyance",)))
    assert found["micro_f1"] == 0.0
    assert found["macro_f1_folded"] == 1.0


def test_f1_of_a_label_is_twice_the_hits_over_all_mentions() -> None:
    assert label_f1(truth(("joy",), ("joy",)), truth(("joy",), ("love",)))["joy"] == pytest.approx(2 / 3)
