"""The words network learns a toy language in seconds, and NumPy reads what torch wrote."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from empathy.errors import InputError
from empathy.text.emotion import SPEC
from empathy.text.goemotions import LABELS
from empathy.text.network import load_network, packed, unpacked
from empathy.text.vocabulary import tokens
from empathy.training.words import calibrate, export, read_situations, thresholds, train_words
from empathy.training.words_card import folded_confusion
from empathy.training.words_fit import Batch, Lexicon, Material, Recipe, Trained, fit, lexicon, lines, predict
from empathy.types import EMOTIONS

Toy = tuple[list[tuple[str, ...]], np.ndarray, Lexicon]
SMALL = Recipe(epochs=15, batch=16, rate=1e-2, n_vector=8, n_hidden=8, n_middle=16, drop=0.0, drop_word=0.0)
TEXTS = ["I am so glad today", "what a glad morning", "so glad to see you", "you look glad"] * 8 + \
        ["I am so mad at you", "this makes me mad", "mad people everywhere", "he got mad again"] * 8


@pytest.fixture(scope="module")
def toy() -> Toy:
    truth = np.zeros((len(TEXTS), 28), np.float32)
    truth[:32, LABELS.index("joy")] = 1.0
    truth[32:, LABELS.index("anger")] = 1.0
    texts = lines(TEXTS)
    return texts, truth, lexicon(texts, least_letters=2, least_words=2)


def learn(toy: Toy, path: Path, recipe: Recipe = SMALL) -> Trained:
    texts, truth, known = toy
    torch.set_num_threads(1)
    material = Material(texts=texts, truth=truth, lessons=texts[:40], lesson_truth=truth[:40], told=texts * 2,
                        feelings=np.arange(len(texts) * 2) % 3)
    trained = fit(material, texts, truth, known, recipe=recipe, seed=3, path=path, clock=iter(range(1000)).__next__,
                  progress=lambda line: None)
    assert trained.seconds == recipe.epochs
    assert [row["epoch"] for row in trained.history] == list(range(1, recipe.epochs + 1))
    return trained


def shortened(**changes: int) -> Recipe:
    return Recipe(**{**{name: getattr(SMALL, name) for name in SMALL.__slots__}, **changes})


def test_a_toy_language_is_learned(toy: Toy, tmp_path: Path) -> None:
    trained = learn(toy, tmp_path / "one.pt")
    logits = predict(trained.member, trained.known, lines(["you are so glad today", "you got so mad again"]))
    assert trained.history[-1]["unseen_loss"] < trained.history[0]["unseen_loss"]
    assert trained.history[-1]["unseen_precision"] > 0.9
    assert logits[0, LABELS.index("joy")] > logits[0, LABELS.index("anger")]
    assert logits[1, LABELS.index("anger")] > logits[1, LABELS.index("joy")]


def test_a_seed_gives_the_same_weights_and_a_finished_run_is_read_back(
    toy: Toy, tmp_path: Path
) -> None:
    short = shortened(epochs=1)
    one, two, again = (learn(toy, tmp_path / name, short).member for name in ("one.pt", "two.pt", "one.pt"))
    for first, second, third in zip(one.parameters(), two.parameters(), again.parameters(), strict=True):
        assert torch.equal(first, second)
        assert torch.equal(first, third)


def test_an_interrupted_run_ends_with_the_weights_of_an_uninterrupted_one(toy: Toy, tmp_path: Path) -> None:
    recipe = shortened(epochs=3)
    whole = learn(toy, tmp_path / "whole.pt", recipe)
    texts, truth, known = toy
    material = Material(texts=texts, truth=truth, lessons=texts[:40], lesson_truth=truth[:40], told=texts * 2,
                        feelings=np.arange(len(texts) * 2) % 3)

    def stop_after_two(line: str) -> None:
        if line.startswith("epoch 3"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(material, texts, truth, known, recipe=recipe, seed=3, path=tmp_path / "cut.pt",
            clock=iter(range(1000)).__next__, progress=stop_after_two)
    resumed = learn(toy, tmp_path / "cut.pt", recipe)
    for one, other in zip(whole.member.parameters(), resumed.member.parameters(), strict=True):
        assert torch.equal(one, other)


def test_confusion_counts_comments_of_one_emotion() -> None:
    truth, sure = np.zeros((3, 28), bool), np.full((3, 28), 0.01)
    for row, labels in enumerate((("joy",), ("anger", "annoyance"), ("joy", "anger"))):
        truth[row, [LABELS.index(label) for label in labels]] = True
    sure[0, LABELS.index("joy")] = sure[1, LABELS.index("sadness")] = 0.9
    counts = folded_confusion(truth, sure)
    assert counts.sum() == 2
    assert counts[EMOTIONS.index("happy"), EMOTIONS.index("happy")] == 1
    assert counts[EMOTIONS.index("angry"), EMOTIONS.index("sad")] == 1


def test_numpy_reads_what_torch_wrote(toy: Toy, tmp_path: Path) -> None:
    trained = learn(toy, tmp_path / "one.pt")
    member = trained.member
    with torch.no_grad():
        for table in (member.words, member.letters):
            table.weight.copy_(torch.from_numpy(unpacked(*packed(table.weight.numpy()))))
    ones = np.ones(28, np.float32)
    path = tmp_path / "words.safetensors"
    export(path, [trained], {"slope": ones, "shift": 0 * ones, "thresholds": ones / 2})
    network = load_network(path)
    for text in ("I am so glad", "mad", "unheard words of madness and gladness"):
        theirs = predict(trained.member, trained.known, lines([text]))[0]
        ours, _ = network.logits(tokens(text))
        assert np.abs(ours - theirs).max() < 0.05


def test_padding_does_not_change_an_answer(toy: Toy, tmp_path: Path) -> None:
    member = learn(toy, tmp_path / "one.pt").member
    short, long = lines(["so glad", "I am so glad today to see you all again and again"])
    with torch.no_grad():
        alone = member(Batch.of([short], toy[2]))[0][0]
        padded = member(Batch.of([short, long], toy[2]))[0][0]
    assert torch.allclose(alone, padded, atol=1e-5)


def test_thresholds_part_a_label_that_can_be_told() -> None:
    rng = np.random.default_rng(0)
    truth = np.zeros((2000, 2), bool)
    truth[:400] = True
    sure = np.where(truth, 0.8, 0.2) + rng.uniform(-0.1, 0.1, truth.shape)
    found = thresholds(sure.astype(np.float32), truth)
    assert np.all((found > 0.25) & (found < 0.8))


def test_calibration_finds_what_was_wrong_with_the_logits() -> None:
    rng = np.random.default_rng(0)
    right = rng.normal(0, 2, (20000, 1))
    truth = (rng.random((20000, 1)) < 1 / (1 + np.exp(-right))).astype(np.float32)
    slope, shift = calibrate(((right + 1.0) * 2.0).astype(np.float32), truth)
    assert slope[0] == pytest.approx(0.5, abs=0.05)
    assert shift[0] == pytest.approx(-1.0, abs=0.1)


def test_the_command_makes_a_file_and_a_card_that_agree(tmp_path: Path) -> None:
    data = tmp_path / "data"
    comments, situations = data / "text/goemotions/original", data / "text/empatheticdialogues"
    comments.mkdir(parents=True)
    situations.mkdir(parents=True)
    (comments / "labels.txt").write_text("\n".join(LABELS) + "\n", encoding="utf-8")
    rows = [f"{text}\t{LABELS.index('joy') if 'glad' in text else LABELS.index('anger')}\tid{k}\n"
            for k, text in enumerate(TEXTS * 4)]
    (comments / "train.tsv").write_text("".join(rows), encoding="utf-8")
    (comments / "dev.tsv").write_text("".join(rows[:20] + rows[40:60]), encoding="utf-8")
    (situations / "jointmatch_situation_dev.csv").write_text(
        "label,content\n" + "".join(f"{k % 4 + 1},{TEXTS[k % 64]}\n" for k in range(80)), encoding="utf-8")
    path = train_words(data, tmp_path / "run", epochs=1, members=1, threads=1)
    card = json.loads((tmp_path / "run" / "words.json").read_text(encoding="utf-8"))
    assert card["figures"]["n"] == 40
    assert card["abstention"][0]["coverage"] == 1.0
    assert {"loss.png", "confusion.png"} <= {path.name for path in (tmp_path / "run").iterdir()}
    assert "train words --out RUN --epochs 1 --members 1 --seed 1" in (tmp_path / "run" / "words.md").read_text()
    assert set(SPEC.load((path,)).read("so glad").labels) == set(LABELS)


def test_situations_of_another_layout_are_refused(tmp_path: Path) -> None:
    (tmp_path / "some.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="label,content"):
        read_situations(tmp_path / "some.csv")
