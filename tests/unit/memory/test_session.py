"""Sessions: remember, fold, list, forget, export; two visitors never meet."""

from __future__ import annotations

import json

import pytest

from empathy.errors import InputError
from empathy.memory.session import (
    BUDGET_TOKENS,
    FOLDED_TOKENS,
    Session,
    Turn,
    change,
    correct_line,
    cost,
    export,
    fold,
    forget_line,
    key,
    lines,
    n_tokens,
    noticed,
    remember,
)
from empathy.types import Affect, Care, Channel, Emotions, Estimate


def estimate(valence: float, *, abstains: bool = False, channel: Channel = "words") -> Estimate:
    affect = Affect(valence=valence, arousal=0.0, dominance=0.0, valence_sd=0.2, arousal_sd=0.2, dominance_sd=0.2)
    return Estimate(emotions=Emotions.of({"sad": 1.0}), affect=affect, confidence=0.7, abstains=abstains,
                    weights={channel: 1.0}, evidence=())


def talked(*words: str, reply: str = "All right.") -> Session:
    session = Session.start(0.0)
    for i, word in enumerate(words):
        session = remember(session, Turn(at_s=float(i), words=word, reply=f"{reply} ({i})"))
    return session


def test_remembering_gives_a_new_session_and_leaves_the_old_one() -> None:
    before = Session.start(5.0)
    after = remember(before, Turn(at_s=6.0, words="My exam is on Monday.", reply="I see."))
    assert (before.turns, before.facts) == ((), ())
    assert (after.started_s, after.n_turns, lines(after)) == (5.0, 1, ("Your exam is on Monday.",))


def test_what_was_said_is_kept_so_that_it_is_not_said_again() -> None:
    session = remember(Session.start(0.0), Turn(at_s=1.0, words="hi", reply="Hello, there! How are you?"))
    assert key("hello there") in session.said
    assert key("How are YOU") in session.said


def test_moods_come_from_estimates_that_did_not_abstain() -> None:
    session = Session.start(0.0)
    for value in (estimate(-0.5), estimate(0.5, abstains=True), estimate(0.1, channel="face")):
        session = remember(session, Turn(at_s=1.0, words="x", reply="y", estimate=value))
    assert [(mood.valence, mood.spoken) for mood in session.moods] == [(-0.5, True), (0.1, False)]


def test_old_turns_are_folded_when_the_budget_is_full() -> None:
    session = Session.start(0.0)
    for i in range(60):
        words = f"I lost my key number {i}. " + "Blah blah. " * 20
        session = remember(session, Turn(at_s=float(i), words=words, reply="Oh."))
    assert sum(cost(turn) for turn in session.turns) <= BUDGET_TOKENS
    assert sum(n_tokens(line) for line in session.summary) <= FOLDED_TOKENS
    assert session.n_turns == 60
    assert any("key number" in line for line in session.summary)


def test_folding_happens_in_blocks_so_that_a_prompt_keeps_its_beginning() -> None:
    session, changed = Session.start(0.0), 0
    for i in range(40):
        after = remember(session, Turn(at_s=float(i), words="I went home and slept. " * 10, reply="Oh."))
        changed += after.summary != session.summary
        session = after
    assert changed <= 5


def test_a_single_huge_turn_is_never_folded_away() -> None:
    session = remember(Session.start(0.0), Turn(at_s=0.0, words="word " * 5000, reply="Oh."))
    assert len(fold(session).turns) == 1


def test_facts_of_the_first_turn_outlive_folding() -> None:
    session = remember(Session.start(0.0), Turn(at_s=0.0, words="My exam is on Monday.", reply="Oh."))
    for i in range(1, 60):
        session = remember(session, Turn(at_s=float(i), words="So tired of it all today. " * 12, reply="Oh."))
    assert "Your exam is on Monday." in lines(session)


