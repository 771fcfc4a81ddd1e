"""The About tab: what this is, what it is not, how its numbers are to be read, law and safety."""

from __future__ import annotations

from .footnotes import MEANINGS, TITLE
from .marks import HELP_LINES, linked, panel, tag, text
from .privacy import sent_elsewhere
from .theme import drawing

WHAT = ("What it is", (
    "Software that looks at a face and a posture, listens to a voice, reads words, weighs the four against each other, "
    "remembers the conversation while the tab is open, and answers with care.",
))
HERE = "Everything runs on the machine that serves this page. What you send is read there{elsewhere}."
NOT = ("What it is not", (
    "It is no person, no therapist and no medical device. It makes no diagnosis and gives no treatment.",
    "It does not know what you feel. It reads how a face looks, how a voice sounds and what words say.",
    "It never computes who somebody is: no identity, age, sex or origin.",
))
NUMBERS = (TITLE, (
    *MEANINGS,
    "Engines err more often for people who were rare in their training data: other ages, skin tones, accents and "
    "languages. The Engines tab shows what was measured, and docs/numbers.md where each number comes from.",
))
LAW = ("Law", (
    "You are being told before anything is read, as Article 50(3) of the EU AI Act (Regulation 2024/1689) asks of "
    "systems that recognise emotions.",
    "Use at a workplace or in education is forbidden by Article 5(1)(f) of the same act, except for medical or safety "
    "reasons, and by the terms of this program.",
    "Send only pictures and recordings of yourself, or of people who agreed. Some places ask for a written release.",
))
PRIVACY = ("What is kept", (
    "Nothing. There is no account, no cookie of ours, no run history and no analytics. Uploads lie for about a minute "
    "in a private folder, in memory where the machine allows it. The conversation lives in memory until you close the "
    "tab, until it has been idle for its time, or until you press \"Forget everything\".",
    "What the Live tab sees and hears is read in memory, moment by moment, and dropped. Its states by time stay in "
    "memory while the tab is open, so that you can save them; no picture and no sound is among them.",
    "The log of the server holds engines and timings, never what a visitor sent.",
))


def tab(server: str) -> None:
    """Build the tab in the page that is being put together."""
    drawing(about(server), elem_id="about")


def about(server: str) -> str:
    """The whole text; ``server``: host of the server that may be asked for replies, or ""."""
    title, lines = WHAT
    elsewhere = f". {sent_elsewhere(server)} Pictures and sounds stay there" if server else " and nowhere else"
    what = title, (*lines, HERE.format(elsewhere=elsewhere))
    sections = (text("h3", title) + tag("ul", *(text("li", line) for line in lines))
                for title, lines in (what, NOT, NUMBERS, LAW, PRIVACY))
    return panel(tag("div", _safety(), *sections, class_="prose"))


def _safety() -> str:
    return tag("div", text("strong", "If you are in danger, or might hurt yourself or somebody else: "),
               linked(f"call your local emergency number, or find someone to talk to in your country at {HELP_LINES}. "
                      "The button \"I need help now\" on the Talk and Live tabs shows ways to get help at any time."),
               class_="notice stop", role="note")
