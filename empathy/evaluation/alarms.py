"""How the masking score behaves in use: false alarms an hour of sincere speech, and whether its probability is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..fusion.masking import MIN_WINDOW_S, PRIOR, log_ratio, probability
from ..fusion.persistence import Persistence
from ..types import EMOTIONS, Emotion, Masking
from .channel import Channel, Rows

N_HOURS = 120
HOUR_S = 3600.0
MOOD_WINDOWS = 10
"""A simulated person stays with one emotion for so many windows: half a minute."""

N_BINS = 5
ASSUMPTIONS = (
    "speech without a pause in windows of 3 s, each well seen and heard; one person's voice an hour, drawn from the "
    "clips of that speaker; any face that is labelled with the same emotion; an emotion lasts ten windows, all are "
    "equally frequent; windows of a mood are independent; what explains a mismatch harmlessly is never found")
"""Sincere speech is mostly neutral and its windows resemble each other; labelled clips are neither."""


def alarms_per_hour(faces: Channel, voices: Channel, rng: np.random.Generator,
                    n_hours: int = N_HOURS) -> dict[str, Any]:
    """Simulate hours of sincere speech and count how often two stories are first told.

    Args:
        faces: labelled; faces of one label stand for anybody's.
        voices: labelled; ``people`` tells who speaks, one unknown person where it is empty.
        rng: draws the hours.
        n_hours: simulated.

    Returns:
        ``persistent``: alarms an hour under ``fusion.persistence``, with a 95 % interval over the speakers; ``alone``:
        the same where every single window that passes counts; ``told_share``: of the time; ``hours``, ``assumptions``.
    """
    people = list(voices.people) or [""] * len(voices.labels)
    speakers = sorted(set(people))
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in speakers}
    for hour in range(n_hours):
        speaker = speakers[hour % len(speakers)]
        own = np.array([name == speaker for name in people])
        found[speaker].append(_count(_windows(faces, voices, own, rng)))
    means = np.array([np.mean(rows, axis=0) for rows in found.values() if rows])
    draws = np.array([means[rng.integers(0, len(means), len(means))].mean(axis=0) for _ in range(500)])
    low, high = np.quantile(draws[:, 0], (0.025, 0.975))
    persistent, alone, share = means.mean(axis=0)
    return {"persistent": round(float(persistent), 2), "low": round(float(low), 2), "high": round(float(high), 2),
            "alone": round(float(alone), 1), "told_share": round(float(share), 4), "hours": n_hours,
            "speakers": len(speakers), "assumptions": ASSUMPTIONS}


def _windows(faces: Channel, voices: Channel, own: NDArray[np.bool_], rng: np.random.Generator) -> list[Masking]:
    """An hour of one speaker's windows."""
    face_labels, voice_labels = np.array(faces.labels), np.array(voices.labels)
    moods: list[Emotion] = sorted(set(faces.labels) & set(voice_labels[own].tolist()))
    n = round(HOUR_S / MIN_WINDOW_S)
    seen: list[int] = []
    heard: list[int] = []
    while len(seen) < n:
        mood = moods[rng.integers(len(moods))]
        seen += rng.choice(np.flatnonzero(face_labels == mood), MOOD_WINDOWS).tolist()
        heard += rng.choice(np.flatnonzero((voice_labels == mood) & own), MOOD_WINDOWS).tolist()
    face, voice = faces.rows[seen[:n]], voices.rows[heard[:n]]
    scores = log_ratio(face, voice)
    return [Masking(score=float(score), probability=probability(float(score)), shown=EMOTIONS[shown],
                    felt=EMOTIONS[felt], evidence=())
            for score, shown, felt in zip(scores, face.argmax(axis=1), voice.argmax(axis=1), strict=True)]


def _count(windows: Sequence[Masking]) -> tuple[float, float, float]:
    """Alarms that last, windows that pass alone, and the share of time something is told."""
    from ..fusion.masking import told

    state, alarms, told_windows = Persistence.start(), 0, 0
    for i, window in enumerate(windows):
        before = state.told
        state = state.after(window, (i + 1) * MIN_WINDOW_S)
        alarms += before is None and state.told is not None
        told_windows += state.told is not None
    return float(alarms), float(sum(told(window) for window in windows)), told_windows / len(windows)


def reliability(scores: Mapping[str, Rows]) -> dict[str, Any]:
    """Is the probability one? Pairs are weighed as the prior has it, masked against everyday ones.

    Args:
        scores: of the pairs of "masked" and "everyday".

    Returns:
        ``bins`` of equal width with the mean ``said``, the share ``masked`` and the ``weight``, and ``ece``.
    """
    values = np.r_[scores["masked"], scores["everyday"]]
    said = np.array([probability(float(value)) for value in values])
    masked = np.r_[np.ones(scores["masked"].size), np.zeros(scores["everyday"].size)]
    weights = np.where(masked == 1, PRIOR / scores["masked"].size, (1 - PRIOR) / scores["everyday"].size)
    place = np.minimum((said * N_BINS).astype(int), N_BINS - 1)
    bins: list[dict[str, float]] = []
    error = 0.0
    for k in range(N_BINS):
        here = place == k
        if (weight := float(weights[here].sum())) == 0:
            continue
        mean, share = (float(np.average(row[here], weights=weights[here])) for row in (said, masked))
        bins.append({"said": round(mean, 3), "masked": round(share, 3), "weight": round(weight, 4)})
        error += weight * abs(mean - share)
    return {"bins": bins, "ece": round(error, 4)}