def test_a_forgotten_line_takes_its_words_along() -> None:
    session = talked("My exam is on Monday. I'm fine.", "I have a dog named Rex.")
    i = lines(session).index("Your exam is on Monday.")
    after = forget_line(session, i)
    assert "Your exam is on Monday." not in lines(after)
    assert "Monday" not in export(after)
    assert "Rex" in export(after)


def test_a_folded_line_can_be_forgotten_too() -> None:
    session = fold(talked("It rained all day and I stayed in bed. " * 5, "Nothing else."), budget_tokens=100)
    assert len(lines(session)) == 1
    assert lines(forget_line(session, 0)) == ()


@pytest.mark.parametrize("i", [-1, 1, 99])
def test_a_line_that_is_not_there_can_not_be_forgotten(i: int) -> None:
    with pytest.raises(IndexError, match="1 things"):
        forget_line(talked("My exam is on Monday."), i)


@pytest.mark.parametrize("right", ["My exam is on Tuesday.", "Your exam is on Tuesday", "your  exam is on Tuesday."])
def test_a_line_can_be_corrected_and_the_old_words_no_longer_stand(right: str) -> None:
    session = talked("My name is Ana. My exam is on Monday. I'm fine.", "I have a dog named Rex.",
                     reply="Your exam is on Monday.")
    after = correct_line(session, lines(session).index("Your exam is on Monday."), right)
    assert lines(after) == ("Your name is Ana.", "Your exam is on Tuesday.", "Your dog is called Rex.")
    assert "Monday" not in export(after)
    assert after.turns[0].words == "My name is Ana. (Your exam is on Tuesday.) I'm fine."
    assert [fact.topic for fact in after.facts if fact.kind == "date"] == ["your exam"]


def test_a_corrected_line_gives_way_to_a_later_one() -> None:
    session = talked("My exam is on Monday.")
    session = remember(correct_line(session, 0, "My exam is on Tuesday"),
                       Turn(at_s=9.0, words="My exam was moved to Friday.", reply="I see."))
    assert lines(session) == ("Your exam is on Friday.",)


def test_a_line_in_words_of_one_s_own_is_kept_as_it_is() -> None:
    session = talked("My exam is on Monday.")
    assert lines(correct_line(session, 0, "There is no exam at all")) == ("There is no exam at all.",)


def test_a_folded_line_can_be_corrected_too() -> None:
    session = fold(talked("It rained all day and I stayed in bed. " * 5, "Nothing else."), budget_tokens=100)
    assert lines(correct_line(session, 0, "It snowed.")) == ('Earlier you said: "It snowed"',)


def test_a_correction_of_nothing_asks_for_words() -> None:
    with pytest.raises(InputError, match="write what is right"):
        correct_line(talked("My exam is on Monday."), 0, " . ")


def test_the_export_is_json_with_every_turn() -> None:
    told = json.loads(export(talked("My name is Ana.", "I like tea.")))
    assert [turn["words"] for turn in told["turns"]] == ["My name is Ana.", "I like tea."]
    assert told["facts"][0]["text"] == "your name is Ana"


def test_the_change_of_mood_needs_three_turns() -> None:
    session = Session.start(0.0)
    for i, value in enumerate((-0.6, -0.4, 0.5)):
        assert change(session) is None
        session = remember(session, Turn(at_s=float(i), words="x", reply="y", estimate=estimate(value)))
    assert change(session) == pytest.approx(1.1)


def test_two_visitors_share_nothing() -> None:
    ana, ben = talked("My name is Ana."), talked("My name is Ben.")
    assert "Ben" not in export(ana)
    assert "Ana" not in export(ben)


def test_a_crisis_and_a_notice_leave_their_time() -> None:
    care = Care(level="crisis", reasons=("x",), offers=())
    session = remember(Session.start(0.0), Turn(at_s=9.0, words="x", reply="y", care=care))
    assert session.crisis_s == 9.0
    assert noticed(session, 10.0).noticed_s == 10.0
