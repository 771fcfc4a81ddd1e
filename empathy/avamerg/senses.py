"""From a clip to what the networks are given: statistics of its sound, square pictures of its face."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..types import SAMPLE_RATE_HZ, Box, Picture, Samples
from .inputs import Heard, Seen

SCALES = (1, 3, 6, 12)
"""Frames of 20 ms over which a layer's output is averaged before its spread is taken: the spread that is left tells how
fast the sound changes, and so the rate of speech."""
LEAST_SAMPLES = 400
"""One frame of wav2vec2's convolutions."""
FACE_SIDE = 1.5
"""Side of the square about a face, in sides of the mesh's box: hair and chin are in, and a head that moves stays in."""


def hear(encoder: Any, samples: Samples, window_s: float) -> Heard | None:
    """Mean and spreads of every layer over the whole clip, heard in windows so that memory stays bounded.

    Args:
        encoder: a wav2vec2 model of transformers, not in training.
        samples: 16 kHz.
        window_s: longest stretch heard at once.

    Returns:
        Shape (n_layers + 1, 5, width), or None for less than 25 ms.
    """
    import torch

    if samples.size < LEAST_SAMPLES:
        return None
    step = round(window_s * SAMPLE_RATE_HZ)
    starts = range(0, max(1, samples.size - LEAST_SAMPLES + 1), step)
    spread = float(np.sqrt(samples.var() + 1e-7))
    device = next(encoder.parameters()).device
    sums: list[Any] = []
    for start in starts:
        heard = (samples[start:start + step] - samples.mean()) / spread
        values = torch.from_numpy(np.ascontiguousarray(heard, dtype=np.float32))[None].to(device)
        with torch.inference_mode():
            states = torch.stack(encoder(values, output_hidden_states=True).hidden_states)[:, 0]
            sums.append([_moments(states, scale) for scale in SCALES])
    found: list[NDArray[np.float32]] = []
    for place in range(len(SCALES)):
        n, total, squares = sums[0][place]
        for one in sums[1:]:
            n, total, squares = n + one[place][0], total + one[place][1], squares + one[place][2]
        mean, square = total / n, squares / n
        if place == 0:
            found.append(mean.float().cpu().numpy())
        found.append((square - mean**2).clamp(min=0).sqrt().float().cpu().numpy())
    return np.stack(found, axis=1)


def _moments(states: Any, scale: int) -> tuple[int, Any, Any]:
    """Count, sum and sum of squares over time of ``states`` (layers, frames, width), averaged over ``scale`` frames."""
    import torch.nn.functional as F

    if scale > 1 and states.shape[1] >= scale:
        states = F.avg_pool1d(states.transpose(1, 2), scale, 1).transpose(1, 2)
    states = states.double()
    return states.shape[1], states.sum(1), (states**2).sum(1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """Pictures of a face; ``found`` is false where no face was found and the middle of the picture was taken."""

    pictures: Seen
    found: bool


def look(frames: Iterable[Picture], find: Callable[[Picture], Box | None], *, n: int, side_px: int) -> Look | None:
    """Pictures spread evenly over a clip, cut out about the face where it first is found, so that its motion is kept.

    Args:
        frames: of the clip, in order of time; at most 4 n of them are in memory.
        find: where the main face is.
        n: pictures wanted; a clip of fewer frames repeats some.
        side_px: side of each.

    Returns:
        None for a clip without frames.
    """
    kept = thinned(frames, 4 * n)
    if not kept:
        return None
    order = [len(kept) // 2, 0, len(kept) - 1]
    box = next((box for place in order if (box := find(kept[place])) is not None), None)
    chosen = [kept[round(place)] for place in np.linspace(0, len(kept) - 1, n)]
    return Look(pictures=np.stack([cut(picture, box, side_px) for picture in chosen]), found=box is not None)


def thinned(frames: Iterable[Picture], most: int) -> Sequence[Picture]:
    """At most ``most`` frames, evenly spaced, without knowing beforehand how many there are."""
    kept: list[Picture] = []
    every = 1
    for place, picture in enumerate(frames):
        if place % every:
            continue
        if len(kept) == most:
            kept, every = kept[::2], every * 2
            if place % every:
                continue
        kept.append(picture)
    return kept


def cut(picture: Picture, box: Box | None, side_px: int) -> Picture:
    """A square about a face, or the middle of the picture; what lies outside repeats its border."""
    import cv2

    height, width = picture.shape[:2]
    if box is None:
        side, x, y = float(min(width, height)), width / 2, height / 2
    else:
        side, x, y = FACE_SIDE * max(box.width, box.height), box.x + box.width / 2, box.y + box.height / 2
    zoom = side_px / max(side, 1.0)
    turn = np.array([[zoom, 0.0, side_px / 2 - zoom * x], [0.0, zoom, side_px / 2 - zoom * y]])
    square = cv2.warpAffine(picture, turn, (side_px, side_px), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_LINEAR)
    return np.asarray(square, dtype=np.uint8)
