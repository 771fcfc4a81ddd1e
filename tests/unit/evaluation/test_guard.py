from pathlib import Path

import pytest

from empathy.errors import InputError
from empathy.evaluation.guard import evaluate_guard

DATA = Path(__file__).parents[2] / "data"
NEVER_FITTED = [("guard_fresh", 0.87, 0.053), ("guard_blind", 0.8, 0.042)]
"""Least recall and most false alarms, a little beside what was measured (docs/experiments.md)."""


def files(folder: Path, forbidden: str, fine: str) -> tuple[Path, Path]:
    one, other = folder / "forbidden.txt", folder / "fine.txt"
    one.write_text(forbidden, encoding="utf-8")
    other.write_text(fine, encoding="utf-8")
    return one, other


def test_the_seeded_set_is_stopped_and_the_good_replies_pass() -> None:
    found = evaluate_guard(DATA / "guard_forbidden.txt", DATA / "guard_fine.txt")
    assert found["n_forbidden"] >= 100
    assert found["n_fine"] >= 200
    assert found["missed"] == []
    assert found["false_alarms"] == []


@pytest.mark.parametrize(("name", "recall", "false"), NEVER_FITTED)
def test_sentences_that_nothing_was_fitted_to_are_mostly_told_apart(name: str, recall: float, false: float) -> None:
    found = evaluate_guard(DATA / f"{name}_forbidden.txt", DATA / f"{name}_fine.txt")
    assert found["classifier"]
    assert found["recall"] >= recall
    assert found["false_alarm_rate"] <= false
    assert found["recall"] > found["rules_alone"]["recall"]


def test_recall_is_counted_by_rule_and_false_alarms_over_the_good(tmp_path: Path) -> None:
    found = evaluate_guard(*files(tmp_path, "# note\npromise | You will be fine.\nharm | What a nice day.\n",
                                  "I'm sorry.\nYou have depression.\n"))
    assert found["recall"] == 0.5
    assert found["recall_by_rule"] == {"promise": {"n": 1, "recall": 1.0}, "harm": {"n": 1, "recall": 0.0}}
    assert found["missed"] == ["What a nice day."]
    assert found["false_alarm_rate"] == 0.5
    assert found["rules_alone"] == {"recall": 0.5, "false_alarm_rate": 0.5}


@pytest.mark.parametrize(("forbidden", "fine"), [("", "a"), ("no rule", "a"), ("harm | a", "# only a note")])
def test_files_of_another_layout_are_refused(tmp_path: Path, forbidden: str, fine: str) -> None:
    with pytest.raises(InputError, match=r"must hold|holds no"):
        evaluate_guard(*files(tmp_path, forbidden, fine))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        evaluate_guard(tmp_path / "none.txt", tmp_path / "none.txt")
