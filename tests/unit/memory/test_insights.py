"""Changes are named only when they are larger than the doubt."""

from empathy.fusion.fuse import Vote, fuse
from empathy.memory.insights import insights
from empathy.memory.session import Session, Turn, remember
from empathy.types import Affect, Emotions


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
