import json
from pathlib import Path

import pytest

from empathy.errors import InputError
from empathy.evaluation.replies import Context, evaluate_replies, read_contexts
from empathy.pipeline import Empathy
from empathy.reply.composer import Composer
from empathy.settings import Settings
from empathy.text.judge import bundled_judge
from tests.fakes import FakeReply, fake_engines

STORIES = ("I lost my job yesterday.", "My dog Rex died this morning.", "We won the championship!",
           "My neighbor plays loud music all night.", "I'm scared of the surgery next week.",
           "My best friend forgot my birthday.")


def table(folder: Path, *rows: object) -> Path:
    path = folder / "contexts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def system(**engines: object) -> Empathy:
    return Empathy(fake_engines(**engines), Settings.model_validate({}), clock=lambda: 0.0)


def test_a_row_is_one_sentence_or_turns_and_the_persons_are_every_other_from_the_last(tmp_path: Path) -> None:
    found, bad = read_contexts(table(tmp_path, {"context": "a"}, {"context": ["b", "c", "d"], "reference": "e"}))
    assert found == [Context(turns=("a",)), Context(turns=("b", "c", "d"), reference="e")]
    assert found[1].told == ("b", "d")
    assert Context(turns=("x", "y")).told == ("y",)
    assert bad == []


def test_rows_that_cant_be_used_are_counted(tmp_path: Path) -> None:
    path = table(tmp_path, {"context": "a"}, {"text": "a"}, {"context": []}, {"context": [1]}, {"context": " "}, 3)
    path.write_text(path.read_text() + "no json\n", encoding="utf-8")
    assert read_contexts(path)[1] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("rows", [(), ({"text": "a"},)])
def test_a_file_without_contexts_is_refused_with_an_example(tmp_path: Path, rows: tuple[object, ...]) -> None:
    with pytest.raises(InputError, match="holds no context"):
        read_contexts(table(tmp_path, *rows))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        read_contexts(tmp_path / "none.jsonl")


def test_the_composers_replies_stand_above_shuffled_ones_and_above_one_sentence_for_all(tmp_path: Path) -> None:
    rows = [{"context": story, "reference": "Oh no, what happened?"} for story in STORIES]
    found = evaluate_replies(table(tmp_path, *rows), system=system(reply=Composer()), judge=bundled_judge())
    assert found["task"] == "replies"
    assert found["engine"] == Composer.name
    assert found["n"] == found["references"]["n"] == len(STORIES)
    assert found["empathy_mean"] > found["shuffled"]["empathy_mean"]
    assert found["empathy_mean"] > found["always_sorry"]["empathy_mean"]
    assert found["guard_violations"] == 0
    assert 0.0 <= found["first_word_s"] <= found["total_s"]


def test_an_engine_that_breaks_the_rules_is_rescued_and_said_to_be(tmp_path: Path) -> None:
    engine = FakeReply(script=("You have depression. ", "Call 555-123-4567."))
    found = evaluate_replies(table(tmp_path, {"context": "I lost my job."}), system=system(reply=engine),
                             judge=bundled_judge(), show=True)
    assert found["rescued"] == 1.0
    assert found["guard_violations"] == 0
    assert "depression" not in found["rows"][0]["reply"]


def test_earlier_turns_are_remembered(tmp_path: Path) -> None:
    rows = {"context": ["My exam is on Monday.", "I see.", "When is my exam?"]}
    found = evaluate_replies(table(tmp_path, rows), system=system(reply=Composer()), judge=bundled_judge(), show=True)
    assert "Monday" in found["rows"][0]["reply"]


def test_a_crisis_is_answered_by_people(tmp_path: Path) -> None:
    found = evaluate_replies(table(tmp_path, {"context": "I want to kill myself tonight."}),
                             system=system(reply=Composer()), judge=bundled_judge())
    assert found["crisis"] == 1.0
    assert found["guard_violations"] == 0
