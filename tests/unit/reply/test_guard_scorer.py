"""The classifier behind the guard's rules: the file that ships, and files that can't be read."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from empathy.errors import ModelFileError
from empathy.registry import WEIGHTS
from empathy.reply.guard_scorer import CLASSES, FILE, bundled_scorer, load_scorer, scorer_or_none, see
from empathy.text.encoder import WIDTH, bundled_encoder


def test_the_file_that_ships_names_the_rule_of_plain_cases() -> None:
    scorer = bundled_scorer()
    assert scorer is not None
    for name, sentence in (("promise", "You will be happy again soon, I promise you that."),
                           ("medication", "You should take two sleeping pills with the wine tonight.")):
        rule, forbidden = scorer.judge(sentence)
        assert rule == name
        assert forbidden >= scorer.limit
    assert scorer.judge("What happened after that?")[1] < scorer.limit


def test_it_is_loaded_once() -> None:
    assert bundled_scorer() is bundled_scorer()


def test_a_sentence_is_seen_as_hashes_and_a_vector_of_length_1() -> None:
    seen = see("Take the pills.", bundled_encoder())
    assert np.linalg.norm(seen.vector) == pytest.approx(1.0, abs=1e-5)
    for group in (seen.grams, seen.frames):
        assert len(group) and (np.diff(group.astype(np.int64)) > 0).all()


@pytest.mark.parametrize("content", [None, b"", b"not a network"])
def test_without_its_file_the_log_says_that_the_rules_go_on_alone(
        content: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / FILE
    if content is not None:
        path.write_bytes(content)
    with caplog.at_level(logging.ERROR):
        assert scorer_or_none(path) is None
    assert "rules go on without the classifier" in caplog.text
    assert "train guard" in caplog.text


def test_a_file_of_other_classes_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    stored = load_file(WEIGHTS / FILE)
    assert stored["dense"].shape == (WIDTH, len(CLASSES))
    save_file({**stored, "dense": stored["dense"][:, :3].copy()}, tmp_path / FILE)
    with pytest.raises(ModelFileError, match="other classes"):
        load_scorer(tmp_path / FILE)
