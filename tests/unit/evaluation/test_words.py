from pathlib import Path

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.evaluation.words import evaluate_words
from empathy.registry import files_of
from empathy.text.emotion import SPEC, CompactWords
from empathy.text.goemotions import LABELS


@pytest.fixture
def table(tmp_path: Path) -> Path:
    index = {name: k for k, name in enumerate(LABELS)}
    rows = [("Thank you so much!", "gratitude", "x"), ("I love you", "love", "x"), ("haha so funny", "amusement", "y"),
            ("The meeting is at noon", "neutral", "y")]
    path = tmp_path / "some.tsv"
    path.write_text("".join(f"{text}\t{index[label]}\t{group}\n" for text, label, group in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def engine() -> CompactWords:
    return SPEC.load(files_of(SPEC, Path()))


def test_plain_sentences_score_well_and_every_figure_is_there(table: Path, engine: CompactWords) -> None:
    found = evaluate_words(table, engine=engine)
    assert found["n"] == 4
    assert {"task", "engine", "macro_f1", "micro_f1", "macro_f1_folded", "abstention", "ms_per_item"} <= set(found)
    micro = found["micro_f1"]
    assert isinstance(micro, float)
    assert micro > 0.8


def test_figures_by_a_column_are_given_by_its_number(table: Path, engine: CompactWords) -> None:
    by = evaluate_words(table, engine=engine, by="3")["by"]
    assert isinstance(by, dict)
    assert set(by) == {"x", "y"}


def test_a_column_by_name_is_refused(table: Path, engine: CompactWords) -> None:
    with pytest.raises(InputError, match="number"):
        evaluate_words(table, engine=engine, by="group")


def test_an_engine_that_shouts_every_label_has_low_precision(table: Path, engine: CompactWords) -> None:
    class Shouting(CompactWords):
        def chosen(self, probabilities: np.ndarray) -> np.ndarray:
            return np.ones(28, bool)

    found = evaluate_words(table, engine=Shouting(engine.network))
    assert found["micro_f1"] == pytest.approx(2 * 4 / (4 + 4 * 28))
