"""Changes are named only when they are larger than the doubt."""

from dataclasses import replace

import pytest

from empathy.fusion.fuse import Vote, fuse
from empathy.memory.insights import insights, video_insights
from empathy.memory.measures import Measures, measures_of
from empathy.memory.session import Session, Turn, remember
from empathy.types import Affect, Analysis, Emotions, Moment, Prosody, Span, VoiceReading


def estimate(valence, sd=0.2, confidence=1.0):
    affect = Affect(valence=valence, arousal=0.0, dominance=0.0, valence_sd=sd, arousal_sd=sd, dominance_sd=sd)
    return fuse((Vote(channel="words", emotions=Emotions(happy=1.0), affect=affect, confidence=confidence),))


def session_with(first):
    return remember(Session.start(0.0), Turn(at_s=1.0, words="hello", reply="Hello.", estimate=first))


def test_a_clear_change_is_named_with_both_numbers():
    assert insights(session_with(estimate(-0.4)), estimate(0.3)) == (
        "more pleasant than at the start: valence -0.40 to +0.30",)


def test_a_small_or_uncertain_change_is_not_named():
    assert insights(session_with(estimate(-0.1)), estimate(0.1)) == ()
    assert insights(session_with(estimate(-0.4, sd=0.9)), estimate(0.3, sd=0.9)) == ()


def test_nothing_is_said_at_the_first_turn_or_when_unsure():
    assert insights(Session.start(0.0), estimate(0.5)) == ()
    assert insights(session_with(estimate(-0.4)), estimate(0.4, confidence=0.1)) == ()


START = Measures(loudness_dbfs=-20.0, f0_hz=180.0, rate_syllables_per_s=3.1, pause_share=0.1, smile=0.6, slouch=0.1,
                 n_words=30)


def told(**changes):
    session = remember(Session.start(0.0), Turn(at_s=1.0, words="hello", reply="Hello.", measures=START))
    return insights(session, estimate(0.0), replace(START, **changes))


def test_a_quieter_and_slower_voice_is_one_sentence_with_its_numbers():
    assert told(loudness_dbfs=-26.0, rate_syllables_per_s=2.2) == (
        "voice quieter and slower than at the start: -6 dB, 3.1 to 2.2 syllables/s",)


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"f0_hz": 220.0, "pause_share": 0.4, "loudness_dbfs": -15.0},
     "voice louder, higher and with more pauses than at the start: +5 dB, 180 to 220 Hz, pauses 10% to 40%"),
    ({"smile": 0.1}, "face smiles less than at the start: happy 60% to 10%"),
    ({"slouch": 0.6}, "sits lower than at the start: slouch 0.1 to 0.6"),
    ({"n_words": 5}, "says less than at the start: 30 to 5 words")])
def test_each_change_is_told_with_its_numbers(changes, sentence):
    assert told(**changes) == (sentence,)


def test_what_varies_anyway_or_was_not_measured_is_not_told():
    assert told(loudness_dbfs=-22.0, rate_syllables_per_s=2.8, f0_hz=190.0, smile=0.4, slouch=0.2, n_words=20) == ()
    assert told(**dict.fromkeys(Measures.__dataclass_fields__)) == ()
    assert insights(Session.start(0.0), estimate(0.0), START) == ()


def test_measures_are_those_of_the_readings():
    prosody = Prosody(f0_median_hz=150.0, f0_range_semitones=None, rate_syllables_per_s=4.0, pause_share=None,
                      n_pauses=0, loudness_dbfs=-30.0, jitter=None, shimmer=None, hnr_db=None, tremor_hz=None,
                      tremor_depth=None)
    voice = VoiceReading(duration_s=2.0, speech=(Span(start_s=0.0, end_s=2.0),), transcript=None, emotions=None,
                         calm=None, affect=None, prosody=prosody, events=(), snr_db=20.0, clipped=False, confidence=0.9,
                         abstains=False, engine=None)
    heard = Analysis(input="", kind="turn", voice=voice)
    assert measures_of(heard) == Measures(loudness_dbfs=-30.0, f0_hz=150.0, rate_syllables_per_s=4.0)
    assert measures_of(replace(heard, voice=replace(voice, abstains=True))) == Measures()


def moments(*valences):
    return [Moment(time_s=2.0 * i, face=None, face_affect=estimate(value, sd=0.3).affect, voice=None,
                   voice_affect=None) for i, value in enumerate(valences)]


def test_over_a_video_the_last_third_is_held_against_the_first():
    assert video_insights(moments(*[-0.4] * 3, *[0.0] * 3, *[0.5] * 3)) == (
        "face more pleasant in the last third than in the first: valence -0.40 to +0.50",)
    assert video_insights(moments(*[0.1] * 9)) == ()
    assert video_insights(moments(-0.5, 0.5)) == ()
    short = [replace(moment, time_s=moment.time_s / 4) for moment in moments(*[-0.4] * 3, *[0.0] * 3, *[0.5] * 3)]
    assert video_insights(short) == ()
    assert video_insights([]) == ()
