"""The ratio that tells two stories from one: closed forms, symmetry, and the gates."""

from dataclasses import replace

import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.fusion.masking import (
    EVERYDAY,
    HARMLESS,
    MASKED,
    MIN_WINDOW_S,
    THRESHOLD,
    find_masking,
    log_ratio,
    probability,
    weigh_window,
)
from empathy.types import EMOTIONS, NO_RISK, Emotions, SoundEvent, Span, VoiceReading, WordsReading
from empathy.vision.read_face import read_faces
from tests.fakes import FakeExpression, found

EVEN = np.full(8, 1 / 8)


def one(name):
    return np.eye(8)[EMOTIONS.index(name)]


def ratio(face, voice, **more):
    return float(log_ratio(face[None], voice[None], **more)[0])


def face(**emotions):
    picture = np.full((480, 640, 3), 120, np.uint8)
    reading = read_faces(picture, (found(),), FakeExpression(emotions=Emotions.of(emotions)), max_faces=1,
                         abstain_below=0.0)[0]
    return replace(reading, confidence=0.9, abstains=False)


def voice(duration_s=4.0, confidence=0.9, events=(), **emotions):
    felt = Emotions.of(emotions)
    return VoiceReading(duration_s=duration_s, speech=(Span(start_s=0.5, end_s=3.5),), transcript=None, emotions=felt,
                        calm=None, affect=affect_of(felt), prosody=None, events=events, snr_db=20.0, clipped=False,
                        confidence=confidence, abstains=False, engine="fake@1")


def words(text="It has been a long day.", confidence=0.8, **emotions):
    felt = Emotions.of(emotions or {"neutral": 1.0})
    return WordsReading(text=text, source="spoken", emotions=felt, labels={}, affect=affect_of(felt), risk=NO_RISK,
                        confidence=confidence, abstains=False, engine="fake@1")


def test_channels_that_know_nothing_speak_for_neither_side():
    assert ratio(EVEN, EVEN) == pytest.approx(0.0, abs=1e-9)


def test_a_channel_that_knows_nothing_cannot_contradict():
    assert ratio(one("happy"), EVEN) < THRESHOLD
    assert ratio(EVEN, one("sad")) < THRESHOLD


def test_a_happy_face_with_a_sad_voice_is_two_stories_and_the_same_emotion_one():
    assert ratio(one("happy"), one("sad")) > THRESHOLD
    assert ratio(one("neutral"), one("angry")) > THRESHOLD
    for emotion in ("happy", "sad", "neutral", "angry"):
        assert ratio(one(emotion), one(emotion)) < 0


def test_a_sad_face_with_a_happy_voice_is_no_mask_but_differs():
    assert ratio(one("sad"), one("happy")) < THRESHOLD
    assert ratio(one("sad"), one("happy"), stories=[("sad", "happy")]) > THRESHOLD


def test_the_ratio_is_that_of_its_definition():
    rng = np.random.default_rng(1)
    seen, heard = rng.dirichlet(np.ones(8)), rng.dirichlet(np.ones(8))
    p, q = 0.98 * seen + 0.0025, 0.98 * heard + 0.0025
    at = EMOTIONS.index
    masked = np.mean([p[at(a)] * q[at(b)] for a, b in MASKED])
    everyday = sum(weight * p[at(a)] * q[at(b)] for (a, b), weight in EVERYDAY.items()) / sum(EVERYDAY.values())
    assert ratio(seen, heard) == pytest.approx(np.log(masked / everyday))


def test_a_happy_face_with_a_flat_voice_is_harmless():
    for seen, heard in HARMLESS:
        assert ratio(one(seen), one(heard)) < 0
        assert ratio(0.9 * one(seen) + 0.1 * EVEN, 0.6 * one(heard) + 0.4 * one("sad")) < THRESHOLD


def test_probability_rises_with_the_score_from_the_prior():
    assert probability(0.0) == pytest.approx(0.1)
    assert probability(-100.0) < 1e-9
    assert probability(100.0) > 1 - 1e-9
    assert probability(np.log(9.0)) == pytest.approx(0.5)


