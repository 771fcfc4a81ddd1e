import numpy as np
import pytest

from empathy.live.sound import KEEP_S, MAX_UTTERANCE_S, Sound
from tests.fakes import FakeSpeech

from .voices import RATE, loud, quiet, run, system


class SpansOnly:
    """A speech engine that can only read whole recordings."""

    name = "spans only@1"

    def spans(self, samples):
        return ()


def hear(sound, samples, start_s=0.0, chunk=RATE // 2):
    """Feed samples in pieces; the time of the last sample."""
    end_s = start_s
    for first in range(0, samples.size, chunk):
        piece = samples[first:first + chunk]
        end_s = start_s + (first + piece.size) / RATE
        sound.add(run(end_s), piece, end_s)
    return end_s


def test_silence_holds_no_utterance():
    sound = Sound(system())
    hear(sound, quiet(3.0))
    assert not sound.speaking
    assert sound.spoken() == ()
    assert sound.last(2.0)[1] == ()


def test_an_utterance_ends_with_a_pause():
    sound = Sound(system())
    end_s = hear(sound, np.concatenate([quiet(1.0), loud(1.5)]))
    assert sound.speaking
    hear(sound, quiet(1.5), end_s)
    assert not sound.speaking
    spoken, = sound.spoken()
    assert spoken.started_s == pytest.approx(0.75, abs=0.1)
    assert spoken.ended_s == pytest.approx(2.75, abs=0.1)
    assert spoken.samples.size / RATE == pytest.approx(2.0, abs=0.1)
    assert np.abs(spoken.samples[:RATE // 10]).max() == 0.0
    assert sound.spoken() == ()


@pytest.mark.parametrize("chunk", [100, 511, 512, 513, 7777, 24_000])
def test_pieces_of_any_length_give_the_same_utterance(chunk):
    sound = Sound(system())
    hear(sound, np.concatenate([quiet(0.5), loud(1.0), quiet(1.5)]), chunk=chunk)
    spoken, = sound.spoken()
    assert spoken.samples.size / RATE == pytest.approx(1.5, abs=0.07)


def test_a_short_pause_does_not_end_an_utterance():
    sound = Sound(system())
    hear(sound, np.concatenate([loud(1.0), quiet(0.5), loud(1.0), quiet(1.5)]))
    assert len(sound.spoken()) == 1


def test_at_a_breath_there_is_the_beginning_of_the_utterance():
    sound = Sound(system())
    end_s = hear(sound, np.concatenate([quiet(0.5), loud(1.0)]))
    assert sound.begun() is None, "nobody writes in the middle of a word"
    end_s = hear(sound, np.concatenate([quiet(0.5), loud(1.0)]), end_s)
    begun = sound.begun()
    assert begun is not None
    assert begun.samples.size / RATE == pytest.approx(1.5, abs=0.07)
    assert sound.begun() is None
    hear(sound, np.concatenate([quiet(0.4)]), end_s)
    more = sound.begun()
    assert more is not None
    np.testing.assert_array_equal(more.samples[:begun.samples.size], begun.samples)


def test_where_the_utterance_ends_at_a_breath_its_sound_is_the_same():
    sound = Sound(system())
    end_s = hear(sound, np.concatenate([loud(1.0), quiet(0.5)]))
    begun = sound.begun()
    hear(sound, quiet(1.0), end_s)
    spoken, = sound.spoken()
    assert begun is not None
    np.testing.assert_array_equal(begun.samples, spoken.samples)
    assert sound.begun() is None, "what has ended goes on no more"


def test_a_click_has_no_beginning():
    sound = Sound(system())
    hear(sound, np.concatenate([quiet(0.5), loud(0.2), quiet(0.5)]))
    assert sound.begun() is None


def test_a_click_is_no_utterance():
    sound = Sound(system())
    hear(sound, np.concatenate([quiet(0.5), loud(0.2), quiet(2.0)]))
    assert sound.spoken() == ()


def test_somebody_who_never_pauses_is_cut():
    sound = Sound(system())
    hear(sound, loud(2.5 * MAX_UTTERANCE_S))
    pieces = sound.spoken()
    assert len(pieces) == 2
    assert all(piece.samples.size / RATE <= MAX_UTTERANCE_S + 0.5 for piece in pieces)


def test_an_utterance_ends_when_the_sound_stops_coming():
    sound = Sound(system())
    hear(sound, loud(1.0))
    sound.close()
    assert len(sound.spoken()) == 1
    assert not sound.speaking


def test_a_gap_in_the_stream_parts_two_utterances():
    sound = Sound(system())
    hear(sound, loud(1.0))
    hear(sound, loud(1.0), start_s=10.0)
    sound.close()
    assert len(sound.spoken()) == 2


def test_after_a_gap_nothing_of_before_is_heard_again():
    sound = Sound(system())
    hear(sound, loud(3.0))
    hear(sound, quiet(1.0), start_s=10.0)
    samples, spans = sound.last(4.0)
    assert samples.size / RATE == pytest.approx(1.0, abs=0.04)
    assert (np.abs(samples).max(), spans) == (0.0, ())
    end_s = hear(sound, loud(1.0), start_s=11.0)
    hear(sound, quiet(1.0), end_s)
    assert sound.spoken()[-1].started_s > 10.0, "the margin before an utterance is of its own stretch"


def test_ten_seconds_are_kept_and_no_more():
    sound = Sound(system())
    hear(sound, np.concatenate([loud(5.0), quiet(KEEP_S + 10.0)]))
    samples, spans = sound.last(600.0)
    assert samples.size / RATE == pytest.approx(KEEP_S, abs=0.1)
    assert spans == ()


def test_the_newest_speech_is_found_in_the_newest_window():
    sound = Sound(system())
    hear(sound, np.concatenate([quiet(2.0), loud(1.0)]))
    samples, (span,) = sound.last(2.0)
    assert samples.size / RATE == pytest.approx(2.0, abs=0.04)
    assert span.start_s == pytest.approx(1.0, abs=0.05)
    assert span.end_s == pytest.approx(2.0, abs=0.05)


def test_a_quiet_voice_is_raised_before_the_network_hears_it():
    speech = FakeSpeech()
    sound = Sound(system(speech=speech))
    hear(sound, loud(1.0, level=0.01))
    assert np.abs(speech.asked[-1]).max() > 0.09


def test_converter_noise_is_not_blown_up():
    speech = FakeSpeech()
    sound = Sound(system(speech=speech))
    hear(sound, np.random.default_rng(0).normal(0, 2e-5, RATE).astype(np.float32))
    assert speech.asked == []
    assert not sound.speaking


def test_an_engine_that_can_not_follow_a_voice_is_said_to_be_missing():
    sound, asked = Sound(system(speech=SpansOnly())), run()
    sound.add(asked, loud(0.5), 0.5)
    assert "can't follow a live voice" in asked.analysis.missing[0].why
