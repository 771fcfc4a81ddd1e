"""Two visitors and one language model, on the real page: a GGUF made here, slow enough that one has to wait."""

from __future__ import annotations

import json
import re
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

pytestmark = pytest.mark.browser

LONG_MS = 120_000
SAYS = "I hear how heavy this is. What would help you most right now?"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page whose language model takes some seconds for its first prompt on one thread."""
    folder = tmp_path_factory.mktemp("llama")
    model = write_gguf(folder / "tiny.gguf", SAYS, layers=10, width=768)
    with serving(folder / "log.txt", folder / "uploads", folder / "models", EMPATHY_LLAMA=str(model),
                 EMPATHY_TEMPERATURE="0", EMPATHY_THREADS="1", EMPATHY_LLAMA_CONTEXT="8192") as address:
        yield address


def send(page: Any, words: str) -> None:
    page.locator("#words textarea").fill(words)
    page.locator("#words textarea").press("Enter")


def answered(page: Any) -> str:
    expect(page.locator("#talk-status")).to_contain_text("Done.", timeout=LONG_MS)
    return str(page.locator("#chat [data-testid=bot]").last.inner_text())


def busy(page: Any, words: str) -> None:
    """Send what keeps the model busy for a while, and wait until it is."""
    send(page, words)
    expect(page.locator("#talk-status")).to_contain_text("Writing", timeout=LONG_MS)


def stand_in_line(page: Any, words: str, place: str = "One visitor is before you") -> None:
    """Send something while the model is busy with another, and wait until the page tells the place in the line."""
    send(page, words)
    expect(page.locator("#talk-status")).to_contain_text(place, timeout=LONG_MS)


def stop(page: Any) -> None:
    """Press the button, and wait until it has stopped."""
    page.locator("#stop").click()
    expect(page.locator("#talk-status")).to_contain_text("Stopped.", timeout=LONG_MS)


def reload(page: Any) -> None:
    """Load the page anew, and wait until it takes words."""
    page.reload()
    page.locator("#words textarea").wait_for()


def test_it_speaks_on_the_page_and_is_named(visit: Callable[..., Any]):
    page = visit()
    send(page, "I lost my job")
    assert SAYS in answered(page)
    expect(page.locator("#talk-cards")).to_contain_text("llama@tiny")


def test_the_second_visitor_sees_the_place_in_the_line_and_is_served(visit: Callable[..., Any]):
    first, second = visit(), visit()
    busy(first, "This is a long story. " * 80)
    stand_in_line(second, "And I have a short one.")
    assert SAYS in answered(first)
    assert SAYS in answered(second)
    expect(second.locator("#chat")).not_to_contain_text("long story")


def test_a_visitor_who_leaves_frees_the_model(visit: Callable[..., Any]):
    first, second = visit(), visit()
    busy(first, "This is another long story. " * 80)
    stand_in_line(second, "Mine is short.")
    first.close()
    assert SAYS in answered(second)


def test_stop_ends_the_reading_of_a_long_prompt_and_the_next_message_is_answered(visit: Callable[..., Any]):
    page = visit()
    busy(page, "A very long story it is. " * 80)
    stop(page)
    send(page, "Now a short one.")
    assert SAYS in answered(page)


def test_a_message_longer_than_the_window_is_answered(visit: Callable[..., Any]):
    page = visit()
    send(page, "word " * 3900)
    assert SAYS in answered(page)


def test_after_a_reload_the_page_knows_nothing_and_answers(visit: Callable[..., Any]):
    page = visit()
    send(page, "My name is Anna.")
    answered(page)
    reload(page)
    expect(page.locator("#remembered")).not_to_contain_text("Anna")
    send(page, "What is my name?")
    assert SAYS in answered(page)


def test_what_is_typed_is_read_ahead(visit: Callable[..., Any]):
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    page.locator("#words textarea").press_sequentially("I lost my umbrella", delay=60)
    page.wait_for_timeout(1000)  # typing has ended; the last of it is sent within 0.3 s
    read = [json.loads(each)["data"] for each in asked if '"data":["I' in each]
    assert read[-1] == ["I lost my umbrella"]
    assert 2 <= len(read) <= 12, "of 18 strokes"


def test_a_remembered_line_is_corrected_and_saved(visit: Callable[..., Any], tmp_path: Path):
    page = visit()
    send(page, "My exam is on Monday.")
    answered(page)
    page.locator("#remembered label").filter(has_text="Monday").locator("input").check()
    expect(page.locator("#right textarea, #right input").first).to_have_value(re.compile("Monday"))
    page.locator("#right textarea, #right input").first.fill("My exam is on Tuesday.")
    page.locator("#correct").click()
    expect(page.locator("#remembered")).to_contain_text("Your exam is on Tuesday.")
    expect(page.locator("#remembered")).not_to_contain_text("Monday")
    with page.expect_download() as saved:
        page.locator("#save-memory").click()
    saved.value.save_as(tmp_path / "memory.json")
    told = json.loads((tmp_path / "memory.json").read_text())
    assert [fact["text"] for fact in told["facts"]] == ["your exam is on Tuesday"]
    assert "Monday" not in json.dumps(told)
