"""From readings to the signs of ``spectrum.toml``: what one moment shows. The live page adds what needs time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import degrees
from types import MappingProxyType

from ..types import Affect, FaceReading, PostureReading, Prosody, SoundEvent, VoiceReading, WordsReading
from ..vision.gaze import gaze, off_camera
from .spectrum import Signs

CLEAR_LABEL = 0.3
"""A GoEmotions label below this is no sign."""
NOTHING: Mapping[str, float] = MappingProxyType({})


def signs_of(face: FaceReading | None, posture: PostureReading | None, voice: VoiceReading | None,
             words: WordsReading | None, affect: Affect | None, *, events: Sequence[SoundEvent] = (),
             over_time: Mapping[str, float] = NOTHING) -> Signs:
    """The signs of one moment.

    Args:
        face: of the main person.
        posture: of the same.
        voice: None where nobody spoke.
        words: the newest.
        affect: of all channels together.
        events: sounds that are no words, beside those of the voice.
        over_time: measures that need more than one moment; they win over those of the moment.
    """
    prosody = voice.prosody if voice else None
    measures = {**(face_measures(face) if face else {}), **(posture_measures(posture) if posture else {}),
                **(voice_measures(prosody) if prosody else {}), **over_time}
    return Signs(
        face=face.emotions if face else None, face_affect=face.affect if face else None,
        voice=voice.emotions if voice else None, voice_affect=voice.affect if voice else None,
        calm=voice.calm if voice else None, affect=affect, measures=measures,
        words={label: value for label, value in words.labels.items() if value >= CLEAR_LABEL} if words else {},
        sounds={event.kind: event.confidence for event in (*(voice.events if voice else ()), *events)})


def face_measures(face: FaceReading) -> dict[str, float]:
    """Gaze, head and lids of one picture."""
    yaw_rad, pitch_rad = gaze(face.landmarks, face.head_pose)
    return {"gaze_off_deg": degrees(off_camera(yaw_rad, pitch_rad)),
            "head_pitch_deg": degrees(face.head_pose.pitch_rad),
            "head_roll_deg": abs(degrees(face.head_pose.roll_rad)), "eye_openness": sum(face.eye_openness) / 2}


def posture_measures(posture: PostureReading) -> dict[str, float]:
    """What is seen of the body; a part that is out of the picture is left out."""
    found = {"lean": posture.lean, "slouch": posture.slouch, "openness": posture.openness,
             "hands_near_face": posture.hands_near_face, "movement": posture.movement}
    return {name: value for name, value in found.items() if value is not None}


def voice_measures(prosody: Prosody) -> dict[str, float]:
    """Melody and pauses; what could not be measured is left out."""
    found = {"rate_syllables_per_s": prosody.rate_syllables_per_s, "pause_share": prosody.pause_share,
             "f0_range_semitones": prosody.f0_range_semitones, "tremor_depth": prosody.tremor_depth}
    return {name: value for name, value in found.items() if value is not None}
