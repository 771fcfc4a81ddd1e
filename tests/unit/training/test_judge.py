import csv
from pathlib import Path

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.text.judge import load_judge
from empathy.training.judge import FILES, export, kappa, read_pairs
from empathy.training.judge_fit import News, Pairs, deal, fit_judge, inputs_of, topics_of

THINGS = ("dog", "exam", "sister", "boss", "car", "garden", "wedding", "knee")


def pairs() -> Pairs:
    """Every answer takes up its own story; regret is a reaction, a question explores."""
    told, replies, levels = [], [], []
    for k in range(160):
        thing = THINGS[k % 8]
        told.append(f"My {thing} makes me cry tonight {k}")
        kind = k % 3
        replies.append((f"I am so sorry about the {thing}", f"Why the {thing} of all?", f"The {thing} is blue.")[kind])
        levels.append(((2, 0, 0), (0, 0, 2), (0, 0, 0))[kind])
    return Pairs(told=tuple(told), replies=tuple(replies), levels=np.array(levels), fold=np.arange(160) // 8 % 5)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = pairs()
    news = News(texts=tuple(f"{mood} {thing}" for mood in ("awful", "lovely") for thing in THINGS),
                good=np.array([False] * 8 + [True] * 8))
    texts = [*own.told, *own.replies, *(f"{a} {b} {c}" for a in THINGS for b in THINGS for c in ("red", "big", "old",
             "new", "odd", "hot", "wet", "shy", "fat", "sad", "far", "raw", "low", "mad", "dry", "icy"))]
    topics = topics_of([text for text in texts for _ in range(2)], news)
    judge = fit_judge(own, inputs_of(own, topics, news, seed=0), topics)
    path = tmp_path_factory.mktemp("judge") / "judge.safetensors"
    export(path, judge)
    return path


def test_the_exported_judge_tells_regret_from_questions_and_its_own_story_from_another(fitted: Path) -> None:
    judge = load_judge(fitted)
    own = judge.judge("My dog makes me cry tonight", "I am so sorry about the dog")
    assert own.emotional_reaction > 1.0 > own.exploration
    assert judge.judge("My dog makes me cry tonight", "Why the dog of all?").exploration > 1.0
    assert own.meant > judge.judge("My car makes me cry tonight", "I am so sorry about the dog").meant


def test_replies_are_dealt_out_among_other_stories_of_their_fold() -> None:
    own = pairs()
    dealt = deal(own, seed=0)
    assert (own.fold[dealt[:, 0]] == own.fold[dealt[:, 1]]).all()
    assert all(own.told[i] != own.told[j] for i, j in dealt)


def test_kappa_is_zero_by_chance_one_for_agreement_and_a_known_value_between() -> None:
    truth = np.array([0, 0, 1, 1])
    assert kappa(truth, truth, 2) == 1.0
    assert kappa(truth, np.array([0, 1, 0, 1]), 2) == 0.0
    assert kappa(truth, np.array([0, 0, 1, 0]), 2) == pytest.approx(0.5)
    assert np.isnan(kappa(np.zeros(3, int), np.zeros(3, int), 2))


def write(folder: Path, ids: dict[str, list[str]], level: str = "1") -> None:
    for name, file in FILES.items():
        with (folder / file).open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(["sp_id", "rp_id", "seeker_post", "response_post", "level", "rationales"])
            rows.writerows([one, "r", f"post {one}", "reply", level, ""] for one in ids[name])


def test_answers_to_one_post_share_a_fold(tmp_path: Path) -> None:
    write(tmp_path, {name: ["a", "b", "a"] for name in FILES})
    found = read_pairs(tmp_path)
    assert found.levels.tolist() == [[1, 1, 1]] * 3
    assert found.fold[0] == found.fold[2]


def test_tables_that_do_not_match_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {name: ["a"] if name == "interpretation" else ["b"] for name in FILES})
    with pytest.raises(InputError, match="same pairs"):
        read_pairs(tmp_path)


@pytest.mark.parametrize("level", ["3", ""])
def test_a_level_outside_the_scale_is_refused(tmp_path: Path, level: str) -> None:
    write(tmp_path, {name: ["a"] for name in FILES}, level)
    with pytest.raises(InputError, match="level being 0, 1 or 2"):
        read_pairs(tmp_path)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="EPITOME"):
        read_pairs(tmp_path)
