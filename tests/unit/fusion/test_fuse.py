"""The pool of channels: closed forms and the rules of meaning."""

from dataclasses import replace

import numpy as np
import pytest

from empathy.fusion.attention import PLACES, bundled_attention, choices
from empathy.fusion.fuse import RELIABILITY, STILL, TILT, Vote, fuse, stability
from empathy.fusion.likeness import kept_still, spread
from empathy.types import EMOTIONS, Affect, Emotions


def affect(valence=0.0, sd=0.3):
    return Affect(valence=valence, arousal=0.0, dominance=0.0, valence_sd=sd, arousal_sd=sd, dominance_sd=sd)


def vote(channel, confidence=1.0, valence=0.0, **emotions):
    return Vote(channel=channel, emotions=Emotions.of(emotions), affect=affect(valence), confidence=confidence)


def test_nobody_voting_and_a_posture_alone_give_no_estimate():
    assert fuse(()) is None
    assert fuse((Vote(channel="posture", emotions=None, affect=affect(), confidence=0.9),)) is None


def test_one_channel_is_returned_sharpened_only_by_its_own_strength():
    only = vote("face", happy=0.6, neutral=0.4)
    expected = spread(only.emotions.array()) ** RELIABILITY["face"]
    assert fuse((only,)).emotions.array() == pytest.approx(expected / expected.sum(), abs=1e-6)


def test_a_channel_without_confidence_changes_nothing():
    sure = vote("face", happy=0.9, neutral=0.1)
    lost = vote("voice", confidence=0.0, angry=1.0)
    assert fuse((sure, lost)).emotions.array() == pytest.approx(fuse((sure,)).emotions.array(), abs=1e-6)
    assert fuse((sure, lost)).weights["voice"] == 0.0


def test_weights_sum_to_one_and_follow_reliability():
    weights = fuse((vote("face", happy=1.0), vote("voice", happy=1.0))).weights
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["face"] / weights["voice"] == pytest.approx(RELIABILITY["face"] / RELIABILITY["voice"])


def test_where_no_channel_would_answer_by_itself_the_estimate_does_not_either():
    unsure = replace(vote("voice", happy=0.3, angry=0.3, sad=0.4), abstains=True)
    clear = vote("face", happy=0.9, neutral=0.1)
    assert fuse((unsure,)).doubt == "can't tell"
    assert fuse((unsure, clear)).doubt != "can't tell"


def test_agreement_is_surer_than_contradiction():
    together = fuse((vote("face", sad=0.9, neutral=0.1), vote("voice", sad=0.9, neutral=0.1)))
    apart = fuse((vote("face", happy=0.9, neutral=0.1), vote("voice", sad=0.9, neutral=0.1)))
    assert together.emotions.sad > 0.9
    assert apart.confidence < together.confidence


def test_neutral_does_not_drown_a_clear_channel():
    mixed = fuse((vote("face", neutral=0.5, sad=0.3, happy=0.2), vote("words", sad=0.95, neutral=0.05)))
    assert mixed.emotions.top == "sad"


def test_affect_lies_between_its_channels_and_contradiction_widens_it():
    agreeing = fuse((vote("face", valence=0.5, happy=1.0), vote("words", valence=0.5, happy=1.0)))
    opposed = fuse((vote("face", valence=0.8, happy=1.0), vote("words", valence=-0.8, sad=1.0)))
    assert agreeing.affect.valence == pytest.approx(0.5)
    assert -0.8 < opposed.affect.valence < 0.8
    assert opposed.affect.valence_sd > agreeing.affect.valence_sd


def test_evidence_names_what_spoke_for_and_against():
    lines = {line.channel: line for line in fuse((vote("face", happy=0.9, neutral=0.1),
                                                  vote("words", sad=0.9, neutral=0.1))).evidence}
    assert lines["face"].claim == "face looks happy"
    assert lines["face"].weight > 0 > lines["words"].weight
    assert lines["words"].claim == "words read as sad"


