import numpy as np
import pytest

from empathy.avamerg.late import WAYS, fit_late, load_late, save_late
from empathy.errors import ModelFileError


def skilled(truth, knows, rng):
    """Answers that are sure and right about some classes and know nothing of the others."""
    told = np.full((len(truth), 7), 0.02)
    for row, label in enumerate(truth):
        told[row, label if label in knows else rng.integers(7)] = 1.0
    return told / told.sum(1, keepdims=True)


@pytest.fixture
def answers():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 7, 400)
    return skilled(truth, {0, 1, 2}, rng), skilled(truth, {3, 4, 5, 6}, rng), truth


def accuracy(told, truth):
    return (told.argmax(1) == truth).mean()


def test_the_average_is_the_mean_of_both():
    one, two = np.full((1, 7), 1 / 7), np.eye(7)[[2]]
    fused = fit_late("average", one, two, np.array([2])).fuse(one, two)
    assert fused[0, 2] == pytest.approx((1 + 1 / 7) / 2)


def test_each_model_is_believed_about_what_it_knows(answers):
    audio, video, truth = answers
    single = max(accuracy(audio, truth), accuracy(video, truth))
    for way in ("reliability", "stacking"):
        late = fit_late(way, audio[:200], video[:200], truth[:200])
        assert accuracy(late.fuse(audio[200:], video[200:]), truth[200:]) > single + 0.03, way


@pytest.mark.parametrize("way", WAYS)
def test_a_missing_answer_is_left_to_the_other_model(way, answers):
    audio, video, truth = answers
    late = fit_late(way, audio, video, truth)
    nothing = np.full((2, 7), np.nan)
    np.testing.assert_allclose(late.fuse(audio[:2], nothing), audio[:2])
    np.testing.assert_allclose(late.fuse(nothing, video[:2]), video[:2])
    assert np.isnan(late.fuse(nothing, nothing)).all()
    np.testing.assert_allclose(late.fuse(audio, video).sum(1), 1.0)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_is_read_back(way, answers, tmp_path):
    late = fit_late(way, *answers)
    save_late(tmp_path, late)
    np.testing.assert_allclose(load_late(tmp_path).fuse(*answers[:2]), late.fuse(*answers[:2]))


def test_a_broken_file_is_told_in_a_sentence(tmp_path):
    with pytest.raises(ModelFileError, match="holds no late fusion"):
        load_late(tmp_path)
    (tmp_path / "late.json").write_text('{"way": "average", "weights": [1], "classes": []}')
    with pytest.raises(ModelFileError, match="of another version"):
        load_late(tmp_path)
