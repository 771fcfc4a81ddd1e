"""Calibration: what was distorted is put right, labels that an engine lacks come back, and it is kept by engine."""

import json

import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.evaluation.calibration import evaluate_calibration
from empathy.evaluation.channel import Channel
from empathy.fusion.calibrate import (
    FILE,
    Calibration,
    calibrated,
    crossed,
    fit_calibration,
    keep_calibration,
    read_calibrations,
    uncalibrated,
)
from empathy.protocols import Tone
from empathy.types import EMOTIONS, Emotions
from tests.fakes import FakeExpression, FakeTone

SAME = Calibration(temperature=1.0, labels=np.eye(8))


def drawn(n=3000, seed=0):
    """Honest probabilities and the truths drawn from them."""
    rng = np.random.default_rng(seed)
    rows = rng.dirichlet(np.full(8, 0.5), n)
    return rows, np.array([rng.choice(8, p=row) for row in rows])


def loss(rows, truth):
    return -np.log(np.clip(rows[np.arange(len(truth)), truth], 1e-9, None)).mean()


def sharpened(rows, power):
    made = rows**power
    return made / made.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.5])
def test_the_temperature_that_distorted_is_found_again(power):
    rows, truth = drawn()
    found = fit_calibration(sharpened(rows + 1e-4, power), truth)
    assert found.temperature == pytest.approx(power, rel=0.12)
    assert loss(found(sharpened(rows + 1e-4, power)), truth) < loss(rows, truth) + 0.02


def test_an_honest_engine_is_left_nearly_as_it_is():
    rows, truth = drawn()
    found = fit_calibration(rows, truth)
    assert np.abs(found(rows) - rows).mean() < 0.02
    assert np.allclose(found(rows).sum(axis=1), 1.0)


def test_emotions_that_an_engine_lacks_come_back_through_the_map():
    """An engine of four that calls fear sadness: its sadness then means both."""
    rows, truth = drawn(4000)
    four = rows.copy()
    four[:, EMOTIONS.index("sad")] += four[:, EMOTIONS.index("fear")]
    four[:, EMOTIONS.index("fear")] = 0.0
    found = fit_calibration(four, truth)
    sad = found(np.eye(8)[[EMOTIONS.index("sad")]])[0]
    assert sad[EMOTIONS.index("fear")] > 0.2
    assert loss(found(four), truth) < loss(four, truth) - 0.2


def test_few_items_change_little():
    rows, truth = drawn(4)
    labels = fit_calibration(rows, truth).labels
    assert np.diag(labels).min() > 0.8


def test_cross_fitting_never_uses_the_persons_own_items():
    rows, truth = drawn(400)
    people = np.array([f"p{i % 5}" for i in range(400)])
    after = crossed(rows, truth, people)
    held = people == "p0"
    assert after[held] == pytest.approx(fit_calibration(rows[~held], truth[~held])(rows[held]))


def test_it_is_kept_by_engine_and_spoken_through(tmp_path):
    swap = np.eye(8)
    swap[[EMOTIONS.index("happy"), EMOTIONS.index("sad")]] = swap[[EMOTIONS.index("sad"), EMOTIONS.index("happy")]]
    turned = Calibration(temperature=1.0, labels=swap)
    engine = FakeExpression(emotions=Emotions.of({"happy": 1.0}))
    keep_calibration(tmp_path, "another@1", SAME, {"n": 1})
    keep_calibration(tmp_path, engine.name, turned, {"n": 3})
    kept = read_calibrations(tmp_path)
    assert set(kept) == {"another@1", engine.name}
    spoken = calibrated("expression", engine, kept)
    assert spoken.name == engine.name
    assert spoken.crop_scale == engine.crop_scale
    assert spoken.express(np.zeros((48, 48, 3), np.uint8)).top == "sad"
    assert uncalibrated(spoken) is engine
    assert calibrated("expression", engine, {}) is engine
    assert calibrated("words", engine, kept) is engine


def test_a_tone_keeps_its_own_affect():
    felt = Emotions.of({"sad": 0.9, "neutral": 0.1})
    flat = Calibration(temperature=4.0, labels=np.eye(8))
    voice = FakeTone(tone=Tone(emotions=felt, affect=affect_of(Emotions.of({"happy": 1.0}))))
    after = calibrated("tone", voice, {voice.name: flat}).listen(np.zeros(16000, np.float32))
    assert after.emotions.sad < 0.9
    assert after.affect == voice.tone.affect
    silent = FakeTone(tone=Tone(emotions=None, affect=after.affect))
    assert calibrated("tone", silent, {silent.name: flat}).listen(np.zeros(16000, np.float32)) == silent.tone


def test_a_broken_file_counts_as_none(tmp_path):
    for broken in ("no json", json.dumps({"a": {"temperature": 1.0, "labels": [[1.0]]}}), json.dumps([1])):
        (tmp_path / FILE).write_text(broken)
        assert read_calibrations(tmp_path) == {}
    assert read_calibrations(tmp_path / "absent") == {}


def test_the_command_keeps_what_helps_and_nothing_else(tmp_path):
    rows, truth = drawn(1500)
    labels = [EMOTIONS[i] for i in truth]
    names = [str(i) for i in range(len(labels))]
    loud = Channel(rows=sharpened(rows, 3.0), labels=labels, names=names)
    found = evaluate_calibration("voice", "loud@1", loud, tmp_path, tmp_path / "m.csv")
    assert found["after"]["log_loss"] < found["before"]["log_loss"]
    assert found["after"]["ece"] < found["before"]["ece"]
    assert set(read_calibrations(tmp_path)) == {"loud@1"}
    right = Channel(rows=np.eye(8)[truth], labels=labels, names=names)
    assert evaluate_calibration("voice", "right@1", right, tmp_path, tmp_path / "m.csv")["kept"] is None
    assert set(read_calibrations(tmp_path)) == {"loud@1"}
