import re
from math import exp, sqrt
from pathlib import Path

import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.fusion.spectrum import (
    Ramp,
    Recipe,
    Signs,
    nearness,
    ramps,
    read_spectrum,
    read_state,
    recipes,
    sign_of,
)
from empathy.types import EMOTIONS, Affect, Emotions

THIRTY = {
    "face": {"angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise"},
    "voice": {"calm", "excited", "frustrated", "engaged", "confused", "anxious", "confident", "interested", "bored",
              "curious", "stressed"},
    "composed": {"receptive", "aware", "trusting", "anticipating", "relaxed", "skeptical", "distracted",
                 "enthusiastic", "contemplative", "alert", "overwhelmed"},
}


def affect(valence=0.0, arousal=0.0, dominance=0.0, sd=0.0):
    return Affect(valence=valence, arousal=arousal, dominance=dominance, valence_sd=sd, arousal_sd=sd, dominance_sd=sd)


def face(measures=None, **weights):
    emotions = Emotions.of(weights)
    place = affect_of(emotions)
    return read_spectrum(Signs(face=emotions, face_affect=place, affect=place, measures=measures or {}))


def voice(measures=None, calm=0.0, **weights):
    emotions = Emotions.of(weights)
    place = affect_of(emotions)
    return read_spectrum(Signs(voice=emotions, voice_affect=place, affect=place, calm=calm, measures=measures or {}))


def test_there_are_thirty_states_in_three_groups():
    assert {group: {recipe.name for recipe in recipes() if recipe.group == group} for group in THIRTY} == THIRTY
    assert len(recipes()) == 30


def test_every_recipe_has_a_source_a_place_and_signs_that_exist():
    everything = Signs(
        face=Emotions(neutral=1.0), voice=Emotions(neutral=1.0), calm=0.5, affect=affect(),
        measures={ramp.measure: ramp.zero for ramp in ramps().values()})
    for recipe in recipes():
        assert len(recipe.source) > 20, recipe.name
        assert recipe.terms, recipe.name
        assert all(-1 <= value <= 1 for value in recipe.place), recipe.name
        assert 0 < recipe.near < 1, recipe.name
        assert recipe.for_, recipe.name
        for name in (*recipe.for_, *recipe.against):
            rare = any(part.strip().startswith(("words ", "sound ")) for part in name.split("+"))
            assert sign_of(name, everything) is not None or rare, name


def test_an_unknown_sign_is_refused():
    with pytest.raises(ValueError, match="smell"):
        sign_of("smell roses", Signs())


def test_nearness_in_closed_form():
    assert nearness(affect(0.2, 0.3, 0.4), (0.2, 0.3, 0.4), 0.5) == pytest.approx(1.0)
    one_axis = nearness(affect(0.5, sd=0.0), (0.0, 0.0, 0.0), 0.5)
    assert one_axis == pytest.approx(exp(-0.5))
    unsure = nearness(affect(sd=0.5), (0.0, 0.0, 0.0), 0.5)
    assert unsure == pytest.approx(1 / sqrt(2) ** 3)


def test_nearness_is_the_mean_of_the_kernel_over_the_uncertain_affect():
    place, width = (0.4, 0.2, -0.1), 0.4
    at = affect(0.1, 0.5, 0.0, sd=0.3)
    drawn = np.random.default_rng(1).normal((0.1, 0.5, 0.0), 0.3, (200_000, 3))
    kernel = np.exp(-((drawn - place) ** 2).sum(axis=1) / (2 * width**2))
    assert nearness(at, place, width) == pytest.approx(float(kernel.mean()), abs=0.003)


def test_a_state_is_the_mix_that_its_recipe_says():
    recipe = Recipe(name="x", group="face", channels=("face",), place=(0.0, 0.0, 0.0), terms=("neutral",), near=0.25,
                    width=0.5, for_={"face happy": 3.0, "gaze at camera": 1.0}, against={"face sad": 1.0}, source="-")
    signs = Signs(face=Emotions(happy=0.6, sad=0.4), face_affect=affect(0.5),
                  measures={"gaze_off_deg": ramps()["gaze at camera"].one})
    direct = (3 * 0.6 + 1 * 1.0 + 1 * (1 - 0.4)) / 5
    assert read_state(recipe, signs) == pytest.approx(0.75 * direct + 0.25 * exp(-0.5))


def test_a_sign_that_could_not_be_read_drops_out():
    recipe = Recipe(name="x", group="face", channels=("face",), place=(0.0, 0.0, 0.0), terms=("neutral",), near=0.5,
                    width=0.5, for_={"face happy": 1.0, "leaning in": 9.0}, against={}, source="-")
    assert read_state(recipe, Signs(face=Emotions(happy=1.0))) == 1.0


def test_without_any_sign_for_it_nearness_stands_alone():
    recipe = Recipe(name="x", group="face", channels=("face",), place=(0.0, 0.0, 0.0), terms=("neutral",), near=0.5,
                    width=0.5, for_={"leaning in": 1.0}, against={"face sad": 1.0}, source="-")
    assert read_state(recipe, Signs(face=Emotions(happy=1.0), face_affect=affect(0.5))) == pytest.approx(exp(-0.5))


