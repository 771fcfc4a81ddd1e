from __future__ import annotations

import gradio as gr
import pytest

from empathy.ui.chat import as_markdown, chat_log, messages
from empathy.ui.sessions import Line


@pytest.mark.parametrize(("written", "sent"), [
    ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
    ("<b>x</b> & <script>", r"&lt;b\>x&lt;/b\> &amp; &lt;script\>"),
    ("![](https://evil.example/?q=1)", r"\!\[\]\([https://evil.example/](https://evil.example/)?q\=1\)"),
    ("# no heading\n- no list", "\\# no heading  \n\\- no list"),
])
def test_no_mark_of_a_visitor_becomes_formatting(written, sent):
    assert as_markdown(written).replace(r"\=", "=") == sent.replace(r"\=", "=")


def test_a_plain_address_stays_a_link():
    assert as_markdown("See https://findahelpline.com.") == \
        "See [https://findahelpline.com](https://findahelpline.com)\\."


def test_the_directory_of_help_lines_is_a_link_however_it_is_written():
    assert as_markdown("Call: findahelpline.com") == "Call\\: [findahelpline.com](https://findahelpline.com)"


def test_the_chat_keeps_who_said_what():
    assert messages((Line("user", "hi"), Line("assistant", "hello"))) == [
        {"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]


def test_the_chat_draws_no_formulas_and_no_tags_and_asks_for_no_marks():
    with gr.Blocks():
        log = chat_log("chat", height=100, welcome="Hello.")
    assert (log.latex_delimiters, log.allow_tags, log.feedback_options, log.buttons) == ([], False, None, [])
