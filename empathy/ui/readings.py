"""What was read, as cards: one function a reading, each from a value of ``types`` to markup.

A reading that abstains says "I can't tell" first and shows its numbers pale beneath: nothing is hidden, and nothing is
claimed. An expression is called an expression, never a feeling.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..fusion.fuse import ADJECTIVES
from ..types import (
    Affect,
    Analysis,
    Emotions,
    Estimate,
    FaceReading,
    Masking,
    PostureReading,
    Prosody,
    SoundEvent,
    Transcript,
    VoiceReading,
    WordsReading,
)
from .charts import affect_plane, emotion_bars, quality_badges, share_bars
from .marks import card, clock, escape, notice, number, share, table, tag, text
from .waterfall import waterfalls

CANT_TELL = "I can't tell"
LEADS, MARGIN = 0.5, 0.1
"""An emotion must lead the next by ``MARGIN``, or both are named; below ``LEADS`` it is named with a doubt."""
CLEAR = 0.5
"""From this confidence on, a voice without a tone of its own is not blamed on the recording."""
ROUGH = 0.6
"""Words of a transcript with a probability below this are underlined as rough."""


def _said(sentence: str) -> str:
    return text("p", sentence[:1].upper() + sentence[1:], class_="said")


def _named(emotions: Emotions) -> str:
    """The likeliest emotion as an adjective, called by as much as it leads."""
    (top_name, top), (next_name, next_top), *_ = emotions.items()
    first, second = (ADJECTIVES[name] for name in (top_name, next_name))
    if top - next_top < MARGIN:
        return f"mixed: {first} or {second}"
    return first if top >= LEADS else f"rather {first}"


def estimate_card(estimate: Estimate, trail: Sequence[Affect], channels: Mapping[str, Affect]) -> str:
    """All channels together: a headline, the plane, the bars, the evidence."""
    if estimate.abstains:
        mixed = estimate.doubt == "mixed"
        head = _said("Mixed" if mixed else CANT_TELL) + text(
            "small", "The channels are sure, but contradict each other." if mixed else "What was read is too faint.")
    else:
        sure = "Clearly" if estimate.confidence >= 0.7 else "Probably" if estimate.confidence >= 0.45 else "Perhaps"
        named = _named(estimate.emotions)
        head = _said(f"{sure} {named}" if " " not in named else named) + text("small", _tone(estimate.affect))
    counts = [text("span", f"{channel}: {share(weight)} of the weight", class_="badge")
              for channel, weight in estimate.weights.items() if len(estimate.weights) > 1]
    if estimate.stability is not None:
        counts.append(text("span", f"stability {share(estimate.stability)}", class_="badge"))
    body = tag("div", tag("div", affect_plane(estimate.affect, trail, channels)), tag("div", _bars(estimate)),
               class_="two")
    insights = tag("ul", *(text("li", each) for each in estimate.insights), class_="plain") if estimate.insights else ""
    masking = masking_line(estimate.masking) if estimate.masking else ""
    return card("All together", head, tag("div", *counts, class_="badges") if counts else "", body, insights, masking,
                why(estimate), aside=f"confidence {share(estimate.confidence)}")


def _bars(estimate: Estimate) -> str:
    """The emotions; of channels that contradict each other what each says, for their sum would hide just that."""
    sides = {f"{each.channel}: {each.emotion}": each.number for each in estimate.evidence if each.emotion}
    if estimate.doubt == "mixed" and sides:
        return share_bars(sides, "Each channel alone", "var(--e-soft)")
    return emotion_bars(estimate.emotions, "All channels together", faint=estimate.abstains)


def _tone(affect: Affect) -> str:
    side = _side(affect.valence, "pleasant", "unpleasant", "neutral in tone")
    pace = _side(affect.arousal, "excited", "calm", "neither calm nor excited")
    return (f"{side}, {pace}: valence {number(affect.valence)} ± {number(affect.valence_sd)}, "
            f"arousal {number(affect.arousal)} ± {number(affect.arousal_sd)}")


def _side(value: float, above: str, below: str, between: str) -> str:
    return above if value > 0.15 else below if value < -0.15 else between


def masking_line(masking: Masking) -> str:
    """A gap between face and voice, told as a gap."""
    return notice(f"Your face and your voice tell different stories: the face shows {masking.shown}, the rest "
                  f"{masking.felt} (probability {share(masking.probability)}).", "warn")


def why(estimate: Estimate) -> str:
    """What pushed the estimate where, and each claim with its channel, number and weight; folded away until asked
    for."""
    evidence = estimate.evidence
    if not evidence:
        return ""
    rows = [(each.channel, each.claim, number(each.number), _signed(each.weight)) for each in evidence]
    return tag("details", text("summary", f"Why? {len(rows)} piece{'s' if len(rows) > 1 else ''} of evidence"),
               waterfalls(estimate), table(("channel", "claim", "number", "weight"), rows, "Evidence"))


def _signed(value: float) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def face_card(face: FaceReading, title: str = "Face") -> str:
    """One face: the expression, the bars, the pose and what hinders the reading."""
    if face.abstains:
        head = _said(CANT_TELL) + text("small", "The face is too small, dark, blurred or turned to lean on this.")
    else:
        head = _said(f"The expression looks {_named(face.emotions)}") + text("small", "An expression is not a feeling.")
    pose = face.head_pose
    turn = (f"chin {_degrees(pose.pitch_rad, 'up', 'down')}, turned {_degrees(pose.yaw_rad, 'left', 'right')}, "
            f"tilted {_degrees(pose.roll_rad, 'left', 'right')} (the person's own sides)")
    left, right = face.eye_openness
    rows = [("valence, arousal", f"{number(face.affect.valence)} ± {number(face.affect.valence_sd)}, "
             f"{number(face.affect.arousal)} ± {number(face.affect.arousal_sd)}"),
            ("head", turn), ("eyes open", f"left {share(left)}, right {share(right)}"),
            ("box", f"{number(face.box.width, 0)} × {number(face.box.height, 0)} px at "
                    f"{number(face.box.x, 0)}, {number(face.box.y, 0)}; found with {share(face.detection_confidence)}")]
    return card(title, head, emotion_bars(face.emotions, f"Expression, {title.lower()}", faint=face.abstains),
                quality_badges(face.quality, troubles_alone=True),
                _measured(quality_badges(face.quality), _rows(rows, title)),
                aside=f"confidence {share(face.confidence)}")


def _measured(*inside: str) -> str:
    """What is of use to those who measure, a click away."""
    return tag("details", text("summary", "Measurements"), *inside)


def _degrees(angle_rad: float, positive: str, negative: str) -> str:
    if not math.isfinite(angle_rad):
        return "–"
    degrees = round(math.degrees(angle_rad))
    return f"{abs(degrees)}° {positive if degrees > 0 else negative}" if degrees else "0°"


def _rows(rows: Sequence[tuple[str, str]], name: str) -> str:
    body = (tag("tr", text("th", key, scope="row"), text("td", value, class_="number" if len(value) < 24 else None))
            for key, value in rows)
    return tag("table", tag("tbody", *body), aria_label=f"{name}: numbers")


def posture_card(posture: PostureReading) -> str:
    """The upper body; a label only when it is clear."""
    parts = {"slouch": posture.slouch, "openness": posture.openness, "hands at face": posture.hands_near_face,
             "arms raised": posture.arms_raised}
    seen = {name: value for name, value in parts.items() if value is not None}
    rows = [("shoulders", _degrees(posture.shoulder_tilt_rad, "left one higher", "right one higher"))]
    if posture.lean is not None:
        rows.append(("lean", f"{number(posture.lean)} (above 0: towards the camera)"))
    if posture.movement is not None:
        rows.append(("movement", number(posture.movement, 2, "shoulder widths/s")))
    return card("Posture", _said(posture.label.capitalize() if posture.label else CANT_TELL),
                _measured(share_bars(seen, "Posture", "var(--c-posture)"), _rows(rows, "Posture")),
                aside=f"visible {share(posture.visibility)}")


def voice_card(voice: VoiceReading) -> str:
    """How the voice sounds; without speech, that."""
    if not voice.speech:
        return card("Voice", _said("No speech heard"), text("small", "Nothing is read from silence, music or noise."))
    hints: list[str] = []
    if voice.clipped:
        hints.append("too loud for the microphone: clipped")
    if voice.snr_db is not None and voice.snr_db < 10:
        hints.append("noisy")
    marks = [text("span", hint, class_="badge low") for hint in hints]
    if voice.snr_db is not None:
        marks.append(text("span", f"speech over background {number(voice.snr_db, 0, 'dB')}", class_="badge"))
    body: list[str] = []
    if voice.emotions is None or voice.abstains:
        why = "The speech is clear, but its tone lies between several." if voice.confidence >= CLEAR else \
            "Too little or too unclear speech to name a tone."
        body.append(_said(CANT_TELL) + text("small", why))
    else:
        calm = " (calm)" if voice.emotions.top == "neutral" and (voice.calm or 0) > 0.5 else ""
        body.append(_said(f"The voice sounds {_named(voice.emotions)}{calm}"))
    if voice.emotions is not None:
        body.append(emotion_bars(voice.emotions, "Tone of voice", faint=voice.abstains))
    if voice.affect is not None:
        body.append(text("small", _tone(voice.affect)))
    return card("Voice", *body, tag("div", *marks, class_="badges") if marks else "", aside=_sure(voice))


def _sure(voice: VoiceReading) -> str:
    """How sure the tone is; nothing of one that abstains, whose confidence is that of the sound alone."""
    return "" if voice.abstains else f"confidence {share(voice.confidence)}"


def transcript_card(transcript: Transcript) -> str:
    """What was said; words the engine was unsure of are underlined, each word tells its time."""
    if transcript.words:
        words = " ".join(text("span", word.text.strip(), class_="word rough" if word.confidence < ROUGH else "word",
                              title=f"{clock(word.start_s)}, {share(word.confidence)}") for word in transcript.words)
    else:
        words = escape(transcript.text)
    rough = any(word.confidence < ROUGH for word in transcript.words)
    return card("What was said", tag("p", words), text("small", "Dotted words are a guess.") if rough else "",
                aside=f"{transcript.language}, confidence {share(transcript.confidence)}")


def events_list(events: Sequence[SoundEvent]) -> str:
    """Sounds that are no words, with their times; "" when there are none."""
    heard = [f"{event.kind} at {clock(event.start_s)}, {share(event.confidence)}"
             + (" (experimental)" if event.experimental else "") for event in events]
    lines = tag("ul", *(text("li", each) for each in heard), class_="plain")
    return text("h4", "Other sounds") + lines if heard else ""


def prosody_card(prosody: Prosody) -> str:
    """The melody of the voice, in the field's own units."""
    rows = [("pitch (f0 median)", number(prosody.f0_median_hz, 0, "Hz")),
            ("pitch range", number(prosody.f0_range_semitones, 1, "semitones")),
            ("rate", number(prosody.rate_syllables_per_s, 1, "syllables/s")),
            ("pauses", f"{prosody.n_pauses}, {share(prosody.pause_share)} of the time" if prosody.n_pauses else "none"),
            ("loudness", number(prosody.loudness_dbfs, 0, "dBFS"))]
    finer = [("jitter, shimmer", f"{number(_percent(prosody.jitter), 1, '%')}, "
                                 f"{number(_percent(prosody.shimmer), 1, '%')}"),
             ("harmonics to noise", number(prosody.hnr_db, 1, "dB")),
             ("tremor", f"{number(prosody.tremor_hz, 1, 'Hz')}, "
                        f"depth {number(_percent(prosody.tremor_depth), 1, '%')}")]
    return card("How it was said", _rows(rows, "Prosody"), _measured(_rows(finer, "Fine structure of the voice")))


