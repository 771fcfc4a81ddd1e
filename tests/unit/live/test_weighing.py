import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.live.ears import Hearing
from empathy.live.eyes import Sight
from empathy.live.options import LiveOptions
from empathy.live.weighing import WORDS_HOLD_S, Weighing
from empathy.types import (
    NO_RISK,
    Emotions,
    FaceQuality,
    FaceReading,
    HeadPose,
    Prosody,
    Span,
    VoiceReading,
    WordsReading,
)
from empathy.watch import Glance
from tests.fakes import CALM, found

HAPPY, SAD = Emotions.of({"happy": 0.9, "neutral": 0.1}), Emotions.of({"sad": 0.9, "neutral": 0.1})
PLAIN = Emotions.of({"neutral": 0.9, "happy": 0.1})


def face(emotions=HAPPY, confidence=0.9):
    seen = found()
    return FaceReading(
        box=seen.box, detection_confidence=0.95, emotions=emotions, affect=affect_of(emotions),
        head_pose=HeadPose(pitch_rad=0.0, yaw_rad=0.0, roll_rad=0.0), eye_openness=(0.9, 0.9),
        quality=FaceQuality(size_px=120, light=0.5, sharpness=0.9, frontal=1.0, inside=1.0, score=0.95),
        confidence=confidence, abstains=confidence < 0.35, engine="fake", landmarks=seen.landmarks)


def voice(emotions=SAD, loudness_dbfs=-25.0):
    prosody = Prosody(
        f0_median_hz=150.0, f0_range_semitones=4.0, rate_syllables_per_s=4.0, pause_share=0.1, n_pauses=1,
        loudness_dbfs=loudness_dbfs, jitter=None, shimmer=None, hnr_db=None, tremor_hz=None, tremor_depth=None)
    return VoiceReading(
        duration_s=4.0, speech=(Span(start_s=0.0, end_s=3.5),), transcript=None, emotions=emotions, calm=0.2,
        affect=affect_of(emotions), prosody=prosody, events=(), snr_db=30.0, clipped=False, confidence=0.9,
        abstains=False, engine="fake")


def hearing(reading=None):
    return Hearing(speaking=reading is not None, voice=reading, whole=reading, fresh=reading is not None)


def weigh(weighing, seconds, seen=None, heard=None, *, start_s=0.0, options=None):
    """Half-second ticks; the last board."""
    board = None
    for now_s in np.arange(start_s, start_s + seconds, 0.5).tolist():
        glances = tuple(Glance(time_s=now_s - i, face=seen, posture=None) for i in range(4))
        board = weighing.weigh(Sight(face=seen), hearing(heard), glances, now_s, options or LiveOptions())
    return board


def test_two_stories_are_told_only_when_they_last():
    weighing = Weighing(0.35)
    assert weigh(weighing, 4.0, face(HAPPY), voice(SAD)).masking is None
    told = weigh(weighing, 6.0, face(HAPPY), voice(SAD), start_s=4.0).masking
    assert (told.shown, told.felt) == ("happy", "sad")
    assert told.probability > 0.5


def test_one_story_is_never_masking():
    assert weigh(Weighing(0.35), 20.0, face(SAD), voice(SAD)).masking is None
    assert weigh(Weighing(0.35), 20.0, face(HAPPY)).masking is None
    assert weigh(Weighing(0.35), 20.0, None, voice(SAD)).masking is None


def test_states_follow_a_change_within_three_seconds():
    weighing = Weighing(0.35)
    weigh(weighing, 5.0, face(SAD))
    states = weigh(weighing, 3.0, face(HAPPY), start_s=5.0).states
    assert states["happy"] > 0.6
    assert states["sad"] < 0.25


def test_smoothing_is_as_slow_as_was_chosen():
    slow, quick = LiveOptions(attack_s=5.0), LiveOptions(attack_s=0.0)
    first, second = Weighing(0.35), Weighing(0.35)
    for weighing in (first, second):
        weigh(weighing, 2.0, face(SAD))
    late = weigh(first, 1.0, face(HAPPY), start_s=2.0, options=slow).states["happy"]
    early = weigh(second, 1.0, face(HAPPY), start_s=2.0, options=quick).states["happy"]
    assert late < 0.3
    assert early > 0.7


def test_a_channel_without_weight_moves_no_affect():
    alone = weigh(Weighing(0.35), 3.0, face(HAPPY)).affect
    silenced = weigh(Weighing(0.35), 3.0, face(HAPPY), voice(SAD), options=LiveOptions(voice_weight=0.0)).affect
    both = weigh(Weighing(0.35), 3.0, face(HAPPY), voice(SAD)).affect
    assert silenced == pytest.approx(alone)
    assert both[0] < alone[0] - 0.1


def test_an_affect_that_moves_is_less_stable():
    still, moving = Weighing(0.35), Weighing(0.35)
    for i in range(10):
        weigh(still, 1.0, face(HAPPY), start_s=float(i))
        weigh(moving, 1.0, face(HAPPY if i % 2 else SAD), start_s=float(i))
    options = LiveOptions(baseline=False)
    assert weigh(moving, 0.5, face(HAPPY), start_s=10.0, options=options).stability < weigh(
        still, 0.5, face(HAPPY), start_s=10.0, options=options).stability - 0.3


def test_the_trail_keeps_sixty_points():
    assert len(weigh(Weighing(0.35), 60.0, face(HAPPY)).trail) == 60


def test_words_speak_for_a_while():
    read = WordsReading(text="Why?", source="spoken", emotions=PLAIN, labels={"curiosity": 0.9, "joy": 0.1},
                        affect=CALM, risk=NO_RISK, confidence=0.9, abstains=False, engine="fake")
    quiet = weigh(Weighing(0.35), 2.0, None, voice(PLAIN)).states["curious"]
    weighing = Weighing(0.35)
    weighing.say(read, 0.0)
    asked = weigh(weighing, 2.0, None, voice(PLAIN)).states["curious"]
    assert asked > quiet + 0.1
    assert weigh(weighing, WORDS_HOLD_S + 15.0, None, voice(PLAIN), start_s=2.0).states["curious"] < asked - 0.1


def test_louder_than_usual_is_known_once_the_voice_is():
    weighing = Weighing(0.35)
    weigh(weighing, 25.0, None, voice(PLAIN))
    usual = weigh(weighing, 3.0, None, voice(PLAIN), start_s=25.0).states["frustrated"]
    raised = weigh(weighing, 3.0, None, voice(PLAIN, loudness_dbfs=-12.0), start_s=28.0).states["frustrated"]
    assert raised > usual + 0.05


def test_nobody_leaves_everything_grey_after_a_while():
    weighing = Weighing(0.35)
    weigh(weighing, 3.0, face(HAPPY), voice(SAD))
    board = weigh(weighing, 4.0, start_s=3.0)
    assert set(board.states.values()) == {None}
    assert board.affect is None
