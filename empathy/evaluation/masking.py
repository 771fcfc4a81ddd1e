"""How well is a mismatch of face and voice told from sincerity? A public protocol: labelled faces and labelled voices
are recombined into sincere and masked pairs, never the same clip, and every score is measured on the same pairs.

Positives: (a) any different emotions, (b) opposite valence, (c) a happy or neutral face with an angry, fearful,
disgusted or sad voice, (d) a happy face with those. Negatives: pairs of one emotion. A pair counts as one full window:
the gates of the live page (length, quality) are off.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..affect import places
from ..errors import InputError
from ..fusion.masking import EVERYDAY, FELT, HARMLESS, SHOWN, SINCERE, THRESHOLD, Pair, log_ratio, two_stories
from ..metrics import auc, risk_coverage
from ..types import EMOTIONS, Emotion
from .alarms import alarms_per_hour, reliability
from .channel import Channel, Rows

Score: TypeAlias = Callable[[Rows, Rows], Rows]

POSITIVE = ("happy",)
NEGATIVE = ("angry", "contempt", "disgust", "fear", "sad")
QUESTIONS = ("different", "opposite", "masked", "strict")
N_DRAWS = 200
FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Indices into faces and voices, shape (n,) each."""

    face: NDArray[np.int64]
    voice: NDArray[np.int64]


def evaluate_masking(faces: Channel, voices: Channel, *, n_pairs: int, seed: int) -> dict[str, Any]:
    """Measure the page's score and its baselines.

    Args:
        faces: read from labelled faces.
        voices: read from labelled voices.
        n_pairs: pairs drawn for each question, and for the sincere side.
        seed: of the pairs and the intervals.

    Returns:
        For each question of ``QUESTIONS`` ``auc`` with a 95 % interval and ``tpr_at_5_fpr``: for "masked" of the page's
        own score, which also holds harmless differences against a mask, for the others of the likelihood ratio of that
        question's pairs of emotions; under ``baselines`` of other scores. At the page's threshold
        ``false_alarm_rate`` (sincere pairs), ``recall_at_threshold`` (masked) and ``harmless_alarm_rate`` (pairs such
        as a happy face with a neutral voice; None without any); ``threshold_at_5_fpr`` on these pairs;
        ``risk_coverage`` of the page's verdict; ``reliability`` of its probability; ``false_alarms_per_hour`` of
        sincere speech (see ``alarms``).

    Raises:
        InputError: faces and voices share no emotion, or a question has no pairs.
    """
    started = time.perf_counter()
    rng = np.random.default_rng(seed)
    cells = _cells(faces, voices)
    drawn = {name: _draw(pairs, faces, voices, n_pairs, rng) for name, pairs in cells.items()}
    found: dict[str, Any] = {
        "task": "masking", "pairs": n_pairs, "n_faces": len(faces.labels), "n_voices": len(voices.labels),
        **{f"n_{name}": pairs.face.size for name, pairs in drawn.items()}}
    for question in QUESTIONS:
        ratio = log_ratio if question == "masked" else partial(log_ratio, stories=cells[question], against=SINCERE)
        found[question] = _figures(_scored(ratio, drawn, faces, voices), question, rng)
    others = {kind: _scored(score, drawn, faces, voices) for kind, score in BASELINES.items()}
    found["baselines"] = {kind: {question: _figures(values, question, rng) for question in QUESTIONS}
                          for kind, values in others.items()}
    found |= _in_use(drawn, faces, voices, rng)
    return found | {"seconds": round(time.perf_counter() - started, 2)}


def _in_use(drawn: Mapping[str, Pairs], faces: Channel, voices: Channel, rng: np.random.Generator) -> dict[str, Any]:
    """The page's threshold, verdict and probability on the same pairs, and false alarms over time."""
    page = _scored(log_ratio, drawn, faces, voices)
    told = {name: two_stories(faces.rows[pairs.face], voices.rows[pairs.voice]) for name, pairs in drawn.items()}
    everyday, harmless_rate = page["sincere"], None
    harmless = [pair for pair in HARMLESS if pair[0] in faces.labels and pair[1] in voices.labels]
    if harmless:
        pairs = _draw(harmless, faces, voices, drawn["sincere"].face.size, rng)
        harmless_rate = _share(two_stories(faces.rows[pairs.face], voices.rows[pairs.voice]))
        n_sincere = len(set(faces.labels) & set(voices.labels))
        n_beside = round(pairs.face.size * sum(EVERYDAY[pair] for pair in harmless) / n_sincere)
        everyday = np.r_[everyday, log_ratio(faces.rows[pairs.face], voices.rows[pairs.voice])[:n_beside]]
    return {
        "false_alarm_rate": _share(told["sincere"]), "recall_at_threshold": _share(told["masked"]),
        "harmless_alarm_rate": harmless_rate, "threshold": THRESHOLD,
        "threshold_at_5_fpr": round(float(np.quantile(page["sincere"], 1 - FALSE_ALARMS)), 3),
        "risk_coverage": _risk(page, told),
        "reliability": reliability({"masked": page["masked"], "everyday": everyday}),
        "false_alarms_per_hour": alarms_per_hour(faces, voices, rng)}


