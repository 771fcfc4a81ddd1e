from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from empathy.errors import ModelFileError
from empathy.text.judge import BONDS, DIMENSIONS, ReplyJudge, bundled_judge, load_judge, reply_features, stem, stems
from empathy.text.vocabulary import tokens

TOLD = "My dog Rex died this morning."


@pytest.fixture(scope="module")
def judge() -> ReplyJudge:
    return bundled_judge()


def test_a_reply_to_this_story_is_above_one_to_another_and_above_a_general_one(judge: ReplyJudge) -> None:
    own = judge.judge(TOLD, "I'm so sorry about your dog. How old was Rex when he died?")
    other = judge.judge(TOLD, "I'm so sorry about your exam. How did your teacher take it?")
    general = judge.judge(TOLD, "I'm so sorry to hear that.")
    assert own.meant > general.meant > other.meant
    assert own.empathy > max(other.empathy, general.empathy) + 1.0


def test_questions_explore_and_regret_reacts(judge: ReplyJudge) -> None:
    asked = judge.judge(TOLD, "What happened to your dog this morning?")
    sorry = judge.judge(TOLD, "I'm so sorry that your dog died.")
    assert asked.exploration > sorry.exploration + 1.0
    assert sorry.emotional_reaction > asked.emotional_reaction + 1.0


def test_words_of_bad_news_are_like_bad_news_and_unlike_good(judge: ReplyJudge) -> None:
    at, awful = BONDS.index("likeness of mood"), tokens("How awful, that was terrifying.")
    bad, good = (judge.topics.bonds(tokens(text), awful)[at] for text in ("I was so scared", "I won a lovely prize"))
    assert bad > 0.2
    assert good < -0.2


def test_levels_are_probabilities_and_expectations_stay_within_their_scale(judge: ReplyJudge) -> None:
    assert judge.levels(tokens("So sorry. Why?")).sum(axis=1) == pytest.approx(np.ones(len(DIMENSIONS)))
    found = judge.judge("my dog died", "I am so sorry your dog died, what happened to your dog when your dog died?")
    assert all(0.0 <= getattr(found, name) <= 2.0 for name in DIMENSIONS)
    assert found.empathy == found.emotional_reaction + found.interpretation + found.exploration


@pytest.mark.parametrize(("told", "reply"), [("", ""), ("", "Hello."), ("Hello.", ""), ("😀", "?!"), ("x" * 9, "y")])
def test_nothing_and_unknown_words_are_judged_too(judge: ReplyJudge, told: str, reply: str) -> None:
    assert np.isfinite(judge.judge(told, reply).empathy)


def test_bonds_of_a_text_with_itself_share_everything(judge: ReplyJudge) -> None:
    parts = tokens("walking dogs")
    bonds = dict(zip(BONDS, judge.topics.bonds(parts, parts), strict=True))
    assert bonds["share of the story"] == bonds["share of the reply"] == 1.0
    assert bonds["likeness of topic"] == pytest.approx(1.0)
    assert bonds["length of the reply"] == np.log1p(2)


def test_a_tellers_words_count_as_taken_up_when_they_are_turned(judge: ReplyJudge) -> None:
    told = tokens("he took my bike")
    turned, other = (judge.topics.bonds(told, tokens(text)) for text in ("took your bike", "took her bike"))
    at = BONDS.index("shared pairs of words")
    assert turned[at] > other[at]


def test_stems_meet_in_their_commonest_endings() -> None:
    assert stem("dogs") == stem("dog's") == "dog"
    assert stems("I was walking") == stems("you walked") == {"walk"}


def test_features_tell_how_a_reply_begins_and_ends_and_how_much_it_asks() -> None:
    found = reply_features(tokens("Oh no! Why? When?"))
    assert {"first oh", "first oh no", "last ?", "questions 2"} <= found
    assert "questions 0" in reply_features(())


def test_a_broken_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "judge.safetensors").write_bytes(b"no")
    with pytest.raises(ModelFileError, match="train judge"):
        load_judge(tmp_path / "judge.safetensors")


def test_what_is_usual_scales_the_levels(judge: ReplyJudge) -> None:
    half = replace(judge, usual=2.0 * judge.usual)
    one, other = (some.judge(TOLD, "Why?").exploration for some in (judge, half))
    assert other == pytest.approx(one / 2)
