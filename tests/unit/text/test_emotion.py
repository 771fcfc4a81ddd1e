"""The network that ships, on sentences whose feeling nobody would dispute."""

from pathlib import Path

import numpy as np
import pytest

from empathy.registry import files_of
from empathy.text.emotion import SPEC, CompactWords, slips, windows
from empathy.text.goemotions import LABELS
from empathy.text.vocabulary import tokens


@pytest.fixture(scope="module")
def engine() -> CompactWords:
    return SPEC.load(files_of(SPEC, Path()))


@pytest.mark.parametrize(("text", "emotion"), [
    ("Thank you so much, this made my day!", "happy"), ("I love this so much", "happy"),
    ("haha that's hilarious", "happy"),
    ("I'm so angry with you, I hate this", "angry"), ("I miss her and I am so sad", "sad"),
    ("I'm really scared, this is terrifying", "fear"), ("Wow, I did not expect that, what a surprise!", "surprise"),
    ("That is disgusting, so gross", "disgust")])
def test_plain_feelings_are_named(engine: CompactWords, text: str, emotion: str) -> None:
    assert engine.read(text).emotions.top == emotion


def test_labels_are_the_28_with_probabilities(engine: CompactWords) -> None:
    labels = engine.read("I'm so proud of you").labels
    assert tuple(labels) == LABELS
    assert all(0.0 <= value <= 1.0 for value in labels.values())


def test_shouting_and_stretching_keep_the_feeling(engine: CompactWords) -> None:
    assert engine.read("I AM SOOOO HAPPYYYY").emotions.top == "happy"
    assert engine.read("this is so saaaad").emotions.top == "sad"


def test_an_emoji_alone_is_read(engine: CompactWords) -> None:
    assert engine.read("😂😂").emotions.top == "happy"


def test_negation_takes_joy_away(engine: CompactWords) -> None:
    assert engine.read("I am not happy").emotions.happy < engine.read("I am happy").emotions.happy - 0.2


def test_what_nobody_can_stop_goes_on(engine: CompactWords) -> None:
    assert engine.read("I can't stop worrying").labels == engine.read("I keep worrying").labels
    assert engine.read("I can't stop worrying").emotions.top == "fear"
    assert engine.read("I can't stop").labels != engine.read("I keep").labels


def test_other_languages_and_gibberish_are_unknown(engine: CompactWords) -> None:
    assert engine.read("Das Wetter wird morgen leider ziemlich schlecht").known < 0.5
    assert engine.read("qwzrt plmnk vbxcd").known == 0.0
    assert engine.read("I had a really nice day at the beach").known == 1.0


def test_a_long_text_is_cut_into_windows_at_sentences() -> None:
    parts = tokens("This is one sentence of a long story . " * 30)
    cut = windows(parts)
    assert sum(map(len, cut)) == len(parts)
    assert max(map(len, cut)) <= 48
    assert all(window[-1].form == "." for window in cut)


def test_a_feeling_late_in_a_long_text_is_found(engine: CompactWords) -> None:
    text = "We went to the shop and bought some bread. " * 20 + "Thank you so much for everything!"
    assert engine.read(text).labels["gratitude"] > 0.5


def test_signs_without_a_token_are_no_feeling(engine: CompactWords) -> None:
    meaning = engine.read("\u200d")
    assert meaning.known == 0.0
    assert meaning.emotions.top == "neutral"


def test_labels_are_always_given_when_they_must_be(engine: CompactWords) -> None:
    assert engine.chosen(np.full(28, 1e-4)).sum() >= 1


def turns(kind: str) -> list[tuple[str, set[str]]]:
    """Our own sentences of one kind, and the emotions that people would accept."""
    path = Path(__file__).parents[2] / "data/words_turns.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(text, set(wanted.split())) for told, text, wanted in rows if told == kind]


@pytest.mark.parametrize(("kind", "least"), [
    ("negation", 0.9), ("understatement", 0.75), ("emoji", 0.9), ("typo", 0.9), ("caps", 0.85), ("plain", 0.8)])
def test_what_a_sentence_turns_is_mostly_read(engine: CompactWords, kind: str, least: float) -> None:
    rows = turns(kind)
    assert len(rows) >= 15
    assert np.mean([engine.read(text).emotions.top in wanted for text, wanted in rows]) >= least


def test_negations_that_were_never_taught_are_mostly_read(engine: CompactWords) -> None:
    from empathy.training.words_lessons import lessons

    taught = {text.lower() for text in lessons(1)[0]}
    rows = [(text, wanted) for text, wanted in turns("negation") if text.lower() not in taught]
    assert len(rows) >= 35
    assert np.mean([engine.read(text).emotions.top in wanted for text, wanted in rows]) >= 0.85


@pytest.mark.parametrize(("typed", "meant"), [
    ("exicted", "excited"), ("hapy", "happy"), ("verry", "very"), ("lonley", "lonely"), ("saad", "sad")])
def test_one_slip_of_the_fingers_is_undone(typed: str, meant: str) -> None:
    assert meant in set(slips(typed))


def test_letters_left_out_are_not_guessed_at() -> None:
    assert "friend" not in set(slips("frend"))
