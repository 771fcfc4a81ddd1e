"""``evaluate voice`` with scripted engines on sounds written by the test."""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.evaluation.voice import WITH_CALM, evaluate_voice, shares
from empathy.protocols import Tone
from empathy.settings import load
from empathy.types import EMOTIONS, Affect, Emotions, Samples, Span

SETTINGS = load()
LEVELS = {"angry": 0.4, "happy": 0.2, "neutral": 0.1, "calm": 0.05, "sad": 0.02}
"""The scripted engine tells labels apart by the peak of the sound."""


@dataclass
class EarByLevel:
    """Knows the label from the level; calm is neutral with a calm share of 0.9."""

    name: str = "ear@1"
    excited: tuple[str, ...] = ()
    prior: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WITH_CALM, 0.125))

    def listen(self, speech: Samples) -> Tone:
        heard = min(LEVELS, key=lambda name: abs(LEVELS[name] - float(np.abs(speech).max())))
        named = "neutral" if heard == "calm" else heard
        emotions = Emotions.of({name: 0.96 if name == named else 0.04 / 7 for name in EMOTIONS})
        valence = {"happy": 0.8, "sad": -0.6, "angry": -0.5}.get(heard, 0.0)
        return Tone(emotions=emotions, calm=0.9 if heard == "calm" else 0.1, affect=Affect(
            valence=valence, arousal=0.5 * (heard in self.excited), dominance=0.0,
            valence_sd=0.1, arousal_sd=0.1, dominance_sd=0.1))


@dataclass
class HalfIsSpeech:
    """Calls the second half speech; nothing where the sound is quieter than ``threshold``."""

    name: str = "half@1"
    threshold: float = 0.0

    def spans(self, samples: Samples) -> tuple[Span, ...]:
        length_s = samples.size / 16_000
        loud = float(np.abs(samples).max()) > self.threshold
        return (Span(start_s=length_s / 2, end_s=length_s),) if loud else ()


def write_clips(folder: Path, labels: list[str], extra: str = "", values: tuple[str, ...] = ()) -> Path:
    lines = ["path,label" + (f",{extra}" if extra else "")]
    for i, label in enumerate(labels):
        samples = np.full(8000, 0.9)  # the first half must not be heard
        samples[4000:] = LEVELS[label] * np.sign(np.sin(np.arange(4000) / 5))
        with wave.open(str(folder / f"{i}.wav"), "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", ""))
            file.writeframes((samples * 32767).astype("<i2").tobytes())
        lines.append(f"{i}.wav,{label}" + (f",{values[i]}" if values else ""))
    table = folder / "table.csv"
    table.write_text("\n".join(lines) + "\n")
    return table


def measure(table: Path, **more: object) -> dict[str, object]:
    given = {"speech": HalfIsSpeech(), "engine": EarByLevel(), **more}
    return evaluate_voice(table, settings=SETTINGS, **given)  # type: ignore[arg-type]


def test_only_the_speech_is_heard(tmp_path: Path):
    found = measure(write_clips(tmp_path, ["angry", "sad", "happy", "neutral"]))
    assert found["accuracy"] == 1.0
    assert found["n_no_speech"] == 0


def test_a_table_with_calm_is_answered_in_ravdess_classes(tmp_path: Path):
    found = measure(write_clips(tmp_path, ["angry", "calm", "neutral"]))
    assert found["labels"] == ["angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
    assert found["accuracy"] == 1.0


def test_calm_counts_as_neutral_where_the_choice_lacks_it(tmp_path: Path):
    found = measure(write_clips(tmp_path, ["angry", "calm", "neutral", "happy"]), labels=("angry", "neutral", "sad"))
    assert (found["n"], found["n_left_out"], found["accuracy"]) == (3, 1, 1.0)


def test_a_clip_without_speech_is_heard_whole_and_still_answered(tmp_path: Path):
    found = measure(write_clips(tmp_path, ["angry", "sad"]), speech=HalfIsSpeech(threshold=2.0))
    assert (found["n_no_speech"], found["n_unread"]) == (2, 0)


def test_an_unreadable_clip_counts_as_wrong(tmp_path: Path):
    table = write_clips(tmp_path, ["angry", "sad"])
    (tmp_path / "1.wav").write_text("no sound")
    found = measure(table)
    assert (found["n"], found["n_unread"], found["accuracy"]) == (2, 1, 0.5)


def test_columns_of_affect_bring_their_concordance(tmp_path: Path):
    table = write_clips(tmp_path, ["happy", "sad", "angry", "neutral"], "valence", ("0.8", "-0.6", "-0.5", ""))
    assert measure(table)["ccc"] == {"valence": pytest.approx(1.0, abs=1e-4)}


def test_figures_are_parted_by_a_column(tmp_path: Path):
    table = write_clips(tmp_path, ["happy", "sad", "angry"], "gender", ("f", "m", "f"))
    by = measure(table, by="gender")["by"]
    assert isinstance(by, dict)
    assert {name: part["n"] for name, part in by.items()} == {"f": 2, "m": 1}


def test_a_choice_that_no_row_has_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no row labelled fear"):
        measure(write_clips(tmp_path, ["happy"]), labels=("fear", "disgust"))


def test_calm_takes_its_part_of_neutral():
    told = shares(Tone(emotions=Emotions.of({"neutral": 0.5, "sad": 0.5}), affect=None, calm=0.6))
    assert (told["calm"], told["neutral"], told["sad"]) == pytest.approx((0.3, 0.2, 0.5))


def test_a_narrower_choice_takes_out_the_prior_that_the_engine_learnt(tmp_path: Path):
    table = write_clips(tmp_path, ["angry", "sad", "calm"])
    whole = measure(table)
    assert (whole["prior"], whole["accuracy"]) == ("as learnt", 1.0)
    assert measure(table, labels=("angry", "sad"))["prior"] == "equal"
    fond = EarByLevel(prior={"angry": 0.001, "sad": 0.9, "calm": 0.099})
    assert measure(table, engine=fond, labels=("angry", "sad"))["recall"] == {"angry": 1.0, "sad": 0.0}


def test_arousal_is_judged_by_strong_emotions_against_quiet_ones(tmp_path: Path):
    labels, intensities = ["angry", "happy", "sad", "calm"], ("strong", "normal", "strong", "normal")
    table = write_clips(tmp_path, labels, "intensity", intensities)
    assert measure(table, engine=EarByLevel(excited=("angry",)))["arousal_auc"] == 1.0
    assert measure(table, engine=EarByLevel(excited=("sad", "angry")))["arousal_auc"] == 0.75
    assert "arousal_auc" not in measure(write_clips(tmp_path, ["angry", "happy"]))


def test_rows_that_the_engine_was_trained_on_are_counted(tmp_path: Path):
    table = write_clips(tmp_path, ["angry", "sad", "happy"])
    assert measure(table, learnt_from="[01]")["n_heard_in_training"] == 2
    assert measure(table)["n_heard_in_training"] == 0


@pytest.mark.parametrize(("value", "told"), [
    ("7", "reaches from 7 to 7"), ("loud", "must hold numbers"), ("nan", "must hold numbers")])
def test_affect_off_the_scale_is_refused(tmp_path: Path, value: str, told: str):
    with pytest.raises(InputError, match=told):
        measure(write_clips(tmp_path, ["angry"], "arousal", (value,)))
