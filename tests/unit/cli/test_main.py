"""The command line as a user meets it: in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from empathy.cli.main import main

ROOT = Path(__file__).parents[3]
PHOTO = ROOT / "empathy" / "ui" / "examples" / "astronaut.jpg"


def empathy(*arguments, **environ):
    return subprocess.run([sys.executable, "-m", "empathy", *map(str, arguments)], capture_output=True, text=True,
                          cwd=ROOT, env=os.environ | environ, check=False)


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "letter.jpg"
    path.write_text("Dear Sir or Madam,")
    return path


def test_a_bad_file_gets_its_sentence_and_the_others_go_on(bad):
    done = empathy("analyze", bad, PHOTO, "--json")
    assert done.returncode == 1
    assert [json.loads(line)["input"] for line in done.stdout.splitlines()] == [str(PHOTO)]
    assert "letter.jpg" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_photo_of_a_smile_is_happy_and_gets_a_reply():
    done = empathy("analyze", PHOTO, "--json", "--reply", "--text", "I got the job!")
    row = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert max(row["faces"][0]["emotions"], key=row["faces"][0]["emotions"].get) == "happy"
    assert row["posture"]["label"] == "upright"
    assert row["reply"]


def test_no_input_and_a_bad_output_name_are_refused(bad):
    assert "name a picture" in empathy("analyze").stderr
    done = empathy("analyze", PHOTO, "--out", "result.xml")
    assert (done.returncode, "must end in" in done.stderr) == (1, True)


def test_a_bad_setting_is_refused_with_its_choices():
    done = empathy("models", EMPATHY_WHISPER="huge")
    assert done.returncode == 1
    assert "EMPATHY_WHISPER is 'huge'" in done.stderr


def test_models_lists_every_stage_and_refuses_an_unknown_name(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("EMPATHY_MODELS", str(tmp_path))
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    for stage in ("faces", "expression", "posture", "speech", "transcript", "affect", "tone", "events", "words",
                  "reply"):
        assert f"\n{stage}" in listed
    assert main(["models", "pull", "nonsense"]) == 1
    assert "there is no engine 'nonsense'" in capsys.readouterr().err


def test_verify_finds_half_downloaded_weights(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("EMPATHY_MODELS", str(tmp_path))
    (tmp_path / "face_landmarker.task").write_bytes(b"half")
    assert main(["models", "verify"]) == 1
    assert "is not the published file of face-landmarker" in capsys.readouterr().out


def test_help_names_every_verb(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(verb in told for verb in ("analyze", "models", "serve", "evaluate", "bench", "train"))
