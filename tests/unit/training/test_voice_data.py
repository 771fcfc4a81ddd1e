import wave
from pathlib import Path

import numpy as np
import pytest

from empathy.audio.tone_compact import CLASSES
from empathy.errors import InputError
from empathy.training.voice_data import Bank, Clip, affect_targets, cached_bank, folds_of, read_clips, speech_of
from empathy.types import Span

LABELS = ("angry", "calm", "disgust", "fearful", "happy", "neutral", "sad", "surprised")
"""RAVDESS's own words, in the order of ``CLASSES``."""


def write_sound(path: Path, samples: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def write_voices(folder: Path, n_speakers: int, per_label: int = 1) -> None:
    """A data folder in RAVDESS's layout: each label is a hum of another pitch."""
    t = np.arange(12_800) / 16_000
    lines = ["path,label,speaker,gender,intensity"]
    for speaker in range(1, n_speakers + 1):
        for k, label in enumerate(LABELS):
            for take in range(per_label):
                name = f"audio/{speaker}-{label}-{take}.wav"
                f0 = 100.0 + 25 * k + speaker
                sound = 0.1 * sum(np.sin(2 * np.pi * f0 * h * t) / h for h in range(1, 9))
                write_sound(folder / "speech" / "ravdess" / name, sound * np.sin(2 * np.pi * 2 * t) ** 2)
                gender, intensity = ("female" if speaker % 2 else "male"), ("strong" if take else "normal")
                lines.append(f"{name},{label},s{speaker:02d},{gender},{intensity}")
    (folder / "speech" / "ravdess" / "manifest.csv").write_text("\n".join(lines) + "\n")
    write_sound(folder / "sounds" / "audio" / "rain.wav", np.random.default_rng(0).normal(0, 0.05, 8000))
    (folder / "sounds" / "manifest.csv").write_text("path,label,group\naudio/rain.wav,rain,background\n")


def clip(speaker: int, label: str = "angry", *, strong: bool = True) -> Clip:
    return Clip(path=Path("x.wav"), label=CLASSES.index(label), speaker=f"s{speaker:02d}",
                gender="female" if speaker % 2 else "male", strong=strong)


def test_ravdess_words_become_our_classes(tmp_path: Path):
    write_voices(tmp_path, n_speakers=2)
    assert [CLASSES[clip.label] for clip in read_clips(tmp_path)[:8]] == list(CLASSES)


def test_a_missing_folder_names_what_to_set(tmp_path: Path):
    with pytest.raises(InputError, match="EMPATHY_DATA"):
        read_clips(tmp_path)


def test_folds_share_no_actor_and_balance_the_sexes():
    folds = folds_of([clip(i) for i in range(1, 19)], 6)
    assert sorted(name for fold in folds for name in fold) == [f"s{i:02d}" for i in range(1, 19)]
    assert all(len(fold) == 3 and 1 <= sum(int(name[1:]) % 2 for name in fold) <= 2 for fold in folds)


@pytest.mark.parametrize("n_folds", [1, 5])
def test_folds_that_can_not_be_made_are_refused(n_folds: int):
    with pytest.raises(InputError, match="--folds"):
        folds_of([clip(i) for i in range(1, 5)], n_folds)


def test_affect_targets_keep_the_sides_and_shrink_at_normal_intensity():
    angry, mild, sad, neutral = affect_targets([clip(1), clip(1, strong=False), clip(1, "sad"), clip(1, "neutral")])
    assert angry[1] > 0 > sad[1]
    np.testing.assert_allclose(mild, 0.7 * angry, rtol=1e-5)
    assert not neutral.any()


def test_speech_is_cut_out_with_padding_that_never_repeats_a_sample():
    sound = np.arange(16_000, dtype=np.float32)
    spans = (Span(start_s=0.1, end_s=0.2), Span(start_s=0.25, end_s=0.3))
    joined = speech_of(sound, spans, padding_s=0.1)
    np.testing.assert_array_equal(joined, sound[: round(0.4 * 16_000)])


def test_without_speech_the_whole_sound_is_kept():
    sound = np.ones(100, np.float32)
    assert speech_of(sound, ()) is sound


def test_a_bank_is_made_once_and_read_back(tmp_path: Path):
    made: list[int] = []

    def make() -> Bank:
        made.append(1)
        return Bank(frames=np.arange(5 * 68).reshape(5, 68).astype(np.float16), ends=np.array([2, 5]), n_variants=2)

    for _ in range(2):
        bank = cached_bank(tmp_path / "bank.npz", make)
    assert made == [1]
    assert bank.features(0, 0).shape == (2, 68)
    assert bank.features(0, 1)[0, 0] == 136
