"""Replies of a language model that are broken off, on the real page: stop, reload, leaving, in a stream or before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
pytest.importorskip("gguf", reason="gguf, which writes the test's model, is not installed")
expect = sync_api.expect

from tests.tiny_gguf import write_gguf  # noqa: E402  # after the skips

from .conftest import serving  # noqa: E402  # after the skips
from .test_llama_page import LONG_MS, answered, busy, reload, send, stand_in_line, stop  # noqa: E402  # after the skips

pytestmark = pytest.mark.browser

FIRST = "I hear how heavy this is."
LAST = "Would talking with somebody close make tonight easier?"
SAYS = (f"{FIRST} Losing something dear can leave people tired, restless and quiet for many long weeks. Nothing about "
        f"your wish to rest sounds strange. {LAST}")
LONG = "This is a long story of one more rainy day. " * 60


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("llama") / "log.txt"


@pytest.fixture(scope="module")
def url(log: Path) -> Iterator[str]:
    """A page whose language model takes some seconds for a reply on one thread."""
    model = write_gguf(log.parent / "tiny.gguf", SAYS, layers=12, width=1024)
    with serving(log, log.parent / "uploads", log.parent / "models", EMPATHY_LLAMA=str(model),
                 EMPATHY_TEMPERATURE="0", EMPATHY_THREADS="1", EMPATHY_LLAMA_CONTEXT="8192") as address:
        yield address
    assert "Traceback" not in log.read_text()


def streaming(page: Any) -> None:
    """Wait until the first sentence of a reply is on show, and the last is not."""
    expect(page.locator("#chat")).to_contain_text(FIRST, timeout=LONG_MS)
    expect(page.locator("#stop")).to_be_visible()


def test_stop_in_the_middle_keeps_what_was_said_and_frees_the_model(visit: Callable[..., Any]):
    page = visit()
    send(page, "I lost my cat")
    streaming(page)
    stop(page)
    expect(page.locator("#chat")).to_contain_text(FIRST)
    expect(page.locator("#chat")).not_to_contain_text(LAST)
    expect(page.locator("#send")).to_be_visible()
    send(page, "And my dog")
    assert LAST in answered(page)


def test_a_reload_in_the_middle_begins_anew_and_is_answered(visit: Callable[..., Any]):
    page = visit()
    send(page, "I lost my xylophone")
    streaming(page)
    reload(page)
    expect(page.locator("#chat")).not_to_contain_text("xylophone")
    send(page, "Hello again")
    reply = answered(page)
    assert FIRST in reply and LAST in reply
    expect(page.locator("#chat")).not_to_contain_text("xylophone")


def test_who_leaves_while_waiting_lets_the_others_move_up(visit: Callable[..., Any]):
    first, second, third = visit(), visit(), visit()
    busy(first, LONG)
    stand_in_line(second, "Mine is short.")
    stand_in_line(third, "Mine too.", "2 visitors are before you")
    second.close()
    expect(third.locator("#talk-status")).to_contain_text("One visitor is before you", timeout=LONG_MS)
    assert FIRST in answered(first)
    assert FIRST in answered(third)


def test_stop_while_waiting_leaves_the_line_and_the_other_goes_on(visit: Callable[..., Any]):
    first, second = visit(), visit()
    busy(first, LONG)
    stand_in_line(second, "Mine is short.")
    stop(second)
    assert LAST in answered(first)
    send(second, "Once more.")
    assert FIRST in answered(second)


def test_a_cry_for_help_waits_for_no_model(visit: Callable[..., Any]):
    first, second = visit(), visit()
    busy(first, LONG)
    second.locator("#help-now").click()
    expect(second.locator("#chat")).to_contain_text("findahelpline.com", timeout=LONG_MS)
    first.close()


def test_the_live_tab_answers_what_is_typed_there_with_the_same_model(visit: Callable[..., Any]):
    page = visit()
    page.get_by_role("tab", name="Live", exact=True).click()
    expect(page.get_by_text("may read along while you speak or type")).to_be_visible()
    page.locator("#live-words textarea, #live-words input").first.fill("I lost my cat")
    page.locator("#live-words textarea, #live-words input").first.press("Enter")
    expect(page.locator("#live-chat")).to_contain_text(LAST, timeout=LONG_MS)
    expect(page.locator("#live-status")).to_contain_text("Done.", timeout=LONG_MS)


@pytest.fixture(scope="module")
def summing_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page whose language model says one thing, which is a summary too."""
    folder = tmp_path_factory.mktemp("summary")
    model = write_gguf(folder / "tiny.gguf", "You lost your umbrella at the station.", vocabulary="gpt2")
    with serving(folder / "log.txt", folder / "uploads", folder / "models", EMPATHY_LLAMA=str(model),
                 EMPATHY_TEMPERATURE="0", EMPATHY_THREADS="1") as address:
        yield address


def test_older_turns_are_told_by_the_model_once_the_answer_is_there(visit: Callable[..., Any], summing_up: str):
    page = visit()
    page.goto(summing_up)
    page.locator("#words textarea").wait_for()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday"):
        page.locator("#words textarea").fill(
            f"On {day} I lost my umbrella at the station. " + "It rained and I walked home. " * 43)
        page.locator("#words textarea").press("Enter")
        expect(page.locator("#chat [data-testid=user]").last).to_contain_text(day, timeout=LONG_MS)
        answered(page)
    expect(page.locator("#remembered")).to_contain_text("You lost your umbrella at the station.", timeout=LONG_MS)
