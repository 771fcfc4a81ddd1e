"""What is said of a face that was seen and a voice that was heard."""

from random import Random

from empathy.fusion.fuse import Vote, fuse
from empathy.reply.senses import slots
from empathy.types import Affect, Emotions

EVEN = Affect(valence=0.0, arousal=0.0, dominance=0.0, valence_sd=0.3, arousal_sd=0.3, dominance_sd=0.3)


def vote(channel, **emotions):
    return Vote(channel=channel, emotions=Emotions.of(emotions), affect=EVEN, confidence=1.0)


def test_face_and_voice_that_agree_get_one_word():
    words = slots(fuse((vote("face", sad=1.0), vote("voice", sad=1.0))), Random(0))
    assert words["look"] == words["sound"]


def test_face_and_voice_that_differ_each_get_their_own():
    from empathy.reply.phrases import lines

    words = slots(fuse((vote("face", happy=0.7, neutral=0.3), vote("voice", neutral=0.8, happy=0.2))), Random(0))
    assert words["look"] in lines("senses", "look", "happy")
    assert words["sound"] in lines("senses", "look", "neutral")
