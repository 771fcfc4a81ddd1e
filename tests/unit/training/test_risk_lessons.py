import json
from pathlib import Path

import numpy as np
import pytest

from empathy.text.risk import CLASSES
from empathy.training.risk_lessons import draw_lessons, filled

OWN = Path(__file__).parents[2] / "data"


def test_a_line_is_filled_from_the_inside_out() -> None:
    rng = np.random.default_rng(0)
    told = {filled("I {cut|hurt} my <part>{ again| {now|today}|}", {"part": "arm|leg"}, rng) for _ in range(300)}
    assert told == {f"I {verb} my {part}{end}" for verb in ("cut", "hurt") for part in ("arm", "leg")
                    for end in (" again", " now", " today", "")}


def test_a_slot_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("my <nothing>", {}, np.random.default_rng(0))


def test_lessons_come_once_leave_no_marks_and_know_their_category() -> None:
    lessons = draw_lessons(1)
    texts = [lesson.text for lesson in lessons]
    assert len(texts) == len(set(texts)) > 2000
    assert not [text for text in texts if set(text) & set("{}|<>")]
    assert {lesson.category for lesson in lessons} == set(CLASSES) - {"everyday"}


def test_a_seed_draws_the_same_lessons() -> None:
    assert draw_lessons(3) == draw_lessons(3)
    assert draw_lessons(3) != draw_lessons(4)


def test_no_lesson_is_a_sentence_that_tests_hold() -> None:
    own = {json.loads(line)["text"].lower().strip(" .!?") for name in ("risk_positives", "risk_hard_negatives")
           for line in (OWN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()}
    assert not [lesson.text for lesson in draw_lessons(1) if lesson.text.lower().strip(" .!?") in own]