def test_ramps_rise_and_fall_between_their_corners():
    assert [Ramp(measure="x", zero=2.0, one=4.0).of(value) for value in (0, 2, 3, 4, 9)] == [0, 0, 0.5, 1, 1]
    assert [Ramp(measure="x", zero=4.0, one=2.0).of(value) for value in (1, 2, 3, 4, 9)] == [1, 1, 0.5, 0, 0]


def test_a_state_whose_channels_are_absent_is_none_and_not_zero():
    nothing = read_spectrum(Signs())
    assert set(nothing.values()) == {None}
    seen = face(happy=0.9, neutral=0.1)
    assert {name for name, value in seen.items() if value is None} == THIRTY["voice"]
    heard = voice(happy=0.9, neutral=0.1)
    assert {name for name, value in heard.items() if value is None} >= THIRTY["face"]
    assert heard["enthusiastic"] is not None


def test_a_happy_face_raises_happy_and_enthusiastic_and_lowers_overwhelmed():
    flat, glad = face(neutral=0.9, sad=0.1), face(neutral=0.1, happy=0.9)
    for name in ("happy", "enthusiastic", "trusting"):
        assert glad[name] > flat[name] + 0.15, name
    for name in ("overwhelmed", "sad", "contemplative"):
        assert glad[name] < flat[name], name


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_each_expression_raises_the_state_of_its_name_with_its_share(emotion):
    other = "neutral" if emotion != "neutral" else "sad"
    values = [face(**{emotion: share, other: 1 - share})[emotion] for share in (0.1, 0.4, 0.7, 1.0)]
    assert values == sorted(values)
    assert values[-1] > 0.8


@pytest.mark.parametrize(("state", "measure", "low", "high"), [
    ("distracted", "gaze_off_deg", 5.0, 40.0), ("receptive", "gaze_off_deg", 40.0, 5.0),
    ("aware", "gaze_spread_deg", 20.0, 1.0), ("alert", "eye_openness", 0.3, 1.0),
    ("contemplative", "hands_near_face", 0.1, 0.9), ("overwhelmed", "shut_share", 0.02, 0.5),
    ("relaxed", "movement", 0.6, 0.01),
])
def test_a_sign_of_the_face_and_body_moves_its_state(state, measure, low, high):
    assert face({measure: high}, neutral=1.0)[state] > face({measure: low}, neutral=1.0)[state]


@pytest.mark.parametrize(("state", "measure", "low", "high"), [
    ("bored", "f0_range_semitones", 10.0, 1.0), ("excited", "f0_range_semitones", 2.0, 14.0),
    ("confused", "pause_share", 0.1, 0.6), ("confident", "pause_share", 0.5, 0.02),
    ("anxious", "tremor_depth", 0.0, 0.1), ("engaged", "speech_share", 0.1, 0.9),
    ("stressed", "rate_syllables_per_s", 3.0, 7.0), ("calm", "rate_syllables_per_s", 5.0, 2.0),
    ("frustrated", "louder_db", 0.0, 10.0),
])
def test_a_sign_of_the_voice_moves_its_state(state, measure, low, high):
    assert voice({measure: high}, neutral=1.0)[state] > voice({measure: low}, neutral=1.0)[state]


def test_a_calm_voice_is_not_a_stressed_one():
    assert voice(neutral=1.0, calm=1.0)["calm"] > voice(fear=0.7, angry=0.3)["calm"] + 0.5
    assert voice(fear=0.7, angry=0.3)["stressed"] > voice(neutral=1.0, calm=1.0)["stressed"] + 0.5


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_every_state_can_be_reached_and_can_be_left(recipe):
    rng = np.random.default_rng(7)
    sides = {}
    for ramp in ramps().values():
        sides.setdefault(ramp.measure, []).extend((ramp.zero, ramp.one))
    found = []
    for _ in range(400):
        emotions = [Emotions.of(rng.dirichlet(np.full(8, 0.1)) + 1e-9) for _ in range(2)]
        places = [affect_of(one) for one in emotions]
        measures = {measure: float(rng.choice(corners)) for measure, corners in sides.items()}
        value = read_state(recipe, Signs(
            face=emotions[0], face_affect=places[0], voice=emotions[1], voice_affect=places[1],
            affect=places[0], calm=float(rng.integers(2)), measures=measures))
        found.append(value)
    assert max(found) > 0.6
    assert min(found) < 0.2
    assert all(0 <= value <= 1 for value in found)


def test_what_the_page_is_told_of_each_state():
    row = next(recipe for recipe in recipes() if recipe.name == "relaxed")
    assert row.group == "composed"
    assert row.channels == ("face", "voice")
    assert row.place == pytest.approx((0.68, -0.46, 0.06))
    assert "nearness to relaxed (+0.68, -0.46, +0.06)" in row.formula


def test_the_document_tells_the_truth():
    told = (Path(__file__).parents[3] / "docs" / "live.md").read_text()
    for block in re.findall(r"```python\n(.*?)```", told, re.S):
        exec(compile(block, "docs/live.md", "exec"), {})
    published = [recipe.name for recipe in recipes() if len(recipe.terms) == 1 and recipe.terms != ("neutral",)]
    listed = re.search(r"published place \((.*?)\)", told, re.S)[1]
    assert set(" ".join(listed.split()).split(", ")) == set(published)
    assert len(published) == 18
    glad = face(happy=0.9, neutral=0.1)
    assert "0.82" in told
    assert glad["happy"] == pytest.approx(0.82, abs=0.005)
    assert glad["overwhelmed"] == pytest.approx(0.04, abs=0.005)
