"""What explains a mismatch harmlessly: laughter, jokes and sarcasm, singing, acting. Where one of these is heard or
read, nothing is said of two stories.

The words are those that people use to mark irony and play in plain English; they are few on purpose, since each one
that is found silences the system. Set by us, not measured: no labelled irony with voices was at hand.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from ..types import Prosody, VoiceReading, WordsReading

Explanation: TypeAlias = Literal["laughter", "a joke", "sarcasm", "singing", "a performance"]

AMUSED = 0.5
"""Probability of the label amusement from which words count as a joke."""

VIBRATO_HZ, VIBRATO_DEPTH = (4.0, 8.0), 0.02
SUNG_HNR_DB, SUNG_SYLLABLES_PER_S = 15.0, 3.0
"""Singing: a regular wave of the pitch, a clear tone, long syllables; of 120 spoken clips of RAVDESS none has all
three. Source: vibrato of singers at 5 to 7 Hz, J. Sundberg, The Science of the Singing Voice (1987)."""

_JOKE = re.compile(r"\b(?:ha(?:ha)+|lol|lmao|rofl|(?:just |only )?(?:kidding|joking))\b|[😂🤣😜😝]", re.IGNORECASE)
_SARCASM = re.compile(
    r"(?:^|\s)/s\b|[🙄🙃]|\byeah,? right\b|\bas if!|\bbig surprise\b|\bwhat a surprise\b|\bthanks a lot\b"
    r"|\b(?:oh|well|just|how|gee),? (?:that's |isn't that |so )?(?:great|perfect|wonderful|lovely|fantastic|brilliant)"
    r"\s*[.!,…]|\bjust what i (?:needed|wanted)\b|\bcould(?:n't| not) be (?:better|happier)\b", re.IGNORECASE)
_PERFORMANCE = re.compile(
    r"\b(?:i'm|i am|we're|we are|was) (?:only |just )?(?:acting|pretending|rehearsing|in character|quoting|imitating|"
    r"playing a (?:role|part))\b|\bmy (?:character|lines?|monologue|role) (?:in|for|from|is|says)\b"
    r"|\b(?:it's|this is) (?:a |from a |my )?(?:role|monologue|script|impression|scene|line from)\b", re.IGNORECASE)
_SUNG = re.compile(r"[♪♫♬]|[\[(](?:sing|music)", re.IGNORECASE)


def explanation(voice: VoiceReading, words: WordsReading | None) -> Explanation | None:
    """The first harmless reason that is found, or None.

    Args:
        voice: its events, melody and transcript are looked at.
        words: typed or transcribed; None: the transcript alone.
    """
    text = "\n".join(part for part in (words.text if words else "", voice.transcript.text if voice.transcript else "")
                     if part)
    if any(event.kind == "laugh" for event in voice.events):
        return "laughter"
    if _SUNG.search(text) or (voice.prosody is not None and _sings(voice.prosody)):
        return "singing"
    if _SARCASM.search(text):
        return "sarcasm"
    if _JOKE.search(text) or (words is not None and words.labels.get("amusement", 0.0) >= AMUSED):
        return "a joke"
    return "a performance" if _PERFORMANCE.search(text) else None


def _sings(prosody: Prosody) -> bool:
    wave_hz, depth, tone_db, rate = (prosody.tremor_hz, prosody.tremor_depth, prosody.hnr_db,
                                     prosody.rate_syllables_per_s)
    if wave_hz is None or depth is None or tone_db is None or rate is None:
        return False
    return (VIBRATO_HZ[0] <= wave_hz <= VIBRATO_HZ[1] and depth >= VIBRATO_DEPTH and tone_db >= SUNG_HNR_DB
            and rate <= SUNG_SYLLABLES_PER_S)
