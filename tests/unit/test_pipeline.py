"""The order of things, with a scripted fake for every engine."""

import numpy as np
import pytest
from PIL import Image

from empathy.errors import InputError, ModelMissingError, ModelRunError
from empathy.memory.session import Session
from empathy.pipeline import Empathy
from empathy.protocols import Tone
from empathy.settings import Settings
from empathy.types import Emotions, Span
from tests.fakes import (
    FakeExpression,
    FakeFaceFinder,
    FakePosture,
    FakeReply,
    FakeSpeech,
    FakeTone,
    FakeTranscript,
    FakeWords,
    fake_engines,
    frontal,
)
from tests.media import write_video, write_wav

PICTURE = np.full((240, 320, 3), 128, np.uint8)


def system(clock=lambda: 1000.0, **engines):
    return Empathy(fake_engines(**engines), Settings(), clock=clock)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    Image.fromarray(PICTURE).save(path)
    return path


@pytest.fixture
def clip(tmp_path):
    return write_wav(tmp_path / "clip.wav", np.sin(np.arange(32_000) / 10).astype(np.float32) * 0.3)


@pytest.fixture
def video(tmp_path):
    rng = np.random.default_rng(0)
    loud = np.repeat([0.0001, 0.1, 0.0001], [8_000, 32_000, 9_600])  # half a second of room, two of speech, room again
    sound = (rng.standard_normal(loud.size) * loud).astype(np.float32)
    sharp = rng.integers(60, 200, (240, 320, 1), dtype=np.uint8).repeat(3, axis=2)
    return write_video(tmp_path / "video.mp4", n_frames=31, fps=10, sound=sound, picture=sharp)


def test_a_photo_is_seen_weighed_and_cared_for_in_order(photo):
    stages = [update.stage for update in system().updates(photo)]
    assert stages == ["faces", "posture", "estimate", "care", "done"]
    analysis = system().analyze(photo)
    assert (analysis.kind, analysis.faces[0].emotions.top) == ("image", "happy")
    assert analysis.engines["expression"] == "fake expression@1"
    assert set(analysis.timings_ms) >= {"faces", "expression", "posture"}


def test_a_clip_is_heard_before_its_words_are_read(clip):
    stages = [update.stage for update in system().updates(clip)]
    assert stages == ["speech", "tone", "events", "transcript", "words", "estimate", "care", "done"]
    analysis = system().analyze(clip)
    assert analysis.words.text == "I am a little tired today."
    assert analysis.words.source == "spoken"
    assert set(analysis.estimate.weights) == {"voice", "words"}


def test_the_named_states_of_the_channels_that_spoke_are_read(photo, clip):
    seen, heard = system().analyze(photo).estimate.spectrum, system().analyze(clip).estimate.spectrum
    assert seen["happy"] > 0.5
    assert "calm" not in seen, "nobody spoke"
    assert heard["calm"] >= 0.0
    assert "happy" not in heard, "nobody was seen"
    assert system().analyze(words="I lost my keys.").estimate.spectrum is None


def test_silence_has_no_transcript_no_emotions_and_no_estimate(clip):
    asked = FakeTranscript()
    analysis = system(speech=FakeSpeech(script=()), transcript=asked).analyze(clip)
    assert (analysis.voice.speech, analysis.voice.transcript, analysis.voice.emotions) == ((), None, None)
    assert analysis.voice.affect is None
    assert analysis.estimate is None
    assert not asked.asked


def test_one_tone_engine_for_two_stages_listens_once(clip):
    both = FakeTone()
    analysis = system(tone=both, affect=both).analyze(clip)
    assert len(both.asked) == 1
    assert analysis.voice.engine == "fake tone@1"


def test_a_video_gives_face_voice_and_a_timeline_on_one_clock(video):
    finder = FakeFaceFinder()
    analysis = system(faces=finder).analyze(video)
    assert analysis.kind == "video"
    assert finder.n_open == 0
    times = [moment.time_s for moment in analysis.timeline]
    assert times == sorted(times)
    assert len(times) == pytest.approx(12, abs=1)  # 3 s at 4 pictures a second
    assert all(moment.face for moment in analysis.timeline)
    assert all(moment.voice for moment in analysis.timeline if 0.5 <= moment.time_s <= 2.5)
    assert analysis.posture.movement is not None
    assert analysis.estimate.stability == pytest.approx(1.0)


