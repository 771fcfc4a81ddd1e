import json
from pathlib import Path

import pytest

from empathy.errors import InputError
from empathy.evaluation.risk import evaluate_risk, read_rows
from empathy.text.risk import RiskJudge
from empathy.text.risk_rules import load_rules

ROWS = [
    {"text": "I want to kill myself", "is_crisis": True, "lang": "en", "group": "a"},
    {"text": "I can't see any colour in life", "is_crisis": True, "lang": "en", "group": "b"},
    {"text": "What a nice day", "is_crisis": False, "lang": "en", "group": "a"},
    {"text": "quiero morir", "is_crisis": True, "lang": "es", "group": "b"},
    {"text": "I am going to kill myself tonight", "is_crisis": False, "lang": "en", "group": "b"},
]


@pytest.fixture(scope="module")
def judge() -> RiskJudge:
    return RiskJudge(load_rules(), None)


def table(folder: Path, rows: list[dict[str, object]]) -> Path:
    path = folder / "some.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_rates_are_counted_over_what_is_and_what_is_no_crisis(tmp_path: Path, judge: RiskJudge) -> None:
    found = evaluate_risk(table(tmp_path, ROWS), judge=judge)
    assert (found["n"], found["n_crisis"]) == (5, 3)
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["false_alarm_rate"] == 0.5
    assert found["precision"] == pytest.approx(2 / 3)


def test_languages_and_groups_are_told_apart(tmp_path: Path, judge: RiskJudge) -> None:
    found = evaluate_risk(table(tmp_path, ROWS), judge=judge, by="group")
    by_lang, by = found["by_lang"], found["by"]
    assert isinstance(by_lang, dict)
    assert isinstance(by, dict)
    assert by_lang["es"]["recall"] == 1.0
    assert by_lang["es"]["false_alarm_rate"] is None
    assert set(by) == {"a", "b"}


def test_misses_and_false_alarms_are_listed_on_request(tmp_path: Path, judge: RiskJudge) -> None:
    found = evaluate_risk(table(tmp_path, ROWS), judge=judge, show=True)
    misses, alarms = found["misses"], found["false_alarms"]
    assert isinstance(misses, list)
    assert isinstance(alarms, list)
    assert [row["text"] for row in misses] == [ROWS[1]["text"]]
    assert [row["text"] for row in alarms] == [ROWS[4]["text"]]
    assert "misses" not in evaluate_risk(table(tmp_path, ROWS), judge=judge)


def test_a_row_without_its_keys_is_named(tmp_path: Path, judge: RiskJudge) -> None:
    with pytest.raises(InputError, match="line 2 has no 'is_crisis'"):
        evaluate_risk(table(tmp_path, [ROWS[0], {"text": "x"}]), judge=judge)


def test_a_file_that_is_no_json_is_refused(tmp_path: Path, judge: RiskJudge) -> None:
    (tmp_path / "some.jsonl").write_text("not json\n", encoding="utf-8")
    with pytest.raises(InputError, match="one object a line"):
        evaluate_risk(tmp_path / "some.jsonl", judge=judge)


def test_a_word_in_place_of_true_or_false_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "hi", "is_crisis": "false"}')
    with pytest.raises(InputError, match="line 1 has 'false' as is_crisis: write true or false"):
        read_rows(tmp_path / "rows.jsonl")
