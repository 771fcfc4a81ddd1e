"""``avamerg sample``: a small data set in AvaMERG's layout, with a signal planted where one is told to plant it.

Each line of a speaker carries a cue in its words, one in its sound and one in its picture. Where the signal is planted
the cue is that of the conversation's class (for a share ``strength`` of the lines), elsewhere that of a class drawn
anew for each line: what can be seen, heard and read has one distribution in every sample, only the tie to the label
differs. Situation and chain of empathy always tell the label, as in the real data: the planted leak.
"""

from __future__ import annotations

import json
import wave
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from ...avamerg.classes import CLASSES
from ...errors import InputError
from ...types import SAMPLE_RATE_HZ, Samples
from .labels import FINE
from .media import FOLDERS
from .sample_face import Look, frames, write_clip
from .sample_speech import babble
from .sample_words import CUES, REPLIES, sentence, situation
from .schema import FIRST_ADDED

Signal: TypeAlias = Literal["words", "sound", "picture", "all", "none"]
SIGNALS: tuple[Signal, ...] = get_args(Signal)

SOUNDS: tuple[tuple[float, float], ...] = (
    (260.0, 4.0), (260.0, 7.5), (165.0, 7.5), (260.0, 2.2), (105.0, 2.2), (105.0, 7.5), (165.0, 4.0))
"""Pitch (Hz) and rate (syllables a second) of each class; clips vary by 3 and 5 % (standard deviation) about them."""
LOOKS = (
    Look(smile=1.0, brows=0.0, nods=0.0), Look(smile=0.0, brows=1.0, nods=1.6), Look(smile=-1.0, brows=-1.0, nods=1.6),
    Look(smile=0.0, brows=1.0, nods=0.0), Look(smile=-1.0, brows=0.5, nods=0.0), Look(smile=-1.0, brows=-1.0, nods=0.0),
    Look(smile=1.0, brows=0.0, nods=1.6))
"""Face of each class."""

ADDED_SHARE = 0.25
"""Share of the conversations numbered as the added block, with its labels: anxious, sad, annoyed."""
ADDED = ("anxious", "anxious", "anxious", "sad", "annoyed")
LONG_EVERY = 25
"""Each so many conversations one runs on to line 12, so that the index of a line has two digits."""
LISTENERS = 8
"""The listeners' clips, which nobody learns from, are copies of so many."""
REPEAT_EVERY = 20
"""Each so many conversations one tells of the situation of the one before."""

