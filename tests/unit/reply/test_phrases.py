"""Picking and filling sentences, and the data they come from."""

from __future__ import annotations

import re
from random import Random

import pytest

from empathy.memory.session import key
from empathy.reply.phrases import Pen, lines, pattern, table, tidy

FILES = ("acts", "advice", "care", "feelings", "frames", "openings", "questions", "senses", "situations", "subjects",
         "verbs")
SLOTS = {
    "clause", "story", "bare", "tail",
    "second", "event", "object", "single", "somebody", "animal", "past", "now", "gerund", "topic", "person",
    "thing", "adj", "noun",
    "noun2", "right", "quote", "fact", "facts", "name", "comma_name", "look", "sound", "shown", "felt", "one", "other",
}


def pen(*said: str, **slots: str) -> Pen:
    return Pen(Random(1), slots, frozenset(key(one) for one in said))


def every(node: object) -> list[str]:
    """All sentences below a node of a table, without the words to match."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, list):
        return [text for item in node for text in every(item)]
    if isinstance(node, dict):
        return [text for name, item in node.items() if name not in ("match", "words", "verbs") for text in every(item)]
    return []


def test_a_choice_and_a_slot_are_filled_in() -> None:
    assert pen(topic="your exam").write(["What about {topic} [worries|troubles] you?"]) in (
        "What about your exam worries you?", "What about your exam troubles you?")


def test_a_sentence_without_its_slot_is_not_used() -> None:
    assert pen().write(["About {topic}."]) is None


def test_what_was_said_is_not_said_again_whatever_its_marks() -> None:
    assert pen("how are you").write(["How are you?"]) is None
    assert pen("one").write(["One.", "Two."]) == "Two."


def test_a_line_for_another_time_is_not_used() -> None:
    assert pen(time="ahead").write(["(past) What happened?"]) is None
    assert pen(time="past").write(["(past) What happened?"]) == "What happened?"


def test_tidy_gives_capitals_and_single_marks() -> None:
    assert tidy("so you left . you were tired!.") == "So you left. You were tired!"


def test_patterns_know_endings_and_gaps() -> None:
    found = pattern(("sad*", "dog+died"))
    assert found is not None
    assert found.search("such sadness") and found.search("my dog Rex died")
    assert not found.search("crusade") and not found.search("my dog is very well and has not died")
    assert pattern(()) is None


@pytest.mark.parametrize("file", FILES)
def test_every_sentence_has_known_slots_and_whole_choices(file: str) -> None:
    for text in every(dict(table(file))):
        assert set(re.findall(r"\{(\w+)\}", text)) <= SLOTS, text
        assert text.count("[") == text.count("]"), text
        assert not re.search(r"\[[^\]|]*\]", text), f"a choice of one: {text}"


@pytest.mark.parametrize("file", FILES)
def test_no_sentence_breaks_the_rules_that_a_language_model_must_keep(file: str) -> None:
    from empathy.reply.guard import Evidence, check

    for text in every(dict(table(file))):
        filled = re.sub(r"\{\w+\}", "it", re.sub(r"\[([^\]|]*)\|[^\]]*\]", r"\1", text))
        if file != "care" or "findahelpline" not in filled:
            assert set(check(filled, Evidence("sad happy scared angry", None))) <= {"claim"}, text


def test_every_feeling_and_situation_has_what_the_composer_needs() -> None:
    feelings = table("feelings")
    for entry in feelings.values():
        assert len(entry["validate"]) >= 3 and len(entry["ask"]) >= 4 and entry["adjective"] and entry["noun"]
    for name, entry in table("situations").items():
        assert entry["feeling"] in feelings, name
        assert entry["validate"] and len(entry["ask"]) >= 3


def test_every_question_is_one_question() -> None:
    asks = [text for entry in (*table("feelings").values(), *table("situations").values(), *table("acts").values())
            for text in entry.get("ask", [])] + [text for tone in table("frames")["ask"].values() for text in tone]
    for text in asks:
        assert text.endswith("?") and text.count("?") == 1, text


def test_an_unknown_path_has_no_lines() -> None:
    assert lines("frames", "no", "such") == ()
