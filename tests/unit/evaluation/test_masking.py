"""The protocol on channels whose quality is known."""

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.evaluation.alarms import alarms_per_hour, reliability
from empathy.evaluation.channel import Channel
from empathy.evaluation.masking import evaluate_masking
from empathy.fusion.masking import PRIOR, probability
from empathy.types import EMOTIONS

LABELS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")


def channel(certainty, n_each=30, labels=LABELS, seed=0):
    """Items of each label; ``certainty`` 1 names every label right, 0 knows nothing."""
    rng = np.random.default_rng(seed)
    names = [label for label in labels for _ in range(n_each)]
    noise = rng.dirichlet(np.ones(8), len(names))
    truth = np.eye(8)[[EMOTIONS.index(name) for name in names]]
    return Channel(rows=certainty * truth + (1 - certainty) * noise, labels=names,
                   names=[f"{seed}-{i}" for i in range(len(names))])


def test_perfect_channels_are_told_apart_perfectly():
    found = evaluate_masking(channel(1.0), channel(1.0, seed=1), n_pairs=300, seed=0)
    for question in ("different", "opposite", "masked", "strict"):
        assert found[question]["auc"] == 1.0
        assert found[question]["tpr_at_5_fpr"] == 1.0
    assert (found["false_alarm_rate"], found["recall_at_threshold"]) == (0.0, 1.0)


def test_channels_that_know_nothing_are_at_chance():
    found = evaluate_masking(channel(0.0), channel(0.0, seed=1), n_pairs=1500, seed=0)
    for question in ("different", "opposite", "masked", "strict"):
        assert found[question]["auc"] == pytest.approx(0.5, abs=0.05)
        assert found[question]["auc_low"] <= found[question]["auc"] <= found[question]["auc_high"]


def test_the_ratio_beats_the_baselines_on_doubtful_channels():
    found = evaluate_masking(channel(0.4), channel(0.3, seed=1), n_pairs=1500, seed=0)
    for scores in found["baselines"].values():
        assert found["masked"]["auc"] > scores["masked"]["auc"]


def test_the_same_seed_gives_the_same_figures():
    one, two = (evaluate_masking(channel(0.4), channel(0.3, seed=1), n_pairs=200, seed=5) for _ in range(2))
    assert {**one, "seconds": 0} == {**two, "seconds": 0}


def test_a_clip_is_never_paired_with_itself():
    """With two clips a label, half of the sincere draws fall on the clip itself and are left out."""
    both = channel(0.5, n_each=2)
    found = evaluate_masking(both, both, n_pairs=2000, seed=0)
    assert found["n_sincere"] == pytest.approx(1000, rel=0.15)
    assert found["n_masked"] == 2000


def test_labels_that_answer_no_question_are_refused():
    with pytest.raises(InputError, match=r"no .*masked"):
        evaluate_masking(channel(1.0, labels=("surprise",)), channel(1.0, labels=("surprise",)), n_pairs=10, seed=0)


def test_people_who_are_read_right_raise_no_alarm_and_a_misread_one_many():
    faces, voices = channel(1.0), channel(1.0, seed=1)
    rng = np.random.default_rng(0)
    calm = alarms_per_hour(faces, voices, rng, n_hours=2)
    assert (calm["persistent"], calm["alone"], calm["told_share"]) == (0.0, 0.0, 0.0)
    sad = np.eye(8)[[EMOTIONS.index("sad")] * len(voices.labels)]
    misread = Channel(rows=sad, labels=voices.labels, names=voices.names, people=["one"] * len(voices.labels))
    wrong = alarms_per_hour(faces, misread, rng, n_hours=2)
    assert wrong["alone"] > wrong["persistent"] > 1
    assert wrong["speakers"] == 1


def test_lasting_alarms_are_rarer_than_single_ones():
    """Every twelfth clip of this voice is misread as sad."""
    voices = channel(1.0, n_each=60, seed=1)
    rows = voices.rows.copy()
    rows[::12] = np.eye(8)[EMOTIONS.index("sad")]
    misread = Channel(rows=rows, labels=voices.labels, names=voices.names)
    found = alarms_per_hour(channel(1.0), misread, np.random.default_rng(1), n_hours=3)
    assert 0 < found["persistent"] < found["alone"] / 2


def test_a_probability_that_is_one_has_no_error_and_a_boastful_one_has():
    rng = np.random.default_rng(2)
    masked, everyday = rng.normal(1.0, np.sqrt(2.0), 40000), rng.normal(-1.0, np.sqrt(2.0), 40000)  # log ratio is x
    fair = reliability({"masked": masked, "everyday": everyday})
    boastful = reliability({"masked": 4 * masked + 4, "everyday": 4 * everyday + 4})
    assert fair["ece"] < 0.01
    assert boastful["ece"] > 0.1
    assert sum(each["weight"] for each in fair["bins"]) == pytest.approx(1.0, abs=1e-3)
    assert probability(0.0) == pytest.approx(PRIOR)