def test_a_posture_well_seen_does_not_make_up_for_a_face_hardly_seen():
    still = Vote(channel="posture", emotions=None, affect=affect(), confidence=0.95)
    assert fuse((vote("face", confidence=0.02, happy=1.0), still)).abstains


def test_channels_that_are_all_lost_name_what_they_saw_and_abstain():
    lost = fuse((vote("words", confidence=0.0, neutral=0.8, happy=0.2),))
    assert lost.emotions.top == "neutral"
    assert lost.abstains


def test_a_neutral_channel_does_not_contradict_a_clear_one():
    clear = fuse((vote("face", confidence=0.92, happy=0.99, neutral=0.01),
                  vote("words", confidence=0.45, neutral=0.9, sad=0.1)))
    assert clear.emotions.top == "happy"
    assert not clear.abstains


def test_stability_is_one_at_rest_and_falls_with_spread():
    assert stability((affect(0.2),)) is None
    assert stability((affect(0.2), affect(0.2))) == pytest.approx(1.0)
    assert stability((affect(-0.5), affect(0.5))) == pytest.approx(0.5)


def test_random_votes_always_give_a_valid_estimate():
    rng = np.random.default_rng(7)
    for _ in range(200):
        cast = tuple(vote(channel, confidence=rng.random(), valence=rng.uniform(-1, 1),
                          **dict(zip(EMOTIONS, rng.dirichlet(np.full(8, 0.3)), strict=True)))
                     for channel in ("face", "voice", "words"))
        estimate = fuse(cast)
        assert 0.0 <= estimate.confidence <= 1.0
        assert sum(estimate.weights.values()) == pytest.approx(1.0)


def test_the_steps_add_up_to_the_estimate_exactly():
    rng = np.random.default_rng(11)
    for channels in (("face",), ("face", "voice"), ("face", "voice", "words")):
        cast = tuple(vote(channel, confidence=rng.uniform(0.3, 1.0),
                          **dict(zip(EMOTIONS, rng.dirichlet(np.full(8, 0.4)), strict=True))) for channel in channels)
        estimate = fuse(cast)
        total = np.sum([list(push.nats.values()) for push in estimate.pushes], axis=0)
        logs = np.log(estimate.emotions.array())
        assert total == pytest.approx(logs - logs.mean(), abs=1e-9)
        assert [push.source for push in estimate.pushes] == [*channels, *(["pairing"] if len(channels) > 1 else [])]


def test_a_step_is_that_of_its_channel_alone_and_the_pairing_that_of_its_definition():
    face, words = vote("face", happy=0.7, neutral=0.3), vote("words", confidence=0.5, sad=0.8, neutral=0.2)
    both, alone = fuse((face, words)), fuse((face,))
    assert both.pushes[0] == alone.pushes[0]
    rows = {"face": spread(face.emotions.array()), "words": spread(words.emotions.array())}
    expected = 0.5 * RELIABILITY["words"] * np.log(rows["words"])
    assert list(both.pushes[1].nats.values()) == pytest.approx(expected - expected.mean())
    pairing = 0.5 * (np.array([TILT[name] for name in EMOTIONS]) + sum(
        RELIABILITY[name] * np.log(kept_still(row, STILL[name]) / row) for name, row in rows.items()))
    assert list(both.pushes[2].nats.values()) == pytest.approx(pairing - pairing.mean())


def test_a_sure_face_and_a_sure_voice_are_what_the_transformer_makes_of_them():
    face, voice = vote("face", happy=0.6, neutral=0.3, sad=0.1), vote("voice", sad=0.5, neutral=0.4, fear=0.1)
    network = bundled_attention()
    expected = np.exp(network.log_shares(*(choices(each.emotions.array()[None]) for each in (face, voice))))[0]
    found = fuse((face, voice)).emotions.array()[PLACES]
    assert found / found.sum() == pytest.approx(expected, abs=1e-6)


