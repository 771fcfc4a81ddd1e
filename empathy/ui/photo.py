"""The Photo tab: faces, their expression and quality, and the posture, drawn over the picture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ..capture.image import load_picture
from ..errors import InputError
from ..types import Analysis, Picture
from .examples import PHOTOS
from .listeners import READING, Outputs
from .marks import card, panel, tag, text
from .overlay import draw_overlay
from .readings import face_card, posture_card
from .uploads import follow, numbers_of, on_example, on_upload, results

if TYPE_CHECKING:
    from ..catalog import System

N_OPEN = 2
"""Faces shown in full; the others are a click away."""
HINT = panel(text("p", "Choose a photo, take one, or try an example. Faces and posture appear here as they are read.",
                  class_="soft"))


def tab(system: System) -> None:
    """Build the tab in the page that is being put together."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=300):
            photo = gr.Image(label="Photo", sources=["upload", "webcam", "clipboard"], type="filepath", image_mode=None,
                             height=320, elem_id="photo", buttons=["fullscreen"],
                             webcam_options=gr.WebcamOptions(mirror=False))
            with gr.Row():
                tries = [gr.Button(f"Try: {each.label}", size="sm", min_width=120) for each in PHOTOS]
            seen = gr.Image(label="What was seen", show_label=False, interactive=False, visible=False, elem_id="seen",
                            buttons=["download", "fullscreen"], alt_text="The photo with boxes, mesh and posture lines")
        outputs = [seen, *results("photo", HINT)]
    read = partial(read_photo, system)
    photo.input(on_upload(read, (_hidden(), "", HINT, None)), photo, outputs, preprocess=False,
                trigger_mode="always_last", **READING)
    for button, example in zip(tries, PHOTOS, strict=True):
        button.click(on_example(read, example.path), None, [photo, *outputs], **READING)


def _hidden() -> Any:
    return gr.update(value=None, visible=False)


def read_photo(system: System, path: Path) -> Iterator[Outputs]:
    """Overlay, status, cards and numbers, as they become known."""
    picture: Picture | None = None
    drawn = (0, False)
    for step in follow(system, path, photo_cards):
        if step.trouble:
            gr.Warning(step.trouble)
        analysis = step.analysis
        if analysis is None:
            yield _hidden(), step.status, step.cards, numbers_of(step)
            continue
        overlay: Any = gr.skip()
        known = (len(analysis.faces), analysis.posture is not None)
        if known != drawn:
            picture = picture if picture is not None else _picture(system, path)
            if picture is not None:
                overlay = gr.update(value=draw_overlay(picture, analysis.faces, analysis.posture), visible=True)
            drawn = known
        yield overlay, step.status, step.cards, numbers_of(step)


def _picture(system: System, path: Path) -> Picture | None:
    try:
        return load_picture(path, system.settings)
    except InputError:  # a video in the photo field: it is read all the same, with nothing to draw on
        return None


def photo_cards(analysis: Analysis) -> list[str]:
    """What a picture told: face by face, then the posture; no face is an answer too."""
    many = len(analysis.faces) > 1
    cards = [face_card(face, f"Face {i + 1}" if many else "Face") for i, face in enumerate(analysis.faces)]
    if len(cards) > N_OPEN + 1:
        more = text("summary", f"{len(cards) - N_OPEN} more faces")
        cards[N_OPEN:] = [tag("details", more, *cards[N_OPEN:], class_="card")]
    if not cards and "faces" in analysis.engines:
        cards.append(card("Face", text("p", "No face found", class_="said"),
                          text("small", "Nothing is read from a picture without a face that can be seen.")))
    if analysis.posture is not None:
        cards.append(posture_card(analysis.posture))
    return cards
