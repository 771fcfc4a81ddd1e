import pytest

from empathy.errors import InputError
from empathy.training.avamerg.corpus import read_corpus

from .records import folder, record


def kinds(corpus):
    return [(problem.kind, problem.where) for problem in corpus.problems]


def clip(corpus, key, index, medium="audio"):
    path = corpus.clips[medium][key, index].path
    return path.name if path else None


def test_clips_are_found_by_number_index_and_who_speaks(tmp_path):
    names = tuple(f"audio_v5_0/dia00007utt{name}.wav" for name in ("0_28", "1_3", "2_99"))
    corpus = read_corpus(folder(tmp_path, [record("00007")], (*names, "video_v5_0/dia00007utt0_28.mp4")))
    assert [clip(corpus, "00007", index) for index in range(3)] == ["dia00007utt0_28.wav", "dia00007utt1_3.wav", None]
    assert clip(corpus, "00007", 0, "video") == "dia00007utt0_28.mp4"
    assert ("missing clip", "audio of conversation 00007, speaker's line 2") in kinds(corpus)


def test_renamed_clips_count_from_one_and_drop_the_zeros(tmp_path):
    corpus = read_corpus(folder(tmp_path, [record("00007")], ("audio_v5_0/dia7utt1.wav", "audio_v5_0/dia7utt3.wav")))
    assert clip(corpus, "00007", 0) == "dia7utt1.wav"
    assert clip(corpus, "00007", 2) == "dia7utt3.wav"


def test_an_index_of_two_digits_is_read_whole_in_both_forms(tmp_path):
    raw = read_corpus(folder(tmp_path / "a", [record(n_spoken=6)], ("audio_v5_0/dia00007utt10_28.wav",)))
    assert clip(raw, "00007", 10) == "dia00007utt10_28.wav"
    assert clip(raw, "00007", 1) is None
    renamed = read_corpus(folder(tmp_path / "b", [record(n_spoken=6)], ("audio_v5_0/dia7utt11.wav",
                                                                        "audio_v5_0/dia7utt2.wav")))
    assert clip(renamed, "00007", 10) == "dia7utt11.wav"
    assert clip(renamed, "00007", 1) == "dia7utt2.wav"


def test_a_clip_that_the_baselines_renaming_may_have_overwritten_is_not_trusted(tmp_path):
    corpus = read_corpus(folder(tmp_path, [record(n_spoken=6)], ("audio_v5_0/dia7utt1.wav", "audio_v5_0/dia7utt2.wav")))
    assert clip(corpus, "00007", 1) is None
    assert clip(corpus, "00007", 0) == "dia7utt1.wav"
    assert ("doubtful clip", "audio of conversation 00007, listener's line 1") in kinds(corpus)


def test_without_a_profile_the_only_clip_of_a_line_is_taken(tmp_path):
    value = record(n_spoken=1)
    del value["speaker_profile"]
    corpus = read_corpus(folder(tmp_path, [value], ("audio_v5_0/dia00007utt0_28.wav",)))
    assert clip(corpus, "00007", 0) == "dia00007utt0_28.wav"


def test_conversations_of_one_number_get_keys_of_their_own_and_share_no_clip(tmp_path):
    files = ("audio_v5_0/dia00007utt0_28.wav", "audio_v5_0/dia00007utt0_5.wav")
    corpus = read_corpus(folder(tmp_path, [record(words="One"), record(words="Two"),
                                           record(words="Three", identity=5)], files))
    assert [one.key for one in corpus.conversations] == ["00007", "00007#2", "00007#3"]
    assert [clip(corpus, key, 0) for key in ("00007", "00007#2", "00007#3")] == [None, None, "dia00007utt0_5.wav"]
    assert ("repeated number", "conversation 00007") in kinds(corpus)
    assert ("clip claimed twice", "audio of conversation 00007#2, speaker's line 0") in kinds(corpus)


def test_a_copy_is_left_out_and_named(tmp_path):
    corpus = read_corpus(folder(tmp_path, [record(), record()]))
    assert len(corpus.conversations) == 1
    assert ("copy left out", "conversation 00007") in kinds(corpus)


def test_wrong_records_and_unknown_labels_are_named_and_the_rest_is_kept(tmp_path):
    corpus = read_corpus(folder(tmp_path, [record("1"), {"conversation_id": "2"}, "x", record("3", "wistful"),
                                           record("4", None, situation="")]))
    assert [one.key for one in corpus.conversations] == ["1", "3", "4"]
    assert [one.key for one in corpus.labelled()] == ["1"]
    assert kinds(corpus)[:4] == [
        ("wrong record", "record 2 (conversation 2)"), ("wrong record", "record 3 (conversation None)"),
        ("unknown label", "conversation 3"), ("one situation, two labels", "conversation 3")]
    assert ("no label", "conversation 4") in kinds(corpus)


def test_a_file_whose_name_says_nothing_is_named(tmp_path):
    corpus = read_corpus(folder(tmp_path, [record()], ("audio_v5_0/take_1.wav", "audio_v5_0/dia1utt1.mp3")))
    assert [problem.where for problem in corpus.problems if problem.kind == "stray file"] == [
        "audio_v5_0/dia1utt1.mp3", "audio_v5_0/take_1.wav"]


@pytest.mark.parametrize(("text", "said"), [
    ("[{", "can't be read as JSON"), ("{}", "holds a dict, not a list"), ("[1]", "no conversation that can be used")])
def test_a_list_that_is_none_is_told_in_a_sentence(tmp_path, text, said):
    (tmp_path / "train.json").write_text(text)
    with pytest.raises(InputError, match=said):
        read_corpus(tmp_path)


def test_a_folder_without_a_list_is_told_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="avamerg sample makes a small one"):
        read_corpus(tmp_path)
