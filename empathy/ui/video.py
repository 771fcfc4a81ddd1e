"""The Video tab: face and voice on one clock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import gradio as gr

from ..types import Analysis, ClipReading
from .charts import emotion_bars, timeline
from .examples import VIDEOS
from .listeners import READING
from .marks import card, panel, share, text
from .readings import channels_of, estimate_card, face_card, posture_card
from .uploads import on_example, on_upload, results
from .voice import Envelope, read_sound, sound_cards

if TYPE_CHECKING:
    from ..catalog import System

HINT = panel(text("p", "Choose a video, record one, or try the example. Its timeline appears here as it is read.",
                  class_="soft"))


def tab(system: System) -> None:
    """Build the tab in the page that is being put together."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=300):
            video = gr.Video(label="Video", sources=["upload", "webcam"], height=400, elem_id="video", buttons=[],
                             webcam_options=gr.WebcamOptions(mirror=False))
            tries = [gr.Button(f"Try: {each.label}", size="sm") for each in VIDEOS]
            limit_s = system.settings.max_video_s
            gr.Markdown(f"Up to {limit_s / 60:.0f} minutes. Long clips take a while: about as long as they last.")
        outputs = results("video", HINT)
    read = partial(read_sound, system, show=video_cards)
    # a recording made here is told by stop_recording alone, an upload or an emptied field by input
    gr.on([video.input, video.stop_recording], on_upload(read, ("", HINT, None)), video, outputs, preprocess=False,
          trigger_mode="always_last", **READING)
    for button, example in zip(tries, VIDEOS, strict=True):
        button.click(on_example(read, example.path), None, [video, *outputs], **READING)


def video_cards(analysis: Analysis, peaks: Envelope) -> list[str]:
    """What a video told: its timeline, all together, then each channel."""
    cards: list[str] = []
    if analysis.timeline:
        last_s = analysis.timeline[-1].time_s
        length_s = max(last_s, analysis.voice.duration_s if analysis.voice else 0.0)
        cards.append(card("Timeline", timeline(analysis.timeline, length_s)))
    if analysis.estimate is not None:
        cards.append(estimate_card(analysis.estimate, (), channels_of(analysis)))
    if analysis.clip is not None:
        cards.append(clip_card(analysis.clip))
    if analysis.faces:
        cards.append(face_card(analysis.faces[0], "Face"))
    if analysis.posture is not None:
        cards.append(posture_card(analysis.posture))
    return cards + sound_cards(analysis, peaks)


def clip_card(reading: ClipReading) -> str:
    """What a trained AvaMERG bundle answered, which has no weight in the estimate."""
    top, chance = reading.emotions.items()[0]
    return card("Clip as a whole", text("p", f"{top} ({share(chance)}), from {', '.join(reading.given)} together"),
                text("small", "Learned from generated voices and faces; not weighed into the estimate."),
                emotion_bars(reading.emotions, "Clip as a whole"), aside=reading.engine)
