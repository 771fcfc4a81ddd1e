import pytest

from empathy.audio.transcribe import is_stuck, is_trustworthy

GOOD = {"text": " I am fine today.", "start": 0.0, "end": 2.0, "avg_logprob": -0.3, "compression_ratio": 1.1,
        "no_speech_prob": 0.1}


def test_a_sure_sentence_is_believed():
    assert is_trustworthy(GOOD)


@pytest.mark.parametrize("change", [
    {"text": " ..."}, {"text": ""}, {"avg_logprob": -1.3}, {"compression_ratio": 3.0},
    {"no_speech_prob": 0.9, "avg_logprob": -0.8}, {"end": 0.1, "text": " Thank you so much for watching"},
    {"text": " no no no no no no"}, {"text": " I am sad. I am sad. I am sad. I am sad."}])
def test_what_whisper_invents_is_dropped(change):
    assert not is_trustworthy({**GOOD, **change})


def test_a_silence_score_alone_does_not_drop_sure_words():
    assert is_trustworthy({**GOOD, "no_speech_prob": 0.9})


def test_saying_no_three_times_is_no_loop():
    assert not is_stuck(["no", "no", "no", "i", "said"])
    assert is_stuck(["well", *("thank you " * 4).split()])