def _percent(value: float | None) -> float | None:
    return None if value is None else 100.0 * value


def words_card(words: WordsReading) -> str:
    """What the words say, with the strongest of their 28 labels."""
    head = _said(CANT_TELL if words.abstains else f"The words sound {_named(words.emotions)}")
    labels = sorted(words.labels.items(), key=lambda pair: -pair[1])[:4]
    marks = [text("span", f"{name} {share(value)}", class_="badge") for name, value in labels if value >= 0.05]
    return card("Words", head, emotion_bars(words.emotions, "Words", faint=words.abstains),
                tag("div", *marks, class_="badges") if marks else "",
                aside=f"{words.source}, confidence {share(words.confidence)}")


def channel_lines(analysis: Analysis) -> list[str]:
    """Each channel that was read in a few lines, for beside a chat: main face, posture, voice, words."""
    cards: list[str] = []
    if analysis.faces:
        face = analysis.faces[0]
        said = CANT_TELL if face.abstains else f"The expression looks {_named(face.emotions)}"
        sure = f"confidence {share(face.confidence)}"
        cards.append(_brief("Face", said, face.emotions, sure, faint=face.abstains))
    if analysis.posture is not None and analysis.posture.label is not None:
        cards.append(card("Posture", _said(analysis.posture.label.capitalize()),
                          aside=f"visible {share(analysis.posture.visibility)}"))
    voice = analysis.voice
    if voice is not None and voice.speech and voice.emotions is not None:
        said = CANT_TELL if voice.abstains else f"The voice sounds {_named(voice.emotions)}"
        cards.append(_brief("Voice", said, voice.emotions, _sure(voice), faint=voice.abstains))
    elif voice is not None:
        cards.append(voice_card(voice))
    words = analysis.words
    if words is not None:
        said = CANT_TELL if words.abstains else f"The words sound {_named(words.emotions)}"
        sure = f"confidence {share(words.confidence)}"
        cards.append(_brief("Words", said, words.emotions, sure, faint=words.abstains))
    return cards


def _brief(title: str, said: str, emotions: Emotions, sure: str, *, faint: bool) -> str:
    return card(title, _said(said), emotion_bars(emotions, title, faint=faint, n_shown=3),
                aside=sure)


def channels_of(analysis: Analysis) -> dict[str, Affect]:
    """The affect of each channel that spoke and did not abstain."""
    found: dict[str, Affect] = {}
    if analysis.faces and not analysis.faces[0].abstains:
        found["face"] = analysis.faces[0].affect
    if analysis.voice and analysis.voice.affect and not analysis.voice.abstains:
        found["voice"] = analysis.voice.affect
    if analysis.words and not analysis.words.abstains:
        found["words"] = analysis.words.affect
    return found
