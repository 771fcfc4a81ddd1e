"""The line before a model: order, places, a guest who gives way."""

from __future__ import annotations

import threading

from empathy.reply.line import Line


def test_the_first_has_the_turn_and_the_others_know_their_place() -> None:
    line = Line()
    tickets = [line.join() for _ in range(3)]
    assert [line.turn(ticket, 0.0) for ticket in tickets] == [True, False, False]
    assert [line.ahead(ticket) for ticket in tickets] == [0, 1, 2]


def test_who_leaves_moves_the_others_up_wherever_they_stood() -> None:
    line = Line()
    first, second, third = (line.join() for _ in range(3))
    line.leave(second)
    assert line.ahead(third) == 1
    line.leave(first)
    assert line.turn(third, 0.0)


def test_a_guest_slips_in_only_where_nobody_is() -> None:
    line = Line()
    guest = line.slip_in()
    assert guest is not None
    assert line.slip_in() is None
    line.leave(guest)
    line.join()
    assert line.slip_in() is None


def test_a_guest_waits_for_another_who_was_called_off() -> None:
    line = Line()
    guest = line.slip_in()
    assert guest is not None
    came: list[object | None] = []
    thread = threading.Thread(target=lambda: came.append(line.slip_in(lambda: False)))
    thread.start()
    line.leave(guest)
    thread.join(30.0)
    assert came[0] is not None and line.turn(came[0], 0.0)


def test_a_guest_who_is_called_off_waits_no_longer() -> None:
    line = Line()
    line.slip_in()
    looks = iter([False, True])
    assert line.slip_in(lambda: next(looks)) is None


def test_no_guest_waits_where_somebody_wants_a_reply() -> None:
    line = Line()
    line.slip_in()
    line.join()
    assert line.slip_in(lambda: False) is None


def test_a_guest_knows_when_somebody_wants_the_model_and_is_not_counted() -> None:
    line = Line()
    guest = line.slip_in()
    assert guest is not None and not line.wanted(guest)
    ticket = line.join()
    assert line.wanted(guest)
    assert (line.ahead(ticket), line.turn(ticket, 0.0)) == (0, False)
    line.leave(guest)
    assert line.turn(ticket, 0.0)


def test_waiting_ends_when_the_turn_comes() -> None:
    line = Line()
    first, second = line.join(), line.join()
    came: list[bool] = []
    thread = threading.Thread(target=lambda: came.append(line.turn(second, 30.0)))
    thread.start()
    line.leave(first)
    thread.join(30.0)
    assert came == [True]
