from __future__ import annotations

import math
from dataclasses import replace

import pytest

from empathy.types import Affect, Emotions, FaceQuality, Moment, SoundEvent, Span
from empathy.ui.charts import affect_plane, emotion_bars, quality_badges, share_bars, timeline, waveform
from tests.fakes import CALM, GLAD

from .markup import labels, parse, words
from .samples import BRIGHT, face, moments


def test_the_likeliest_emotion_comes_first():
    assert words(emotion_bars(GLAD, "Expression")).startswith("happy70 %neutral20 %surprise10 %")


def test_bars_tell_a_screen_reader_every_emotion():
    label, = labels(emotion_bars(GLAD, "Expression"))
    assert label.startswith("Expression: happy 70 %, neutral 20 %")
    assert label.count("%") == 8


def test_an_emotion_that_is_not_there_draws_no_bar():
    fills = [each for each in parse(emotion_bars(GLAD, "x")).iter("span") if each.attrib.get("class") == "fill"]
    assert len(fills) == 3


def test_bars_of_a_reading_not_to_be_leant_on_are_pale():
    assert "faint" in emotion_bars(GLAD, "x", faint=True)
    assert "faint" not in emotion_bars(GLAD, "x")


def test_a_share_that_was_not_measured_draws_no_bar():
    assert words(share_bars({"slouch": 0.5, "openness": math.nan}, "Posture")) == "slouch50 %"


def _dot(markup: str) -> tuple[float, float]:
    last = list(parse(markup).iter("circle"))[-1]
    return float(last.attrib["cx"]), float(last.attrib["cy"])


@pytest.mark.parametrize(("valence", "arousal", "at"), [
    (0.0, 0.0, (120.0, 120.0)), (1.0, 1.0, (216.0, 24.0)), (-1.0, -1.0, (24.0, 216.0))])
def test_pleasant_is_right_and_excited_is_up(valence, arousal, at):
    assert _dot(affect_plane(replace(CALM, valence=valence, arousal=arousal))) == at


def test_the_ellipse_is_one_standard_deviation_wide():
    ellipse = next(parse(affect_plane(replace(CALM, valence_sd=0.5, arousal_sd=0.25))).iter("ellipse"))
    assert (ellipse.attrib["rx"], ellipse.attrib["ry"]) == ("48.0", "24.0")


def test_the_trail_ends_at_the_present():
    line = next(parse(affect_plane(CALM, (BRIGHT, BRIGHT))).iter("polyline"))
    points = line.attrib["points"].split()
    assert len(points) == 3
    assert tuple(float(each) for each in points[-1].split(",")) == _dot(affect_plane(CALM))


def test_an_empty_plane_says_that_nothing_was_read():
    assert labels(affect_plane(None)) == ["Valence and arousal: nothing read yet"]


def test_each_channel_is_a_ring_with_its_name():
    root = parse(affect_plane(CALM, (), {"face": BRIGHT, "voice": CALM}))
    rings = [each for each in root.iter("circle") if each.attrib.get("fill") == "var(--e-paper)"]
    assert [each.attrib["stroke"] for each in rings] == ["var(--c-face)", "var(--c-voice)"]


def test_the_waveform_tints_speech_where_it_is():
    markup = waveform((0.1, 0.9, 0.3), 10.0, (Span(start_s=2.0, end_s=4.0),))
    speech = next(parse(markup).iter("rect"))
    assert (speech.attrib["x"], speech.attrib["width"]) == ("200.0", "200.0")
    assert labels(markup) == ["Waveform of 10.0 s: speech for 2.0 s"]


def test_the_waveform_names_other_sounds():
    sigh = SoundEvent(kind="sigh", start_s=3.0, end_s=3.5, confidence=0.7, experimental=False)
    assert labels(waveform((0.1,), 10.0, (), (sigh,)))[0].endswith("sigh at 0:03")


@pytest.mark.parametrize("envelope", [(0.0, 0.0), (math.nan, 0.5)])
def test_silence_and_broken_samples_still_draw(envelope):
    assert labels(waveform(envelope, 1.0, ()))


def test_without_sound_there_is_no_waveform():
    assert waveform((), 1.0, ()) == ""
    assert waveform((0.5,), 0.0, ()) == ""


def test_where_a_face_was_lost_its_line_has_a_gap():
    lines = [each for each in parse(timeline(moments(), 4.0)).iter("polyline")
             if each.attrib["stroke"] == "var(--c-face)"]
    assert len(lines) == 2


def test_the_timeline_tells_how_valence_went():
    label = labels(timeline(moments(), 4.0))[0]
    assert label == ("Valence over time: face from 0.60 to 0.60, lowest 0.60; "
                     "voice from 0.10 to 0.10, lowest 0.10")


def test_a_channel_that_never_spoke_is_said_to_be_missing():
    silent = tuple(replace(each, voice=None, voice_affect=None) for each in moments())
    assert "voice not read" in labels(timeline(silent, 4.0))[0]
    assert not any("emotion of the voice" in each for each in labels(timeline(silent, 4.0)))


def test_a_single_moment_is_a_short_line():
    one = (Moment(time_s=0.0, face=GLAD, face_affect=BRIGHT, voice=None, voice_affect=None),)
    line = next(parse(timeline(one, 2.0)).iter("polyline"))
    assert len(line.attrib["points"].split()) == 2


def test_without_moments_there_is_no_timeline():
    assert timeline((), 4.0) == ""


def test_a_good_face_has_no_warning():
    assert "low" not in quality_badges(face().quality)


@pytest.mark.parametrize(("changes", "warning"), [
    ({"size_px": 30.0}, "small"), ({"light": 0.1}, "too dark"), ({"light": 0.95}, "too bright"),
    ({"sharpness": 0.1}, "blurred"), ({"frontal": 0.2}, "turned away"), ({"inside": 0.6}, "cut by the border")])
def test_what_hinders_a_reading_is_named(changes, warning):
    quality: FaceQuality = replace(face().quality, **changes)
    assert warning in words(quality_badges(quality))


def test_extreme_affect_stays_in_the_picture():
    wide = Affect(valence=1.0, arousal=-1.0, dominance=0.0, valence_sd=9.0, arousal_sd=9.0, dominance_sd=9.0)
    ellipse = next(parse(affect_plane(wide)).iter("ellipse"))
    assert float(ellipse.attrib["rx"]) <= 96.0


def test_one_sure_emotion_is_all_there_is():
    assert words(emotion_bars(Emotions(sad=1.0), "x")).startswith("sad100 %")
