import csv
import io
import json

from empathy.live.recording import MAX_ROWS, Recording
from empathy.live.tick import MaskingView, Tick


def tick(at_s, **changes):
    return Tick(n=1, at_s=at_s, age_ms=40.0, running=True, hearing="off", seeing="face",
                states={"happy": 0.75, "calm": None}, **changes)


def test_rows_are_numbers_by_time_from_the_first_on():
    recording = Recording()
    recording.add(tick(1000.0))
    recording.add(tick(1000.5, affect=(0.5, 0.25, 0.1), stability=0.9,
                       masking=MaskingView(shown="happy", felt="sad", probability=0.8)))
    rows = list(csv.DictReader(io.StringIO(recording.csv())))
    assert [row["time_s"] for row in rows] == ["0.0", "0.5"]
    assert (rows[0]["valence"], rows[1]["valence"]) == ("", "0.5")
    assert (rows[1]["masking"], rows[1]["happy"], rows[1]["calm"]) == ("0.8", "0.75", "")


def test_json_and_csv_say_the_same():
    recording = Recording()
    recording.add(tick(5.0, affect=(0.5, 0.25, 0.1)))
    kept = json.loads(recording.json())
    row = next(csv.reader(io.StringIO(recording.csv().splitlines()[1])))
    assert ["" if value is None else str(value) for value in kept["rows"][0]] == row
    assert kept["columns"] == recording.csv().splitlines()[0].split(",")


def test_no_words_no_picture_and_no_sound_are_kept():
    recording = Recording()
    recording.add(tick(5.0, said="my secret", missing=("a sentence",)))
    assert "secret" not in recording.json() + recording.csv()
    assert not {"said", "frame", "face", "points"} & set(json.loads(recording.json())["columns"])


def test_it_has_a_bound_and_can_be_cleared():
    recording = Recording()
    for i in range(MAX_ROWS + 5):
        recording.add(tick(float(i)))
    assert len(recording) == MAX_ROWS
    recording.clear()
    assert (len(recording), json.loads(recording.json())["rows"]) == (0, [])
