import csv
import os
from pathlib import Path

import numpy as np
import pytest

from empathy.audio.events import MEASURED, EventRules, count_bursts, sounds
from empathy.audio.speech import SPEC
from empathy.capture.audio import load_sound
from empathy.settings import Settings
from empathy.types import SAMPLE_RATE_HZ, Span

DATA = Path(os.environ.get("EMPATHY_DATA", ""))
needs_data = pytest.mark.skipif(not os.environ.get("EMPATHY_DATA"), reason="EMPATHY_DATA names no labelled recordings")


def noise(n):
    """White, the same at every call."""
    return np.random.default_rng(0).standard_normal(n)


def scene(sound, at_s=1.0, duration_s=4.0):
    """A sound in a quiet room."""
    room = noise(round(duration_s * SAMPLE_RATE_HZ)) * 1e-4
    start = round(at_s * SAMPLE_RATE_HZ)
    room[start:start + sound.size] += sound
    return room.astype(np.float32)


def time(duration_s):
    return np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ


def burst(duration_s=0.25):
    """Noise around 1 kHz that is there at once and decays, as a cough."""
    hiss = np.convolve(noise(time(duration_s).size), np.hanning(12), "same")
    return 0.1 * hiss * np.exp(-18 * time(duration_s))


def call(duration_s=1.2):
    """Harmonics of a pitch that rises and falls around 400 Hz, as a cry."""
    phase = 2 * np.pi * np.cumsum(400 * (1 + 0.12 * np.sin(2 * np.pi * time(duration_s)))) / SAMPLE_RATE_HZ
    rough = 1 + 0.6 * np.convolve(noise(phase.size), np.ones(20) / 20, "same")
    return 0.1 * sum(np.sin(k * phase) / k for k in (1, 2, 3, 4)) * rough * np.hanning(phase.size)


def test_a_short_noisy_burst_is_a_cough_where_it_is():
    (event,) = EventRules(experimental=False).events(scene(burst()), ())
    assert event.kind == "cough"
    assert event.start_s == pytest.approx(1.0, abs=0.05)
    assert not event.experimental


def test_a_long_moving_call_is_a_cry():
    (event,) = EventRules(experimental=False).events(scene(call()), ())
    assert event.kind == "cry"
    assert (event.start_s, event.end_s) == pytest.approx((1.05, 2.15), abs=0.15)


def test_what_lies_within_speech_is_left_alone():
    speech = (Span(start_s=0.5, end_s=2.5),)
    assert EventRules(experimental=True).events(scene(burst()), speech) == ()


@pytest.mark.parametrize("sound", [
    np.zeros(0), np.zeros(10), np.zeros(32_000), noise(32_000) * 0.1,
    0.3 * np.sin(2 * np.pi * 440 * time(2.0))])
def test_silence_steady_noise_and_tones_are_no_event(sound):
    assert EventRules(experimental=True).events(sound.astype(np.float32), ()) == ()


def test_kinds_that_are_not_measured_come_only_when_asked_for():
    laughter = np.concatenate([call(0.12) if i % 2 else np.zeros(1600) for i in range(14)])
    assert EventRules(experimental=False).events(scene(laughter), ()) == ()
    found = EventRules(experimental=True).events(scene(laughter), ())
    assert {event.kind for event in found} <= {"laugh", "sigh", "breath"}
    assert all(event.experimental for event in found)


def test_bursts_are_peaks_parted_by_dips():
    assert count_bursts(np.array([0.0, 10, 0, 10, 8, 10, 0])) == 2
    assert count_bursts(np.full(5, -20.0)) == 1


def test_shapes_tell_pitch_and_noise_apart():
    (cough,) = sounds(scene(burst()), ())
    (cry,) = sounds(scene(call()), ())
    assert cough.voiced < 0.3 < cry.voiced
    assert cry.f0_hz == pytest.approx(400, rel=0.05)


def clips(group):
    with (DATA / "sounds" / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if group in (row["group"], row["label"])]
    return [load_sound(DATA / "sounds" / row["path"], Settings()) for row in rows]


def heard(samples):
    return {event.kind for event in EventRules(experimental=False).events(samples, SPEC.load(()).spans(samples))}


@needs_data
def test_measured_kinds_are_found_as_often_as_they_claim():
    assert set(MEASURED) == {"cough", "cry"}
    assert sum("cry" in heard(samples) for samples in clips("baby_cry")) >= 6
    (coughing,) = clips("cough")
    assert sum(event.kind == "cough" for event in EventRules(experimental=False).events(coughing, ())) >= 10


@needs_data
def test_measured_kinds_raise_no_false_alarm_in_background_and_speech():
    speech = [load_sound(path, Settings()) for path in sorted((DATA / "asr" / "audio").glob("*.flac"))]
    for samples in [*clips("background"), *clips("music"), *clips("synthetic"), *speech]:
        assert heard(samples) == set()
