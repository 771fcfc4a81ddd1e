"""Harmless reasons for a mismatch: each kind is found, and plain sad talk is none."""

from dataclasses import replace

import pytest

from empathy.affect import affect_of
from empathy.fusion.harmless import explanation
from empathy.types import (
    NO_RISK,
    Emotions,
    Prosody,
    SoundEvent,
    Span,
    Transcript,
    VoiceReading,
    WordsReading,
)

SPOKEN = Prosody(f0_median_hz=180.0, f0_range_semitones=6.0, rate_syllables_per_s=4.2, pause_share=0.1, n_pauses=1,
                 loudness_dbfs=-24.0, jitter=0.015, shimmer=0.06, hnr_db=14.0, tremor_hz=None, tremor_depth=None)
SUNG = replace(SPOKEN, rate_syllables_per_s=1.8, hnr_db=22.0, tremor_hz=5.6, tremor_depth=0.04)


def voice(events=(), prosody=SPOKEN, said=None):
    heard = Transcript(text=said, language="en", words=(), confidence=0.9, engine="fake@1") if said else None
    return VoiceReading(duration_s=4.0, speech=(Span(start_s=0.2, end_s=3.6),), transcript=heard, emotions=None,
                        calm=None, affect=None, prosody=prosody, events=events, snr_db=25.0, clipped=False,
                        confidence=0.9, abstains=False, engine="fake@1")


def words(text, **labels):
    plain = Emotions.of({"neutral": 1.0})
    return WordsReading(text=text, source="spoken", emotions=plain, labels=labels, affect=affect_of(plain),
                        risk=NO_RISK, confidence=0.8, abstains=False, engine="fake@1")


@pytest.mark.parametrize("text", [
    "My grandmother died on Sunday.", "I'm fine, really.", "It was a great day, and I loved it.",
    "Thanks for listening to me.", "I'm singing in a choir now, and I miss her.", "I sing when I am sad.",
    "I don't want to act like nothing happened.", "He plays a big role in my life.", "That's perfect for me.", ""])
def test_plain_talk_is_no_reason(text):
    assert explanation(voice(), words(text)) is None


@pytest.mark.parametrize(("text", "reason"), [
    ("Oh great, another Monday.", "sarcasm"), ("Yeah right, he cares so much.", "sarcasm"),
    ("Just what I needed today", "sarcasm"), ("I love waiting for hours /s", "sarcasm"),
    ("How lovely, it broke again", "sarcasm"), ("I hate you haha", "a joke"), ("just kidding!", "a joke"),
    ("I'm just acting, it's for a play", "a performance"), ("This is a monologue from Hamlet", "a performance"),
    ("♪ and I will always love you ♪", "singing"), ("(singing) hello darkness", "singing")])
def test_each_mark_is_found_in_words_and_in_what_was_heard(text, reason):
    assert explanation(voice(), words(text)) == reason
    assert explanation(voice(said=text), None) == reason


def test_laughter_amusement_and_singing_are_reasons():
    laugh = SoundEvent(kind="laugh", start_s=1.0, end_s=1.6, confidence=0.5, experimental=True)
    assert explanation(voice(events=(laugh,)), None) == "laughter"
    assert explanation(voice(), words("That was something", amusement=0.7)) == "a joke"
    assert explanation(voice(prosody=SUNG), None) == "singing"


@pytest.mark.parametrize("change", [
    {"tremor_hz": None}, {"tremor_hz": 2.0}, {"tremor_depth": 0.01}, {"hnr_db": 9.0}, {"rate_syllables_per_s": 4.5}])
def test_a_voice_that_only_trembles_or_drawls_does_not_sing(change):
    assert explanation(voice(prosody=replace(SUNG, **change)), None) is None
