"""Finds where somebody speaks: Silero VAD on frames of 512 samples, with two checks around it.

Quiet recordings are raised first, since the network was trained at usual levels. A second look at a slowed copy catches
shouted, shrill speech (f0 of 400 Hz and more), which the network takes for no speech; it is far stricter about length,
so that barks and crowing stay out. Source: Silero VAD 6, https://github.com/snakers4/silero-vad, MIT.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelMissingError
from ..registry import ModelSpec, Packaged
from ..types import SAMPLE_RATE_HZ, Samples, Span

N_FRAME = 512
N_CONTEXT = 64
N_STATE = 128
MAX_FRAMES = 1024
"""Frames a call of the network, 33 s: bounds memory on long recordings."""

FRAME_S = N_FRAME / SAMPLE_RATE_HZ
FLOOR_DBFS = -75.0
"""A recording whose loud parts lie below this holds nothing but converter noise."""
LEVEL_DBFS = -20.0
"""Where the loud parts (95th percentile of the frames) are brought before the network listens."""

ENTER, LEAVE = 0.5, 0.35
JOIN_S = 0.1
PAD_S = 0.03
SURE_S, SHORT_S, SHORT_PEAK = 0.5, 0.25, 0.9
"""A span is speech when it lasts ``SURE_S``, or ``SHORT_S`` with a peak of ``SHORT_PEAK`` (a lone "yes")."""

SLOWER = ((5, 4), (3, 2), (7, 4), (2, 1))
"""Factors of the second look, as up and down of a resampling."""
SECOND_LEVEL_DBFS = -10.0
SECOND_SURE_S, SECOND_SHARE = 0.6, 0.4
"""A second look needs spans this long that together fill this share of the loud time."""
SECOND_DYNAMIC_DB = 12.0
"""Steady noise, whose loud frames lie less than this above its quiet ones, gets no second look."""
SECOND_MAX_S = 120.0
LOUD_DB = 25.0
"""Frames within this of the loud ones count as loud time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechState:
    """What the network remembers between frames: the end of the last frame and its two memory cells."""

    context: NDArray[np.float32]
    hidden: NDArray[np.float32]
    cell: NDArray[np.float32]


def fresh_state() -> SpeechState:
    """The state before the first frame."""
    zeros = np.zeros((1, 1, N_STATE), np.float32)
    return SpeechState(context=np.zeros(N_CONTEXT, np.float32), hidden=zeros, cell=zeros)


