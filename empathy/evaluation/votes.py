"""What people saw in a face alone, heard in a voice alone, and made of both: the votes of CREMA-D (Cao et al. 2014)."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..fusion.attention import CHOICES, PLACES
from ..types import EMOTIONS

Rows: TypeAlias = NDArray[np.float64]
"""Distributions over ``CHOICES``, shape (n, 6), where not said otherwise."""

SMOOTHING_VOTES = 0.5
"""Votes added to each emotion, so that ten raters who all agree are not taken for certainty."""

_COLUMNS = ("angry", "disgust", "fearful", "happy", "neutral", "sad")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Votes:
    """What raters said of each clip; ``truth`` is the likeliest label for both channels, -1 where two are level."""

    face: Rows
    voice: Rows
    both: Rows
    truth: NDArray[np.int64]
    actors: Sequence[str]
    meant: Sequence[str] = ()
    """The emotion that the actor was asked for, in the table's own words."""


def read_votes(path: Path) -> Votes:
    """Read CREMA-D's vote shares (``face_p_angry``, ``face_n`` and so on), plain or gzipped.

    Raises:
        InputError: there is no such file, it holds no rows, or it lacks a column.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows:
            raise ValueError("it holds no rows")
        shares = {channel: np.array([[float(row[f"{channel}_p_{name}"] or 0) for name in _COLUMNS] for row in rows])
                  for channel in ("face", "voice", "av")}
        counts = {channel: np.array([[float(row[f"{channel}_n"] or 0)] for row in rows]) for channel in shares}
        actors, meant = ([row[name] for row in rows] for name in ("speaker", "intended"))
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{path} can't be read as CREMA-D vote shares (columns face_p_angry, face_n, voice_p_angry, "
                         f"av_p_angry, speaker and so on): {error}") from error
    kept = (counts["face"] > 0)[:, 0] & (counts["voice"] > 0)[:, 0] & (shares["av"].sum(axis=1) > 0.9)
    both = shares["av"][kept]
    level = np.sort(both, axis=1)
    truth = np.where(level[:, -1] - level[:, -2] > 1e-6, both.argmax(axis=1), -1)
    face, voice = (_smooth(shares[channel], counts[channel])[kept] for channel in ("face", "voice"))
    return Votes(face=face, voice=voice, both=both, truth=truth,
                 actors=[actor for actor, keep in zip(actors, kept, strict=True) if keep],
                 meant=[name for name, keep in zip(meant, kept, strict=True) if keep])


def among_eight(rows: Rows) -> Rows:
    """The same among the eight emotions, shape (n, 8): those that nobody could choose have 0."""
    eight = np.zeros((len(rows), len(EMOTIONS)))
    eight[:, PLACES] = rows
    return eight


def _smooth(shares: Rows, counts: Rows) -> Rows:
    return (shares * counts + SMOOTHING_VOTES) / (counts + SMOOTHING_VOTES * len(CHOICES))
