"""The line before one language model: one visitor at a time, in the order they came."""

from __future__ import annotations

import threading
from collections.abc import Callable

LOOK_S = 0.1
"""How often a guest who waits for another looks whether that is still worth it."""


def at_once() -> bool:
    """Waits for nobody."""
    return True


class Line:
    """Two threads in one model crash the process, so whoever stands first has it to themselves until they leave.

    Reading ahead is a guest: it slips in when nobody is there, and is expected to leave once ``wanted``."""

    def __init__(self) -> None:
        self._tickets: list[object] = []
        self._guest: object | None = None
        self._moved = threading.Condition()

    def join(self) -> object:
        """Stand at the end; the ticket must be handed to ``leave``."""
        ticket = object()
        with self._moved:
            self._tickets.append(ticket)
        return ticket

    def slip_in(self, gives_up: Callable[[], bool] = at_once) -> object | None:
        """A ticket whose turn it is, when nobody is there; None otherwise. Another guest is waited for until
        ``gives_up``: one who was called off takes a moment to leave."""
        with self._moved:
            while self._tickets:
                if self._tickets != [self._guest] or gives_up():
                    return None
                self._moved.wait(LOOK_S)
            self._guest = object()
            self._tickets.append(self._guest)
            return self._guest

    def turn(self, ticket: object, timeout_s: float) -> bool:
        """Wait at most so long; whether the ticket's turn has come."""
        with self._moved:
            return self._moved.wait_for(lambda: self._tickets[0] is ticket, timeout_s)

    def ahead(self, ticket: object) -> int:
        """How many visitors stand before the ticket; a guest does not count, since it leaves at once."""
        with self._moved:
            before = self._tickets[: self._tickets.index(ticket)]
            return sum(one is not self._guest for one in before)

    def wanted(self, ticket: object) -> bool:
        """Whether somebody waits behind the ticket."""
        return self._tickets[-1] is not ticket

    def leave(self, ticket: object) -> None:
        """Step out, wherever one stands."""
        with self._moved:
            self._tickets.remove(ticket)
            self._moved.notify_all()
