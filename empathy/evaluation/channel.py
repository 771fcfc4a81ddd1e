"""What one engine said of a labelled set: what masking, fusion and calibration are measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..types import Emotion

Rows: TypeAlias = NDArray[np.float64]
"""Distributions over the eight emotions, shape (n, 8)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Channel:
    """What an engine said of labelled items: distributions of shape (n, 8), labels, names to keep clips apart, and
    whose they are (empty: not known)."""

    rows: Rows
    labels: Sequence[Emotion]
    names: Sequence[str]
    people: Sequence[str] = ()
