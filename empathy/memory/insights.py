"""What has changed in a conversation or over a video, as sentences that carry their numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..types import Affect, Estimate, Moment
from .measures import Measures
from .session import Session

NOTABLE = 0.3
"""Change of valence or arousal, on [-1, 1], below which nothing is said; nor is one within the two values' spread."""

LOUDER_DB, HIGHER_SEMITONES, FASTER_SHARE, FASTER_SYLLABLES, PAUSES = 4.0, 2.0, 0.25, 0.6, 0.15
"""Changes of a voice worth a word: loudness; pitch; rate, as a share and in syllables a second; share of pauses. About
twice what one speaker varies by from sentence to sentence; set by us."""

MIN_VIDEO_S = 12.0
"""A shorter video has no beginning and no end to compare."""

SMILE, SLOUCH = 0.35, 0.3
FEWER, FEWER_WORDS = 3.0, 12
"""Words: a third or three times as many, by at least so many words."""

_SENTENCES = {
    ("valence", True): "more pleasant", ("valence", False): "less pleasant",
    ("arousal", True): "more stirred", ("arousal", False): "calmer"}


def insights(session: Session, estimate: Estimate, measures: Measures | None = None) -> tuple[str, ...]:
    """Compare a turn with the first of the session: affect where neither estimate abstains, and whatever was measured
    in both.

    Args:
        session: without this turn.
        estimate: of this turn.
        measures: of this turn.
    """
    first = next((turn.estimate for turn in session.turns if turn.estimate and not turn.estimate.abstains), None)
    moved = () if first is None or estimate.abstains else _affect(first.affect, estimate.affect, "than at the start")
    if measures is None:
        return moved
    start = _first(session)
    return (*moved, *_voice(start, measures), *_body(start, measures))


def video_insights(timeline: Sequence[Moment]) -> tuple[str, ...]:
    """Compare the last third of a video with its first: the face, and the voice."""
    found: list[str] = []
    if not timeline or timeline[-1].time_s - timeline[0].time_s < MIN_VIDEO_S:
        return ()
    for channel in ("face", "voice"):
        told = [affect for moment in timeline
                if (affect := moment.face_affect if channel == "face" else moment.voice_affect) is not None]
        third = len(told) // 3
        if third >= 3:
            found += [f"{channel} {line}" for line in _affect(
                _mean(told[:third]), _mean(told[-third:]), "in the last third than in the first")]
    return tuple(found)


def _affect(before: Affect, now: Affect, when: str) -> tuple[str, ...]:
    found: list[str] = []
    for axis in ("valence", "arousal"):
        old, new = getattr(before, axis), getattr(now, axis)
        spread = min(getattr(before, f"{axis}_sd"), getattr(now, f"{axis}_sd"))
        if abs(new - old) >= max(NOTABLE, spread):
            found.append(f"{_SENTENCES[axis, new > old]} {when}: {axis} {old:+.2f} to {new:+.2f}")
    return tuple(found)


def _mean(told: Sequence[Affect]) -> Affect:
    """The mean, with the spread over time as its standard deviation."""
    rows = np.array([[each.valence, each.arousal, each.dominance] for each in told])
    (valence, arousal, dominance), spread = rows.mean(axis=0).tolist(), rows.std(axis=0).tolist()
    return Affect(valence=valence, arousal=arousal, dominance=dominance, valence_sd=spread[0], arousal_sd=spread[1],
                  dominance_sd=spread[2])


def _first(session: Session) -> Measures:
    """Each measure where it was first taken."""
    taken = [turn.measures for turn in session.turns if turn.measures is not None]
    return Measures(**{name: next((value for each in taken if (value := getattr(each, name)) is not None), None)
                       for name in Measures.__dataclass_fields__})


def _voice(start: Measures, now: Measures) -> tuple[str, ...]:
    """One sentence for all that changed in the voice."""
    words: list[str] = []
    numbers: list[str] = []
    if start.loudness_dbfs is not None and now.loudness_dbfs is not None:
        louder_db = now.loudness_dbfs - start.loudness_dbfs
        if abs(louder_db) >= LOUDER_DB:
            words.append("louder" if louder_db > 0 else "quieter")
            numbers.append(f"{louder_db:+.0f} dB")
    if start.rate_syllables_per_s and now.rate_syllables_per_s is not None:
        faster = now.rate_syllables_per_s - start.rate_syllables_per_s
        if abs(faster) >= max(FASTER_SYLLABLES, FASTER_SHARE * start.rate_syllables_per_s):
            words.append("faster" if faster > 0 else "slower")
            numbers.append(f"{start.rate_syllables_per_s:.1f} to {now.rate_syllables_per_s:.1f} syllables/s")
    if start.f0_hz and now.f0_hz and abs(12 * np.log2(now.f0_hz / start.f0_hz)) >= HIGHER_SEMITONES:
        words.append("higher" if now.f0_hz > start.f0_hz else "lower")
        numbers.append(f"{start.f0_hz:.0f} to {now.f0_hz:.0f} Hz")
    if start.pause_share is not None and now.pause_share is not None \
            and abs(now.pause_share - start.pause_share) >= PAUSES:
        words.append("with more pauses" if now.pause_share > start.pause_share else "with fewer pauses")
        numbers.append(f"pauses {start.pause_share:.0%} to {now.pause_share:.0%}")
    return (f"voice {_listed(words)} than at the start: {', '.join(numbers)}",) if words else ()


def _body(start: Measures, now: Measures) -> tuple[str, ...]:
    """Face, posture and how much is said."""
    found: list[str] = []
    if start.smile is not None and now.smile is not None and abs(now.smile - start.smile) >= SMILE:
        found.append(f"face smiles {'more' if now.smile > start.smile else 'less'} than at the start: happy "
                     f"{start.smile:.0%} to {now.smile:.0%}")
    if start.slouch is not None and now.slouch is not None and abs(now.slouch - start.slouch) >= SLOUCH:
        found.append(f"sits {'lower' if now.slouch > start.slouch else 'more upright'} than at the start: slouch "
                     f"{start.slouch:.1f} to {now.slouch:.1f}")
    if start.n_words and now.n_words and abs(now.n_words - start.n_words) >= FEWER_WORDS \
            and max(now.n_words, start.n_words) >= FEWER * min(now.n_words, start.n_words):
        found.append(f"says {'more' if now.n_words > start.n_words else 'less'} than at the start: {start.n_words} to "
                     f"{now.n_words} words")
    return tuple(found)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