def test_a_mismatch_names_both_sides_and_its_evidence():
    found_masking = find_masking(face(happy=0.9, neutral=0.1), voice(sad=0.9, neutral=0.1))
    assert (found_masking.shown, found_masking.felt) == ("happy", "sad")
    assert [line.channel for line in found_masking.evidence] == ["face", "voice"]
    assert found_masking.score >= THRESHOLD
    assert 0.5 < found_masking.probability <= 1.0


def test_nothing_is_said_of_sincerity_of_one_channel_or_of_what_was_poorly_read():
    happy, sad = face(happy=0.9, neutral=0.1), voice(sad=0.9, neutral=0.1)
    assert find_masking(happy, voice(happy=0.9, neutral=0.1)) is None
    assert find_masking(happy, None) is None
    assert find_masking(None, sad) is None
    assert find_masking(replace(happy, abstains=True), sad) is None
    assert find_masking(happy, replace(sad, confidence=0.3)) is None
    assert find_masking(happy, replace(sad, duration_s=MIN_WINDOW_S - 0.1)) is None
    assert find_masking(happy, replace(sad, speech=(Span(start_s=0.0, end_s=0.4),))) is None


def test_laughter_explains_a_mismatch():
    laugh = SoundEvent(kind="laugh", start_s=1.0, end_s=2.0, confidence=0.9, experimental=False)
    assert find_masking(face(happy=0.9, neutral=0.1), voice(sad=0.9, neutral=0.1, events=(laugh,))) is None


def test_no_claim_goes_against_what_a_channel_itself_shows():
    """A face that looks sad is no mask, even where neutral comes close and the voice carries something else."""
    assert find_masking(face(sad=0.48, neutral=0.46, happy=0.06), voice(disgust=0.95, neutral=0.05)) is None
    assert ratio(face(sad=0.48, neutral=0.46, happy=0.06).emotions.array(), one("disgust")) > THRESHOLD
    assert find_masking(face(neutral=0.9, sad=0.1), voice(disgust=0.95, neutral=0.05)).shown == "neutral"


def test_sad_words_add_to_a_sad_voice_glad_ones_take_away_and_neutral_ones_say_nothing():
    happy, sad = face(happy=0.8, neutral=0.2), voice(sad=0.7, neutral=0.3)
    alone = weigh_window(happy, sad).score
    assert weigh_window(happy, sad, words(sad=0.9, neutral=0.1)).score > alone + 0.2
    assert weigh_window(happy, sad, words(happy=0.9, neutral=0.1)).score < alone - 0.2
    assert weigh_window(happy, sad, words(neutral=1.0)).score == pytest.approx(alone, abs=1e-9)
    assert weigh_window(happy, sad, words(confidence=0.0, happy=1.0)).score == pytest.approx(alone, abs=1e-9)


def test_words_that_count_are_evidence_with_their_sign():
    happy, sad = face(happy=0.8, neutral=0.2), voice(sad=0.7, neutral=0.3)
    found = weigh_window(happy, sad, words(sad=0.9, neutral=0.1)).evidence
    assert [line.channel for line in found] == ["face", "voice", "words"]
    assert found[2].claim == "words read as sad"
    assert found[2].weight > 0 > weigh_window(happy, sad, words(happy=0.9, neutral=0.1)).evidence[2].weight
    assert len(weigh_window(happy, sad, words(neutral=1.0)).evidence) == 2


def test_words_alone_never_make_the_claim():
    flat = voice(neutral=0.8, sad=0.2)
    assert find_masking(face(happy=0.95, neutral=0.05), flat, words(confidence=1.0, sad=1.0)) is None
    assert find_masking(face(happy=0.95, neutral=0.05), None, words(confidence=1.0, sad=1.0)) is None


def test_a_harmless_reason_silences_it():
    happy, sad = face(happy=0.9, neutral=0.1), voice(sad=0.9, neutral=0.1)
    assert find_masking(happy, sad, words()) is not None
    assert find_masking(happy, sad, words("Oh great, another Monday.")) is None
    assert find_masking(happy, sad, words("I'm just acting, it's for the play.")) is None
