"""What the page says while it works, in one line."""

from __future__ import annotations

from .marks import escape, tag

SAYINGS = {
    "start": "Opening what you sent …",
    "picture": "Picture opened. Looking for faces …",
    "faces": "Faces read. Looking at the posture …",
    "posture": "Posture read.",
    "sound": "Sound opened. Listening for speech …",
    "speech": "Listened for speech. Hearing the tone …",
    "transcript": "Listened to the words. Reading them …",
    "tone": "Tone heard. Listening for other sounds …",
    "words": "Words read. Weighing everything …",
    "events": "Sounds heard. Writing down the words …",
    "timeline": "Face and voice are on one clock. Reading the words …",
    "estimate": "Weighed. Thinking about what may help …",
    "care": "Writing …",
    "notice": "Writing …",
    "waiting": "The language model is busy.",
    "reply": "Writing …",
    "done": "Done.",
    "stopped": "Stopped.",
}


def status(stage: str, detail: str = "") -> str:
    """The line for a stage; a quiet dot breathes until it is done. Screen readers are told politely."""
    saying = SAYINGS.get(stage, "Working …")
    busy = stage not in ("done", "stopped")
    dot = tag("span", class_="dot", aria_hidden="true") if busy else ""
    line = tag("div", dot, escape(f"{saying} {detail}".strip()), class_="status", role="status", aria_live="polite")
    return tag("div", line, class_="es")


def place(ahead: int) -> str:
    """The line while others are before this visitor."""
    return status("waiting", f"{'One visitor is' if ahead == 1 else f'{ahead} visitors are'} before you …")
