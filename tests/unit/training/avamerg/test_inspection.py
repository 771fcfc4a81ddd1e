import json
import shutil
import wave

import pytest

from empathy.cli.main import main
from empathy.settings import Settings
from empathy.training.avamerg.inspection import inspect

from .records import folder, record


def test_a_whole_sample_is_counted(sample):
    found = inspect(sample, Settings(), decode=False)
    lines = found["conversations"]["n_lines"]
    assert found["conversations"]["n"] == found["conversations"]["n_labelled"] == 25
    assert found["conversations"]["n_with_index_above_9"] == 1
    assert found["media"]["audio"]["with_file"] == found["media"]["video"]["raw_names"] == lines
    assert found["blocks"]["dialogues"]["n"] + found["blocks"]["added"]["n"] == 25
    assert found["problem_counts"] == {}
    assert sum(row["dialogues"] + row["added"] for row in found["labels"]) == 25


@pytest.fixture
def broken(sample, tmp_path):
    """A sample to which everything that can go wrong was done."""
    data = tmp_path / "broken"
    shutil.copytree(sample, data)
    records = json.loads((data / "train.json").read_text())[:6]
    records += [record("90001", n_spoken=6), records[0], {**records[1], "turns": records[2]["turns"]},
                {"conversation_id": "5"}, record("90002", "wistful"), None]
    (data / "train.json").write_text(json.dumps(records))
    numbers = [one["conversation_id"] for one in records[:6]]
    ids = [one["speaker_profile"]["ID"] for one in records[:6]]
    audio, video = data / "audio_v5_0", data / "video_v5_0"
    (audio / f"dia{numbers[2]}utt0_{ids[2]}.wav").unlink()
    (audio / f"dia{numbers[3]}utt0_{ids[3]}.wav").write_bytes(b"")
    with wave.open(str(audio / f"dia{numbers[4]}utt0_{ids[4]}.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
    (audio / "dia90001utt1.wav").write_bytes(b"RIFF")
    (audio / "dia90001utt2.wav").write_bytes(b"RIFF")
    (video / f"dia{numbers[5]}utt0_{ids[5]}.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"no picture" * 50)
    (video / "notes.txt").write_text("x")
    return data, numbers, ids


def test_everything_that_is_wrong_is_named(broken):
    data, numbers, ids = broken
    found = inspect(data, Settings(), at_most=1000)
    told = found["problems"]
    assert f"conversation {numbers[0]}: the same number, lines and label" in told["copy left out"][0]
    assert f"called {numbers[1]}#2" in told["repeated number"][0]
    assert [line.split(":")[0] for line in told["wrong record"]] == [
        "record 10 (conversation 5)", "record 12 (conversation None)"]
    assert "'wistful' has no class" in told["unknown label"][0]
    assert f"audio of conversation {numbers[2]}, speaker's line 0: there is no file" in told["missing clip"][0]
    assert f"audio_v5_0/dia{numbers[3]}utt0_{ids[3]}.wav: 0 bytes" in told["empty clip"]
    assert any(line.startswith(f"audio_v5_0/dia{numbers[4]}utt0_{ids[4]}.wav") for line in told["broken clip"])
    assert any(line.startswith(f"video_v5_0/dia{numbers[5]}utt0_{ids[5]}.mp4") for line in told["broken clip"])
    assert "audio of conversation 90001, listener's line 1" in told["doubtful clip"][0]
    assert told["stray file"][0].startswith("video_v5_0/notes.txt")
    assert found["problem_counts"] == {kind: len(lines) for kind, lines in told.items()}
    assert found["duplicates"]["numbers"] == 1
    assert found["media"]["audio"]["empty"] == 1
    assert found["not_listed"] == {}


def test_what_is_not_listed_is_counted(tmp_path):
    found = inspect(folder(tmp_path, [record(n_spoken=5)]), Settings(), at_most=2)
    assert len(found["problems"]["missing clip"]) == 2
    assert found["not_listed"] == {"missing clip": 16}


def test_the_commands_make_a_sample_and_look_into_it(tmp_path, capsys):
    assert main(["avamerg", "sample", "--out", str(tmp_path / "s"), "--n", "3", "--signal", "words"]) == 0
    assert json.loads(capsys.readouterr().out)["signal"] == "words"
    assert main(["avamerg", "inspect", "--data", str(tmp_path / "s"), "--quick", "--switch", "anxious"]) == 0
    assert json.loads(capsys.readouterr().out)["conversations"]["n"] == 3


def test_a_folder_that_is_not_there_ends_with_a_sentence(tmp_path, capsys):
    assert main(["avamerg", "inspect", "--data", str(tmp_path / "nowhere")]) == 1
    assert "there is no" in capsys.readouterr().err
