from dataclasses import replace

import pytest

from empathy.fusion.signs import face_measures, posture_measures, signs_of, voice_measures
from empathy.fusion.spectrum import ramps, read_spectrum
from empathy.types import NO_RISK, HeadPose, SoundEvent, WordsReading
from tests.fakes import CALM, DOWN, standing
from tests.unit.live.test_weighing import face, voice

LAUGH = SoundEvent(kind="laugh", start_s=0.0, end_s=1.0, confidence=0.8, experimental=False)


def test_a_face_gives_gaze_head_and_lids_in_degrees():
    turned = replace(face(), head_pose=HeadPose(pitch_rad=-0.2, yaw_rad=0.0, roll_rad=-0.3), eye_openness=(0.4, 0.6))
    measures = face_measures(turned)
    assert measures["head_pitch_deg"] == pytest.approx(-11.46, abs=0.01)
    assert measures["head_roll_deg"] == pytest.approx(17.19, abs=0.01)
    assert measures["eye_openness"] == pytest.approx(0.5)


def test_what_could_not_be_measured_is_left_out():
    assert "movement" not in posture_measures(standing())
    assert posture_measures(replace(standing(), slouch=None)).get("slouch") is None
    assert set(voice_measures(replace(voice().prosody, tremor_depth=None))) == {
        "rate_syllables_per_s", "pause_share", "f0_range_semitones"}


def test_every_measure_of_a_moment_is_one_that_a_recipe_asks_for():
    signs = signs_of(face(), standing(), voice(), None, CALM)
    assert set(signs.measures) <= {ramp.measure for ramp in ramps().values()}


def test_measures_over_time_win_and_other_sounds_count():
    signs = signs_of(face(), None, None, None, CALM, events=(LAUGH,), over_time={"eye_openness": 0.1, "movement": 0.5})
    assert signs.measures["eye_openness"] == 0.1
    assert signs.measures["movement"] == 0.5
    assert signs.sounds == {"laugh": 0.8}
    assert signs.voice is None


def test_only_clear_labels_of_words_are_signs():
    read = WordsReading(text="Why?", source="typed", emotions=DOWN, labels={"curiosity": 0.9, "joy": 0.1}, affect=CALM,
                        risk=NO_RISK, confidence=0.9, abstains=False, engine="fake")
    assert signs_of(None, None, None, read, CALM).words == {"curiosity": 0.9}


def test_words_alone_read_no_state():
    assert set(read_spectrum(signs_of(None, None, None, None, CALM)).values()) == {None}
