"""What of a message is said back."""

from __future__ import annotations

import pytest

from empathy.reply.retell import fragment
from empathy.reply.understand import understand


@pytest.mark.parametrize(("words", "said"), [
    ("I dropped my phone and the screen shattered.", "you dropped your phone and the screen shattered"),
    ("I had a flat this morning. My jack was broken.", "you had a flat this morning, and your jack was broken"),
    ("I lost my job", "you lost your job"),
])
def test_two_short_clauses_are_told_together_in_their_order(words: str, said: str) -> None:
    assert understand(words, None).story == said


def test_what_happened_to_others_may_be_said_back_but_not_how_they_are() -> None:
    assert understand("She found a stray dog yesterday.", None).clause == "she found a stray dog yesterday"
    assert understand("They were so wonderful.", None).clause is None


@pytest.mark.parametrize("words", ["My friend is going to kill me", "He was the last person I expected to see"])
def test_what_must_not_or_can_not_stand_alone_is_not_said_back(words: str) -> None:
    assert understand(words, None).clause is None


def test_a_message_without_a_verb_is_said_back_as_a_thing() -> None:
    assert fragment("Hanging out with my dog by a lake.") == "hanging out with your dog by a lake"


@pytest.mark.parametrize("words", ["Moving scares me!", "Thinking of you", "Reading", "Going to the", "nothing at all"])
def test_a_fragment_that_is_not_sure_is_left_out(words: str) -> None:
    assert fragment(words) is None