def test_a_happy_face_with_a_sad_voice_is_two_stories_and_a_matching_one_is_not(video):
    def masking(felt):
        seen = FakeExpression(emotions=Emotions.of({"happy": 0.9, "neutral": 0.1}))
        heard = FakeTone(tone=Tone(emotions=Emotions.of(felt), affect=None))
        finder = FakeFaceFinder(faces=(frontal(160, 120, 120),))
        return system(faces=finder, expression=seen, tone=heard, affect=heard).analyze(video).estimate.masking

    assert (masking({"sad": 0.9, "neutral": 0.1}).shown, masking({"sad": 0.9, "neutral": 0.1}).felt) == ("happy", "sad")
    assert masking({"happy": 0.9, "neutral": 0.1}) is None


def test_the_posture_of_a_video_is_asked_for_once_a_second(video):
    posture = FakePosture()
    system(posture=posture).analyze(video)
    assert len(posture.asked) == 4  # at 0, 1, 2 and 3 s


@pytest.mark.parametrize("stage", ["faces", "expression", "posture", "speech", "transcript", "affect", "tone",
                                   "events", "words"])
def test_one_absent_engine_takes_no_other_along(stage, photo, clip):
    one_less = system(**{stage: ModelMissingError(f"{stage} is absent")})
    for path in (photo, clip):
        analysis = one_less.analyze(path, words="I am tired.")
        for missing in analysis.missing:
            assert (missing.stage, missing.why) == (stage, f"{stage} is absent")
        assert analysis.estimate is not None or stage in ("words",)
    assert any(one_less.analyze(path, words="hm").missing for path in (photo, clip))


def test_an_engine_that_fails_midway_is_named_and_the_rest_goes_on(photo):
    analysis = system(posture=FakePosture(error=ModelRunError("posture broke"))).analyze(photo)
    assert [(item.stage, item.why) for item in analysis.missing] == [("posture", "posture broke")]
    assert analysis.faces


def test_a_fallback_is_announced(photo):
    engines = fake_engines()
    engines.expression.problem = "grand is broken; compact speaks instead"
    analysis = Empathy(engines, Settings()).analyze(photo)
    assert [(item.stage, item.why) for item in analysis.missing] == [
        ("expression", "grand is broken; compact speaks instead")]
    assert analysis.faces


def test_typed_and_spoken_words_are_read_together(clip):
    words = FakeWords()
    analysis = system(words=words).analyze(clip, words="Truly fine.")
    assert "Truly fine." in analysis.words.text
    assert "a little tired" in analysis.words.text


def test_nothing_at_all_is_refused_with_what_to_give():
    with pytest.raises(InputError, match="give a picture"):
        system().analyze()


def test_a_turn_streams_a_reply_and_is_remembered():
    updates = list(system(reply=FakeReply(script=("That sounds heavy. ", "What weighs most?"))).talk(
        Session.start(0.0), words="I lost my keys."))
    assert "".join(update.text for update in updates if update.stage == "reply").startswith("That sounds heavy.")
    after = updates[-1].session
    assert after.turns[0].words == "I lost my keys."
    assert after.turns[0].reply == updates[-1].analysis.reply


def test_a_turn_may_begin_with_what_was_read_live(clip):
    ears = FakeTranscript()
    heard = system(transcript=ears).analyze(clip)
    *_, last = system(transcript=ears).talk(Session.start(0.0), read=heard)
    assert len(ears.asked) == 1, "nothing is listened to twice"
    assert last.analysis.voice == heard.voice
    assert last.session.turns[-1].words == ears.text


def test_the_notice_comes_first_once_and_again_after_three_hours():
    now = [0.0]
    talking = system(clock=lambda: now[0])
    seen = []
    session = Session.start(0.0)
    for at_s in (0.0, 60.0, 3 * 3600.0 + 1.0):
        now[0] = at_s
        updates = list(talking.talk(session, words="Hello there."))
        seen.append([update.text for update in updates if update.stage == "notice"])
        session = updates[-1].session
    assert [len(notices) for notices in seen] == [1, 0, 1]


