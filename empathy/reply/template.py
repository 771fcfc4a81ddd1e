"""From messages to tokens: the model's own chat template around contents that stay contents.

The template is rendered with a mark in place of each content, and the pieces between the marks are tokenized with the
vocabulary's special tokens, the contents without. So nothing a person writes can open or close a message, whatever it
spells, and a message has the same tokens whatever comes after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from ..errors import ModelRunError
from ..protocols import Message

Tokenize: TypeAlias = Callable[[str, bool], list[int]]
"""From a text, and whether it may hold special tokens, to tokens."""

_MARK = re.compile("\ue000(\\d+)\ue001")
"""Characters for private use: no template holds them."""


class Template:
    """``format`` is a ``llama_cpp.llama_chat_format.Jinja2ChatFormatter``."""

    def __init__(self, formatter: Callable[..., Any], tokenize: Tokenize) -> None:
        self._format = formatter
        self._tokenize = tokenize

    def tokens(self, messages: Sequence[Message], *, is_open: bool = False) -> tuple[list[int], int]:
        """The prompt, and how many of its tokens come before the second content: the head that never changes.

        Args:
            messages: at least one.
            is_open: end with the last content, which may still grow, instead of inviting the answer.

        Raises:
            ModelRunError: the template does not take such messages.
        """
        marked = [{"role": one.role, "content": f"\ue000{i}\ue001"} for i, one in enumerate(messages)]
        try:
            text: str = self._format(messages=marked).prompt
        except Exception as error:  # a template is a program of its maker
            raise ModelRunError(f"the model's chat template does not take this conversation ({error})") from error
        tokens, head, at = list[int](), 0, 0
        for mark in _MARK.finditer(text):
            tokens += self._tokenize(text[at : mark.start()], True)
            head = len(tokens) if mark.group(1) == "1" else head
            tokens += self._tokenize(messages[int(mark.group(1))].content.strip(), False)
            at = mark.end()
        return (tokens if is_open else tokens + self._tokenize(text[at:], True)), head
