"""The page put together: one tab a module. Imported only once the folder for uploads is set, since Gradio reads it at
import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import gradio as gr

from . import about, engines, live, photo, talk, video, voice
from .api import endpoints
from .marks import panel, tag, text
from .sessions import Visitors
from .theme import drawing

if TYPE_CHECKING:
    from ..catalog import System
    from ..live.ticker import Ticker

KEEP_S = (30, 60)
"""Every 30 s, uploads older than 60 s are deleted."""
SLOGAN = "reads a face, a voice and words, and answers with care"
BRAND = panel(tag("header", text("h1", "Empathy System"), text("span", SLOGAN, class_="soft"), class_="brand"))


def build_page(system: System, visitors: Visitors, ticker: Ticker) -> gr.Blocks:
    """All tabs and endpoints. Nothing is loaded but Gradio: engines wake at the first reading."""
    with gr.Blocks(title="Empathy System", analytics_enabled=False, delete_cache=KEEP_S) as page:
        drawing(BRAND)
        with gr.Tabs():
            with gr.Tab("Talk", id="talk") as talking:
                talk.tab(system, visitors, talking)
            with gr.Tab("Live", id="live") as living:
                live.tab(system, visitors, ticker, living)
            with gr.Tab("Photo", id="photo"):
                photo.tab(system)
            with gr.Tab("Voice", id="voice"):
                voice.tab(system)
            with gr.Tab("Video", id="video"):
                video.tab(system)
            with gr.Tab("Engines", id="engines"):
                engines.tab(system, page)
            with gr.Tab("About", id="about"):
                about.tab(system.server)
        endpoints(system, visitors, ticker)
        page.unload(_leaver(page, visitors))
    return page.queue(max_size=system.settings.queue, default_concurrency_limit=4)


def _leaver(page: gr.Blocks, visitors: Visitors) -> Callable[[gr.Request], None]:
    def leave(request: gr.Request) -> None:
        visitors.forget(request.session_hash)
        forget_values(page, request.session_hash)

    return leave


def forget_values(page: gr.Blocks, key: str | None) -> None:
    """Drop what Gradio itself keeps of a tab: it holds the last value of every field long after the tab closed."""
    holder = getattr(page, "state_holder", None)
    if holder is not None and key:
        holder.session_data.pop(key, None)
        holder.time_last_used.pop(key, None)


def forget_idle(page: gr.Blocks, ttl_s: float) -> None:
    """The same for every tab that has been idle for longer than ``ttl_s``."""
    holder = getattr(page, "state_holder", None)
    if holder is not None:
        now = datetime.now()
        for key, used in list(holder.time_last_used.items()):
            if (now - used).total_seconds() > ttl_s:
                forget_values(page, key)
