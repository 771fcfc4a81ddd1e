import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.audio.read_voice import Heard, begin_reading, is_unsure, listen, voice_confidence, with_tones
from empathy.errors import ModelRunError
from empathy.protocols import Tone
from empathy.types import Affect, Emotions, Span
from tests.unit.audio.voices import voice

ANGRY, SAD = Emotions.of({"angry": 1.0}), Emotions.of({"sad": 1.0})
TENSE = Affect(valence=-0.5, arousal=0.6, dominance=0.2, valence_sd=0.2, arousal_sd=0.2, dominance_sd=0.2)


class Speech:
    name = "speech@1"

    def __init__(self, *spans):
        self._spans = spans

    def spans(self, samples):
        return self._spans


class Tones:
    def __init__(self, name, emotions=None, affect=None, calm=None):
        self.name = name
        self.tone = Tone(emotions=emotions, affect=affect, calm=calm)
        self.asked = []

    def listen(self, speech):
        self.asked.append(speech)
        return self.tone


def recording():
    sound = np.zeros(64_000, np.float32)
    sound[16_000:48_000] = voice(150, 2.0)
    return sound


TALK = Speech(Span(start_s=1.0, end_s=3.0))


def test_a_recording_with_speech_has_all_its_parts():
    tone, spans = Tones("tone@1", ANGRY, TENSE, 0.2), TALK.spans(None)
    begun = begin_reading(recording(), spans, abstain_below=0.3, features=True)
    reading = with_tones(begun, [listen(recording(), spans, tone)], abstain_below=0.3)
    assert reading.duration_s == 4.0
    assert (reading.emotions, reading.affect, reading.calm) == (ANGRY, TENSE, 0.2)
    assert reading.prosody.f0_median_hz == pytest.approx(150, rel=0.01)
    assert reading.engine == "tone@1"
    assert reading.features["n_frames"] > 0
    assert not reading.abstains


def test_without_speech_nothing_is_said_of_a_voice():
    reading = begin_reading(recording(), (), abstain_below=0.3, features=True)
    assert reading.speech == ()
    assert (reading.transcript, reading.emotions, reading.affect, reading.prosody) == (None, None, None, None)
    assert (reading.engine, reading.features, reading.snr_db) == (None, None, None)
    assert (reading.confidence, reading.abstains) == (0.0, True)


def test_engines_hear_the_speech_alone():
    tone = Tones("tone@1", ANGRY)
    listen(recording(), TALK.spans(None), tone)
    assert tone.asked[0].size == 32_000


def heard(name, emotions=None, affect=None):
    return Heard(engine=name, tone=Tone(emotions=emotions, affect=affect))


def combined(*tones):
    return with_tones(begin_reading(recording(), TALK.spans(None), abstain_below=0.3), tones, abstain_below=0.3)


def test_emotions_come_from_the_engine_for_emotions_and_affect_from_the_other():
    reading = combined(heard("both", SAD, affect_of(SAD)), heard("emotions", ANGRY))
    assert (reading.emotions, reading.affect, reading.engine) == (ANGRY, affect_of(SAD), "emotions+both")
    reading = combined(heard("both", SAD, affect_of(SAD)), heard("affect", None, TENSE))
    assert (reading.emotions, reading.affect, reading.engine) == (SAD, TENSE, "both+affect")


def test_emotions_alone_give_affect_by_their_place():
    assert combined(heard("emotions", SAD)).affect == affect_of(SAD)


def test_affect_alone_gives_no_emotions():
    reading = combined(heard("affect", None, TENSE))
    assert (reading.emotions, reading.affect, reading.engine) == (None, TENSE, "affect")


def test_a_clear_voice_whose_tone_lies_between_several_abstains():
    torn = Emotions.of({"sad": 0.31, "neutral": 0.3, "fear": 0.29, "happy": 0.1})
    clear, unsure = combined(heard("sure", SAD)), combined(heard("torn", torn))
    assert (clear.abstains, unsure.abstains) == (False, True)
    assert clear.confidence == unsure.confidence
    assert not combined(heard("affect", None, TENSE)).abstains


def test_being_unsure_is_the_chance_of_being_right_against_the_threshold():
    half = Emotions.of({"sad": 0.5, "angry": 0.3, "fear": 0.2})
    assert not is_unsure(0.8, half, 0.4)
    assert is_unsure(0.79, half, 0.4)
    assert is_unsure(0.39, None, 0.4)


def test_too_little_speech_has_no_tone():
    assert listen(recording(), (Span(start_s=1.0, end_s=1.2),), Tones("tone@1", ANGRY)) is None


def test_confidence_falls_with_little_noisy_and_clipped_speech():
    clean = voice_confidence(5.0, 30.0, clipped=False)
    assert clean > 0.95
    assert voice_confidence(0.5, 30.0, clipped=False) < 0.5
    assert voice_confidence(5.0, 0.0, clipped=False) < 0.5 * clean
    assert voice_confidence(5.0, 30.0, clipped=True) < clean
    assert voice_confidence(0.0, None, clipped=False) == 0.0


def test_a_failing_engine_fails_by_name_and_its_step_alone():
    class Broken(Tones):
        def listen(self, speech):
            raise ModelRunError("tone@1 failed")

    with pytest.raises(ModelRunError, match="tone@1"):
        listen(recording(), TALK.spans(None), Broken("tone@1"))
    assert combined(heard("affect", None, TENSE)).affect == TENSE
