"""Twenty fixed conversations with the composer, held to properties rather than to wordings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from empathy.memory.plain import sentences
from empathy.memory.session import Session, Turn, key, remember
from empathy.protocols import ReplyRequest
from empathy.reply.care import decide
from empathy.reply.composer import Composer
from empathy.reply.guard import Evidence, check
from empathy.reply.respond import respond
from empathy.types import NO_RISK, CareLevel, Risk

CRISIS = Risk(level="crisis", category="suicidal thoughts", cues=("cue",), probability=0.9)

Property = Callable[[list[str]], bool]


@dataclass(frozen=True)
class Conversation:
    """What the person says, what must hold of the replies, and at which turns words speak of a crisis."""

    name: str
    turns: tuple[str, ...]
    holds: tuple[Property, ...]
    crisis_at: tuple[int, ...] = ()


def says(i: int, expression: str) -> Property:
    """Reply ``i`` has the expression in it."""
    return lambda replies: bool(re.search(expression, replies[i], re.IGNORECASE))


def never(expression: str, i: int | None = None) -> Property:
    """No reply (or not reply ``i``) has it."""
    return lambda replies: (
        not any(re.search(expression, text, re.IGNORECASE) for text in (replies if i is None else [replies[i]]))
    )


JOY = r"congrat|wonderful|lovely|how good|good to hear|glad|joy"
FACT = "can't|no encyclopedia|in here|reference book|past me|make it up|Beyond me|No idea"
IRONY = "edge|bitter|opposite|irony|grumble|smile|Dry"
SORRY = r"\bsorry\b|hard|loss|painful|quiet|grief|oh no"

CONVERSATIONS = (
    Conversation(
        "joy",
        ("I got the job! I start on Monday!", "My mom cried when I told her.", "Thank you!"),
        (says(0, JOY + "|!"), never("sorry"), says(2, r"welcome|glad|gladly|good of you")),
    ),
    Conversation(
        "grief",
        ("My grandmother died last night.", "She raised me.", "I don't know what to do with her things."),
        (says(0, SORRY), never(JOY + r"|!", 0), never("get over|move on|time heals")),
    ),
    Conversation(
        "the loss of an animal",
        ("We had to put down our dog Rex today.", "He was 14.", "The house is so quiet."),
        (says(0, SORRY + "|rex|companion|animal"), never(r"congrat|wonderful|lovely", 0)),
    ),
    Conversation(
        "anger",
        ("My boss took credit for my work again!", "I want to scream.", "He does it every week."),
        (says(0, r"your (?:boss|work)"), never("calm down|overreact|revenge")),
    ),
    Conversation(
        "boredom", ("I'm so bored.", "There's nothing to do here.", "no"), (never("sorry", 2), says(0, r"\?"))
    ),
    Conversation(
        "sarcasm",
        ("Oh great, just what I needed, another bill.", "yeah right", "oh great, another flat tyre"),
        (says(0, IRONY), says(2, IRONY),
         never(r"how (?:lovely|wonderful)|glad")),
    ),
    Conversation("I'm fine", ("I'm fine.", "Not much going on."), (never("sorry", 0), says(0, r"\?"))),
    Conversation(
        "a fear ahead",
        ("I have surgery next week and I'm terrified.", "What if I don't wake up?", "My sister Ana will drive me."),
        (says(0, "surger|scared|fear|alarm|frighten|terrif|on edge"), never("will be fine|promise|don't worry")),
    ),
    Conversation(
        "guilt",
        ("I lied to my best friend.", "She trusted me.", "I feel awful."),
        (says(0, "you lied to your best friend"), never("sorry you lied|your fault", 0)),
    ),
    Conversation(
        "shame", ("I'm such a loser.", "I can't do anything right."), (never(r"\bloser\b"), says(0, "yourself"))
    ),
    Conversation(
        "loneliness",
        ("I have no friends in this city.", "I moved here in March.", "The evenings are the worst."),
        (says(0, r"\?"), never("just (?:go|make)|everyone feels")),
    ),
    Conversation(
        "memory",
        (
            "My exam is on Monday.",
            "I live with my sister Ana.",
            "I had soup.",
            "I can't sleep, I'm nervous.",
            "When is my exam?",
            "What's my sister's name?",
            "What do you remember about me?",
        ),
        (
            says(3, "your exam is on monday"),
            says(4, "your exam is on monday"),
            says(5, "Ana"),
            says(6, "exam.*Ana|Ana.*exam"),
        ),
    ),
    Conversation(
        "a contradiction",
        ("My exam is on Monday.", "Wait, my exam was moved to Thursday.", "I like tea.", "When is my exam?"),
        (says(3, "thursday"), never("monday", 3)),
    ),
    Conversation(
        "someone who tests it",
        ("Are you human?", "What's 2+2?", "Tell me a joke", "You're useless", "Do you have feelings?",
         "write me a poem", "😀", "xkcdq zzt"),
        (
            says(0, "software|program"),
            says(1, FACT),
            says(4, "software|program"),
            says(5, "can't make up|beyond me"),
            says(6, r"picture|sign|something"),
            never("I am human|I feel sad"),
        ),
    ),
    Conversation(
        "only facts",
        ("What is the capital of France?", "Who won the World Cup in 1998?"),
        (says(0, FACT), never("Paris|France won")),
    ),
    Conversation(
        "advice",
        ("My roommate never cleans. What should I do?", "I tried that.", "Any other ideas?"),
        (says(0, "one|some|offer|thought"), never(r"you (?:must|should|have to)\b")),
    ),
    Conversation(
        "another language",
        ("Hola, estoy muy triste porque perdí mi trabajo", "I lost my job"),
        (says(0, "I only write English without a language model"), says(1, "los(?:t|ing) your job")),
    ),
    Conversation("silence", ("", "", "..."), (never("sorry"), says(0, r"\?"))),
    Conversation(
        "a crisis and a denial",
        ("I want to end it all tonight.", "I was just joking.", "I'm fine, really.", "I had tea."),
        (says(0, "findahelpline"), says(0, "software"), says(1, "findahelpline"), never("findahelpline", 2),
         says(1, r"\?"), never(JOY, 1)),
        crisis_at=(0,),
    ),
    Conversation(
        "two crises",
        ("I want to die.", "I have the pills here."),
        (says(0, "findahelpline"), says(1, "findahelpline|emergency")),
        crisis_at=(0, 1),
    ),
)


def held(conversation: Conversation, seed: int) -> list[tuple[str, CareLevel]]:
    """Every reply with its level of care, a minute apart."""
    session, replies = Session.start(0.0), list[tuple[str, CareLevel]]()
    for i, words in enumerate(conversation.turns):
        care = decide(CRISIS if i in conversation.crisis_at else NO_RISK, session, 60.0 * i)
        request = ReplyRequest(words=words, estimate=None, care=care, memory=session, messages=(), seed=seed)
        reply = "".join(respond(request, Composer()))
        replies.append((reply, care.level))
        session = remember(session, Turn(at_s=60.0 * i, words=words, reply=reply, care=care))
    return replies


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: conversation.name)
def test_a_conversation_keeps_its_properties(conversation: Conversation, seed: int) -> None:
    replies = held(conversation, seed)
    for i, holds in enumerate(conversation.holds):
        assert holds([text for text, _ in replies]), f"property {i} of {conversation.name}: {replies}"


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: conversation.name)
def test_no_sentence_comes_twice_and_each_passes_the_guard(conversation: Conversation) -> None:
    told = Evidence(" ".join(conversation.turns), None)
    said: set[str] = set()
    by_people = {"crisis", "support"} if conversation.crisis_at else {"crisis"}
    for text, level in held(conversation, seed=0):
        for sentence in sentences(text) if level not in by_people else ():
            assert key(sentence) not in said
            assert check(sentence, told) == ()
            said.add(key(sentence))


def test_there_are_twenty_conversations() -> None:
    assert len({conversation.name for conversation in CONVERSATIONS}) == 20
