"""FER2013 faces with their FER+ votes, as arrays.

The folder (``EMPATHY_DATA``) holds ``faces/fer2013_train_val.csv`` and ``.webp.bin``: one row a picture with its place
in the packed file, FER2013's own label, the official split, the ten FER+ votes, and ``use``, which names the rows
to leave out (duplicates across splits, no face). Source: FER2013 (Goodfellow et al. 2013), FER+ (Barsoum et al. 2016).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..types import EMOTIONS

_VOTES = ("fp_anger", "fp_contempt", "fp_disgust", "fp_fear", "fp_happiness", "fp_neutral", "fp_sadness", "fp_surprise")
"""Columns of the votes in the order of ``EMOTIONS``."""
_UNSURE = ("fp_unknown", "fp_NF")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Faces:
    """Labelled faces.

    ``pictures``: uint8, shape (n, 48, 48), grey. ``votes``: shape (n, 8), shares of the ten voters who named each
    emotion, sums to 1. ``sure``: shape (n,), the share of the voters who named any. ``majority``: shape (n,), index
    into ``EMOTIONS``, -1 where the voters do not agree. ``fer_label``: shape (n,), FER2013's own label.
    """

    pictures: NDArray[np.uint8]
    votes: NDArray[np.float32]
    sure: NDArray[np.float32]
    majority: NDArray[np.int64]
    fer_label: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pictures)


def read_faces(folder: Path, split: Literal["train", "val"]) -> Faces:
    """Read one official split; rows that ``use`` names are left out, and rows that nobody could put a name to.

    Args:
        folder: the data folder, which holds ``faces/``.
        split: ``val`` is FER2013's PublicTest.

    Raises:
        InputError: the files are not there.
    """
    stem = folder / "faces" / "fer2013_train_val"
    try:
        with stem.with_suffix(".csv").open(newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["split"] == split and row["use"] == "ok"]
        blob = Path(f"{stem}.webp.bin").read_bytes()
    except OSError as error:
        raise InputError(f"the faces to learn from are not at {stem}.csv and .webp.bin: set EMPATHY_DATA to the folder "
                         "that holds faces/") from error
    counts = np.array([[int(row[name] or 0) for name in (*_VOTES, *_UNSURE)] for row in rows], np.float32)
    kept = _without_outliers(counts)
    named = np.flatnonzero(kept[:, :8].sum(1) > 0)
    kept = kept[named]
    return Faces(
        pictures=np.stack([_decode(blob, rows[i]) for i in named]),
        votes=kept[:, :8] / kept[:, :8].sum(1, keepdims=True),
        sure=kept[:, :8].sum(1) / kept.sum(1),
        majority=ferplus_majority(counts[named]),
        fer_label=np.array([EMOTIONS.index(rows[i]["label"]) for i in named]),
    )


def ferplus_majority(counts: NDArray[np.float32]) -> NDArray[np.int64]:
    """The FER+ label as its authors count it: single votes are dropped, then more than half of the rest must agree.

    Args:
        counts: shape (n, 10), votes for ``EMOTIONS`` in order, then unknown and no face.

    Returns:
        Shape (n,), index into ``EMOTIONS``, or -1. Source: Barsoum et al. 2016, "majority voting".
    """
    kept = _without_outliers(counts)
    best = kept.argmax(1)
    agreed = (kept.max(1) * 2 > kept.sum(1)) & (best < len(EMOTIONS))
    return np.where(agreed, best, -1)


def _without_outliers(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(counts > 1, counts, 0).astype(np.float32)


def _decode(blob: bytes, row: dict[str, str]) -> NDArray[np.uint8]:
    from PIL import Image

    start = int(row["offset"])
    return np.asarray(Image.open(io.BytesIO(blob[start:start + int(row["size"])])).convert("L"), dtype=np.uint8)
