"""The Voice tab: where somebody speaks, what is said, how it sounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import gradio as gr
import numpy as np

from ..capture.audio import load_sound
from ..errors import InputError
from ..types import Analysis, Samples
from .charts import waveform
from .examples import VOICES
from .listeners import READING, Outputs
from .marks import card, panel, text
from .readings import channels_of, estimate_card, events_list, prosody_card, transcript_card, voice_card, words_card
from .uploads import follow, numbers_of, on_example, on_upload, results

if TYPE_CHECKING:
    from ..catalog import System

Envelope: TypeAlias = tuple[float, ...]
"""The loudness of a file over time, in [0, 1], for drawing."""

SLICES = 240
HINT = panel(text("p", "Record your voice, choose a file, or try an example. What is heard appears here as it is read.",
                  class_="soft"))


def tab(system: System) -> None:
    """Build the tab in the page that is being put together."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=300):
            sound = gr.Audio(label="Voice", sources=["upload", "microphone"], type="filepath", elem_id="voice",
                             editable=False, buttons=[])
            tries = [gr.Button(f"Try: {each.label}", size="sm") for each in VOICES]
        outputs = results("voice", HINT)
    read = partial(read_sound, system, show=voice_cards)
    sound.input(on_upload(read, ("", HINT, None)), sound, outputs, preprocess=False, trigger_mode="always_last",
                **READING)
    for button, example in zip(tries, VOICES, strict=True):
        button.click(on_example(read, example.path), None, [sound, *outputs], **READING)


def read_sound(system: System, path: Path, show: Callable[[Analysis, Envelope], list[str]]) -> Iterator[Outputs]:
    """Status, cards and numbers of a recording or a video, as they become known."""
    peaks = envelope_of(system, path)
    for step in follow(system, path, lambda analysis: show(analysis, peaks)):
        if step.trouble:
            gr.Warning(step.trouble)
        yield step.status, step.cards, numbers_of(step)


def envelope_of(system: System, path: Path) -> Envelope:
    """The loudness of a file over time, for drawing; empty where there is no sound to read."""
    try:
        return envelope(load_sound(path, system.settings))
    except InputError:  # the analysis that follows tells what is wrong
        return ()


def envelope(samples: Samples, n_slices: int = SLICES) -> Envelope:
    """The peak of each of at most ``n_slices`` slices of equal length, in [0, 1]."""
    if samples.size == 0:
        return ()
    slices = np.array_split(np.abs(samples), min(n_slices, samples.size))
    return tuple(float(each.max()) for each in slices)


def sound_cards(analysis: Analysis, peaks: Envelope) -> list[str]:
    """The waveform, the words, the tone and the melody of a recording or of a video's sound."""
    voice = analysis.voice
    if voice is None:
        return []
    n_spans = len(voice.speech)
    heard = f"{voice.duration_s:.1f} s, {n_spans} stretch{'' if n_spans == 1 else 'es'} of speech"
    drawing_of = waveform(peaks, voice.duration_s, voice.speech, voice.events)
    cards = [card("Sound", drawing_of, events_list(voice.events), aside=heard)]
    if voice.transcript is not None:
        cards.append(transcript_card(voice.transcript))
    cards.append(voice_card(voice))
    if voice.prosody is not None:
        cards.append(prosody_card(voice.prosody))
    if analysis.words is not None:
        cards.append(words_card(analysis.words))
    return cards


def voice_cards(analysis: Analysis, peaks: Envelope) -> list[str]:
    """What a recording told; all together only where there is more than a tone of voice."""
    cards = sound_cards(analysis, peaks)
    if analysis.estimate is not None and analysis.words is not None:
        cards.insert(1, estimate_card(analysis.estimate, (), channels_of(analysis)))
    return cards
