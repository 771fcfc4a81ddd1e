"""One message and its answer, step by step: what the Talk tab shows, without Gradio, so that it can be tested alone."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..answer import Audience
from ..errors import InputError
from ..reply.crisis import crisis_text
from ..types import Analysis
from . import readings
from .care import care_card
from .footnotes import footnotes
from .marks import notice, panel
from .progress import place, status
from .sessions import Line, Visitor

if TYPE_CHECKING:
    from ..catalog import System
    from ..pipeline import Update

Pressed: TypeAlias = Literal["none", "help", "ok"]
PRESSED_WORDS = {"help": "I need help now.", "ok": "I'm OK."}
NOTHING = "Type something, or add a photo or your voice, then send."
BUSY = "One moment: the last message is still being answered."
WAIT_S = 60.0
"""A cry for help is answered at once, and remembered when the turn that it interrupted has ended, within this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the tab shows now. ``words`` is what the text box should hold, None to leave it alone; ``readings`` and
    ``status`` are markup, None to leave them; ``sent`` is true once the attachments are used up; ``trouble`` is a
    sentence to show, "" for none."""

    lines: tuple[Line, ...]
    readings: str | None = None
    status: str | None = None
    words: str | None = None
    busy: bool = True
    sent: bool = False
    trouble: str = ""


def converse(system: System, visitor: Visitor, words: str, pressed: Pressed = "none",
             spoken: Analysis | None = None) -> Iterator[View]:
    """Send one message with whatever is attached, and yield a view whenever something new is known.

    What was typed comes back into the box when something could not be read; attachments stay until they are used.
    ``spoken`` is what was read already while the person spoke; it goes without attachments.
    """
    words = words.strip()
    if not words and pressed == "none" and spoken is None and visitor.picture is None and visitor.sound is None:
        yield View(lines=tuple(visitor.lines), busy=False, trouble=NOTHING)
        return
    if pressed == "help":
        visitor.stop.set()  # a cry for help waits for no sentence
    if not visitor.lock.acquire(timeout=0.5 if pressed == "help" else 0.05):
        if pressed != "help":
            yield View(lines=tuple(visitor.lines), busy=True, trouble=BUSY)
            return
        yield from _help_at_once(system, visitor)
        if not visitor.lock.acquire(timeout=WAIT_S):
            return
        try:  # now that the other turn has ended: remember that help was asked for
            for update in system.talk(visitor.session, pressed="help"):
                visitor.session = update.session or visitor.session
        finally:
            visitor.lock.release()
        return
    try:
        visitor.stop.clear()
        yield from _views(system, visitor, words, pressed, spoken)
    finally:
        visitor.lock.release()


def _help_at_once(system: System, visitor: Visitor) -> Iterator[View]:
    """The text written by people, while another turn is still being read or answered."""
    visitor.say("user", PRESSED_WORDS["help"])
    visitor.say("assistant", "\n".join(crisis_text(system.settings.country)))
    yield View(lines=tuple(visitor.lines), status=status("done"), busy=False, sent=True)


def _views(system: System, visitor: Visitor, words: str, pressed: Pressed, spoken: Analysis | None) -> Iterator[View]:
    attached = _attached(visitor) if spoken is None else "" if _heard(spoken) else "(your voice)"
    visitor.say("user", _line(PRESSED_WORDS.get(pressed, ""), words, attached, _quoted(_heard(spoken))))
    at = len(visitor.lines) - 1  # the list is kept short, so counted after
    yield View(lines=tuple(visitor.lines), words=None if spoken else "", status=status("start"))
    written, update, ahead = "", None, -1
    try:
        for update in exchange(system, visitor, words, pressed, spoken):
            if update.stage == "waiting":
                if update.ahead != ahead:
                    ahead = update.ahead
                    yield View(lines=tuple(visitor.lines), status=place(ahead) if ahead else status("reply"))
                continue
            if update.stage == "notice":
                visitor.say("assistant", update.text)
            else:
                written += update.text
            if not words and at < len(visitor.lines) and (heard := _heard(update.analysis)):
                visitor.lines[at] = Line("user", _line(_quoted(heard), attached))
            shown = None if update.stage == "reply" else _shown(visitor, update)
            yield View(lines=_with_reply(visitor, written), readings=shown, status=status(update.stage))
    except InputError as error:
        del visitor.lines[at:]
        yield View(lines=tuple(visitor.lines), words=words, readings=panel(notice(str(error), "warn", role="alert")),
                   status=status("stopped"), busy=False, trouble=str(error))
        return
    finally:
        if written:
            visitor.say("assistant", written)
    done = update is not None and update.stage == "done" and not visitor.stop.is_set()
    ended = status("done", _unable(update.analysis)) if done and update is not None else status("stopped")
    yield View(lines=tuple(visitor.lines), status=ended, busy=False, sent=done)


def exchange(system: System, visitor: Visitor, words: str, pressed: Pressed,
             spoken: Analysis | None = None) -> Iterator[Update]:
    """Run one turn with what is attached, or with what was read already, and keep the session it leads to; ends early
    when ``visitor.stop`` is set.

    Raises:
        InputError: the words can't be read; nothing has changed then.
    """
    picture, sound = (visitor.picture, visitor.sound) if spoken is None else (None, None)
    talk = system.talk(visitor.session, words=words, picture=picture, sound=sound, pressed=pressed, read=spoken,
                       audience=Audience(visitor.name, visitor.stop.is_set))
    try:
        for update in talk:
            if update.session is not None:
                visitor.session = update.session
            if update.stage == "done" and not visitor.stop.is_set():
                _finish(visitor, update, attached=spoken is None)
            yield update
            if visitor.stop.is_set():
                return
    finally:
        if isinstance(talk, Generator):
            talk.close()  # frees the language model at once


def _unable(analysis: Analysis) -> str:
    """Why the better engine did not write the reply, where one should have; "" where all is well."""
    why = next((item.why for item in analysis.missing if item.stage == "reply"), "")
    return f"The language model could not answer: {why}." if why else ""


def _finish(visitor: Visitor, update: Update, *, attached: bool) -> None:
    """What was attached has been used; the dot on the plane moves."""
    if attached:
        visitor.picture = visitor.sound = None
    estimate = update.analysis.estimate
    if estimate is not None and not estimate.abstains:
        visitor.move(estimate.affect)


def _attached(visitor: Visitor) -> str:
    there = (("a photo", visitor.picture is not None), ("your voice", visitor.sound is not None))
    names = " and ".join(name for name, given in there if given)
    return f"(with {names})" if names else ""


def _line(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _heard(analysis: Analysis | None) -> str:
    """What was understood of a voice: it takes the place of words that were not typed."""
    transcript = analysis.voice.transcript if analysis and analysis.voice else None
    return transcript.text.strip() if transcript else ""


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""


def _with_reply(visitor: Visitor, written: str) -> tuple[Line, ...]:
    return (*visitor.lines, Line("assistant", written)) if written else tuple(visitor.lines)


def _shown(visitor: Visitor, update: Update) -> str:
    analysis = update.analysis
    cards = [care_card(analysis.care)]
    if analysis.estimate is not None:
        trail = visitor.trail[:-1] if update.stage == "done" else visitor.trail
        cards.append(readings.estimate_card(analysis.estimate, trail, readings.channels_of(analysis)))
    cards += readings.channel_lines(analysis)
    return panel(*cards, *footnotes(analysis))
