from __future__ import annotations

from dataclasses import replace

import numpy as np

from empathy.errors import InputError
from empathy.memory.session import Session
from empathy.types import Analysis, Missing
from empathy.ui.conversation import BUSY, NOTHING, converse, exchange
from empathy.ui.remembered import remembered
from empathy.ui.sessions import Line, Visitor

from .markup import words
from .samples import face, voice
from .scripted import ScriptedSystem


def visitor() -> Visitor:
    return Visitor(session=Session.start(0.0), seen_s=0.0)


def test_an_empty_message_is_asked_for():
    system = ScriptedSystem()
    view, = converse(system, visitor(), "   ")
    assert view.trouble == NOTHING
    assert system.asked == []


def test_what_was_typed_leaves_the_box_at_once():
    first, *_ = converse(ScriptedSystem(), visitor(), "I am tired")
    assert first.words == ""
    assert first.lines == (Line("user", "I am tired"),)
    assert first.busy


def test_a_reply_grows_piece_by_piece():
    views = list(converse(ScriptedSystem(), visitor(), "hello"))
    replies = [view.lines[-1].text for view in views if view.lines[-1].role == "assistant"]
    assert replies[0] == "I hear that "
    assert replies[-1] == "I hear that you are tired."


def test_readings_appear_before_the_reply():
    views = list(converse(ScriptedSystem(), visitor(), "hello"))
    first = next(i for i, view in enumerate(views) if view.readings and "Words" in words(view.readings))
    spoken = next(i for i, view in enumerate(views) if view.lines[-1].role == "assistant")
    assert first < spoken


def test_the_last_view_is_at_rest_and_the_attachments_are_used():
    person = visitor()
    person.picture = np.zeros((8, 8, 3), np.uint8)
    *_, last = converse(ScriptedSystem(), person, "hello")
    assert (last.busy, last.sent) == (False, True)
    assert person.picture is None


def test_a_language_model_that_could_not_answer_is_said_below_the_chat():
    class Alone(ScriptedSystem):
        def talk(self, *args, **kwargs):
            for update in super().talk(*args, **kwargs):
                missing = (Missing(stage="reply", why="the server at here:1 can't be reached"),)
                yield replace(update, analysis=replace(update.analysis, missing=missing))

    *_, last = converse(Alone(), visitor(), "hello")
    told = words(last.status)
    assert "Done." in told
    assert "The language model could not answer: the server at here:1 can't be reached." in told
    *_, well = converse(ScriptedSystem(), visitor(), "hello")
    assert "could not" not in words(well.status)


def test_the_next_turn_gets_the_session_of_the_last():
    system, person = ScriptedSystem(), visitor()
    list(converse(system, person, "My name is Anna."))
    list(converse(system, person, "What is my name?"))
    assert [turn.words for turn in system.asked[1]["session"].turns] == ["My name is Anna."]
    assert remembered(person) == ("Your name is Anna.",)


def test_a_photo_and_a_voice_go_along():
    system, person = ScriptedSystem(), visitor()
    person.picture, person.sound = np.zeros((8, 8, 3), np.uint8), b"RIFF"
    first, *_ = converse(system, person, "")
    assert system.asked[0]["sound"] == b"RIFF"
    assert system.asked[0]["picture"].shape == (8, 8, 3)
    assert first.lines[-1].text == "(with a photo and your voice)"


def test_what_was_understood_stands_in_for_what_was_not_typed():
    person = visitor()
    person.sound = b"RIFF"
    *_, last = converse(ScriptedSystem(), person, "")
    assert last.lines[0].text == "“I feel tired today” (with your voice)"


def test_what_was_read_while_somebody_spoke_is_taken_as_it_is():
    system, someone = ScriptedSystem(), visitor()
    someone.sound = b"a recording that waits for another message"
    spoken = Analysis(input="", kind="turn", faces=(face(),), voice=voice())
    views = list(converse(system, someone, "", spoken=spoken))
    assert views[0].lines == (Line("user", "“I feel tired today”"),)
    assert views[0].words is None, "what is being typed meanwhile stays in the box"
    assert (system.asked[0]["read"], system.asked[0]["sound"]) == (spoken, None)
    assert someone.sound, "an attachment stays for the message it was meant for"


def test_what_can_t_be_read_comes_back_into_the_box():
    person = visitor()
    person.picture = np.zeros((8, 8, 3), np.uint8)
    *_, last = converse(ScriptedSystem(error=InputError("too long: at most 4000 characters")), person, "a long text")
    assert last.words == "a long text"
    assert last.trouble == "too long: at most 4000 characters"
    assert last.lines == ()
    assert last.readings is not None
    assert words(last.readings) == last.trouble
    assert person.picture is not None


def test_a_stopped_reply_keeps_what_was_written():
    person = visitor()
    for view in converse(ScriptedSystem(), person, "hello"):
        if view.lines[-1].role == "assistant":
            person.stop.set()
    assert person.lines[-1] == Line("assistant", "I hear that ")
    assert not person.lock.locked()


def test_a_view_that_is_left_alone_frees_the_visitor():
    person = visitor()
    views = converse(ScriptedSystem(), person, "hello")
    next(views)
    views.close()
    assert not person.lock.locked()


def test_one_message_is_answered_at_a_time():
    person = visitor()
    views = converse(ScriptedSystem(), person, "hello")
    next(views)
    second, = converse(ScriptedSystem(), person, "and another thing")
    assert second.trouble == BUSY
    assert second.words is None


def test_the_cry_for_help_shows_help():
    *_, last = converse(ScriptedSystem(), visitor(), "", "help")
    assert last.lines[0].text == "I need help now."


def test_the_crisis_card_comes_with_the_first_reading():
    views = list(converse(ScriptedSystem(), visitor(), "", "help"))
    assert "You don't have to do this alone" in words(views[1].readings or "")


def test_an_estimate_moves_the_trail_once():
    person = visitor()
    list(converse(ScriptedSystem(), person, "hello"))
    assert len(person.trail) == 1


def test_programs_get_the_updates_themselves():
    stages = [update.stage for update in exchange(ScriptedSystem(), visitor(), "hello", "none")]
    assert stages == ["words", "estimate", "reply", "reply", "done"]


def test_help_comes_at_once_while_another_turn_is_still_being_read():
    system, person = ScriptedSystem(), visitor()
    with person.lock:
        view = next(converse(system, person, "", "help"))
    assert person.stop.is_set()
    assert "findahelpline.com" in view.lines[-1].text
    assert system.asked == []


def test_the_place_in_the_line_is_shown_when_it_changes():
    views = list(converse(ScriptedSystem(ahead=(2, 2, 1, 1, 0)), visitor(), "hello"))
    told = [words(view.status) for view in views if view.status and "before you" in view.status]
    assert told == ["The language model is busy. 2 visitors are before you …",
                    "The language model is busy. One visitor is before you …"]


def test_an_engine_can_see_that_a_visitor_has_left():
    system, person = ScriptedSystem(), visitor()
    views = converse(system, person, "hello")
    next(views), next(views)
    cancelled = system.asked[0]["audience"].cancelled
    assert not cancelled()
    person.stop.set()
    assert cancelled()
    views.close()


def test_a_reply_that_was_stopped_before_its_first_word_is_not_called_done():
    person = visitor()
    views = converse(ScriptedSystem(pieces=(), ahead=(1,)), person, "hello")
    shown = [next(views)]
    for view in views:
        shown.append(view)
        person.stop.set()
    assert "Stopped." in words(shown[-1].status or "")
    assert not shown[-1].sent
