"""From a published model's folder to the files that ship, on a model of the same layout with random weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from empathy.cli.main import main
from empathy.errors import InputError
from empathy.text.encoder import FILES, WIDTH, load_encoder
from empathy.training.encoder import make_encoder

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz",
         *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"), "i", "feel", "alone", ".", ",", "'"]


@pytest.fixture(name="base")
def published(tmp_path: Path) -> Path:
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path / "base"
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    torch.manual_seed(0)
    sizes = BertConfig(vocab_size=len(WORDS), hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=12,
                       intermediate_size=256)
    BertModel(sizes).save_pretrained(folder)
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_the_small_files_say_what_the_published_model_says(base: Path, tmp_path: Path) -> None:
    make_encoder(base, tmp_path / "run")
    card = json.loads((tmp_path / "run/encoder.json").read_text())
    assert card["figures"]["cosine_least"] > 0.98
    assert card["base_is_published"] is False
    assert "not as published" in (tmp_path / "run/encoder.md").read_text()
    encoder = load_encoder(tmp_path / "run")
    assert np.linalg.norm(encoder.read("I feel alone")) == pytest.approx(1.0, abs=1e-5)
    assert all((tmp_path / "run" / name).is_file() for name in FILES)


def test_a_folder_of_something_else_is_refused_in_one_sentence(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="--base"):
        make_encoder(tmp_path / "nowhere", tmp_path / "run")
    assert main(["train", "encoder", "--base", str(tmp_path), "--out", str(tmp_path / "run")]) == 1
    assert "Traceback" not in capsys.readouterr().err
