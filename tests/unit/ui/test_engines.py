from __future__ import annotations

from dataclasses import replace

import pytest

from empathy.errors import ModelError
from empathy.ui.engines import downloadable, engines_table, measured, progress, progress_bar

from .markup import parse, words
from .scripted import ScriptedSystem, row


def test_each_engine_is_a_line_with_all_that_is_known():
    shown = words(engines_table((row(),)))
    for each in ("Expression compact-face speaks", "accuracy 0.861", "4.2 MB", "research only", "ready", "speaks"):
        assert each in shown


def test_an_engine_that_is_not_here_tells_how_to_get_it():
    absent = row(state="not downloaded", speaks=False, how_to_get="python -m empathy models pull deepface")
    assert "models pull deepface" in words(engines_table((absent,)))


def test_a_problem_is_told():
    assert "file is broken" in words(engines_table((replace(row(), problem="file is broken"),)))


def test_unmeasured_is_a_dash_and_not_a_number():
    assert measured({}) == "–"
    assert measured({"validation": {"accuracy": float("nan")}}) == "–"


def test_a_card_s_headline_figures_are_shown_with_where_they_come_from():
    card = {"seed": 1, "n_train": 43410, "figures": {"n": 5426, "macro_f1": 0.46764}, "measured_on": "GoEmotions dev"}
    assert measured(card) == "macro-F1 0.468, n 5426 (GoEmotions dev)"
    assert measured({"validation": {"set": "FER2013", "uar": 0.71, "accuracy": 0.86}}) == \
        "accuracy 0.860, UAR 0.710 (FER2013)"


def test_only_what_can_be_fetched_is_offered():
    rows = (row(), row(name="deepface", state="not downloaded", how_to_get="python -m empathy models pull deepface"),
            row(name="broken", state="not downloaded", how_to_get="a full checkout carries it"))
    assert downloadable(rows) == ["deepface"]


def test_a_bar_tells_how_far_it_is():
    bar = next(each for each in parse(progress_bar("deepface", 250_000, 1_000_000)).iter("div")
               if each.attrib.get("role") == "progressbar")
    assert bar.attrib["aria-valuenow"] == "25"


def test_without_a_known_whole_only_the_bytes_are_told():
    assert words(progress_bar("deepface", 2_000_000, 0)) == "deepface: 2.0 MB"


def test_a_download_ends_with_a_sentence():
    assert words(list(progress(ScriptedSystem(), "deepface"))[-1]).startswith("deepface is here.")


def test_a_failed_download_says_why():
    failing = ScriptedSystem(error=ModelError("no network: try again later"))
    assert words(list(progress(failing, "deepface"))[-1]) == "no network: try again later"


@pytest.mark.parametrize("chosen", [None, ""])
def test_without_a_choice_nothing_is_fetched(chosen):
    line, = progress(ScriptedSystem(), chosen)
    assert words(line) == "Choose an engine first."
