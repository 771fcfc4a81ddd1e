"""The fusion table on votes whose law is known."""

import csv

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.evaluation.attention import fit_attention
from empathy.evaluation.channel import Channel
from empathy.evaluation.fusion import evaluate_fusion
from empathy.evaluation.votes import among_eight, read_votes
from empathy.fusion.attention import CHOICES, PLACES
from empathy.fusion.likeness import kept_still, spread

NAMES = ("angry", "disgust", "fearful", "happy", "neutral", "sad")


def write_ratings(path, face, voice, both, n_raters=1000):
    columns = ["speaker", "intended", *(f"{channel}_{name}" for channel in ("face", "voice", "av")
                            for name in ("n", *(f"p_{emotion}" for emotion in NAMES)))]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for i, rows in enumerate(zip(face, voice, both, strict=True)):
            writer.writerow([f"actor{i % 20}", NAMES[i % 6], *(value for row in rows for value in (n_raters, *row))])
    return path


def pooled(face, voice, power, still=(0.0, 0.0)):
    rows = np.ones_like(face)
    for side, own, share in zip((face, voice), power, still, strict=True):
        rows = rows * kept_still(spread(among_eight(side)), share)[:, PLACES] ** own
    return rows / rows.sum(axis=1, keepdims=True)


def test_the_powers_that_made_the_votes_are_found_again(tmp_path):
    rng = np.random.default_rng(3)
    face, voice = rng.dirichlet(np.full(6, 2.0), 400), rng.dirichlet(np.full(6, 2.0), 400)
    both = pooled(face, voice, (1.2, 0.4), (0.1, 0.0))
    found = evaluate_fusion(write_ratings(tmp_path / "r.csv", face, voice, both), epochs=1)
    assert found["fitted"]["face"] == pytest.approx(1.2, abs=0.05)
    assert found["fitted"]["voice"] == pytest.approx(0.4, abs=0.05)
    assert found["fitted"]["face still"] == pytest.approx(0.1, abs=0.03)
    assert found["methods"]["pool"]["accuracy"] > 0.97
    assert found["gain"]["pool over confidence average"]["accuracy_low"] > 0
    assert found["n"] == 400


def test_a_useless_voice_gets_no_weight(tmp_path):
    rng = np.random.default_rng(4)
    face, voice = rng.dirichlet(np.full(6, 2.0), 400), rng.dirichlet(np.full(6, 2.0), 400)
    found = evaluate_fusion(write_ratings(tmp_path / "r.csv", face, voice, face), epochs=1)
    assert abs(found["fitted"]["voice"]) < 0.02
    assert found["methods"]["face alone"]["accuracy"] == pytest.approx(1.0)


def test_clips_that_nobody_rated_are_left_out_and_ties_have_no_majority(tmp_path):
    flat = np.full((3, 6), 1 / 6)
    path = write_ratings(tmp_path / "r.csv", flat, flat, np.array([flat[0], np.eye(6)[3], np.zeros(6)]))
    votes = read_votes(path)
    assert votes.truth.tolist() == [-1, 3]


def test_another_table_is_refused_with_the_columns_that_are_needed(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("path,label\na.png,happy\n")
    with pytest.raises(InputError, match="face_p_angry"):
        read_votes(path)


def test_the_transformer_learns_what_no_average_can():
    """A happy face decides alone, any other counts for nothing."""
    rng = np.random.default_rng(5)
    face, voice = (rng.dirichlet(np.full(6, 0.3), 900) * 0.97 + 0.005 for _ in range(2))
    smiles = face.argmax(axis=1) == CHOICES.index("happy")
    both = np.where(smiles[:, None], face, voice)
    network = fit_attention(face[:600], voice[:600], both[:600], seed=0, epochs=60)
    told = np.exp(network.log_shares(face[600:], voice[600:]))

    def loss(rows):
        return -(both[600:] * np.log(rows)).sum(axis=1).mean()

    assert told.shape == (300, 6)
    assert np.allclose(told.sum(axis=1), 1.0, atol=1e-5)
    assert loss(told) < min(loss(face[600:]), loss(voice[600:]), loss((face[600:] + voice[600:]) / 2)) - 0.05


def test_every_method_is_also_measured_on_what_engines_say(tmp_path):
    rng = np.random.default_rng(6)
    face, voice = rng.dirichlet(np.full(6, 2.0), 200), rng.dirichlet(np.full(6, 2.0), 200)
    labels = [name for name in CHOICES for _ in range(5)]
    rows = among_eight(np.eye(6)[[CHOICES.index(name) for name in labels]])
    perfect = Channel(rows=rows, labels=labels, names=[str(i) for i in range(30)])
    useless = Channel(rows=np.full((30, 8), 1 / 8), labels=labels, names=perfect.names)
    path = write_ratings(tmp_path / "r.csv", face, voice, pooled(face, voice, (1.0, 1.0)))
    found = evaluate_fusion(path, engines=(perfect, useless), epochs=1)["on_engines"]
    assert found["face alone"]["accuracy"] == found["pool"]["accuracy"] == 1.0
    assert found["voice alone"]["accuracy"] < 0.2
    assert set(found) == {"face alone", "voice alone", "average", "confidence average", "if-else", "pool",
                          "transformer"}


def test_a_table_without_rows_is_refused(tmp_path):
    (tmp_path / "votes.csv").write_text("face_p_angry,face_n\n")
    with pytest.raises(InputError, match="no rows"):
        read_votes(tmp_path / "votes.csv")