def test_where_the_face_shows_what_the_transformer_does_not_know_the_pool_weighs():
    face, voice = vote("face", surprise=1.0), vote("voice", surprise=0.6, fear=0.4)
    assert fuse((face, voice)).emotions.top == "surprise"
    words = Vote(channel="words", emotions=voice.emotions, affect=voice.affect, confidence=1.0)
    as_pool = fuse((face, words)).emotions
    assert fuse((face, voice)).emotions.surprise == pytest.approx(as_pool.surprise, abs=0.1)


def test_channels_that_are_sure_of_opposites_are_mixed_and_faint_ones_cannot_tell():
    mixed = fuse((vote("face", confidence=0.9, happy=0.95, neutral=0.05),
                  vote("words", confidence=0.9, sad=0.95, neutral=0.05)))
    assert (mixed.abstains, mixed.doubt) == (True, "mixed")
    faint = fuse((vote("face", confidence=0.2, happy=0.95, neutral=0.05),))
    assert (faint.abstains, faint.doubt) == (True, "can't tell")
    clear = fuse((vote("face", confidence=0.9, happy=0.95, neutral=0.05),))
    assert (clear.abstains, clear.doubt) == (False, None)


def test_anger_and_disgust_go_together_where_anger_and_joy_do_not():
    angry = vote("face", confidence=0.9, angry=0.9, neutral=0.1)
    near = fuse((angry, vote("voice", confidence=0.9, disgust=0.9, neutral=0.1)))
    far = fuse((angry, vote("voice", confidence=0.9, happy=0.9, neutral=0.1)))
    assert near.confidence > 2 * far.confidence
    assert not near.abstains
    assert far.doubt == "mixed"
    assert near.emotions.contempt > far.emotions.contempt


@pytest.mark.parametrize("emotion", ["angry", "disgust", "fear", "happy", "sad", "surprise"])
def test_beside_a_neutral_channel_a_clear_one_is_heard_and_a_faint_one_is_not(emotion):
    flat = {name: 0.72 if name == "neutral" else 0.04 for name in EMOTIONS}
    clear, faint = {emotion: 0.9, "neutral": 0.1}, {emotion: 0.55, "neutral": 0.45}
    for one, other in (("face", "voice"), ("voice", "face"), ("face", "words"), ("words", "face")):
        heard = fuse((vote(one, confidence=0.9, **clear), vote(other, confidence=0.9, **flat))).emotions
        assert heard.items()[0][0] in (emotion, "neutral")
        assert getattr(heard, emotion) > 0.5 * heard.neutral
        assert one != "face" or heard.top == emotion
        assert fuse((vote(one, confidence=0.3, **faint), vote(other, confidence=0.9, **flat))).emotions.top == "neutral"


def test_two_neutral_channels_stay_neutral():
    still = {"neutral": 0.8, "sad": 0.2}
    both = fuse((vote("face", confidence=0.9, **still), vote("voice", confidence=0.9, **still)))
    assert both.emotions.top == "neutral"


@pytest.mark.parametrize("gone", ["face", "voice", "words"])
def test_one_channel_less_is_less_sure_and_on_the_same_scale(gone):
    cast = {channel: vote(channel, confidence=0.8, valence=-0.5, sad=0.8, neutral=0.2)
            for channel in ("face", "voice", "words")}
    whole = fuse(tuple(cast.values()))
    less = fuse(tuple(each for channel, each in cast.items() if channel != gone))
    assert gone not in less.weights
    assert less.emotions.top == whole.emotions.top == "sad"
    assert less.emotions.sad < whole.emotions.sad
    assert less.affect.valence == pytest.approx(whole.affect.valence)
    assert less.affect.valence_sd > whole.affect.valence_sd
    assert sum(less.weights.values()) == pytest.approx(1.0)
