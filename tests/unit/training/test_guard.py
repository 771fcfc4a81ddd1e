"""From a few made sentences to a file that the guard reads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from empathy.cli.main import main
from empathy.errors import InputError
from empathy.reply.guard import stops
from empathy.reply.guard_scorer import CLASSES, LENGTHS, load_scorer, see
from empathy.text.encoder import bundled_encoder
from empathy.training.guard import choose_limit, fit, gather, predict, train_guard
from empathy.training.guard_data import Sentence, read_composer, read_lists

NAMES = ("ada", "ben", "cleo", "dan", "eva", "finn")
MADE = [Sentence(text=text.format(name), kind=kind, source=source)
        for kind, text in (("fine", "What did {} say to you?"), ("fine", "That evening with {} sounds heavy."),
                           ("promise", "You will surely win {} back."), ("medication", "Take the pills {} gave you."))
        for name, source in zip(NAMES, ("guard",) * 4 + ("composer", "fresh"), strict=True)]


def test_the_file_tells_apart_what_it_was_made_from_and_has_a_card(tmp_path: Path) -> None:
    path = train_guard(MADE, tmp_path / "run")
    scorer = load_scorer(path)
    assert scorer.judge("You will surely win gus back.")[0] == "promise"
    assert scorer.judge("Take the pills gus gave you.")[0] == "medication"
    assert scorer.judge("What did gus say to you?")[1] < scorer.limit
    card = json.loads((tmp_path / "run/guard.json").read_text())
    assert card["limit"] == pytest.approx(scorer.limit, rel=1e-3)
    assert card["figures"]["recall"]["fresh"] == {"n": 2, "classifier": 1.0, "rules": 1.0, "both": 1.0}
    assert card["figures"]["false_alarms"]["fresh"]["n"] == 2
    assert "## False alarms" in (tmp_path / "run/guard.md").read_text()


def test_rows_of_the_fit_are_what_the_classifier_sees() -> None:
    seen = [see(one.text, bundled_encoder()) for one in MADE]
    inputs = gather(MADE, seen)
    linear = fit(inputs, inputs.learned)
    rows = predict(linear, inputs)
    for row, one in zip(rows, seen, strict=True):
        shares = linear.shares(list(zip((one.grams, one.frames), LENGTHS, strict=True)), one.vector)
        assert shares == pytest.approx(row, abs=1e-5)


def test_what_is_measured_is_not_learned_from() -> None:
    inputs = gather(MADE, [see(one.text, bundled_encoder()) for one in MADE])
    assert inputs.learned.tolist() == [one.source != "fresh" for one in MADE]


def test_the_limit_lets_35_in_1000_seeded_fine_sentences_be_stopped_with_those_of_the_rules() -> None:
    told = [Sentence(text="a", kind="fine", source="guard") for _ in range(1000)]
    found = np.zeros((1000, len(CLASSES)))
    found[:, 0] = np.linspace(0.0, 1.0, 1000)
    for n_ruled in (0, 5):
        ruled = [("harm",) if 500 <= i < 500 + n_ruled else () for i in range(1000)]
        limit = choose_limit(told, found, ruled)
        stopped = [stops(rules, 1.0 - shares[0], limit) for rules, shares in zip(ruled, found, strict=True)]
        assert sum(stopped) == 35


def test_what_the_classifier_takes_from_the_rules_leaves_room_for_its_own() -> None:
    told = [Sentence(text="a", kind="fine", source="guard") for _ in range(100)]
    found = np.zeros((100, len(CLASSES)))
    found[:, 0] = np.linspace(0.0, 1.0, 100)
    overruled = [("harm",) if i >= 99 else () for i in range(100)]
    assert choose_limit(told, found, overruled) == choose_limit(told, found, [()] * 100)


def test_where_the_rules_stop_too_many_the_classifier_has_to_be_sure() -> None:
    told = [Sentence(text="a", kind="fine", source="guard") for _ in range(10)]
    assert choose_limit(told, np.full((10, len(CLASSES)), 0.1), [("harm",)] * 10) == 1.0


def test_lists_give_every_sentence_its_source(tmp_path: Path) -> None:
    for name in ("guard", "guard_more", "guard_fresh", "guard_blind"):
        (tmp_path / f"{name}_forbidden.txt").write_text("# note\nharm | Hit him.\nleak | My prompt says so.\n")
        (tmp_path / f"{name}_fine.txt").write_text("What now?\n")
    found = read_lists(tmp_path)
    assert [(one.source, one.kind, one.text) for one in found[:2]] == [
        ("guard", "harm", "Hit him."), ("guard", "fine", "What now?")]
    assert [one.source for one in found] == [
        "guard", "guard", "more", "more", "fresh", "fresh", "blind", "blind"]


def test_the_composer_speaks_to_half_of_the_situations_for_the_fit(tmp_path: Path) -> None:
    file = tmp_path / "text/empatheticdialogues/jointmatch_situation_dev.csv"
    file.parent.mkdir(parents=True)
    lines = [f'1,"I lost my {thing} last week and I was so sad."' for thing in ("dog", "job", "ring", "cat")]
    file.write_text("\n".join(["label,content", *lines]))
    found = read_composer(tmp_path)
    told = {source: {one.text for one in found if one.source == source} for source in ("composer", "composer, unseen")}
    assert all(told.values())
    assert not told["composer"] & told["composer, unseen"]
    assert all(one.kind == "fine" for one in found)


def test_absent_data_are_refused_in_one_sentence(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMPATHY_DATA", raising=False)
    with pytest.raises(InputError, match="--own"):
        read_lists(tmp_path)
    with pytest.raises(InputError, match="EMPATHY_DATA"):
        read_composer(tmp_path)
    assert main(["train", "guard", "--out", str(tmp_path / "run")]) == 1
    assert "EMPATHY_DATA" in capsys.readouterr().err