AGES, GENDERS, TIMBRES = ("child", "young", "middle-aged", "elderly"), ("male", "female"), ("high", "mid", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    out: Path
    signal: Signal
    strength: float
    heard: tuple[bytes, ...]
    seen: tuple[bytes, ...]


def make_sample(
    out: Path, *, n: int, seed: int, signal: Signal = "all", strength: float = 1.0,
    progress: Callable[[Iterable[int]], Iterator[int]] = iter,
) -> Mapping[str, Any]:
    """Write the data set: ``train.json``, ``audio_v5_0/``, ``video_v5_0/`` and ``sample.json``, which tells all.

    Args:
        out: a folder that is empty or not there yet.
        n: conversations.
        seed: of everything that is drawn.
        signal: where the label can be told from; ``none``: nowhere.
        strength: share of a speaker's lines whose cue is that of the label, in [0, 1]; the others' is drawn.
        progress: wraps the loop over the conversations.

    Returns:
        What ``sample.json`` holds.

    Raises:
        InputError: the folder holds something, or a number is out of range.
    """
    if n < 1 or seed < 0 or not 0.0 <= strength <= 1.0:
        raise InputError("--n must be at least 1, --seed at least 0, --strength from 0 to 1")
    if out.is_dir() and any(out.iterdir()):
        raise InputError(f"{out} is not empty; give a new folder with --out")
    try:
        for folder, _ in FOLDERS.values():
            (out / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out} can't be written ({error}); give another folder with --out") from error
    records: list[dict[str, Any]] = []
    plan = _Plan(out=out, signal=signal, strength=strength, **_listeners(out, np.random.default_rng((seed, n))))
    for place in progress(range(n)):
        records.append(_conversation(plan, place, np.random.default_rng((seed, place)), records))
    (out / "train.json").write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
    about = {
        "what": "synthetic: drawn faces, voices by formula, sentences from lists; says nothing about people",
        "n": n, "seed": seed, "signal": signal, "strength": strength, "classes": CLASSES,
        "words": CUES, "sound_hz_and_syllables_per_s": SOUNDS,
        "picture": [{"smile": look.smile, "brows": look.brows, "nods_per_s": look.nods} for look in LOOKS],
        "leak": "situation and chain of empathy always tell the label"}
    (out / "sample.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return about


def _conversation(
    plan: _Plan, place: int, rng: np.random.Generator, before: list[dict[str, Any]]
) -> dict[str, Any]:
    added = rng.random() < ADDED_SHARE
    name = CLASSES[place % len(CLASSES)]
    fine = str(rng.choice(ADDED)) if added else str(rng.choice([word for word, of in FINE.items() if of == name]))
    number = f"{place + 1 + (FIRST_ADDED if added else 0):05d}"
    told = situation(fine, rng)
    if place % REPEAT_EVERY == REPEAT_EVERY - 1:
        told, fine = (before[-1]["turns"][-1][key] for key in ("context", "chain_of_empathy"))
        fine = fine["speaker_emotion"]
    label = CLASSES.index(FINE[fine])
    speaker, listener = _profile(rng), _profile(rng)
    n_spoken = 7 if place % LONG_EVERY == LONG_EVERY - 1 else int(rng.integers(1, 5))
    lines: list[dict[str, Any]] = []
    for index in range(2 * n_spoken - 1):
        who = listener if index % 2 else speaker
        words, sound, look = (
            label if plan.signal in (kind, "all") and rng.random() < plan.strength else int(rng.integers(len(CLASSES)))
            for kind in ("words", "sound", "picture"))
        text = str(rng.choice(REPLIES)) if index % 2 else sentence(str(rng.choice(CUES[CLASSES[words]])), rng)
        lines.append({"index": index, "role": "listener" if index % 2 else "speaker", "utterance": text})
        audio, video = (plan.out / folder / f"dia{number}utt{index}_{who['ID']}{suffix}"
                        for folder, suffix in FOLDERS.values())
        if index % 2:
            audio.write_bytes(plan.heard[index // 2 % LISTENERS])
            video.write_bytes(plan.seen[index // 2 % LISTENERS])
        else:
            _write_media(audio, video, SOUNDS[sound], LOOKS[look], rng)
    chain = {"speaker_emotion": fine, "event_scenario": "An everyday event.",
             "emotion_cause": f"Feeling {fine} because of it.", "goal_to_response": f"Answering somebody {fine}."}
    turns = [{"turn_id": str(turn), "context": told, "dialogue_history": lines[:2 * turn + 1],
              "response": str(rng.choice(REPLIES)), "chain_of_empathy": chain} for turn in range(n_spoken)]
    return {"conversation_id": number, "speaker_profile": speaker, "listener_profile": listener,
            "topic": "Everyday life", "turns": turns}


def _profile(rng: np.random.Generator) -> dict[str, Any]:
    return {"age": str(rng.choice(AGES)), "gender": str(rng.choice(GENDERS)), "timbre": str(rng.choice(TIMBRES)),
            "ID": int(rng.integers(100))}


def _listeners(out: Path, rng: np.random.Generator) -> dict[str, tuple[bytes, ...]]:
    """Clips to be copied: of their faces and voices, which belong to no class."""
    made: dict[str, list[bytes]] = {"heard": [], "seen": []}
    audio, video = out / "listener.wav", out / "listener.mp4"
    for _ in range(LISTENERS):
        cues = rng.integers(len(CLASSES), size=2)
        _write_media(audio, video, SOUNDS[cues[0]], LOOKS[cues[1]], rng)
        made["heard"].append(audio.read_bytes())
        made["seen"].append(video.read_bytes())
    audio.unlink()
    video.unlink()
    return {name: tuple(clips) for name, clips in made.items()}


def _write_media(audio: Path, video: Path, sound: tuple[float, float], look: Look, rng: np.random.Generator) -> None:
    duration_s = float(rng.uniform(1.1, 1.7))
    samples = babble(f0_hz=sound[0] * rng.normal(1.0, 0.03), rate_hz=sound[1] * rng.normal(1.0, 0.05),
                     duration_s=duration_s, size=rng.normal(1.08, 0.08), rng=rng)
    _write_wav(audio, samples)
    write_clip(video, frames(look, duration_s, rng))


def _write_wav(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
