"""The page as a visitor meets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

from .conftest import EXAMPLES  # noqa: E402  # after the skip, which a machine without playwright needs

pytestmark = pytest.mark.browser

LONG_MS = 120_000
PHONE = {"width": 390, "height": 844}
TABS = ("Talk", "Live", "Photo", "Voice", "Video", "Engines", "About")
CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


def say(page: Any, words: str) -> str:
    """Send a message and give the reply back once it is complete."""
    before = page.locator("#chat [data-testid=bot]").count()
    page.locator("#words textarea").fill(words)
    page.locator("#words textarea").press("Enter")
    expect(page.locator("#chat [data-testid=user]").last).to_contain_text(words[:30], timeout=LONG_MS)
    expect(page.locator("#talk-status")).to_contain_text("Done.", timeout=LONG_MS)
    expect(page.locator("#send")).to_be_visible()
    replies = page.locator("#chat [data-testid=bot]").all_inner_texts()
    assert len(replies) > before or replies, "no reply"
    return str(replies[-1])


def open_tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def test_the_third_reply_uses_what_the_first_turn_said(visit: Callable[..., Any], shots: Path):
    page = visit()
    say(page, "My name is Anna and I have a driving exam on Monday.")
    say(page, "I can't stop worrying about it.")
    reply = say(page, "What do you remember about me?")
    page.screenshot(path=shots / "talk.png", full_page=True)
    assert re.search(r"anna|exam|monday", reply, re.IGNORECASE), reply
    expect(page.locator("#remembered")).to_contain_text("exam")
    expect(page.locator("#talk-cards")).to_contain_text("Words")


def test_a_second_visitor_knows_nothing_of_the_first(visit: Callable[..., Any]):
    first, second = visit(), visit()
    say(first, "My name is Anna and my dog Rex is ill.")
    expect(first.locator("#remembered")).to_contain_text("Anna")
    reply = say(second, "What do you remember about me?")
    assert not re.search(r"anna|rex|\bdog\b", reply, re.IGNORECASE), reply
    expect(second.locator("#chat")).not_to_contain_text("Anna")
    expect(second.locator("#remembered")).not_to_contain_text("Anna")
    expect(first.locator("#remembered")).to_contain_text("Anna")


def test_forget_everything_forgets(visit: Callable[..., Any]):
    page = visit()
    say(page, "My name is Anna.")
    page.locator("#forget-all").click()
    expect(page.locator("#talk-status")).to_contain_text("Everything is forgotten")
    expect(page.locator("#remembered")).not_to_contain_text("Anna")
    assert "Anna" not in say(page, "What is my name?").replace("What is my name?", "")


def test_one_line_can_be_forgotten(visit: Callable[..., Any]):
    page = visit()
    say(page, "My name is Anna. I work as a nurse.")
    page.locator("#remembered label").filter(has_text="Anna").locator("input").check()
    page.locator("#forget-some").click()
    expect(page.locator("#remembered")).not_to_contain_text("Anna")
    expect(page.locator("#remembered")).to_contain_text("nurse")


def test_a_sentence_to_begin_with_fills_the_box(visit: Callable[..., Any]):
    page = visit()
    page.get_by_role("button", name="I have an exam on Monday").click()
    expect(page.locator("#words textarea")).to_have_value(re.compile("exam on Monday"))


def test_beginnings_give_way_to_the_conversation(visit: Callable[..., Any]):
    page = visit()
    say(page, "Hello there")
    expect(page.get_by_role("button", name="I have an exam on Monday")).to_have_count(0)


def test_nothing_is_offered_to_be_corrected_while_nothing_is_remembered(visit: Callable[..., Any]):
    page = visit()
    expect(page.locator("#forget-all")).to_be_visible()
    expect(page.locator("#correct")).to_be_hidden()
    say(page, "My name is Anna.")
    expect(page.locator("#correct")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(visit: Callable[..., Any], scheme: str):
    page = visit(color_scheme=scheme)
    pale = {}
    for name in TABS:
        open_tab(page, name)
        pale[name] = page.evaluate(CONTRAST)
    open_tab(page, "Talk")
    say(page, "My name is Anna and I am so tired.")
    pale["a turn"] = page.evaluate(CONTRAST)
    page.locator("#help-now").click()
    expect(page.locator("#talk-cards [role=alert]")).to_be_visible()
    pale["help"] = page.evaluate(CONTRAST)
    assert not any(pale.values()), pale


def test_help_is_one_press_away(visit: Callable[..., Any], shots: Path):
    page = visit()
    page.locator("#help-now").click()
    expect(page.locator("#talk-cards [role=alert]")).to_contain_text("findahelpline.com", timeout=LONG_MS)
    page.screenshot(path=shots / "help.png", full_page=True)


def test_a_photo_goes_with_a_message(visit: Callable[..., Any], shots: Path):
    page = visit()
    page.locator("#attach button").first.click()
    page.locator("#talk-photo input[type=file]").set_input_files(EXAMPLES / "astronaut.jpg")
    expect(page.locator("#talk-status")).to_contain_text("goes with your next message")
    say(page, "Here I am")
    expect(page.locator("#talk-cards")).to_contain_text("The expression looks")
    expect(page.locator("#chat")).to_contain_text("with a photo")
    page.screenshot(path=shots / "talk-photo.png", full_page=True)


def test_a_voice_can_be_recorded_for_a_message(visit: Callable[..., Any]):
    page = visit()
    page.locator("#attach button").first.click()
    page.locator("#talk-voice button.record-button").click()
    page.wait_for_timeout(1500)  # the length of the recording
    page.locator("#talk-voice .stop-button").click()
    expect(page.locator("#talk-status")).to_contain_text("goes with your next message")


def test_a_photo_is_read(visit: Callable[..., Any], shots: Path):
    page = visit()
    open_tab(page, "Photo")
    page.locator("#photo input[type=file]").set_input_files(EXAMPLES / "astronaut.jpg")
    expect(page.locator("#photo-status")).to_contain_text("Done.", timeout=LONG_MS)
    expect(page.locator("#photo-cards [role=img]").first).to_have_attribute("aria-label", re.compile("happy"))
    expect(page.locator("#seen img")).to_be_visible()
    page.screenshot(path=shots / "photo.png", full_page=True)


def test_a_picture_without_a_face_says_so(visit: Callable[..., Any]):
    page = visit()
    open_tab(page, "Photo")
    page.get_by_role("button", name="Try: A cup of coffee").click()
    expect(page.locator("#photo-cards")).to_contain_text("No face found", timeout=LONG_MS)


def test_a_clip_is_heard(visit: Callable[..., Any], shots: Path):
    page = visit()
    open_tab(page, "Voice")
    page.locator("#voice input[type=file]").set_input_files(EXAMPLES / "tired.ogg")
    expect(page.locator("#voice-status")).to_contain_text("Done.", timeout=LONG_MS)
    expect(page.locator("#voice-cards svg[role=img]").first).to_have_attribute("aria-label", re.compile("Waveform"))
    expect(page.locator("#voice-cards")).to_contain_text("pitch")
    page.screenshot(path=shots / "voice.png", full_page=True)


def test_a_video_has_a_timeline(visit: Callable[..., Any], shots: Path):
    page = visit()
    open_tab(page, "Video")
    page.locator("#video input[type=file]").set_input_files(EXAMPLES / "greeting.mp4")
    expect(page.locator("#video-status")).to_contain_text("Done.", timeout=LONG_MS)
    expect(page.locator("#video-cards")).to_contain_text("Timeline")
    page.screenshot(path=shots / "video.png", full_page=True)


def test_text_with_a_picture_s_name_gets_a_sentence(visit: Callable[..., Any], tmp_path: Path):
    fake = tmp_path / "holiday.jpg"
    fake.write_text("this is only text\n" * 20)
    page = visit()
    open_tab(page, "Photo")
    page.locator("#photo input[type=file]").set_input_files(fake)
    expect(page.locator("#photo-cards [role=alert]")).to_contain_text("holiday.jpg", timeout=LONG_MS)
    expect(page.locator("#photo-cards")).not_to_contain_text("Traceback")


def test_the_engines_are_listed(visit: Callable[..., Any], shots: Path):
    page = visit()
    open_tab(page, "Engines")
    expect(page.locator("#engines table")).to_contain_text("expression")
    expect(page.locator("#engines table")).to_contain_text("speaks")
    page.screenshot(path=shots / "engines.png", full_page=True)


@pytest.mark.parametrize("name", TABS)
def test_a_phone_needs_no_sideways_scrolling(visit: Callable[..., Any], shots: Path, name: str):
    page = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    open_tab(page, name)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.screenshot(path=shots / f"phone-{name.lower()}.png", full_page=True)
    assert width <= PHONE["width"]


def test_the_page_asks_nothing_of_other_servers(visit: Callable[..., Any], url: str):
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.locator("#words textarea").wait_for()
    open_tab(page, "About")
    assert [each for each in asked if not each.startswith((url, "data:", "blob:"))] == []


def test_nothing_of_a_visitor_reaches_the_log_or_the_browser_s_store(visit: Callable[..., Any], server_log: Path):
    page = visit()
    say(page, "My secret word is xylophonist.")
    assert "xylophonist" not in server_log.read_text()
    assert "xylophonist" not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")


def test_dark_mode_is_dark(visit: Callable[..., Any], shots: Path):
    page = visit(color_scheme="dark")
    say(page, "It is late and I can't sleep.")
    page.screenshot(path=shots / "dark.png", full_page=True)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(each) for each in re.findall(r"\d+", ground)[:3]) < 60, ground