class SileroSpeech:
    """A ``SpeechEngine``. It holds no state of its own: one serves all visitors and threads."""

    def __init__(self, session: Any, name: str) -> None:
        self._session = session
        self.name = name

    def spans(self, samples: Samples) -> tuple[Span, ...]:
        """Stretches of speech, in order; pauses above about 0.15 s part them."""
        levels_db = frame_levels_db(samples)
        loud_db = float(np.percentile(levels_db, 95)) if levels_db.size else -np.inf
        if loud_db < FLOOR_DBFS:
            return ()
        raised = _at_level(samples, loud_db, LEVEL_DBFS)
        probabilities, _ = self.probabilities(raised, fresh_state())
        found = [span for span in runs(probabilities, FRAME_S) if _sure(span, probabilities)]
        if not found:
            found = self._second_look(samples, levels_db, loud_db)
        return _padded(found, samples.size / SAMPLE_RATE_HZ)

    def probabilities(self, samples: Samples, state: SpeechState) -> tuple[NDArray[np.float32], SpeechState]:
        """One probability a frame of 512 samples, and the state for what comes next.

        Args:
            samples: any length; the last frame is filled up with silence.
            state: from the call before, or ``fresh_state()``.

        Returns:
            Shape (ceil(n / 512),), and the new state.
        """
        n_frames = -(-samples.size // N_FRAME)
        frames = np.zeros((n_frames, N_FRAME), np.float32)
        frames.reshape(-1)[:samples.size] = samples
        before = np.concatenate([state.context[None], frames[:-1, -N_CONTEXT:]]) if n_frames else frames[:, :N_CONTEXT]
        rows = np.concatenate([before, frames], axis=1)
        hidden, cell = state.hidden, state.cell
        found: list[NDArray[np.float32]] = [np.zeros(0, np.float32)]
        for start in range(0, n_frames, MAX_FRAMES):
            inputs = {"input": rows[start:start + MAX_FRAMES], "h": hidden, "c": cell}
            values, hidden, cell = self._session.run(["speech_probs", "hn", "cn"], inputs)
            found.append(values.reshape(-1))
        context = frames[-1, -N_CONTEXT:] if n_frames else state.context
        return np.concatenate(found), SpeechState(context=context, hidden=hidden, cell=cell)

    def _second_look(self, samples: Samples, levels_db: NDArray[np.float32],
                     loud_db: float) -> list[tuple[float, float]]:
        """Spans in seconds, from copies played slower, which sound like a lower voice."""
        from scipy.signal import resample_poly

        if loud_db - float(np.percentile(levels_db, 10)) < SECOND_DYNAMIC_DB:
            return []
        raised = _at_level(samples[:round(SECOND_MAX_S * SAMPLE_RATE_HZ)], loud_db, SECOND_LEVEL_DBFS)
        step_s = FRAME_S / 4
        times_s = np.arange(0.0, raised.size / SAMPLE_RATE_HZ, step_s)
        best = np.zeros(times_s.size, np.float32)
        for up, down in SLOWER:
            slow = resample_poly(raised, up, down).astype(np.float32)
            values, _ = self.probabilities(slow, fresh_state())
            at = np.minimum((times_s * up / down / FRAME_S).astype(int), values.size - 1)
            best = np.maximum(best, values[at])
        found = [(start, end) for start, end in runs(best, step_s) if end - start >= SECOND_SURE_S]
        loud_s = float((levels_db > loud_db - LOUD_DB).sum()) * FRAME_S
        return found if sum(end - start for start, end in found) >= SECOND_SHARE * loud_s else []


def frame_levels_db(samples: Samples) -> NDArray[np.float32]:
    """Level of each whole frame of 512 samples in dBFS, at least -120.

    Returns:
        Shape (n // 512,); of a shorter sound (1,), of none (0,).
    """
    if samples.size == 0:
        return np.zeros(0, np.float32)
    whole = samples.size // N_FRAME * N_FRAME
    frames = samples[:whole].reshape(-1, N_FRAME) if whole else samples.reshape(1, -1)
    return (10.0 * np.log10(np.mean(frames * frames, axis=1) + 1e-12)).astype(np.float32)


def runs(probabilities: NDArray[np.float32], step_s: float) -> list[tuple[float, float]]:
    """Stretches that reach ``ENTER`` and stay above ``LEAVE``, as start and end in seconds; near ones are joined."""
    above = np.concatenate([[False], probabilities > LEAVE, [False]])
    edges = np.flatnonzero(above[1:] != above[:-1]).reshape(-1, 2)
    found: list[tuple[float, float]] = []
    for start, end in edges.tolist():
        if probabilities[start:end].max() <= ENTER:
            continue
        start_s, end_s = start * step_s, end * step_s
        if found and start_s - found[-1][1] <= JOIN_S:
            found[-1] = (found[-1][0], end_s)
        else:
            found.append((start_s, end_s))
    return found


def _sure(span: tuple[float, float], probabilities: NDArray[np.float32]) -> bool:
    length_s = span[1] - span[0]
    inside = probabilities[round(span[0] / FRAME_S):round(span[1] / FRAME_S)]
    return length_s >= SURE_S or (length_s >= SHORT_S and float(inside.max()) >= SHORT_PEAK)


def _at_level(samples: Samples, loud_db: float, target_db: float) -> Samples:
    gain = np.float32(10.0 ** ((target_db - loud_db) / 20.0))
    return np.clip(samples * gain, -1.0, 1.0)


def _padded(found: list[tuple[float, float]], duration_s: float) -> tuple[Span, ...]:
    return tuple(Span(start_s=max(0.0, start_s - PAD_S), end_s=min(duration_s, end_s + PAD_S))
                 for start_s, end_s in found)


def _load(_: tuple[Path, ...]) -> SileroSpeech:
    from importlib.metadata import version
    from importlib.util import find_spec

    import onnxruntime

    # Importing the package itself would import torch and set its threads to one for the whole process.
    package = find_spec("silero_vad")
    places = list(package.submodule_search_locations or ()) if package else []
    files = [Path(place) / "data" / "silero_vad_16k_sequence.onnx" for place in places]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise ModelMissingError("Silero VAD's package carries no network for whole sequences; silero-vad 6.2.3 does: "
                                "pip install -r requirements.txt")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # measured: more threads are slower on one frame
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return SileroSpeech(session, f"silero-vad@{version('silero-vad')}")


SPEC: ModelSpec[SileroSpeech] = ModelSpec(
    name="silero", stage="speech", tier="full", source=Packaged(package="silero_vad"), licence="MIT", size_mb=2.3,
    load=_load, about="finds where somebody speaks")
