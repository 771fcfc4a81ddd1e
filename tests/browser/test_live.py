"""The Live tab with a fake camera and a fake microphone, against a real server."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

from . import studio  # noqa: E402  # after the skip, which a machine without playwright needs

pytestmark = pytest.mark.browser

SOON_MS = 90_000
PHONE = {"width": 390, "height": 844}
BOTH = ("camera", "microphone")


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A smiling face that is gone for a while, and a voice between two silences, over and over."""
    folder = tmp_path_factory.mktemp("studio")
    return _browser(launch, studio.smiling_then_away(folder / "face.y4m"), studio.speech_between_silence(
        folder / "voice.wav"))


def _browser(launch: Callable[..., Any], video: Path, sound: Path) -> Any:
    return launch(f"--use-file-for-fake-video-capture={video}", f"--use-file-for-fake-audio-capture={sound}")


@pytest.fixture
def enter(browser: Any, url: str) -> Any:
    """Opens the Live tab as a new visitor who lends what ``lends`` names."""
    contexts: list[Any] = []

    def open_tab(lends: tuple[str, ...] = BOTH, by: Any = None, **options: Any) -> Any:
        context = (by or browser).new_context(permissions=list(lends), **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        page.get_by_role("tab", name="Live", exact=True).click()
        page.locator("[data-do=start]").wait_for()
        return page

    yield open_tab
    for context in contexts:
        context.close()


def start(page: Any) -> None:
    page.locator("[data-do=start]").click()


def seeing(page: Any) -> Any:
    return page.locator("[data-is=seeing]")


def hearing(page: Any) -> Any:
    return page.locator("[data-is=hearing]")


def state(page: Any, name: str) -> Any:
    return page.locator(f"details[data-name={name}] .share")


def saved(page: Any, kind: str = "json") -> str:
    with page.expect_download() as download:
        page.locator(f"[data-do={kind}]").click()
    return Path(download.value.path()).read_text()


def rows(page: Any) -> list[dict[str, Any]]:
    kept = json.loads(saved(page))
    return [dict(zip(kept["columns"], row, strict=True)) for row in kept["rows"]]


def first_seconds(page: Any, name: str) -> list[dict[str, Any]]:
    """The first three seconds in which a state was read, or six ticks on a machine too busy for two a second."""
    read = [row for row in rows(page) if row[name] is not None]
    return [row for i, row in enumerate(read) if i < 6 or row["time_s"] - read[0]["time_s"] <= 3.0]


def status(url: str) -> dict[str, Any]:
    call = urllib.request.Request(f"{url}gradio_api/call/status", b'{"data": []}', {"Content-Type": "application/json"})
    with urllib.request.urlopen(call) as answer:
        event = json.load(answer)["event_id"]
    with urllib.request.urlopen(f"{url}gradio_api/call/status/{event}") as answer:
        return json.loads(re.findall(r"^data: (\[.*)$", answer.read().decode(), re.M)[-1])[0]


def test_a_smile_raises_happy_and_not_sad_within_three_seconds(enter: Any, shots: Path):
    page = enter()
    start(page)
    expect(seeing(page)).to_contain_text("sees a face", timeout=SOON_MS)
    expect(state(page, "happy")).to_have_text(re.compile(r"^([5-9]\d|100) %$"), timeout=SOON_MS)
    expect(page.locator("[data-is=canvas]")).to_have_attribute("aria-label", re.compile("looks happy"))
    page.screenshot(path=shots / "live.png", full_page=True)
    early = first_seconds(page, "happy")
    assert max(row["happy"] for row in early) > 0.5
    assert max(row["sad"] for row in early) < 0.3


def test_a_face_goes_and_comes_back(enter: Any):
    page = enter(("camera",))
    start(page)
    expect(seeing(page)).to_contain_text("sees a face", timeout=SOON_MS)
    expect(seeing(page)).to_contain_text("sees no face", timeout=SOON_MS)
    expect(page.locator("details[data-name=happy]")).to_have_class(re.compile("absent"), timeout=SOON_MS)
    expect(state(page, "happy")).to_have_text("–")
    expect(seeing(page)).to_contain_text("sees a face", timeout=SOON_MS)
    expect(page.locator("details[data-name=happy]")).not_to_have_class(re.compile("absent"), timeout=SOON_MS)


def test_speech_starts_and_ends_in_silence(enter: Any):
    page = enter(("microphone",))
    start(page)
    expect(hearing(page)).to_contain_text("hears silence", timeout=SOON_MS)
    expect(hearing(page)).to_contain_text("hears speech", timeout=SOON_MS)
    expect(page.locator("details[data-name=calm]")).not_to_have_class(re.compile("absent"), timeout=SOON_MS)
    expect(hearing(page)).to_contain_text("hears silence", timeout=SOON_MS)


@pytest.mark.parametrize(("lent", "refused"), [("microphone", "camera"), ("camera", "microphone")])
def test_one_works_where_the_other_is_refused(enter: Any, lent: str, refused: str):
    page = enter((lent,))
    start(page)
    expect(page.locator("[data-is=tell]")).to_contain_text(f"The {refused} was refused: that is fine")
    expect({"camera": seeing, "microphone": hearing}[refused](page)).to_contain_text("refused")
    expect({"camera": seeing, "microphone": hearing}[lent](page)).to_contain_text("see" if lent == "camera" else "hear",
                                                                                  timeout=SOON_MS)


def test_from_every_tab_one_sees_that_the_camera_is_on(enter: Any):
    page = enter(("camera",))
    marked = "getComputedStyle(document.querySelector('[data-tab-id=live]'), '::before').content"
    assert page.evaluate(marked) == "none"
    start(page)
    expect(seeing(page)).to_contain_text("sees", timeout=SOON_MS)
    page.get_by_role("tab", name="Talk", exact=True).click()
    assert page.evaluate(marked) != "none"
    page.get_by_role("tab", name="Live", exact=True).click()
    page.locator("[data-do=stop]").click()
    assert page.evaluate(marked) == "none"


def test_refusing_both_is_fine_too(enter: Any, shots: Path):
    page = enter(())
    start(page)
    expect(page.locator("[data-is=tell]")).to_contain_text("You can write all the same")
    expect(page.locator("[data-do=start]")).to_be_visible()
    page.screenshot(path=shots / "live-refused.png", full_page=True)


def test_a_pause_sends_nothing_and_a_stop_clears_the_board(enter: Any):
    page = enter()
    start(page)
    expect(state(page, "happy")).to_have_text(re.compile("%"), timeout=SOON_MS)
    page.locator("[data-do=pause]").click()
    expect(seeing(page)).to_contain_text("paused")
    page.wait_for_timeout(600)  # what was under way may still arrive
    before = len(rows(page))
    page.wait_for_timeout(1500)  # time in which nothing may happen
    assert len(rows(page)) == before
    page.locator("[data-do=start]").click()
    expect(seeing(page)).to_contain_text("sees", timeout=SOON_MS)
    page.locator("[data-do=stop]").click()
    expect(seeing(page)).to_contain_text("off")
    expect(state(page, "happy")).to_have_text("–")
    assert page.evaluate("document.querySelector('[data-is=video]').srcObject") is None
    assert len(rows(page)) > before, "what was read can be saved after the stop"


def test_what_is_saved_are_numbers_alone(enter: Any):
    page = enter()
    start(page)
    expect(page.locator("[data-is=frames]")).to_contain_text(re.compile(r"^[3-9] pictures"), timeout=SOON_MS)
    table = list(csv.DictReader(io.StringIO(saved(page, "csv"))))
    assert len(table) >= 3
    assert {"time_s", "happy", "overwhelmed"} <= set(table[0])
    assert all(value == "" or re.fullmatch(r"-?[\d.]+", value) for row in table for value in row.values())
    assert len(saved(page)) < 100_000


def test_a_closed_tab_is_no_longer_watched(enter: Any, url: str):
    page = enter()
    start(page)
    expect(seeing(page)).to_contain_text("sees", timeout=SOON_MS)
    assert status(url)["visitors_live"] >= 1
    page.context.close()
    other = enter()
    for _ in range(60):
        if status(url)["visitors_live"] == 0:
            break
        other.wait_for_timeout(500)
    assert status(url)["visitors_live"] == 0


def test_two_tabs_are_two_people(enter: Any):
    first, second = enter(), enter(("camera",))
    start(first)
    start(second)
    for page in (first, second):
        expect(seeing(page)).to_contain_text("sees a face", timeout=SOON_MS)
    expect(hearing(second)).to_contain_text("refused")
    first.locator("[data-do=stop]").click()
    done = len(rows(first))
    before = len(rows(second))
    expect(second.locator("[data-is=frames]")).to_contain_text(re.compile(rf"^{before + 3} pictures|^\d+"),
                                                               timeout=SOON_MS)
    second.wait_for_timeout(1500)  # time for the one to go on and for the other not to
    assert len(rows(second)) > before
    assert len(rows(first)) == done


def test_who_pauses_is_answered_and_the_talk_tab_knows(enter: Any, shots: Path):
    page = enter(("microphone",))
    page.locator("[data-option=reply_on_pause]").check()
    start(page)
    answer = page.locator("#live-chat [data-testid=bot]").last
    expect(answer).to_contain_text(re.compile(r"\w{3}"), timeout=SOON_MS)
    expect(hearing(page)).to_contain_text("hears speech", timeout=SOON_MS)  # and the board goes on
    page.locator("[data-do=stop]").click()
    expect(state(page, "calm")).to_have_text("–")
    page.locator("#live-words textarea, #live-words input").fill("My name is Anna.")
    page.locator("#live-send").click()
    expect(page.locator("#live-chat [data-testid=user]").last).to_contain_text("Anna")
    expect(page.locator("#live-status")).to_contain_text("Done.", timeout=SOON_MS)
    page.screenshot(path=shots / "live-chat.png", full_page=True)
    page.get_by_role("tab", name="Talk", exact=True).click()
    expect(page.locator("#chat")).to_contain_text("My name is Anna", timeout=SOON_MS)
    expect(page.locator("#remembered")).to_contain_text("Anna")


def test_what_matters_is_said_in_words(enter: Any, shots: Path):
    page = enter(("camera",))

    def answer(route: Any) -> None:
        if json.loads(route.request.post_data)["fn_name"] != "beat":
            return route.continue_()
        real = route.fetch().json()
        if real["tick"]:
            real["tick"] |= {
                "masking": {"shown": "happy", "felt": "sad", "probability": 0.72}, "care": "crisis", "visitors": 9,
                "age_ms": None, "frame": None, "stages_ms": {"faces": 9.2, "expression": 4.1},
                "missing": ["transcript: whisper-base is not here"]}
        time.sleep(1.0)
        return route.fulfill(json=real)

    page.route("**/component_server/**", answer)
    page.get_by_text("Settings", exact=True).first.click()
    page.locator("[data-option=debug]").check()
    start(page)
    expect(page.locator("[data-is=slow]")).to_contain_text("9 visitors share this machine", timeout=SOON_MS)
    expect(page.locator("[data-is=masking]")).to_contain_text("your face says happy, your voice sad (72 %)")
    expect(page.locator("[data-care=crisis]")).to_contain_text("findahelpline.com")
    expect(page.locator("[data-care=support]")).to_be_hidden()
    expect(page.locator("[data-is=stages]")).to_contain_text("faces 9 ms")
    expect(page.locator("[data-is=missing]")).to_contain_text("Not read here: transcript")
    expect(page.locator("[data-is=age]")).to_have_text("– ms old")
    page.screenshot(path=shots / "live-words.png", full_page=True)
    page.unroute_all(behavior="wait")


def test_a_lost_connection_is_said_and_found_again(enter: Any):
    page = enter(("camera",))
    start(page)
    expect(seeing(page)).to_contain_text("sees", timeout=SOON_MS)
    page.context.set_offline(True)
    expect(page.locator("[data-is=tell]")).to_contain_text("The connection is lost", timeout=SOON_MS)
    page.context.set_offline(False)
    expect(page.locator("[data-is=tell]")).to_contain_text("The connection is back", timeout=SOON_MS)


def test_help_is_one_press_away(enter: Any):
    page = enter(())
    page.locator("#live-help").click()
    expect(page.locator("#live-chat")).to_contain_text("findahelpline.com", timeout=SOON_MS)


def test_a_state_tells_its_formula_and_its_source(enter: Any, shots: Path):
    page = enter(())
    page.locator("details[data-name=trusting] summary").press("Enter")
    expect(page.locator("details[data-name=trusting] .why")).to_contain_text("nearness to")
    page.get_by_text("Settings", exact=True).first.click()
    page.screenshot(path=shots / "live-settings.png", full_page=True)


def test_a_phone_shows_it_all_without_sideways_scrolling(enter: Any, shots: Path):
    page = enter(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    start(page)
    expect(seeing(page)).to_contain_text("sees", timeout=SOON_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.screenshot(path=shots / "phone-live.png", full_page=True)


@pytest.mark.parametrize("rate_hz", [48_000, 44_100])
def test_the_ear_hears_what_is_below_8_khz_and_nothing_above(enter: Any, rate_hz: int):
    page = enter(())
    script = (Path(studio.__file__).parents[2] / "empathy/ui/board/microphone.js").read_text()
    hear = """async ([script, rate_hz, tone_hz]) => {
      const code = Function(script + "; return EAR")();
      const context = new OfflineAudioContext(1, rate_hz, rate_hz);
      await context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
      const ear = new AudioWorkletNode(context, "empathy-ear");
      const heard = [];
      ear.port.onmessage = (event) => heard.push(...event.data);
      const tone = new OscillatorNode(context, { frequency: tone_hz });
      const half = new GainNode(context, { gain: 0.5 });
      tone.connect(half).connect(ear).connect(context.destination);
      tone.start();
      await context.startRendering();
      await new Promise((done) => setTimeout(done, 200));
      const middle = heard.slice(4000, 12000);
      return [heard.length, Math.sqrt(middle.reduce((sum, x) => sum + x * x, 0) / middle.length) / 32768];
    }"""
    n, low = page.evaluate(hear, [script, rate_hz, 1000])
    _, high = page.evaluate(hear, [script, rate_hz, 10_000])
    assert abs(n - 16_000) < 600, "one second, but for what waits in the filter"
    assert low == pytest.approx(0.5 / 2**0.5, rel=0.01)
    assert high < low / 100


@pytest.mark.parametrize("filmed", [
    ("natural/pyfeat_smiling_man.mp4", "happy", "sad"), ("composite/c01_sad_sad.mp4", "sad", "happy")])
def test_a_filmed_face_is_read(enter: Any, launch: Callable[..., Any], tmp_path: Path, filmed: tuple[str, str, str]):
    name, up, down = filmed
    folder = os.environ.get("EMPATHY_DATA")
    if not folder or not (Path(folder) / "videos" / name).is_file():
        pytest.skip(f"EMPATHY_DATA names no folder with videos/{name}")
    film = studio.clip(tmp_path / "clip.y4m", Path(folder) / "videos" / name)
    page = enter(by=_browser(launch, film, studio.silence(tmp_path / "silence.wav")))
    start(page)
    expect(state(page, up)).to_have_text(re.compile(r"^([4-9]\d|100) %$"), timeout=SOON_MS)
    early = first_seconds(page, up)
    assert max(row[up] for row in early) > max(row[down] for row in early)
