from __future__ import annotations

import math
from dataclasses import replace

import pytest

from empathy.types import Analysis, Emotions, Evidence, Masking, Transcript
from empathy.ui import readings
from tests.fakes import standing

from .markup import labels, parse, words
from .samples import estimate, face, voice
from .samples import words as words_reading

NASTY = "<script>alert(1)</script>"


def test_an_expression_is_called_an_expression():
    shown = words(readings.face_card(face()))
    assert "The expression looks happy" in shown
    assert "An expression is not a feeling." in shown


def test_an_unsure_face_is_not_named_but_keeps_its_numbers():
    shown = words(readings.face_card(face(abstains=True)))
    assert "I can't tell" in shown
    assert "looks happy" not in shown
    assert "70 %" in shown


@pytest.mark.parametrize(("emotions", "named"), [
    (Emotions(sad=0.55, happy=0.45), "looks sad"), (Emotions(sad=0.45, happy=0.3, fear=0.25), "looks rather sad"),
    (Emotions(sad=0.4, happy=0.38, fear=0.22), "looks mixed: sad or happy"),
    (Emotions(sad=0.51, neutral=0.49), "looks mixed: sad or neutral"),
    (Emotions(fear=0.9, neutral=0.1), "looks afraid")])
def test_an_emotion_is_called_by_as_much_as_it_leads(emotions, named):
    assert named in words(readings.face_card(face(emotions=emotions)))


def test_head_turns_are_told_from_the_person_s_own_side():
    assert "chin 6° up, turned 11° right, tilted 0°" in words(readings.face_card(face()))


def test_of_channels_that_contradict_each_other_each_is_shown_and_not_their_sum():
    sides = (Evidence(channel="face", claim="x", number=0.99, weight=1.0, emotion="happy"),
             Evidence(channel="voice", claim="y", number=0.8, weight=-0.4, emotion="sad"))
    shown = labels(readings.estimate_card(estimate(abstains=True, doubt="mixed", evidence=sides), (), {}))
    assert "Each channel alone: face: happy 99 %, voice: sad 80 %" in shown
    assert not any("All channels together" in each for each in shown)


def test_measurements_are_folded_away_but_what_hinders_is_in_sight():
    blurred = face(quality=replace(face().quality, sharpness=0.1))
    for reading, in_sight in ((face(), []), (blurred, ["sharpness 10 %: blurred"])):
        card = parse(readings.face_card(reading)).find("section")
        badges = card.find("./div[@class='badges']")
        assert [each.text for each in badges or ()] == in_sight
        assert "head" in "".join(card.find("details").itertext())


def test_a_posture_without_a_label_is_not_named():
    assert words(readings.posture_card(standing(None))).startswith("Posturevisible 90 %I can't tell")


def test_a_part_out_of_the_picture_is_left_out():
    shown = words(readings.posture_card(replace(standing(), openness=None, lean=None)))
    assert "openness" not in shown
    assert "lean" not in shown


def test_silence_has_no_tone():
    silent = voice(speech=(), transcript=None, emotions=None, affect=None, prosody=None)
    assert "No speech heard" in words(readings.voice_card(silent))


def test_a_clipped_and_noisy_voice_says_so():
    shown = words(readings.voice_card(voice(clipped=True, snr_db=3.0)))
    assert "clipped" in shown
    assert "noisy" in shown


def test_clear_speech_without_a_clear_tone_is_not_blamed_on_the_recording():
    clear, unclear = (readings.voice_card(voice(abstains=True, confidence=each)) for each in (0.99, 0.2))
    assert "the speech is clear" in words(clear).lower()
    assert "unclear speech" in words(unclear)
    assert "confidence" not in words(clear)


def test_an_unsure_voice_is_not_named():
    shown = words(readings.voice_card(voice(abstains=True)))
    assert "I can't tell" in shown
    assert "sounds sad" not in shown


def test_uncertain_words_are_marked_as_a_guess():
    root = parse(readings.transcript_card(voice().transcript))
    rough = [each.text for each in root.iter("span") if each.attrib.get("class") == "word rough"]
    assert rough == ["today"]


def test_a_transcript_without_times_shows_its_text():
    plain = Transcript(text=f"hello {NASTY}", language="en", words=(), confidence=0.5, engine="x")
    assert "hello <script>" in words(readings.transcript_card(plain))
    assert not list(parse(readings.transcript_card(plain)).iter("script"))


def test_what_could_not_be_measured_is_a_dash():
    shown = words(readings.prosody_card(voice().prosody))
    assert "tremor–, depth –" in shown
    assert "jitter, shimmer1.1 %, –" in shown


def test_experimental_sounds_are_marked():
    assert "sigh at 0:04, 70 % (experimental)" in words(readings.events_list(voice().events))


def test_without_other_sounds_none_are_listed():
    assert readings.events_list(()) == ""


def test_an_estimate_says_how_sure_it_is():
    assert "Clearly sad" in words(readings.estimate_card(estimate(), (), {}))
    assert "Perhaps sad" in words(readings.estimate_card(estimate(confidence=0.2), (), {}))


def test_an_estimate_that_abstains_names_nothing():
    assert "I can't tell" in words(readings.estimate_card(estimate(abstains=True), (), {}))
    shown = words(readings.estimate_card(estimate(abstains=True, doubt="mixed"), (), {}))
    assert "Mixed" in shown
    assert "contradict each other" in shown


def test_each_piece_of_evidence_has_channel_claim_number_and_weight():
    shown = words(readings.why(estimate()))
    assert "Why? 2 pieces of evidence" in shown
    assert "wordsthe words sound sad0.60+0.40" in shown
    assert "voicequiet and slow3.10-0.10" in shown


def test_broken_evidence_is_a_dash():
    broken = Evidence(channel="face", claim=NASTY, number=math.nan, weight=math.nan)
    assert "––" in words(readings.why(estimate(evidence=(broken,))))


def test_masking_is_told_as_two_stories():
    masking = Masking(score=2.1, probability=0.8, shown="happy", felt="sad", evidence=())
    shown = words(readings.estimate_card(estimate(masking=masking), (), {}))
    assert "Your face and your voice tell different stories" in shown
    assert "hiding" not in shown


def test_words_show_their_strongest_labels():
    assert "sadness 70 %" in words(readings.words_card(words_reading()))


def test_only_channels_that_did_not_abstain_are_drawn():
    analysis = Analysis(input="x", kind="turn", faces=(face(abstains=True),), voice=voice(), words=words_reading())
    assert list(readings.channels_of(analysis)) == ["voice", "words"]


def test_beside_a_chat_each_channel_takes_a_few_lines():
    analysis = Analysis(input="x", kind="turn", faces=(face(), face()), posture=standing(), voice=voice(),
                        words=words_reading(abstains=True))
    face_line, posture, heard, said = (words(each) for each in readings.channel_lines(analysis))
    assert face_line == "Faceconfidence 78 %The expression looks happyhappy70 %neutral20 %surprise10 %"
    assert posture == "Posturevisible 90 %Upright"
    assert "The voice sounds sad" in heard
    assert "I can't tell" in said


def test_beside_a_chat_silence_and_an_unclear_posture_claim_nothing():
    silent = voice(speech=(), transcript=None, emotions=None, affect=None, prosody=None)
    analysis = Analysis(input="x", kind="turn", posture=standing(None), voice=silent)
    line, = readings.channel_lines(analysis)
    assert "No speech heard" in words(line)
