import json

import numpy as np
import pytest

from empathy.avamerg.classes import CLASSES
from empathy.capture.audio import load_sound
from empathy.errors import InputError
from empathy.settings import Settings
from empathy.training.avamerg.corpus import read_corpus
from empathy.training.avamerg.sample import LOOKS, SOUNDS, make_sample
from empathy.training.avamerg.sample_face import frames
from empathy.training.avamerg.sample_speech import babble
from empathy.training.avamerg.sample_words import CUES


def cue_of(text):
    return next(name for name, words in CUES.items() if any(f"felt {word}." in text for word in words))


def test_a_sample_reads_without_a_problem(sample):
    corpus = read_corpus(sample)
    assert not corpus.problems
    assert len(corpus.labelled()) == 25
    assert {one.block for one in corpus.conversations} == {"dialogues", "added"}
    assert max(one.utterances[-1].index for one in corpus.conversations) == 12


def test_planted_words_tell_the_label_and_words_that_are_not_planted_do_not(sample, tmp_path):
    said = [(cue_of(line.text), CLASSES[one.label]) for one in read_corpus(sample).conversations for line in one.spoken]
    assert all(cue == label for cue, label in said)
    make_sample(tmp_path / "none", n=20, seed=5, signal="none")
    said = [(cue_of(line.text), CLASSES[one.label]) for one in read_corpus(tmp_path / "none").conversations
            for line in one.spoken]
    assert np.mean([cue == label for cue, label in said]) < 0.4


def test_a_seed_repeats_a_sample_to_the_byte(tmp_path):
    for name in ("a", "b"):
        make_sample(tmp_path / name, n=2, seed=3)
    one, two = ({path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
                for name in ("a", "b"))
    assert one == two


def test_the_sample_says_what_is_planted(sample):
    told = json.loads((sample / "sample.json").read_text())
    assert (told["signal"], told["strength"], told["seed"]) == ("all", 1.0, 5)
    assert len(SOUNDS) == len(LOOKS) == len(CUES) == len(set(SOUNDS)) == len(set(LOOKS)) == len(CLASSES)


@pytest.mark.parametrize(("f0_hz", "rate_hz"), [(105.0, 2.2), (165.0, 4.0), (260.0, 7.5)])
def test_the_voice_has_the_pitch_and_the_rate_that_were_asked_for(f0_hz, rate_hz):
    sound = babble(f0_hz=f0_hz, rate_hz=rate_hz, duration_s=2.0, size=1.0, rng=np.random.default_rng(1))
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    lags = np.fft.irfft(spectrum**2)
    low, high = round(16_000 / 400), round(16_000 / 70)
    assert 16_000 / (low + lags[low:high].argmax()) == pytest.approx(f0_hz, rel=0.06)
    swing = np.convolve(sound**2, np.ones(400) / 400, "same")
    beats = np.abs(np.fft.rfft(swing - swing.mean()))[:40]
    assert beats.argmax() / 2.0 == pytest.approx(rate_hz, abs=0.6)


def test_a_nodding_head_moves_and_a_still_one_does_not():
    def motion(look):
        pictures = np.stack(list(frames(look, 1.5, np.random.default_rng(0)))).astype(float)[:, :50]
        return np.abs(np.diff(pictures, axis=0)).mean()

    assert motion(LOOKS[1]) > 1.5 * motion(LOOKS[3])


def test_samples_are_in_range(sample):
    path = next((sample / "audio_v5_0").iterdir())
    assert np.abs(load_sound(path, Settings())).max() <= 1.0


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="is not empty"):
        make_sample(tmp_path, n=1, seed=0)


def test_numbers_out_of_range_are_refused(tmp_path):
    with pytest.raises(InputError, match="--strength from 0 to 1"):
        make_sample(tmp_path / "x", n=1, seed=0, strength=1.5)
