"""Is it English?"""

from __future__ import annotations

import pytest

from empathy.reply.language import is_english, is_gibberish


@pytest.mark.parametrize("text", [
    "I am so sad", "hey", "lol", "my mom died", "Berlin", "I love die Mannschaft", "ok", "123", "", "no",
    "Ana me called me",
    "going to the dentist", "vomited all over the couch", "café with Zoë",
])
def test_english_is_taken_for_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize("text", [
    "Ich bin heute sehr traurig", "Je suis très fatigué aujourd'hui", "Estoy muy triste", "sono molto triste oggi",
    "eu estou muito triste hoje", "Я очень устал", "我很难过", "私は悲しい", "أنا حزين",
    "bugün çok üzgünüm ve yorgunum",
    "ik ben heel verdrietig vandaag", "jestem bardzo smutny dziś",
])
def test_other_languages_are_told(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(("text", "gibberish"), [
    ("asdfgh", True), ("xkcdq zzt", True), ("aaaaaaa", True), ("hmm", False), ("sad", False), ("my rhythm", False),
    ("42", False),
])
def test_keyboard_noise_is_told(text: str, gibberish: bool) -> None:
    assert is_gibberish(text) is gibberish
