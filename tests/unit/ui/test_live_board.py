"""The board's markup, and that its script finds there what it looks for."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from empathy.fusion.spectrum import recipes
from empathy.live.options import LiveOptions
from empathy.reply.care import LEVELS
from empathy.settings import Settings
from empathy.ui.live_board import CARE, SCRIPTS, board, controls, script, style
from empathy.ui.marks import HELP_LINES

from .markup import parse, words

BOARD = board(recipes(), Settings())


def attributes(name: str) -> list[str]:
    return [each.attrib[name] for each in parse(BOARD).iter() if name in each.attrib]


def test_thirty_states_stand_in_three_groups_each_with_formula_and_source():
    assert attributes("data-name") == [each.name for group in ("face", "voice", "composed")
                                       for each in recipes() if each.group == group]
    assert len(attributes("data-name")) == 30
    told = words(BOARD)
    for recipe in recipes():
        assert " ".join(recipe.source.split()) in told, recipe.name
    assert BOARD.count("<code>") == 30


def test_a_state_is_absent_until_it_is_read():
    assert [each for each in attributes("class") if each.startswith("state")] == ["state absent"] * 30
    assert " 0 %" not in words(BOARD)


def test_the_script_finds_what_it_looks_for():
    sought = set(re.findall(r'find\("([a-z]+)"\)', script())) | set(re.findall(r'field\("([a-z_]+)"\)', script()))
    assert sought <= set(attributes("data-is")) | set(attributes("data-option"))
    deeds = re.search(r"const deeds = \{(.*?)\};", script(), re.S)
    assert deeds
    assert set(attributes("data-do")) == set(re.findall(r"(?<![\w\"(])(start|pause|stop|json|csv)\b", deeds[1]))


def test_every_option_has_its_control_and_every_control_its_option():
    options = {field.name for field in fields(LiveOptions)}
    assert set(attributes("data-option")) == options | {"width", "rate"}, "two are the browser's own"


def test_the_controls_start_where_the_settings_say():
    wished = Settings(live_width=640, live_rate=3.0, live_tick_s=1.0, live_attack_s=0.1, live_release_s=2.0,
                      live_detector="accurate", live_mirror=False, live_face_weight=0.5, live_voice_weight=2.0,
                      baseline=False)
    values = {each.name: each.value for each in controls(wished)}
    assert values | {"width": "640", "rate": 3.0, "tick_s": 1.0, "attack_s": 0.1, "release_s": 2.0,
                     "detector": "accurate", "mirror": False, "face_weight": 0.5, "voice_weight": 2.0,
                     "baseline": False} == values


@pytest.mark.parametrize("control", [each for each in controls(Settings()) if each.bounds], ids=lambda each: each.name)
def test_the_bounds_of_a_control_are_accepted(control):
    for value in control.bounds[:2]:
        if control.name in {field.name for field in fields(LiveOptions)}:
            assert LiveOptions(**{control.name: value})
    assert control.bounds[0] <= control.value <= control.bounds[1]


def test_each_level_of_care_has_its_line_and_a_crisis_its_help():
    assert tuple(CARE) == LEVELS[1:]
    assert HELP_LINES in CARE["crisis"]
    crisis = next(each for each in parse(BOARD).iter() if each.attrib.get("data-care") == "crisis")
    assert crisis.attrib["role"] == "alert"


def test_one_polite_line_tells_and_nothing_else_chatters():
    assert attributes("aria-live") == ["polite"]


def test_what_moves_has_a_text_beside_it():
    for each in parse(BOARD).iter("canvas"):
        assert each.attrib["role"] == "img"
    assert "aria-hidden" in BOARD.split('class="track"')[1][:30]


def test_the_template_language_finds_nothing_to_fill_in():
    assert not re.search(r"\$\{|\{\{|`", BOARD)
    assert BOARD.count("@children") == 1


def test_script_and_style_come_with_the_program():
    assert all(name in ("camera.js", "microphone.js", "picture.js", "board.js") for name in SCRIPTS)
    assert "getUserMedia" in script()
    assert "@import" not in style()
    assert not re.search(r"https?://", script() + style()), "nothing is fetched from elsewhere"
