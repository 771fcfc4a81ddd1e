"""A real server and a real Chromium with a fake camera and microphone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "empathy" / "ui" / "examples"
STARTS_WITHIN_S = 90.0
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves an event loop running, which others can't begin theirs beside."""
    items.sort(key=lambda item: "browser" in item.keywords)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2.0):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"app.py did not answer at {url}:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log.txt"


@pytest.fixture(scope="session")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder around the server's own folder for uploads."""
    return tmp_path_factory.mktemp("uploads")


@contextmanager
def serving(log: Path, uploads: Path, models: Path, **settings: str) -> Iterator[str]:
    """A server of its own with these settings; gives its address, and looks whether uploads were wiped at the end."""
    port = _free_port()
    environ = {**os.environ, "PORT": str(port), "GRADIO_TEMP_DIR": str(uploads), "HF_HUB_OFFLINE": "1",
               "EMPATHY_MODELS": str(models), **settings}
    environ.pop("SPACE_ID", None)
    address = f"http://127.0.0.1:{port}/"
    uploads.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out, subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")], cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT,
    ) as server:
        try:
            _wait_for(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(30.0)
    assert list(uploads.iterdir()) == [], "the folder for uploads was not wiped at the end"


@pytest.fixture(scope="session")
def url(server_log: Path, uploads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(server_log, uploads, tmp_path_factory.mktemp("models"), EMPATHY_REPLY="composer") as address:
        yield address


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Any]]:
    """Starts a Chromium with the given flags beside its usual ones; all are closed at the end."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI"):
        pytest.fail("CI needs a browser: apt-get install chromium")
    if found is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browsers: list[Any] = []

        def start(*flags: str) -> Any:
            browsers.append(playwright.chromium.launch(executable_path=found, headless=True, args=[*FLAGS, *flags]))
            return browsers[-1]

        yield start
        for browser in browsers:
            browser.close()


@pytest.fixture(scope="session")
def chromium(launch: Callable[..., Any]) -> Any:
    return launch("--use-fake-ui-for-media-stream")


@pytest.fixture
def visit(chromium: Any, url: str) -> Iterator[Callable[..., Any]]:
    """Opens the page as a new visitor; keyword arguments are those of a browser context."""
    contexts: list[Any] = []

    def open_page(**options: Any) -> Any:
        context = chromium.new_context(permissions=["camera", "microphone"], **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        page.locator("#words textarea").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where screenshots go; ``EMPATHY_SCREENSHOTS`` keeps them."""
    folder = Path(os.environ.get("EMPATHY_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
