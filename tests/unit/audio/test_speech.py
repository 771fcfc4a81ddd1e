import csv
import itertools
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from empathy.audio.speech import SPEC, frame_levels_db, fresh_state, runs
from empathy.capture.audio import load_sound
from empathy.settings import Settings

DATA = Path(os.environ.get("EMPATHY_DATA", ""))
needs_data = pytest.mark.skipif(not os.environ.get("EMPATHY_DATA"), reason="EMPATHY_DATA names no labelled recordings")
SETTINGS = Settings()


@pytest.fixture(scope="module")
def engine():
    return SPEC.load(())


@pytest.fixture(scope="module")
def sentence(tmp_path_factory):
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng, which makes the speech of this test, is not installed")
    path = tmp_path_factory.mktemp("speech") / "say.wav"
    subprocess.run(["espeak-ng", "-w", str(path), "I am not sure how I feel about it today."], check=True)
    return load_sound(path, SETTINGS)


def padded(sentence, level=1.0):
    silence = np.zeros(16_000, np.float32)
    return np.concatenate([silence, sentence * np.float32(level), silence])


def test_a_sentence_between_silences_is_found(engine, sentence):
    spans = engine.spans(padded(sentence))
    assert spans[0].start_s == pytest.approx(1.0, abs=0.2)
    assert spans[-1].end_s == pytest.approx(1.0 + sentence.size / 16_000, abs=0.4)
    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(spans))


def test_a_whisper_quiet_sentence_is_found_at_the_same_place(engine, sentence):
    quiet = np.round(padded(sentence, 0.004) * 32768) / 32768
    assert engine.spans(quiet.astype(np.float32))[0].start_s == pytest.approx(1.0, abs=0.2)


def test_a_long_pause_parts_two_sentences(engine, sentence):
    spans = engine.spans(np.concatenate([padded(sentence), padded(sentence)]))
    assert max(b.start_s - a.end_s for a, b in itertools.pairwise(spans)) > 1.5


def test_probabilities_are_the_same_block_by_block_and_at_once(engine, sentence):
    sound = padded(sentence)[:512 * 100]
    whole, _ = engine.probabilities(sound, fresh_state())
    state, parts = fresh_state(), []
    for start in range(0, sound.size, 512):
        part, state = engine.probabilities(sound[start:start + 512], state)
        parts.append(part)
    assert np.allclose(np.concatenate(parts), whole, atol=1e-4)


def test_runs_enter_high_leave_low_and_join_when_near():
    probabilities = np.array([0, 0.4, 0.6, 0.4, 0, 0.9, 0, 0, 0, 0, 0, 0, 0.4, 0.4, 0, 0.8], np.float32)
    assert runs(probabilities, 0.1) == [pytest.approx((0.1, 0.6)), pytest.approx((1.5, 1.6))]


def test_levels_of_nothing_are_nothing():
    assert frame_levels_db(np.zeros(0, np.float32)).size == 0
    assert frame_levels_db(np.zeros(3, np.float32)) == pytest.approx(-120)


def listed(folder, name, keep):
    with (DATA / folder / name).open(encoding="utf-8") as file:
        return [DATA / folder / row["path"] for row in csv.DictReader(file) if keep(row)]


@needs_data
def test_speech_is_found_in_every_read_sentence(engine):
    missed = [path.name for path in sorted((DATA / "asr" / "audio").glob("*.flac"))
              if not engine.spans(load_sound(path, SETTINGS))]
    assert missed == []


@needs_data
def test_speech_is_found_in_acted_speech_of_every_actor_and_emotion(engine):
    paths = listed("speech/ravdess", "manifest.csv", lambda row: True)[::12]
    missed = [path.name for path in paths if not engine.spans(load_sound(path, SETTINGS))]
    assert missed == []


@needs_data
def test_no_speech_is_found_in_machines_animals_weather_music_and_silence(engine):
    paths = listed("sounds", "manifest.csv", lambda row: row["group"] != "human_nonspeech")
    assert len(paths) > 50
    assert [path.name for path in paths if engine.spans(load_sound(path, SETTINGS))] == []
