"""The composer: strategy, honesty, variety, and grammar."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from empathy.memory.plain import sentences
from empathy.memory.session import Session, key
from empathy.reply.composer import SPEC, Composer, compose
from empathy.reply.guard import Evidence, check
from empathy.types import Care

from .said import answer, estimate, masked, request, talk

STORIES = (
    "I lost my job yesterday and I don't know how to tell my wife.",
    "My dog Rex died this morning.",
    "I got promoted today, I'm so happy!",
    "My boss yelled at me in front of everyone.",
    "I'm scared of the surgery next week.",
    "My best friend forgot my birthday.",
    "I feel so alone since I moved to this city.",
    "I cheated on a test and I feel terrible.",
    "We won the championship!",
    "I miss my grandmother so much.",
    "My neighbor plays loud music all night.",
    "I can't sleep, my exam is on Monday.",
    "I saw a bird today.",
    "My girlfriend broke up with me.",
    "I'm bored.",
)


@pytest.mark.parametrize("story", STORIES)
def test_a_reply_has_two_to_four_sentences_and_ends_in_its_one_question(story: str) -> None:
    said = compose(request(story))
    assert 2 <= len(sentences(" ".join(said))) <= 5
    assert said[-1].endswith("?")
    assert sum(sentence.count("?") for sentence in said) == 1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("story", STORIES)
def test_a_reply_reads_as_clean_text_and_passes_the_guard(story: str, seed: int) -> None:
    for sentence in compose(request(story, seed=seed)):
        assert check(sentence, Evidence(story, None)) == ()
        assert not re.search(r"[{}\[\]|*_#]|\s{2}|\s[.,!?;:]|[.,!?]{2}", sentence)
        assert sentence[0].isupper()


@pytest.mark.parametrize(("words", "said"), [
    ("I lost my job yesterday.", "lost your job|losing your job"),
    ("My dog Rex died this morning.", "your dog Rex died"),
    ("My girlfriend broke up with me.", "your girlfriend broke up with you"),
    ("Someone stole my bike", "someone stole your bike"),
    ("I'm scared of my father", "scared of your father"),
])
def test_it_answers_in_the_persons_own_terms(words: str, said: str) -> None:
    for seed in range(6):
        assert re.search(said, answer(words, seed=seed), re.IGNORECASE)


def test_joy_is_met_with_joy_and_loss_is_not() -> None:
    for seed in range(8):
        assert "sorry" not in answer("I got the job! I'm so happy", seed=seed).lower()
        assert not re.search(r"congrat|wonderful|lovely|!", answer("My mother died on Sunday", seed=seed), re.I)


def test_danger_is_never_met_with_joy() -> None:
    for seed in range(8):
        said = answer("I told my friends about my suicidal thoughts and they were so wonderful", seed=seed)
        assert not re.search(r"congrat|wonderful|lovely|how good|!", said, re.IGNORECASE)


@pytest.mark.parametrize("words", [
    "I'm such a failure", "I feel like a burden", "I'm so stupid", "I am a terrible mother",
])
def test_harsh_words_about_oneself_are_not_repeated(words: str) -> None:
    for seed in range(6):
        assert not re.search(r"failure|burden|stupid|terrible", answer(words, seed=seed))


def test_seeds_vary_the_words() -> None:
    assert len({answer("My boss yelled at me.", seed=seed) for seed in range(12)}) >= 9


def test_the_same_seed_gives_the_same_words() -> None:
    assert answer("My boss yelled at me.", seed=3) == answer("My boss yelled at me.", seed=3)


def test_no_sentence_comes_twice_in_a_conversation() -> None:
    _, replies = talk(*(["I'm so sad", "I don't know", "My boss hates me", "yes", "thanks", "I'm tired"] * 6))
    said = [key(sentence) for reply in replies for sentence in sentences(reply)]
    repeated = {one for one in said if said.count(one) > 1}
    assert repeated <= {key("I'm listening, in my way.")}


def test_the_third_reply_can_use_the_first_turn() -> None:
    _, replies = talk("My exam is on Monday.", "I had pasta for lunch.", "I can't sleep, I'm so nervous.")
    assert "your exam is on Monday" in replies[2]


def test_what_was_brought_up_once_is_not_brought_up_again() -> None:
    _, replies = talk("My exam is on Monday.", "I can't sleep, I'm so nervous.", "I'm still so nervous and worried.")
    assert sum("your exam is on Monday" in reply for reply in replies[1:]) == 1


def test_a_fact_of_turn_one_is_known_at_turn_twelve() -> None:
    chat = ["So it goes.", "I had tea.", "My cat sleeps.", "It rains.", "I read a book.", "I'm tired."]
    _, replies = talk("My exam is on Monday and my sister is called Ana.", *(chat * 2)[:10], "When is my exam?",
                      "What's my sister's name?")
    assert "your exam is on Monday" in replies[-2]
    assert "Ana" in replies[-1]


@pytest.mark.parametrize(("words", "honest"), [
    ("Are you human?", r"software|program"),
    ("Do you love me?", r"software|program|no heart"),
    ("What's the capital of France?",
     r"can't|no encyclopedia|in here|reference book|past me|make it up|Beyond me|No idea"),
    ("Can you keep a secret?", r"can't promise|no promises"),
    ("Do I have depression?", r"no diagnos|can't tell you that|doctor"),
    ("Which medication should I take?", r"doctor|pharmacist"),
    ("What's my name?", r"haven't told me|haven't said"),
    ("What do you remember about me?", r"nothing"),
    ("Estoy muy triste hoy porque perdí mi trabajo", r"I only write English without a language model"),
    ("我今天很难过", r"I only write English without a language model"),
    ("asdfgh qwrtp", r"read|make out|keyboard"),
])
def test_questions_it_can_not_answer_are_answered_honestly(words: str, honest: str) -> None:
    for seed in range(4):
        assert re.search(honest, answer(words, seed=seed))


@pytest.mark.parametrize(("words", "act"), [
    ("Hello!", r"Hello|Hi|Welcome"),
    ("thank you so much", r"welcome|glad|Gladly|good of you"),
    ("You're useless", r"fair|limited|sorry|annoyed|missed|isn't helping", ),
    ("Oh great, just what I needed, another flat tire", r"edge|bitter|opposite|irony|grumble|smile|Dry"),
    ("goodbye", r"care|Go gently|Thank you|best"),
    ("", r"."),
])
def test_small_acts_get_light_answers(words: str, act: str) -> None:
    for seed in range(4):
        assert re.search(act, answer(words, seed=seed))


def test_who_says_their_name_is_called_by_it() -> None:
    assert any("Tom" in answer("my name is tom", seed=seed) for seed in range(4))
    assert "your name is" not in answer("my name is tom")


def test_advice_is_offered_tentatively_and_concretely() -> None:
    for seed in range(6):
        said = answer("My exam is tomorrow and I'm so nervous. What should I do?", seed=seed)
        assert re.search(r"can't tell you what's right|One small thing|one small thing|no expert|One possibility", said)
        assert not re.search(r"\byou (?:must|should|have to|need to)\b", said)


def test_a_face_alone_is_spoken_of_with_doubt() -> None:
    for seed in range(6):
        said = answer("", value=estimate("sad", channels=("face",)), seed=seed)
        assert "face" in said
        assert re.search(r"mislead|only a moment", said)


def test_a_voice_alone_is_spoken_of_with_doubt() -> None:
    for seed in range(6):
        said = answer("", value=estimate("angry", channels=("voice",)), seed=seed)
        assert re.search(r"voice", said)
        assert re.search(r"mishear|mistaken|seems to me", said)


def test_an_estimate_that_abstains_is_not_leaned_on() -> None:
    for seed in range(6):
        unsure = estimate("angry", abstains=True, channels=("face",))
        assert re.search(r"can't tell|not sure|isn't clear", answer("", value=unsure, seed=seed))
        assert answer("I went home.", value=unsure, seed=seed) == answer("I went home.", seed=seed)


def test_a_weak_reading_is_named_as_a_guess_or_not_at_all() -> None:
    for seed in range(12):
        said = answer("I went to the market.", value=estimate("sad", confidence=0.5, valence=-0.3), seed=seed)
        if re.search(r"sad|heav", said):
            assert re.search(r"perhaps|wonder|had to guess|misreading", said, re.IGNORECASE)


def test_two_stories_are_both_named() -> None:
    for seed in range(6):
        said = answer("I'm fine.", value=estimate("happy", channels=("face", "voice"), masking=masked()), seed=seed)
        assert "your face" in said.lower()
        assert "your voice" in said.lower()
        assert "hid" not in said


def test_more_care_asks_for_people_around() -> None:
    assert re.search(r"who|someone|somebody|reach out", answer("It is all so much", level="support"), re.IGNORECASE)


def test_care_that_goes_on_is_not_brought_up_at_every_turn() -> None:
    going_on = replace(request("I had tea."), care=Care(level="support", reasons=("earlier",), offers=()))
    assert compose(going_on) == compose(request("I had tea."))


def test_a_hundred_thousand_letters_still_get_a_short_reply() -> None:
    assert len(answer("I am so sad about it all. " * 4000)) < 600


def test_odd_input_never_breaks_it() -> None:
    odd = ("...", "?", "I", "my", "I I I I", "\x00", "{clause}", "[a|b]", "<script>", "😀😀", "my my my", "a" * 5000,
           "I'm")
    for words in odd:
        assert compose(request(words))


def test_it_works_without_a_session() -> None:
    assert answer("hello", None)
    assert SPEC.load(()).name == "composer@1"
    assert "".join(Composer().reply(request("I lost my job", Session.start(0.0)))) == answer("I lost my job")


def test_a_subject_asks_nothing_that_leans_against_the_tone() -> None:
    for seed in range(40):
        asked = compose(replace(request("I always end up alone on vacation, I feel so lonely."), seed=seed))[-1]
        assert asked not in ("Is everything booked?", "Map, or getting lost on purpose?", "Any mishaps along the way?")


def test_nobody_is_glad_of_an_exam() -> None:
    words = "I have an exam coming up and I studied all week. I'm feeling really good about it!"
    for seed in range(40):
        assert not re.search(r"\b(?:glad|happy)\b.*exam", " ".join(compose(replace(request(words), seed=seed))))


def test_no_sentence_is_sorry_twice() -> None:
    for seed in range(60):
        for part in compose(replace(request("My dog Bella died on Tuesday."), seed=seed)):
            assert all(sentence.lower().count("sorry") < 2 for sentence in sentences(part))
