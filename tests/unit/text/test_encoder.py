"""The text encoder that ships: what is meant alike lies near, and odd input is read or refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from empathy.errors import ModelFileError
from empathy.registry import WEIGHTS
from empathy.text.encoder import FILES, MOST_TOKENS, MOST_WINDOWS, WIDTH, bundled_encoder, load_encoder, windows


@pytest.mark.parametrize(("text", "near", "far"), [
    ("I gave my dog to the neighbours because I won't need her any more",
     "I have found a new home for my pet, I'm leaving", "The train was late again this morning"),
    ("nobody would notice if I was gone", "I could disappear and no one would care", "I finally noticed the new shop"),
    ("I can't stop crying since mum died", "The loss of my mother leaves me in tears",
     "I can't stop eating these biscuits")])
def test_the_same_told_in_other_words_lies_nearer_than_the_same_words_about_something_else(
        text: str, near: str, far: str) -> None:
    vector, alike, other = (bundled_encoder().read(one) for one in (text, near, far))
    assert vector @ alike > vector @ other + 0.1


def test_a_vector_has_length_one_and_does_not_mind_capitals() -> None:
    vector = bundled_encoder().read("I feel alone")
    assert vector.shape == (WIDTH,)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(bundled_encoder().read("I FEEL ALONE"), vector, atol=1e-6)


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "[SEP] [CLS]", "\u200b", "👍" * 50, "ich möchte nach Hause"])
def test_odd_texts_give_a_finite_vector(text: str) -> None:
    assert np.isfinite(bundled_encoder().read(text)).all()
    assert not bundled_encoder().read("").any()


def test_a_long_text_is_read_to_its_end() -> None:
    calm = "we went for a walk and had tea in the garden with my aunt. " * 40
    end = "I want to be dead, I have the pills here and I will take them tonight. " * 12
    apart = bundled_encoder().read(calm) @ bundled_encoder().read(end)
    assert bundled_encoder().read(calm + end) @ bundled_encoder().read(end) > apart + 0.1


def test_windows_hold_every_piece_once_until_there_are_too_many() -> None:
    few = list(range(2 * MOST_TOKENS + 3))
    assert [piece for part in windows(few) for piece in part] == few
    many = windows(list(range(100 * MOST_TOKENS)))
    assert len(many) == MOST_WINDOWS
    assert many[0][0] == 0
    assert many[-1][-1] == 100 * MOST_TOKENS - 1


@pytest.mark.parametrize("name", FILES)
def test_a_broken_or_absent_file_is_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    for file in FILES:
        shutil.copy(WEIGHTS / file, tmp_path)
    (tmp_path / name).write_bytes(b"nothing")
    with pytest.raises(ModelFileError, match="train encoder"):
        load_encoder(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelFileError, match="full checkout"):
        load_encoder(tmp_path)


def test_every_file_stays_below_what_a_repository_takes_without_large_file_storage() -> None:
    assert all((WEIGHTS / name).stat().st_size < 10e6 for name in FILES)
