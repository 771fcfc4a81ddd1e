import numpy as np

from empathy.errors import InputError
from empathy.live.inbox import MOST_SOUND_S, Inbox


def picture(level):
    return np.full((2, 2, 3), level, np.uint8)


def test_an_empty_inbox_gives_nothing():
    waiting = Inbox(lambda: 0.0).take()
    assert waiting.picture is None
    assert waiting.samples.size == 0


def test_the_newest_frame_wins_and_the_others_are_counted():
    inbox = Inbox(lambda: 5.0)
    for level in (1, 2, 3):
        inbox.put_frame(picture(level), float(level))
    waiting = inbox.take()
    assert waiting.picture[0, 0, 0] == 3
    assert waiting.picture_s == 3.0
    assert (inbox.n_read, inbox.n_dropped, inbox.frame_came_s) == (1, 2, 5.0)
    assert inbox.take().picture is None
    assert inbox.n_read == 1


def test_a_frame_that_is_dropped_is_never_decoded():
    decoded = []
    inbox = Inbox(lambda: 0.0)
    for level in (1, 2, 3):
        inbox.put_frame(lambda level=level: decoded.append(level) or picture(level), 0.0)
    assert decoded == []
    assert inbox.take().picture[0, 0, 0] == 3
    assert decoded == [3]


def test_a_frame_that_is_no_picture_costs_no_sound_and_says_why():
    def broken():
        raise InputError("that is no picture: send another")

    inbox = Inbox(lambda: 0.0)
    inbox.put_frame(broken, 1.0)
    inbox.put_sound(np.zeros(3, np.float32), 1.0)
    waiting = inbox.take()
    assert (waiting.picture, waiting.trouble, waiting.samples.size) == (None, "that is no picture: send another", 3)
    assert inbox.n_read == 0


def test_sound_is_joined_in_order():
    inbox = Inbox(lambda: 0.0)
    inbox.put_sound(np.array([1, 2], np.float32), 1.0)
    inbox.put_sound(np.array([3], np.float32), 2.0)
    waiting = inbox.take()
    assert waiting.samples.tolist() == [1, 2, 3]
    assert waiting.sound_end_s == 2.0
    assert inbox.waits() == (False, False)


def test_sound_that_nobody_reads_does_not_pile_up():
    inbox = Inbox(lambda: 0.0)
    for second in range(60):
        inbox.put_sound(np.full(16_000, second, np.float32), float(second))
    samples = inbox.take().samples
    assert samples.size <= (MOST_SOUND_S + 1) * 16_000
    assert samples[-1] == 59


def test_clearing_drops_what_waits():
    inbox = Inbox(lambda: 0.0)
    inbox.put_frame(picture(1), 0.0)
    inbox.put_sound(np.ones(4, np.float32), 0.0)
    inbox.clear()
    assert inbox.waits() == (False, False)
