"""What was measured in one turn, in plain units: kept beside the words, so that changes can be told by numbers."""

from __future__ import annotations

from dataclasses import dataclass

from ..types import Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Of one turn; None where it could not be measured. ``loudness_dbfs``, ``f0_hz`` (median),
    ``rate_syllables_per_s`` and ``pause_share`` of the voice; ``smile`` the probability of happiness in the face;
    ``slouch`` in [0, 1]; ``n_words`` typed or spoken."""

    loudness_dbfs: float | None = None
    f0_hz: float | None = None
    rate_syllables_per_s: float | None = None
    pause_share: float | None = None
    smile: float | None = None
    slouch: float | None = None
    n_words: int | None = None


def measures_of(analysis: Analysis) -> Measures:
    """What an analysis measured; readings that abstain are left out."""
    face = next((each for each in analysis.faces[:1] if not each.abstains), None)
    voice = analysis.voice if analysis.voice is not None and not analysis.voice.abstains else None
    prosody = voice.prosody if voice is not None else None
    words = analysis.words
    return Measures(
        loudness_dbfs=prosody.loudness_dbfs if prosody else None, f0_hz=prosody.f0_median_hz if prosody else None,
        rate_syllables_per_s=prosody.rate_syllables_per_s if prosody else None,
        pause_share=prosody.pause_share if prosody else None, smile=face.emotions.happy if face else None,
        slouch=analysis.posture.slouch if analysis.posture else None,
        n_words=len(words.text.split()) if words else None)