def test_an_unreadable_picture_does_not_lose_the_words(tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    last = list(system().talk(Session.start(0.0), words="Look at me.", picture=bad))[-1]
    assert [item.stage for item in last.analysis.missing] == ["picture"]
    assert last.session.turns[0].words == "Look at me."
    assert last.analysis.reply


def test_a_face_alone_never_raises_care(photo):
    grim = FakeExpression(emotions=Emotions.of({"sad": 0.9, "fear": 0.1}))
    assert system(expression=grim).analyze(photo).care.level == "none"


def test_danger_in_words_is_seen_even_when_the_engine_for_their_emotions_fails():
    broken = system(words=ModelMissingError("no words"))
    last = list(broken.talk(Session.start(0.0), words="I want to kill myself tonight."))[-1]
    assert last.analysis.words is None
    assert last.analysis.care.level == "crisis"
    assert "findahelpline.com" in last.analysis.reply
    assert last.session.turns[0].words == "I want to kill myself tonight."


def test_the_help_button_asks_no_engine_for_a_reply():
    silent = FakeReply()
    last = list(system(reply=silent).talk(Session.start(0.0), pressed="help"))[-1]
    assert last.analysis.care.level == "crisis"
    assert "findahelpline.com" in last.analysis.reply
    assert last.analysis.engines["reply"] == "human"
    assert not silent.asked


def test_help_waits_for_no_engine(photo, clip):
    seen, heard = FakeFaceFinder(), FakeSpeech()
    updates = list(system(faces=seen, speech=heard).talk(Session.start(0.0), pressed="help", picture=photo, sound=clip))
    assert updates[0].stage == "care"
    assert not seen.asked
    assert not heard.asked


def test_a_turn_that_is_stopped_midway_is_remembered_with_its_care():
    talk = system().talk(Session.start(0.0), words="I want to kill myself tonight.")
    session = next(update.session for update in talk if update.stage == "reply")
    talk.close()
    assert session.turns[0].care.level == "crisis"
    last = list(system().talk(session, words="haha just joking"))[-1]
    assert last.analysis.care.level != "none"


@pytest.mark.parametrize("after", ["goodbye", "just kidding lol", "no", "thanks"])
def test_the_turns_after_a_crisis_are_no_small_talk(after):
    from empathy.reply.composer import Composer

    talking = system(reply=Composer())
    session = list(talking.talk(Session.start(0.0), words="I want to kill myself."))[-1].session
    last = list(talking.talk(session, words=after))[-1].analysis
    assert last.care.level == "support"
    assert last.engines["reply"] == "human"
    assert "findahelpline.com" in last.reply
    assert last.reply.endswith("?")


def test_a_text_that_is_too_long_is_refused_with_the_limit():
    with pytest.raises(InputError, match="at most 20000"):
        list(system().talk(Session.start(0.0), words="a" * 20001))


def test_no_posture_is_read_without_a_face(photo):
    posture = FakePosture()
    assert system(faces=FakeFaceFinder(faces=()), posture=posture).analyze(photo).posture is None
    assert not posture.asked


def test_a_reply_engine_that_fails_midway_is_named_and_the_composer_finishes():
    broken = FakeReply(error=ModelRunError("the model broke"))
    last = list(system(reply=broken).talk(Session.start(0.0), words="I lost my keys."))[-1]
    assert last.analysis.reply
    assert [(item.stage, item.why) for item in last.analysis.missing] == [("reply", "the model broke")]


def test_the_same_seed_gives_the_same_reply():
    from empathy.reply.composer import Composer

    def said():
        turn = system(reply=Composer()).talk(Session.start(0.0), words="I lost my job today.", seed=5)
        return list(turn)[-1].analysis.reply

    assert said() == said()


def test_speech_times_stay_within_the_recording(clip):
    analysis = system(speech=FakeSpeech(script=(Span(start_s=0.5, end_s=1.5),))).analyze(clip)
    words = analysis.voice.transcript.words
    assert words[0].start_s >= 0.5
    assert words[-1].end_s <= 1.5


def test_a_voice_that_grew_quieter_is_told_with_its_decibels(tmp_path):
    rng = np.random.default_rng(0)
    room, speech = np.full(8_000, 0.0001), np.full(32_000, 1.0)
    envelope = np.concatenate([room, speech, room])
    noise = rng.standard_normal(envelope.size)
    loud, quiet = (write_wav(tmp_path / f"{name}.wav", (noise * np.where(envelope == 1.0, level, envelope)).astype(
        np.float32)) for name, level in (("loud", 0.1), ("quiet", 0.04)))
    whole = system()
    *_, first = whole.talk(Session.start(0.0), sound=loud)
    assert first.session.turns[-1].measures.loudness_dbfs == pytest.approx(-20.0, abs=1.0)
    *_, second = whole.talk(first.session, sound=quiet)
    (line,) = [each for each in second.analysis.estimate.insights if each.startswith("voice quieter")]
    assert "-8 dB" in line
