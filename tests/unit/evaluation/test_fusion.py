"""The fusion table on votes whose law is known."""

import csv

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.evaluation.fusion import evaluate_fusion, read_votes

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


def pooled(face, voice, power):
    rows = face**power[0] * voice**power[1]
    return rows / rows.sum(axis=1, keepdims=True)


def test_the_powers_that_made_the_votes_are_found_again(tmp_path):
    rng = np.random.default_rng(3)
    face, voice = rng.dirichlet(np.full(6, 2.0), 400), rng.dirichlet(np.full(6, 2.0), 400)
    found = evaluate_fusion(write_ratings(tmp_path / "r.csv", face, voice, pooled(face, voice, (1.2, 0.4))))
    assert found["fitted"]["face"] == pytest.approx(1.2, abs=0.05)
    assert found["fitted"]["voice"] == pytest.approx(0.4, abs=0.05)
    assert found["methods"]["log-linear pool"]["accuracy"] > 0.97
    assert found["gain"]["accuracy_low"] > 0
    assert found["n"] == 400


def test_a_useless_voice_gets_no_weight(tmp_path):
    rng = np.random.default_rng(4)
    face, voice = rng.dirichlet(np.full(6, 2.0), 400), rng.dirichlet(np.full(6, 2.0), 400)
    found = evaluate_fusion(write_ratings(tmp_path / "r.csv", face, voice, face))
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
