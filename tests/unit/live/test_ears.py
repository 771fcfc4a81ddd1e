import numpy as np
import pytest

from empathy.errors import ModelRunError
from empathy.live.ears import Ears
from empathy.protocols import Tone
from empathy.types import Affect, SoundEvent
from tests.fakes import DOWN, GLAD, FakeEvents, FakeTone

from .voices import RATE, loud, quiet, run, system


def hearing_with(**engines):
    """Ears whose engines take no time."""
    return Ears(system(**engines), stopwatch=lambda: 0.0)


def listen(ears, samples, start_s=0.0):
    """Feed half seconds as the page does, and listen after each; everything that was heard."""
    found = []
    for first in range(0, samples.size, RATE // 2):
        piece = samples[first:first + RATE // 2]
        end_s = start_s + (first + piece.size) / RATE
        asked = run(end_s)
        ears.hear(asked, piece, end_s)
        found.append(ears.listen(asked, end_s))
    return found


def test_silence_asks_no_tone_engine():
    tone = FakeTone()
    hearings = listen(hearing_with(tone=tone, affect=tone), quiet(3.0))
    assert tone.asked == []
    assert all(hearing.voice is None and not hearing.speaking for hearing in hearings)


def test_a_voice_is_read_while_it_speaks():
    hearings = listen(hearing_with(), np.concatenate([quiet(1.0), loud(3.5)]))
    last = hearings[-1]
    assert last.speaking
    assert last.fresh
    assert last.voice.emotions.top == DOWN.top
    assert last.voice.calm == 0.5
    assert last.voice.duration_s == pytest.approx(4.0, abs=0.05)
    assert last.measures["speech_share"] == pytest.approx(3.5 / 4.5, abs=0.05)
    assert all("speech_share" not in hearing.measures for hearing in hearings[:7]), "less than 4 s were heard"
    assert last.voice.confidence > 0.3


def test_a_voice_falls_silent():
    hearings = listen(hearing_with(), np.concatenate([loud(3.0), quiet(3.0)]))
    assert hearings[5].voice is not None
    assert hearings[-1].voice is None
    assert not hearings[-1].speaking


def test_the_whole_window_is_the_mean_of_its_tones_and_the_voice_of_the_newest():
    tone = FakeTone(tone=Tone(emotions=GLAD, affect=None))
    ears = hearing_with(tone=tone, affect=tone)
    listen(ears, loud(2.0))
    tone.tone = Tone(emotions=DOWN, affect=None)
    last = listen(ears, loud(1.0), start_s=2.0)[-1]
    assert last.voice.emotions.sad == pytest.approx(DOWN.sad)
    assert 0.1 < last.whole.emotions.sad < DOWN.sad
    assert last.whole.emotions.happy > last.voice.emotions.happy


def test_tones_that_disagree_make_the_affect_less_sure():
    low = Affect(valence=-0.5, arousal=0.0, dominance=0.0, valence_sd=0.1, arousal_sd=0.1, dominance_sd=0.1)
    high = Affect(valence=0.5, arousal=0.0, dominance=0.0, valence_sd=0.1, arousal_sd=0.1, dominance_sd=0.1)
    tone = FakeTone(tone=Tone(emotions=GLAD, affect=low))
    ears = hearing_with(tone=tone, affect=tone)
    listen(ears, loud(1.0))
    tone.tone = Tone(emotions=GLAD, affect=high)
    affect = listen(ears, loud(0.5), start_s=1.0)[-1].voice.affect
    assert affect.valence == pytest.approx(0.0)
    assert affect.valence_sd == pytest.approx(np.sqrt(0.1**2 + 0.5**2))


def test_a_laugh_is_told_for_a_while():
    laugh = SoundEvent(kind="laugh", start_s=1.0, end_s=1.9, confidence=0.8, experimental=False)
    hearings = listen(hearing_with(events=FakeEvents(script=(laugh,))), np.concatenate([loud(2.0), quiet(8.0)]))
    assert any(hearing.events == (laugh,) for hearing in hearings)
    assert hearings[-1].events == ()


def test_when_the_sound_stops_coming_nothing_is_heard_any_more():
    ears = hearing_with()
    listen(ears, loud(2.0))
    later = ears.listen(run(10.0), 10.0)
    assert later.voice is None
    assert not later.speaking
    assert len(ears.spoken()) == 1


def test_a_tone_engine_that_fails_leaves_melody_and_speech():
    tone = FakeTone(error=ModelRunError("broken"))
    last = listen(hearing_with(tone=tone, affect=tone), loud(3.0))[-1]
    assert last.speaking
    assert last.voice.emotions is None
    assert last.voice.prosody.loudness_dbfs > -30


def test_a_closed_microphone_keeps_nothing():
    ears = hearing_with()
    listen(ears, loud(2.0))
    ears.close()
    assert ears.listen(run(2.1), 2.1).voice is None
    assert all(hearing.voice is None for hearing in listen(ears, quiet(1.0), start_s=2.1)), "no word of before"


def test_a_slow_tone_engine_is_asked_more_rarely():
    watch = iter(np.arange(0.0, 1000.0, 0.4))
    tone = FakeTone()
    slow = Ears(system(tone=tone, affect=tone), stopwatch=lambda: float(next(watch)))
    listen(slow, loud(6.0))
    n_slow = len(tone.asked)
    quick = FakeTone()
    listen(hearing_with(tone=quick, affect=quick), loud(6.0))
    assert n_slow <= len(quick.asked) / 2
