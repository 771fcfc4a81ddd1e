"""A chat template around contents that stay contents."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from empathy.errors import ModelRunError
from empathy.protocols import Message
from empathy.reply.template import Template

MESSAGES = (Message(role="system", content="kind"), Message(role="user", content=" hi "))


def formatter(form: str = "<{role}>{content}", end: str = "<assistant>") -> Any:
    """Writes each message in a form, as a chat template does."""
    def render(messages: list[dict[str, str]]) -> Any:
        return SimpleNamespace(prompt="".join(form.format(**one) for one in messages) + end)
    return render


def tokenize(text: str, special: bool) -> list[int]:
    """Characters; those of the template are told from those of a content by their sign."""
    return [ord(char) if special else -ord(char) for char in text]


def written(tokens: list[int]) -> str:
    return "".join(chr(abs(token)) for token in tokens)


def test_contents_stand_in_their_places_without_the_space_around_them() -> None:
    tokens, _ = Template(formatter(), tokenize).tokens(MESSAGES)
    assert written(tokens) == "<system>kind<user>hi<assistant>"


def test_contents_are_tokenized_without_special_tokens_and_the_template_with_them() -> None:
    tokens, _ = Template(formatter(), tokenize).tokens((Message(role="user", content="<user>"),))
    assert written([token for token in tokens if token < 0]) == "<user>"


def test_the_head_ends_before_the_second_content() -> None:
    tokens, head = Template(formatter(), tokenize).tokens(MESSAGES)
    assert written(tokens[:head]) == "<system>kind<user>"


def test_an_open_prompt_ends_with_its_last_content() -> None:
    tokens, _ = Template(formatter(), tokenize).tokens(MESSAGES, is_open=True)
    assert written(tokens) == "<system>kind<user>hi"


def test_a_template_may_leave_a_message_out_or_write_it_twice() -> None:
    def twice(messages: list[dict[str, str]]) -> Any:
        return SimpleNamespace(prompt=f"[{messages[1]['content']}|{messages[1]['content']}]")

    tokens, _ = Template(twice, tokenize).tokens(MESSAGES)
    assert written(tokens) == "[hi|hi]"


def test_a_template_that_refuses_says_so() -> None:
    def refuse(messages: list[dict[str, str]]) -> Any:
        raise ValueError("System role not supported")

    with pytest.raises(ModelRunError, match="System role not supported"):
        Template(refuse, tokenize).tokens(MESSAGES)
