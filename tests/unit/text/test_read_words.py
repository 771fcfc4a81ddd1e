import pytest

from empathy.protocols import Meaning
from empathy.text.goemotions import LABELS, affect, fold
from empathy.text.read_words import confidence_of, read_words
from empathy.types import Emotions


class Scripted:
    """Answers one label, and keeps what it was asked."""

    name = "scripted@1"

    def __init__(self, label: str = "joy", known: float = 1.0) -> None:
        import numpy as np

        self.asked: list[str] = []
        values = np.array([0.9 if name == label else 0.01 for name in LABELS])
        self.meaning = Meaning(labels=dict(zip(LABELS, values.tolist(), strict=True)), emotions=fold(values),
                               affect=affect(values), known=known)

    def read(self, text: str) -> Meaning:
        self.asked.append(text)
        return self.meaning


def test_a_reading_carries_the_engine_the_source_and_the_words() -> None:
    reading = read_words("What a lovely day by the sea", Scripted(), source="spoken")
    assert (reading.engine, reading.source, reading.text) == ("scripted@1", "spoken", "What a lovely day by the sea")
    assert reading.emotions.top == "happy"
    assert not reading.abstains


def test_unknown_words_make_it_abstain() -> None:
    assert read_words("Das Wetter ist heute schlecht", Scripted(known=0.2), source="typed").abstains


def test_a_rough_transcript_lowers_confidence() -> None:
    sure = read_words("What a lovely day by the sea", Scripted(), source="spoken", transcript_confidence=1.0)
    rough = read_words("What a lovely day by the sea", Scripted(), source="spoken", transcript_confidence=0.4)
    assert rough.confidence == pytest.approx(0.4 * sure.confidence)


def test_risk_is_read_beyond_the_longest_text_for_emotions() -> None:
    engine = Scripted()
    reading = read_words("nice day. " * 50 + "I want to kill myself.", engine, source="typed", max_chars=100)
    assert reading.risk.level == "crisis"
    assert len(engine.asked[0]) == 100


def test_a_crisis_is_never_read_as_happy() -> None:
    reading = read_words("I want to kill myself", Scripted("desire"), source="typed")
    assert reading.emotions.top == "sad"
    assert reading.affect.valence < 0


def test_without_risk_the_engine_has_the_word() -> None:
    engine = Scripted("joy")
    assert read_words("What a lovely day", engine, source="typed").emotions == engine.meaning.emotions
    assert isinstance(engine.meaning.emotions, Emotions)


def test_confidence_grows_with_length_and_never_leaves_its_range() -> None:
    assert 0.0 < confidence_of("ok", 0.9, 1.0, 1.0) < confidence_of("that is ok with me", 0.9, 1.0, 1.0) <= 1.0
    assert confidence_of("", 1.0, 0.0, 1.0) == 0.0


def test_a_sign_alone_is_enough_to_be_sure() -> None:
    assert confidence_of("😭😭", 0.9, 1.0, 1.0) == pytest.approx(0.9)
    assert 0.5 < confidence_of(":(", 0.9, 1.0, 1.0) < 0.9
