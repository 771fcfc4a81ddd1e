"""A test for each rule of care: words, time, buttons, hysteresis, and no nagging."""

from __future__ import annotations

import pytest

from empathy.memory.session import Session, Turn, remember
from empathy.reply.care import QUIET_S, Pressed, decide
from empathy.types import NO_RISK, Care, Channel, Risk, RiskCategory

from .said import estimate

CRISIS = Risk(level="crisis", category="suicidal thoughts", cues=("end it all",), probability=0.95)


def concern(category: RiskCategory) -> Risk:
    return Risk(level="concern", category=category, cues=("x",), probability=0.4)


def after(*steps: tuple[float, Risk, Pressed]) -> tuple[Session, list[Care]]:
    """A session through (time, risk, button) steps, with the care decided at each."""
    session, cares = Session.start(0.0), list[Care]()
    for at_s, risk, pressed in steps:
        cares.append(decide(risk, session, at_s, pressed))
        session = remember(session, Turn(at_s=at_s, words="words", reply="reply", care=cares[-1]))
    return session, cares


def distressed(n: int, gap_s: float, channel: Channel = "words") -> Session:
    session = Session.start(0.0)
    for i in range(n):
        session = remember(session, Turn(at_s=i * gap_s, words="so sad", reply="I see.",
                                         estimate=estimate("sad", valence=-0.7, channels=(channel,))))
    return session


def test_without_risk_distress_or_button_there_is_no_care() -> None:
    assert decide(NO_RISK, Session.start(0.0), 1.0).level == "none"


def test_words_of_a_crisis_make_a_crisis_and_name_the_cue() -> None:
    care = decide(CRISIS, Session.start(0.0), 1.0, country="US")
    assert care.level == "crisis"
    assert "end it all" in care.reasons[0]
    assert any("988" in offer for offer in care.offers)


@pytest.mark.parametrize(("category", "level"), [
    ("suicidal thoughts", "support"), ("self-harm", "support"), ("harm by others", "support"),
    ("substance", "check-in"),
    ("acute distress", "check-in"),
])
def test_a_hint_raises_care_by_what_it_hints_at(category: RiskCategory, level: str) -> None:
    assert decide(concern(category), Session.start(0.0), 1.0).level == level


def test_a_light_hint_that_repeats_asks_for_support() -> None:
    _, cares = after((1.0, concern("acute distress"), "none"), (30.0, concern("acute distress"), "none"))
    assert [care.level for care in cares] == ["check-in", "support"]


def test_the_button_for_help_is_a_crisis_at_once() -> None:
    assert decide(NO_RISK, Session.start(0.0), 1.0, "help").level == "crisis"


def test_a_button_for_ok_without_a_crisis_changes_nothing() -> None:
    assert decide(NO_RISK, Session.start(0.0), 1.0, "ok").level == "none"


def test_one_denial_does_not_close_a_crisis() -> None:
    _, cares = after((0.0, CRISIS, "none"), (10.0, NO_RISK, "none"), (20.0, NO_RISK, "none"))
    assert [care.level for care in cares] == ["crisis", "support", "support"]


def test_one_ok_steps_down_once_only() -> None:
    _, cares = after((0.0, CRISIS, "none"), (10.0, NO_RISK, "ok"))
    assert cares[-1].level == "support"


def test_repeated_ok_closes_it_step_by_step() -> None:
    _, cares = after((0.0, CRISIS, "none"), *((10.0 * i, NO_RISK, "ok") for i in (1, 2, 3, 4)))
    assert [care.level for care in cares] == ["crisis", "support", "check-in", "none", "none"]


def test_calm_turns_over_time_step_down_and_end() -> None:
    _, cares = after((0.0, CRISIS, "none"), *((100.0 * i, NO_RISK, "none") for i in range(1, 8)))
    levels = [care.level for care in cares]
    assert levels == sorted(levels, key=["crisis", "support", "check-in", "none"].index)
    assert levels[-1] == "none"
    assert levels[1:3] == ["support", "support"]


def test_calm_words_within_seconds_do_not_end_it() -> None:
    _, cares = after((0.0, CRISIS, "none"), *((1.0 * i, NO_RISK, "none") for i in range(1, 10)))
    assert {care.level for care in cares[1:]} == {"support"}


