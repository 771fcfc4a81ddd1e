"""What is made of one message."""

from __future__ import annotations

import pytest

from empathy.reply.understand import understand

from .said import estimate


@pytest.mark.parametrize(("words", "act"), [
    ("hi", "greeting"), ("Hi, my dog died", "tell"), ("thanks", "thanks"), ("are you a robot?", "who_are_you"),
    ("what should I do about my boss?", "ask_advice"), ("How tall is Mount Everest?", "fact_question"),
    ("2 + 2", "fact_question"),
    ("My son got 2/3 of it paid", "tell"), ("What do you remember?", "recall"), ("idk", "dont_know"),
    ("I'm fine", "fine"),
    ("I'm fine but my mother is dying and I can't do anything about it", "tell"),
    ("you never listen, this is useless", "angry_at_me"),
    ("great, my train is late AGAIN. just wonderful.", "sarcasm"), ("Great, I wasn't late!", "tell"),
    ("", "silence"), ("?!", "silence"), ("no", "no"), ("yes", "yes"), ("tell me a joke", "joke"),
])
def test_the_act_is_told(words: str, act: str) -> None:
    assert understand(words, None).act == act


@pytest.mark.parametrize(("words", "feeling"), [
    ("I'm so scared", "afraid"), ("I feel lonely", "lonely"), ("I'm furious with him", "angry"),
    ("I'm not sad at all", None),
    ("I have an exam on Monday and I can't stop worrying.", "anxious"),
    ("I was nervous but now I'm so proud", "proud"), ("My dog died", "grief"), ("I saw a tree", None),
])
def test_the_feeling_is_told(words: str, feeling: str | None) -> None:
    assert understand(words, None).feeling == feeling


def test_a_heavy_event_outweighs_a_bystanding_word() -> None:
    assert understand("My childhood dog passed away", None).feeling == "grief"


def test_what_the_person_names_is_sure_and_what_follows_is_likely() -> None:
    assert understand("I'm so scared", None).certainty == "sure"
    assert understand("I got fired", None).certainty == "likely"
    assert understand("I went home", estimate("sad", valence=-0.3, confidence=0.5)).certainty == "maybe"


@pytest.mark.parametrize(("words", "tone"), [
    ("I won the lottery!", "good"), ("My cat died", "bad"), ("I went to the shop", "plain"), ("I'm not happy", "bad"),
    ("I'm a failure", "bad"), ("I studied all week but nothing sticks", "bad"), ("I can't wait for my trip!", "good"),
])
def test_the_tone_is_told(words: str, tone: str) -> None:
    assert understand(words, None).tone == tone


def test_two_opposite_feelings_are_both_kept() -> None:
    told = understand("I'm so excited but I'm scared too", None)
    assert {told.feeling, told.other_feeling} == {"excited", "afraid"}


@pytest.mark.parametrize(("words", "topic"), [
    ("My exam is tomorrow", "your exam"), ("my sandwich fell", None), ("My sandwich and my sister", "your sister"),
])
def test_the_topic_is_something_that_matters(words: str, topic: str | None) -> None:
    assert understand(words, None).topic == topic


def test_the_event_is_preferred_to_its_setting() -> None:
    told = understand("I was walking in the park and then I lost my wallet.", None)
    assert told.clause == "you lost your wallet"


@pytest.mark.parametrize(("words", "tone"), [
    ("I don't have family to spend Thanksgiving with. I usually end up alone for the holiday.", "bad"),
    ("I was looking forward to catching up but he never got back to me.", "bad"),
    ("I'm not looking forward to my talk tomorrow.", "bad"),
    ("I barely passed my finals", "plain"),
    ("Today I was nervous about my interview. I nailed it!", "good"),
    ("I can't wait for tomorrow", "good"),
])
def test_the_tone_follows_the_longest_words_of_feeling(words: str, tone: str) -> None:
    assert understand(words, None).tone == tone


def test_the_clause_said_back_is_the_one_that_leans_with_the_message() -> None:
    assert understand("Today I was nervous about my interview. I nailed it!", None).clause == "you nailed it"
    dined = understand("I went to a diner and I lost my wallet.", None)
    assert dined.clause == "you lost your wallet"


@pytest.mark.parametrize(("words", "time"), [
    ("My driving exam is on Monday", "ahead"), ("I had an exam on Monday", "past"), ("I have a headache", "now")])
def test_a_weekday_in_the_present_lies_ahead(words: str, time: str) -> None:
    assert understand(words, None).time == time
