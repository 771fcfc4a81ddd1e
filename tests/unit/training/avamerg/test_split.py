from collections import Counter

import pytest

from empathy.errors import InputError
from empathy.training.avamerg.labels import fold
from empathy.training.avamerg.schema import read_conversation
from empathy.training.avamerg.split import PARTS, choose, make_split, read_split, write_split

from .records import record


def conversations(n=200, **changes):
    fines = ("joyful", "lonely", "angry", "afraid")
    return [read_conversation({**record(f"{place + (17000 if place % 3 else 18000):05d}", fines[place % 4],
                                        situation=f"situation {place // 2 if place < 40 else place}"), **changes},
                              fold(), leaky=False) for place in range(n)]


def test_no_situation_and_no_number_is_in_two_parts():
    rows = conversations()
    split = make_split(rows, seed=1)
    where = {key: part for part in PARTS for key in split.keys(part)}
    assert len(where) == len(rows) == sum(len(split.keys(part)) for part in PARTS)
    told = {}
    for row in rows:
        assert told.setdefault(row.situation_key, where[row.key]) == where[row.key]


def test_a_number_with_and_without_zeros_is_one_number():
    rows = conversations(60)
    twin = read_conversation(record(rows[0].number.lstrip("0").zfill(7), "sad", situation="another"), fold(),
                             leaky=False)
    split = make_split([*rows, twin], seed=3)
    assert any({twin.key, rows[0].key} <= set(split.keys(part)) for part in PARTS)


def test_each_part_holds_blocks_and_classes_in_their_proportion():
    rows = conversations(400)
    split = make_split(rows, seed=2)
    of = {row.key: row for row in rows}
    shares = Counter((row.block, row.label) for row in rows)
    for part, share in zip(PARTS, (0.6, 0.2, 0.2), strict=True):
        assert len(split.keys(part)) == pytest.approx(share * len(rows), abs=4)
        counts = Counter((of[key].block, of[key].label) for key in split.keys(part))
        for stratum, n in shares.items():
            assert counts[stratum] == pytest.approx(share * n, abs=3)


def test_a_seed_repeats_a_split_and_another_one_changes_it(tmp_path):
    rows = conversations()
    write_split(tmp_path / "split.json", make_split(rows, seed=1))
    assert read_split(tmp_path / "split.json") == make_split(rows, seed=1)
    assert make_split(rows, seed=2).test != make_split(rows, seed=1).test


def test_conversations_without_a_label_are_in_no_part():
    rows = conversations(30)
    bare = read_conversation(record("00001", None), fold(), leaky=False)
    split = make_split([*rows, bare], seed=0)
    assert all("00001" not in split.keys(part) for part in PARTS)


def test_too_few_situations_are_refused():
    with pytest.raises(InputError, match="too few to split"):
        make_split(conversations(2), seed=0)


def test_a_split_of_other_data_is_refused(tmp_path):
    rows = conversations(30)
    with pytest.raises(InputError, match="give the data that the run was made with"):
        choose(rows, ["99999"], tmp_path)
    assert [row.key for row in choose(rows, [rows[3].key, rows[1].key], tmp_path)] == [rows[3].key, rows[1].key]


def test_a_broken_split_file_is_told_in_a_sentence(tmp_path):
    (tmp_path / "split.json").write_text("{}")
    with pytest.raises(InputError, match="train the run again"):
        read_split(tmp_path / "split.json")