def _scored(score: Score, drawn: Mapping[str, Pairs], faces: Channel, voices: Channel) -> dict[str, Rows]:
    return {name: score(faces.rows[pairs.face], voices.rows[pairs.voice]) for name, pairs in drawn.items()}


def _cells(faces: Channel, voices: Channel) -> dict[str, list[Pair]]:
    """The pairs of emotions that answer each question, among those that both sides hold."""
    seen, heard = set(faces.labels), set(voices.labels)
    every: list[Pair] = [(a, b) for a in EMOTIONS for b in EMOTIONS if a in seen and b in heard]
    cells: dict[str, list[Pair]] = {
        "sincere": [(a, b) for a, b in every if a == b],
        "different": [(a, b) for a, b in every if a != b],
        "opposite": [(a, b) for a, b in every if {_sign(a), _sign(b)} == {1, -1}],
        "masked": [(a, b) for a, b in every if a in SHOWN and b in FELT],
        "strict": [(a, b) for a, b in every if a == "happy" and b in FELT],
    }
    empty = [name for name, found in cells.items() if not found]
    if empty:
        raise InputError(f"the labels of faces ({', '.join(sorted(seen))}) and voices ({', '.join(sorted(heard))}) "
                         f"give no {' and no '.join(empty)} pairs")
    return cells


def _sign(emotion: Emotion) -> int:
    return 1 if emotion in POSITIVE else -1 if emotion in NEGATIVE else 0


def _draw(cells: list[Pair], faces: Channel, voices: Channel, n: int, rng: np.random.Generator) -> Pairs:
    """Every pair of emotions alike often; within one, any face with any voice of another clip."""
    face_at = {name: np.flatnonzero(np.array(faces.labels) == name) for name in set(faces.labels)}
    voice_at = {name: np.flatnonzero(np.array(voices.labels) == name) for name in set(voices.labels)}
    chosen = rng.integers(0, len(cells), n)
    face = np.array([rng.choice(face_at[cells[k][0]]) for k in chosen])
    voice = np.array([rng.choice(voice_at[cells[k][1]]) for k in chosen])
    apart = np.array([faces.names[a] != voices.names[b] for a, b in zip(face, voice, strict=True)])
    return Pairs(face=face[apart], voice=voice[apart])


def _figures(scores: Mapping[str, Rows], question: str, rng: np.random.Generator) -> dict[str, float]:
    yes, no = scores[question], scores["sincere"]
    draws = [_auc(rng.choice(yes, yes.size), rng.choice(no, no.size)) for _ in range(N_DRAWS)]
    low, high = np.quantile(draws, (0.025, 0.975))
    figures = {"auc": _auc(yes, no), "auc_low": low, "auc_high": high,
               "tpr_at_5_fpr": float((yes > np.quantile(no, 1 - FALSE_ALARMS)).mean())}
    return {name: round(float(value), 4) for name, value in figures.items()}


def _auc(yes: Rows, no: Rows) -> float:
    return auc(np.r_[np.ones(yes.size), np.zeros(no.size)], np.r_[yes, no])


def _share(told: NDArray[np.bool_]) -> float:
    return round(float(told.mean()), 4)


def _risk(page: Mapping[str, Rows], told: Mapping[str, NDArray[np.bool_]]) -> list[dict[str, float]]:
    """Error of the verdict (question masked, sincere and masked alike often) among the pairs it is surest of."""
    values = np.r_[page["masked"], page["sincere"]]
    right = np.r_[told["masked"], ~told["sincere"]]
    coverage, risk = risk_coverage(np.abs(values - THRESHOLD), right)
    at = [int(np.searchsorted(coverage, share)) for share in (0.2, 0.4, 0.6, 0.8, 1.0)]
    return [{"coverage": round(float(coverage[min(i, risk.size - 1)]), 2),
             "risk": round(float(risk[min(i, risk.size - 1)]), 4)} for i in at]


def _valence(rows: Rows) -> Rows:
    return rows @ places()[0][:, 0]


def _gap(face: Rows, voice: Rows) -> Rows:
    return _valence(face) - _valence(voice)


def _absolute_gap(face: Rows, voice: Rows) -> Rows:
    return np.abs(_gap(face, voice))


def _labels_differ(face: Rows, voice: Rows) -> Rows:
    return (face.argmax(axis=1) != voice.argmax(axis=1)).astype(np.float64)


def _jensen_shannon(face: Rows, voice: Rows) -> Rows:
    def entropy(rows: Rows) -> Rows:
        return -(rows * np.log2(np.clip(rows, 1e-12, None))).sum(axis=1)

    return entropy((face + voice) / 2) - (entropy(face) + entropy(voice)) / 2


BASELINES: Mapping[str, Score] = {
    "labels differ": _labels_differ, "jensen-shannon": _jensen_shannon,
    "absolute gap": _absolute_gap, "signed gap": _gap,
}
