import pytest

from empathy.training.avamerg.labels import fold
from empathy.training.avamerg.schema import NOBODY, BadRecordError, read_conversation

from .records import record


def read(value, *, leaky=False):
    return read_conversation(value, fold(), leaky=leaky)


def test_the_longest_turn_is_taken_up_to_the_speakers_last_line():
    one = read(record(n_spoken=3))
    assert [line.index for line in one.utterances] == [0, 1, 2, 3, 4]
    assert [line.index for line in one.spoken] == [0, 2, 4]
    value = record(n_spoken=2)
    value["turns"][-1]["dialogue_history"].append({"index": 3, "role": "listener", "utterance": "Mm."})
    assert read(value).utterances[-1].role == "speaker"


def test_nothing_that_leaks_is_kept_unless_asked_for():
    value = record(situation="I was terribly lonely")
    assert read(value).leak is None
    assert "terribly" not in repr(read(value))
    assert "comfort" not in repr(read(value))
    leak = read(value, leaky=True).leak
    assert leak is not None
    assert leak.texts() == ("lonely", "An evening.", "Being lonely.", "To comfort.", "I was terribly lonely", "I see.",
                            "Home")


def test_the_label_is_folded_and_an_unknown_one_is_no_class():
    assert (read(record(fine="lonely")).fine, read(record(fine="lonely")).label) == ("lonely", 4)
    assert read(record(fine="wistful")).label is None
    assert (read(record(fine=None)).fine, read(record(fine=None)).label) == (None, None)


def test_the_challenges_test_records_have_neither_profile_nor_label():
    value = record(fine=None)
    del value["speaker_profile"], value["listener_profile"], value["topic"]
    for turn in value["turns"]:
        del turn["response"]
    assert (read(value).speaker, read(value).label) == (NOBODY, None)


def test_the_number_tells_the_block():
    assert read(record("17499")).block == "dialogues"
    assert read(record("17500")).block == "added"


def test_situations_are_compared_without_case_and_spaces():
    assert read(record(situation="So  Cold")).situation_key == read(record(situation="so cold ")).situation_key
    assert read(record(situation="")).situation_key == ""


@pytest.mark.parametrize(("change", "said"), [
    (lambda value: value.pop("turns"), "turns is missing"),
    (lambda value: value.update(turns=[]), "turns is empty"),
    (lambda value: value.update(conversation_id=7), "conversation_id is int, expected str"),
    (lambda value: value.update(conversation_id="7b"), "more than digits"),
    (lambda value: value.update(speaker_profile="young"), "a str stands where an object"),
    (lambda value: value["speaker_profile"].update(ID="28"), "ID of a profile is '28'"),
    (lambda value: value["turns"][-1]["dialogue_history"][0].update(role="bot"), "role of a line is 'bot'"),
    (lambda value: value["turns"][-1]["dialogue_history"][0].pop("utterance"), "utterance is missing"),
    (lambda value: value["turns"][0]["chain_of_empathy"].update(speaker_emotion="sad"), "labelled differently"),
])
def test_a_wrong_record_is_refused_with_what_is_wrong(change, said):
    value = record()
    change(value)
    with pytest.raises(BadRecordError, match=said):
        read(value)


def test_a_record_that_is_no_object_is_refused():
    with pytest.raises(BadRecordError, match="a list stands"):
        read([])


def test_a_conversation_in_which_only_the_listener_speaks_is_refused():
    value = record(n_spoken=1)
    value["turns"][0]["dialogue_history"][0]["role"] = "listener"
    with pytest.raises(BadRecordError, match="speaker says nothing"):
        read(value)
