from pathlib import Path

import numpy as np
import pytest

from empathy.errors import ModelFileError
from empathy.text.network import LAYERS, Member, Network, load_network, packed, place, unpacked
from empathy.text.vocabulary import hashed, tokens


def member(words: tuple[str, ...] = ("glad", "today"), width: int = 4, hidden: int = 3) -> Member:
    rng = np.random.default_rng(0)
    shapes = ((2, width, 3 * hidden), (2, 3 * hidden), (2, hidden, 3 * hidden), (2, 3 * hidden), (2 * hidden, 4), (4,),
              (10 * hidden, 5), (5,), (5, 28), (28,))
    return Member(word_keys=np.array(sorted(hashed("w " + word) for word in words), np.uint32),
                  letter_keys=np.array([hashed("c ^gl")], np.uint32),
                  words=rng.normal(size=(len(words) + 1, width)).astype(np.float32),
                  letters=rng.normal(size=(1, width)).astype(np.float32),
                  layers={name: rng.normal(size=shape).astype(np.float32)
                          for name, shape in zip(LAYERS, shapes, strict=True)})


def test_packing_loses_less_than_half_a_step_of_the_largest_number() -> None:
    vectors = np.random.default_rng(1).normal(size=(50, 16)).astype(np.float32)
    back = unpacked(*packed(vectors))
    assert np.sqrt(np.mean((back - vectors) ** 2)) < 0.5 * np.abs(vectors).max(axis=1).mean() / 7


def test_packed_vectors_take_half_a_byte_a_number() -> None:
    pairs, scale = packed(np.ones((10, 16), np.float32))
    assert pairs.nbytes == 10 * 8
    assert scale.shape == (10,)


def test_a_key_that_is_not_there_points_behind_the_last() -> None:
    keys = np.array([3, 7, 9], np.uint32)
    assert place(keys, [7, 8, 100]).tolist() == [1, 3, 3]


def test_known_is_the_share_of_words_that_training_met() -> None:
    assert member().known(tokens("glad today zzz qqq")) == 0.5
    assert member().known(tokens("!!!")) == 1.0


def test_a_network_averages_its_members_and_calibrates() -> None:
    one, ones = member(), np.ones(28, np.float32)
    network = Network(members=(one, one), slope=2 * ones, shift=ones, thresholds=ones)
    parts = tokens("so glad")
    logits, _ = network.logits(parts)
    assert np.allclose(logits, 2 * one.logits(parts) + 1, atol=1e-5)


def test_a_broken_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "words.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelFileError, match="train words"):
        load_network(tmp_path / "words.safetensors")
