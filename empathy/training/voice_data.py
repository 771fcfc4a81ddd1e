"""RAVDESS speech as clips, folds of actors, and a bank of features with many variants of each clip.

The folder (``EMPATHY_DATA``) holds ``speech/ravdess/manifest.csv`` (path, label, speaker, gender, intensity) with its
clips, and ``sounds/manifest.csv``, whose ``background`` group is mixed under the voices.
Source: RAVDESS, Livingstone & Russo 2018, https://doi.org/10.1371/journal.pone.0196391, CC BY-NC-SA 4.0.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..affect import places
from ..audio.logmel import N_FEATURES, voice_features
from ..audio.speech import SPEC as SPEECH
from ..audio.tone_compact import CLASSES
from ..capture.audio import load_sound
from ..errors import InputError
from ..labels import label_of
from ..settings import Settings, load
from ..types import EMOTIONS, SAMPLE_RATE_HZ, Samples, Span
from .voice_augment import at_tempo, augment_sound, other_speaker

CALM_PLACE = (0.3, -0.4, 0.1)
"""Valence, arousal, dominance of calm speech, set by us: half of "relaxed" in Russell & Mehrabian 1977."""
NORMAL_SHARE = 0.7
"""How far a clip acted at normal intensity lies from neutral, against 1 at strong intensity; set by us."""

N_CLEAN = 2
"""Variants 0 and 1 of each clip: its speech as live use cuts it out, and the whole clip."""
WHOLE_SHARE = 0.2
MOST_PADDING_S = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One recording. ``label`` indexes ``CLASSES``."""

    path: Path
    label: int
    speaker: str
    gender: str
    strong: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bank:
    """Features of every variant of every clip, end to end: shape (n_frames in all, N_FEATURES), half precision."""

    frames: NDArray[np.float16]
    ends: NDArray[np.int64]
    n_variants: int

    def features(self, clip: int, variant: int) -> NDArray[np.float32]:
        """One variant of one clip, shape (n_frames, N_FEATURES)."""
        row = clip * self.n_variants + variant
        start = int(self.ends[row - 1]) if row else 0
        return self.frames[start : int(self.ends[row])].astype(np.float32)


def read_clips(folder: Path) -> tuple[Clip, ...]:
    """All clips of the manifest, in its order.

    Raises:
        InputError: the folder has no RAVDESS.
    """
    path = folder / "speech" / "ravdess" / "manifest.csv"
    rows = _rows(path, "the folder that holds speech/ravdess/")
    return tuple(Clip(path=path.parent / row["path"], label=CLASSES.index(label_of(row["label"])),
                      speaker=row["speaker"], gender=row["gender"], strong=row["intensity"] == "strong")
                 for row in rows)


def folds_of(clips: Sequence[Clip], n_folds: int) -> tuple[frozenset[str], ...]:
    """Split the actors into ``n_folds`` groups that differ by at most one actor and are balanced in sex.

    Raises:
        InputError: more folds than actors, or fewer than two.
    """
    gender = {clip.speaker: clip.gender for clip in clips}
    if not 2 <= n_folds <= len(gender):
        raise InputError(f"--folds must lie between 2 and the {len(gender)} actors, not {n_folds}")
    in_turn = sorted(gender, key=lambda name: (gender[name], name))
    return tuple(frozenset(in_turn[start::n_folds]) for start in range(n_folds))


def affect_targets(clips: Sequence[Clip]) -> NDArray[np.float32]:
    """What the affect heads learn, derived from label and intensity: the emotion's place in ``empathy.affect``, nearer
    to neutral at normal intensity; shape (n, 3), valence, arousal, dominance."""
    means, _ = places()
    table = [CALM_PLACE if name == "calm" else means[EMOTIONS.index(name)] for name in CLASSES]
    scale = np.array([1.0 if clip.strong else NORMAL_SHARE for clip in clips])
    return (np.array(table)[[clip.label for clip in clips]] * scale[:, None]).astype(np.float32)


def build_bank(clips: Sequence[Clip], folder: Path, *, n_variants: int, seed: int,
               progress: Callable[[str], None]) -> Bank:
    """Compute the features: two clean variants a clip, the others augmented.

    Args:
        clips: what to read.
        folder: the data folder, for the background sounds.
        n_variants: variants of each clip, the clean ones included.
        seed: of the augmentation.
        progress: gets a line from time to time.
    """
    settings, speech = load(), SPEECH.load(())
    noises = _backgrounds(folder, settings)
    found: list[NDArray[np.float16]] = []
    for index, clip in enumerate(clips):
        rng = np.random.default_rng([seed, index])
        sound = load_sound(clip.path, settings)
        spans = speech.spans(sound)
        variants = [voice_features(speech_of(sound, spans)), voice_features(sound)]
        while len(variants) < n_variants:
            whole = rng.random() < WHOLE_SHARE
            base = sound if whole else speech_of(sound, spans, padding_s=float(rng.uniform(0, MOST_PADDING_S)))
            changed, tempo = other_speaker(base, rng)
            variants.append(at_tempo(voice_features(augment_sound(changed, rng, noises)), tempo))
        found += [variant.astype(np.float16) for variant in variants]
        if index % 50 == 49:
            progress(f"features: {index + 1} of {len(clips)} clips")
    ends = np.cumsum([len(features) for features in found])
    return Bank(frames=np.concatenate(found).reshape(-1, N_FEATURES), ends=ends, n_variants=n_variants)


def cached_bank(path: Path, make: Callable[[], Bank]) -> Bank:
    """The bank in a file; made and kept there when it is not."""
    if not path.is_file():
        bank = make()
        part = path.with_name(path.name + ".part.npz")
        np.savez(part, frames=bank.frames, ends=bank.ends, n_variants=bank.n_variants)
        part.replace(path)
    with np.load(path) as stored:
        return Bank(frames=stored["frames"], ends=stored["ends"], n_variants=int(stored["n_variants"]))


def speech_of(sound: Samples, spans: Sequence[Span], padding_s: float = 0.0) -> Samples:
    """The spans joined, each widened by ``padding_s`` on both sides; the whole sound when there is none."""
    pieces: list[Samples] = []
    done = 0
    for span in spans:
        start = max(done, round((span.start_s - padding_s) * SAMPLE_RATE_HZ))
        done = max(start, min(sound.size, round((span.end_s + padding_s) * SAMPLE_RATE_HZ)))
        pieces.append(sound[start:done])
    joined = np.concatenate(pieces) if pieces else sound
    return joined if joined.size else sound


def _backgrounds(folder: Path, settings: Settings) -> list[Samples]:
    path = folder / "sounds" / "manifest.csv"
    rows = _rows(path, "the folder that holds sounds/")
    sounds = [load_sound(path.parent / row["path"], settings) for row in rows if row["group"] == "background"]
    return [sound for sound in sounds if sound.std() > 1e-4]


def _rows(path: Path, where: str) -> list[Mapping[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise InputError(f"there is no {path}: set EMPATHY_DATA or --data to {where}") from error
