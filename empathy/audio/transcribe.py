"""Writes down what is said: openai-whisper, greedy, over the speech alone, with its inventions filtered out."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..errors import ModelFileError, ModelRunError
from ..registry import ModelSpec, Url
from ..settings import Settings
from ..types import SAMPLE_RATE_HZ, Samples, Span, Transcript, Word
from .device import pick_device
from .prosody import level_dbfs
from .segment import Piece, cut_with_times, in_recording

Size = Literal["tiny", "base", "small", "medium", "turbo"]

HOST = "https://openaipublic.azureedge.net/main/whisper/models"
PUBLISHED: Mapping[Size, tuple[str, str, float]] = {
    "tiny": ("65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9", "tiny.pt", 76),
    "base": ("ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e", "base.pt", 145),
    "small": ("9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794", "small.pt", 484),
    "medium": ("345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1", "medium.pt", 1528),
    "turbo": ("aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a", "large-v3-turbo.pt", 1618),
}
"""sha256, file name and size in MB of the multilingual models. Source: the table in openai-whisper 20250625."""

MARGIN_S = 0.2
"""Sound kept on each side of a speech span: clipped first consonants cost words."""
LEVEL_DBFS = -23.0
"""Quiet recordings are raised to this (as much as their peaks allow) before the network hears them."""

MAX_COMPRESSION = 2.4
MIN_LOGPROB = -1.0
MAX_NO_SPEECH = 0.6
"""A segment is dropped beyond any of these; the last only when the words are unsure too. Source: Whisper's own limits,
Radford et al. 2022, section 4.5."""
UNSURE_LOGPROB = -0.7
MAX_WORDS_PER_S = 8.0
"""Nobody says more; an invented sentence often crams itself into half a second."""
MAX_TOKENS, TOKENS, TOKENS_PER_S = 224, 16, 40
"""Whisper's own limit, and ours for short sounds: so many, and so many more for each second; set by us, with room for
languages whose letters take several tokens each. A decoder that is stuck would else go on to Whisper's own."""
MAX_REPEATS = 4
"""The same words this often in a row are a stuck decoder."""


class WhisperTranscript:
    """A ``TranscriptEngine``. One sentence at a time: Whisper hooks its own layers while it times words."""

    def __init__(self, model: Any, name: str, language: str) -> None:
        self._model = model
        self._language = language or None
        self._lock = threading.Lock()
        self.name = name

    def transcribe(self, samples: Samples, speech: tuple[Span, ...]) -> Transcript | None:
        """What is said in ``speech``; None when nothing passes the filters.

        Raises:
            ModelRunError: Whisper failed.
        """
        if not speech:
            return None
        heard, pieces = cut_with_times(samples, speech, MARGIN_S)
        with self._lock:
            try:
                result = self._run(_raised(heard))
            except Exception as error:  # whatever torch or numba raise
                raise ModelRunError(f"{self.name} failed on this recording: {error}") from error
        segments = [segment for segment in result["segments"] if is_trustworthy(segment)]
        text = " ".join(str(segment["text"]).strip() for segment in segments).strip()
        if not re.search(r"\w", text):
            return None
        words = _words(segments, pieces)
        sure = [word.confidence for word in words] or [float(np.exp(segment["avg_logprob"])) for segment in segments]
        return Transcript(text=text, language=str(result["language"]), words=words,
                          confidence=float(np.clip(np.mean(sure), 0.0, 1.0)), engine=self.name)

    def _run(self, heard: Samples) -> dict[str, Any]:
        from whisper.transcribe import transcribe

        on_cuda = str(self._model.device).startswith("cuda")
        with _encoding_once(self._model.encoder):
            return transcribe(
                self._model, heard, language=self._language or self._spoken_language(heard, half=on_cuda),
                temperature=0.0, sample_len=min(MAX_TOKENS, TOKENS + round(TOKENS_PER_S * heard.size / SAMPLE_RATE_HZ)),
                beam_size=None, best_of=None, condition_on_previous_text=False, fp16=on_cuda,
                word_timestamps=True, verbose=None, compression_ratio_threshold=MAX_COMPRESSION,
                logprob_threshold=MIN_LOGPROB, no_speech_threshold=MAX_NO_SPEECH)

    def _spoken_language(self, heard: Samples, *, half: bool) -> str:
        """Told from the very picture of the sound that is written down next, so that it is encoded once for both."""
        from whisper.audio import N_FRAMES, N_SAMPLES, log_mel_spectrogram, pad_or_trim

        mel = log_mel_spectrogram(heard, self._model.dims.n_mels, padding=N_SAMPLES)
        first: Any = pad_or_trim(mel[:, :mel.shape[-1] - N_FRAMES], N_FRAMES)
        first = first.to(self._model.device)
        _, shares = self._model.detect_language(first.half() if half else first)
        return max(shares, key=lambda language: shares[language])


