"""JSON, text and tables of an analysis."""

import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from empathy.cli.output import as_json, as_text, write_table
from empathy.errors import ModelMissingError
from empathy.pipeline import Empathy
from empathy.settings import Settings
from tests.fakes import FakeFaceFinder, fake_engines
from tests.media import write_wav


def system(**engines):
    return Empathy(fake_engines(**engines), Settings())


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    Image.fromarray(np.full((240, 320, 3), 128, np.uint8)).save(path)
    return path


@pytest.fixture
def clip(tmp_path):
    return write_wav(tmp_path / "clip.wav", np.sin(np.arange(32_000) / 10).astype(np.float32) * 0.3)


def test_json_has_the_promised_keys_and_plain_numbers(photo):
    row = json.loads(json.dumps(as_json(system().analyze(photo, words="hello you", reply=True))))
    assert set(row) == {"input", "kind", "faces", "posture", "voice", "words", "timeline", "estimate", "care", "reply",
                        "engines", "missing", "timings_ms"}
    assert row["input"] == str(photo)
    assert sum(row["faces"][0]["emotions"].values()) == pytest.approx(1.0, abs=1e-3)
    assert set(row["faces"][0]["affect"]) == {"valence", "arousal", "dominance", "valence_sd", "arousal_sd",
                                              "dominance_sd"}
    assert set(row["faces"][0]["box"]) == {"x", "y", "width", "height"}
    assert "landmarks" not in row["faces"][0]


def test_speech_is_a_list_of_spans(clip):
    row = as_json(system().analyze(clip))
    assert set(row["voice"]["speech"][0]) == {"start_s", "end_s"}
    assert "features" not in row["voice"]


def test_features_add_68_landmarks_and_voice_statistics(photo, clip):
    face = as_json(system().analyze(photo, features=True), features=True)["faces"][0]
    assert np.array(face["landmarks_68"]).shape == (68, 2)
    voice = as_json(system().analyze(clip, features=True), features=True)["voice"]
    assert all(np.isfinite(value) for value in voice["features"].values())
    assert len(voice["features"]) > 50


def test_a_missing_stage_says_why_in_json_and_in_text(clip):
    analysis = system(transcript=ModelMissingError("whisper-base is not on this machine")).analyze(clip)
    assert as_json(analysis)["missing"] == [{"stage": "transcript", "why": "whisper-base is not on this machine"}]
    assert "transcript: absent, whisper-base is not on this machine" in as_text(analysis)


def test_text_says_when_there_is_no_face(photo):
    assert "no face" in as_text(system(faces=FakeFaceFinder(faces=())).analyze(photo))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_has_one_row_an_input(photo, clip, tmp_path, suffix):
    path = tmp_path / f"table{suffix}"
    write_table(path, [as_json(system().analyze(source)) for source in (photo, clip)])
    table = pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    assert table["input"].tolist() == [str(photo), str(clip)]
    assert table["n_faces"].tolist() == [1, 0]
    assert table["face.emotions.happy"][0] == pytest.approx(0.7)
    assert table["voice.prosody.loudness_dbfs"][1] < 0
