"""Sentences cut into clauses and turned round."""

from __future__ import annotations

import pytest

from empathy.memory.clauses import clauses
from empathy.memory.turn import gerund, turned


def back(text: str) -> list[str]:
    """Every clause of a text that can be said back."""
    return [said for clause in clauses(text) for said in [turned(clause)] if said]


@pytest.mark.parametrize(("text", "said"), [
    ("I lost my job yesterday.", "you lost your job yesterday"),
    ("i was so scared", "you were so scared"),
    ("I'm not sure my sister likes me", "you're not sure your sister likes you"),
    ("My dog died last week", "your dog died last week"),
    ("My mom and I had a fight", "you and your mom had a fight"),
    ("Me and my boyfriend broke up", "you and your boyfriend broke up"),
    ("We lost our house", "you lost your house"),
    ("I have never been so happy", "you have never been so happy"),
    ("im scared and anxious about the future", "you're scared and anxious about the future"),
    ("Someone stole my lunch", "someone stole your lunch"),
    ("My kids hate me", "your kids hate you"),
    ("I blame myself", "you blame yourself"),
    ("My husband wasn't listening to me", "your husband wasn't listening to you"),
    ("I wasn't invited", "you weren't invited"),
    ("Yesterday I failed my exam", "you failed your exam yesterday"),
    ("Found 100 dollars in my coat", "you found 100 dollars in your coat"),
])
def test_a_plain_sentence_is_turned_round(text: str, said: str) -> None:
    assert back(text) == [said]


def test_clauses_are_cut_at_conjunctions_and_each_is_turned() -> None:
    said = back("I locked my keys in my car and I was late because my boss called me.")
    assert said == ["you locked your keys in your car", "you were late", "your boss called you"]


def test_the_marker_tells_what_joined_a_clause() -> None:
    found = clauses("I am sad because my dog died")
    assert [(clause.marker, clause.main) for clause in found] == [("", "be"), ("because", "die")]


def test_tense_and_negation_are_told() -> None:
    past, future, denied = clauses("I lost it. I will leave tomorrow. I don't love him.")
    assert (past.tense, future.tense, denied.tense) == ("past", "future", "present")
    assert (past.negated, denied.negated) == (False, True)


@pytest.mark.parametrize("text", [
    "Do I bore you?",  # a question
    "You made me cry",  # speaks to us
    "I think",  # says nothing yet
    "I was fucking tired",  # not to be said back
    "I was walking to the",  # breaks off
    "Never went there",  # no subject, and a negation that must not get lost
    "I work work work work work",  # stuck key
    "the weather is nice",  # nothing of theirs
    "I order pizza last night",  # a slip of tense
    "asdf qwer zxcv",
    "",
    "I " + "really " * 30 + "like it very much indeed today",  # too long
])
def test_what_is_not_safe_is_not_said_back(text: str) -> None:
    assert back(text) == []


def test_a_negation_is_never_lost() -> None:
    assert back("I never went into the city") == ["you never went into the city"]
    assert back("I almost hit a dog") == ["you almost hit a dog"]


@pytest.mark.parametrize(("text", "said"), [
    ("I lost my job yesterday", "losing your job"),
    ("I cheated on my wife", "cheating on your wife"),
    ("I forgot our anniversary", "forgetting your anniversary"),
    ("I lied to my mother", "lying to your mother"),
])
def test_an_event_can_be_named_by_its_gerund(text: str, said: str) -> None:
    assert gerund(clauses(text)[0]) == said


@pytest.mark.parametrize("text", [
    "I didn't lose my job", "I was sad about it", "My dog died on Monday", "I had to leave home",
])
def test_what_is_no_deed_of_theirs_has_no_gerund(text: str) -> None:
    assert gerund(clauses(text)[0]) is None


@pytest.mark.parametrize(("text", "told"), [
    ("I fed the cat, did the laundry and got fired", ["I fed the cat", "I did the laundry", "I got fired"]),
    ("I bought milk and on the way home I saw my ex", ["I bought milk", "I saw my ex"]),
    ("My name is Tom and my sister Ana gets married", ["my name is Tom", "my sister Ana gets married"]),
    ("My neighbour, who is nice, told me the news", ["my neighbour told me the news"]),
    ("I lost my phone and my school books yesterday", ["I lost my phone and my school books yesterday"]),
])
def test_each_deed_of_a_list_is_a_clause_of_its_own(text: str, told: list[str]) -> None:
    assert [clause.text for clause in clauses(text)] == told