@contextmanager
def _encoding_once(encoder: Any) -> Generator[None]:
    """The encoder remembers its newest input meanwhile: Whisper asks it for the language, for the words and once more
    for their times, and on a processor it takes most of the time. What it remembers is a visitor's voice, and dropped.
    """
    import torch

    forward, last = encoder.forward, (None, None)

    def once(mel: Any) -> Any:
        nonlocal last
        if last[0] is None or not torch.equal(last[0], mel):
            last = (mel, forward(mel))
        return last[1]

    encoder.forward = once
    try:
        yield
    finally:
        del encoder.forward


def is_trustworthy(segment: Mapping[str, Any]) -> bool:
    """Whether a segment of Whisper may be believed; it invents text in noise, and repeats itself when it is lost."""
    text = str(segment["text"]).strip()
    words = re.findall(r"\w+", text.lower())
    length_s = float(segment["end"]) - float(segment["start"])
    logprob = float(segment["avg_logprob"])
    return bool(
        words
        and float(segment["compression_ratio"]) <= MAX_COMPRESSION
        and logprob >= MIN_LOGPROB
        and not (float(segment["no_speech_prob"]) > MAX_NO_SPEECH and logprob < UNSURE_LOGPROB)
        and len(words) <= max(2.0, MAX_WORDS_PER_S * length_s)
        and not is_stuck(words))


def is_stuck(words: list[str]) -> bool:
    """True when one to four words are said ``MAX_REPEATS`` times in a row, or hardly any word is new."""
    for n in range(1, 5):
        for start in range(len(words) - n * MAX_REPEATS + 1):
            parts = [tuple(words[start + i * n:start + (i + 1) * n]) for i in range(MAX_REPEATS)]
            if len(set(parts)) == 1:
                return True
    return len(words) >= 12 and Counter(words).most_common(1)[0][1] > 0.6 * len(words)


def _words(segments: list[Mapping[str, Any]], pieces: tuple[Piece, ...]) -> tuple[Word, ...]:
    found: list[Word] = []
    for word in (word for segment in segments for word in segment.get("words", ())):
        start_s = max(0.0, float(word["start"]))
        span = in_recording(Span(start_s=start_s, end_s=max(start_s, float(word["end"]))), pieces)
        found.append(Word(text=str(word["word"]).strip(), start_s=span.start_s, end_s=span.end_s,
                          confidence=float(np.clip(word["probability"], 0.0, 1.0))))
    return tuple(found)


def _raised(heard: Samples) -> Samples:
    peak = float(np.abs(heard).max(initial=0.0))
    gain = 10.0 ** ((LEVEL_DBFS - level_dbfs(heard)) / 20.0)
    return heard if peak <= 0 or gain <= 1.0 else (heard * min(gain, 1.0 / peak)).astype(np.float32)


def spec(settings: Settings, size: Size | None = None) -> ModelSpec[WhisperTranscript]:
    """A Whisper model on the device and threads of the settings.

    Args:
        settings: also gives the language.
        size: of the model; that of the settings when None.
    """
    chosen: Size = size or settings.whisper
    sha256, file, size_mb = PUBLISHED[chosen]
    return ModelSpec(
        name=f"whisper-{chosen}", stage="transcript", tier="full", licence="MIT", size_mb=size_mb,
        source=Url(name=f"whisper/{file}", urls=(f"{HOST}/{sha256}/{file}",)), sha256={file: sha256},
        load=partial(_load, settings, chosen), about="writes down what is said, in about 100 languages",
        package="whisper")


def _load(settings: Settings, size: Size, paths: tuple[Path, ...]) -> WhisperTranscript:
    import torch
    import whisper
    from whisper.model import ModelDimensions, Whisper
    from whisper.timing import dtw_cpu

    device = pick_device(settings.device, settings.n_threads)
    if device == "mps":
        device = "cpu"  # timing words needs float64, which mps lacks
    checkpoint = torch.load(paths[0], map_location="cpu", weights_only=True)
    if not isinstance(checkpoint, dict) or not {"dims", "model_state_dict"} <= set(checkpoint):
        raise ModelFileError(f"{paths[0].name} is no Whisper checkpoint (dims and model_state_dict are expected): "
                             f"delete it, then run: python -m empathy models pull whisper-{size}")
    model = Whisper(ModelDimensions(**checkpoint["dims"]))
    try:
        model.load_state_dict(checkpoint["model_state_dict"])
        # Which heads follow the sound is published nowhere else.
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[size])  # type: ignore[reportPrivateUsage]
    except RuntimeError as error:
        raise ModelFileError(f"{paths[0].name} is not the published Whisper {size}: {error}") from error
    if device == "cpu":
        dtw_cpu(np.zeros((2, 2)))  # numba compiles it at its first call, for about 2 s: now, while nobody has spoken
    return WhisperTranscript(model.to(device).eval(), f"whisper-{size}@{whisper.__version__}", settings.language)