def test_a_new_crisis_rises_again_at_once() -> None:
    _, cares = after((0.0, CRISIS, "none"), (10.0, NO_RISK, "ok"), (20.0, CRISIS, "none"))
    assert cares[-1].level == "crisis"


def test_words_of_a_crisis_win_over_the_button_for_ok() -> None:
    assert decide(CRISIS, Session.start(0.0), 1.0, "ok").level == "crisis"


def test_distress_that_lasts_asks_for_a_check_in() -> None:
    assert decide(NO_RISK, distressed(4, 40.0), 160.0).level == "check-in"


def test_distress_for_a_moment_does_not() -> None:
    assert decide(NO_RISK, distressed(4, 2.0), 8.0).level == "none"
    assert decide(NO_RISK, distressed(2, 100.0), 200.0).level == "none"


def test_distress_over_a_long_time_asks_for_support() -> None:
    assert decide(NO_RISK, distressed(10, 100.0), 1000.0).level == "support"


def test_a_face_alone_never_raises_care() -> None:
    assert decide(NO_RISK, distressed(10, 100.0, channel="face"), 1000.0).level == "none"


def test_a_check_in_is_not_repeated_for_a_while() -> None:
    session = distressed(4, 40.0)
    first = decide(NO_RISK, session, 160.0)
    session = remember(session, Turn(at_s=160.0, words="sad", reply="r", care=first, estimate=estimate(valence=-0.7)))
    assert decide(NO_RISK, session, 200.0).level == "none"
    assert decide(NO_RISK, session, 200.0 + QUIET_S).level == "check-in"


def test_offers_are_made_once_and_not_at_every_turn() -> None:
    _, cares = after((0.0, CRISIS, "none"), (10.0, NO_RISK, "none"), (20.0, NO_RISK, "none"))
    assert cares[1].offers
    assert cares[2].offers == ()


def test_every_care_has_a_reason() -> None:
    _, cares = after((0.0, CRISIS, "none"), (10.0, NO_RISK, "none"), (20.0, NO_RISK, "ok"),
                     (30.0, concern("substance"), "none"))
    assert all(care.reasons for care in cares)


def test_where_care_ends_the_reason_is_told() -> None:
    _, cares = after((0.0, CRISIS, "none"), *((10.0 * i, NO_RISK, "ok") for i in (1, 2, 3)))
    assert (cares[-1].level, cares[-1].reasons) == ("none", ("you pressed I'm OK; care comes down one step at a time",))


def test_who_says_they_are_ok_is_not_asked_at_once_whether_they_are() -> None:
    session = distressed(4, 40.0)
    first = decide(NO_RISK, session, 160.0, "ok")
    assert (first.level, first.reasons) == ("none", ("you pressed I'm OK",))
    session = remember(session, Turn(at_s=160.0, words="I'm OK.", reply="r", care=first))
    assert decide(NO_RISK, session, 200.0).level == "none"
    assert decide(NO_RISK, session, 170.0 + QUIET_S).level == "check-in"


def test_words_of_concern_win_over_the_button_for_ok() -> None:
    assert decide(concern("self-harm"), Session.start(0.0), 1.0, "ok").level == "support"


def test_a_mood_that_was_hardly_read_does_not_count_as_distress() -> None:
    session = Session.start(0.0)
    for i in range(8):
        session = remember(session, Turn(at_s=40.0 * i, words="x", reply="y",
                                         estimate=estimate("sad", valence=-0.7, confidence=0.2)))
    assert decide(NO_RISK, session, 400.0).level == "none"


def test_the_reasons_of_lasting_distress_are_counted() -> None:
    assert decide(NO_RISK, distressed(4, 40.0), 160.0).reasons == (
        "4 of the last 4 messages sounded distressed, over 3 min",)


def test_the_offers_of_a_crisis_come_every_time() -> None:
    _, cares = after((0.0, CRISIS, "none"), (5.0, CRISIS, "none"))
    assert cares[0].offers == cares[1].offers != ()


def test_a_hundred_turns_of_lasting_distress_are_not_a_hundred_offers() -> None:
    session, offered = Session.start(0.0), 0
    for i in range(100):
        care = decide(NO_RISK, session, 30.0 * i)
        offered += bool(care.offers)
        session = remember(session, Turn(at_s=30.0 * i, words="so sad", reply="I see.", care=care,
                                         estimate=estimate("sad", valence=-0.7)))
    assert 1 <= offered <= 100 * 30.0 / QUIET_S + 1
