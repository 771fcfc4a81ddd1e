from pathlib import Path

import pytest

from empathy.text.plain_text import plain_text
from empathy.text.risk_concepts import Concepts, load_concepts


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return load_concepts()


def test_a_word_has_its_own_names_and_those_of_its_stems(concepts: Concepts) -> None:
    assert "sharp" in concepts.of("scalpel")
    assert "harm" in concepts.of("bleeding")
    assert "love" not in concepts.of("glove")


def test_a_word_that_nobody_listed_stands_for_nothing(concepts: Concepts) -> None:
    assert concepts.of("tuesday") == ()


def test_other_words_of_one_meaning_share_their_features(concepts: Concepts) -> None:
    one, other = (set(concepts.features(plain_text(text).form))
                  for text in ("I put the scalpel on my arm", "I put the razor on my wrist"))
    assert len(one & other) > 0.9 * len(one | other)


def test_pairs_end_at_a_full_stop() -> None:
    concepts = Concepts(words={"knife": ("sharp",), "arm": ("limb",)}, stems={})
    assert "kp sharp limb" in set(concepts.features("knife to the arm"))
    assert "kp sharp limb" not in set(concepts.features("knife . the arm"))
    assert "kp sharp limb" not in set(concepts.features("knife" + " and" * 9 + " arm"))


def test_no_words_have_no_features(concepts: Concepts) -> None:
    assert list(concepts.features("  ")) == []


def test_a_missing_thesaurus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="risk_concepts"):
        load_concepts(tmp_path)
