import numpy as np
import pytest
import torch

from empathy.avamerg.encoders_network import sound_encoder
from empathy.avamerg.senses import cut, hear, look, thinned
from empathy.avamerg.sizes import TINY
from empathy.types import Box


def frames(n, side=40):
    return [np.full((side, side, 3), place, np.uint8) for place in range(n)]


def test_at_most_so_many_frames_are_kept_evenly_spaced():
    kept = [int(frame[0, 0, 0]) for frame in thinned(iter(frames(100)), 8)]
    assert len(kept) <= 8
    assert set(np.diff(kept)) == {kept[1] - kept[0]}
    assert kept[0] == 0
    assert kept[-1] >= 80
    assert len(thinned(frames(5), 8)) == 5


def test_a_look_is_spread_over_the_clip_and_says_whether_a_face_was_found():
    seen = look(frames(20), lambda picture: None, n=4, side_px=16)
    assert seen.pictures.shape == (4, 16, 16, 3)
    assert not seen.found
    assert seen.pictures[0].max() == 0
    assert seen.pictures[-1].min() >= 16
    assert look([], lambda picture: None, n=4, side_px=16) is None


def test_the_square_holds_the_face_in_its_middle():
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[40:60, 140:160] = 255
    square = cut(picture, Box(x=140, y=40, width=20, height=20), 30)
    assert square[10:20, 10:20].min() == 255
    assert square[:3].max() == 0


def test_a_face_at_the_border_repeats_it_instead_of_black():
    square = cut(np.full((50, 50, 3), 77, np.uint8), Box(x=-10, y=-10, width=30, height=30), 20)
    assert (square == 77).all()


def test_hearing_in_windows_gives_nearly_what_hearing_at_once_gives():
    encoder = sound_encoder(TINY)
    noise = np.random.default_rng(0).normal(0, 0.1, 6 * 16000).astype(np.float32)
    whole, parts = hear(encoder, noise, 20.0), hear(encoder, noise, 2.0)
    assert whole.shape == (TINY.audio_layers + 1, 5, TINY.audio_width)
    assert np.abs(whole - parts).max() < 0.35 * np.abs(whole).max()
    assert np.corrcoef(whole.ravel(), parts.ravel())[0, 1] > 0.98


def test_the_statistics_are_mean_and_spread_over_time():
    encoder = sound_encoder(TINY)
    sound = np.random.default_rng(1).normal(0, 0.1, 16000).astype(np.float32)
    heard = hear(encoder, sound, 20.0)
    values = torch.from_numpy((sound - sound.mean()) / np.sqrt(sound.var() + 1e-7))[None]
    with torch.inference_mode():
        layer = encoder(values, output_hidden_states=True).hidden_states[1][0].numpy()
    np.testing.assert_allclose(heard[1, 0], layer.mean(0), atol=1e-4)
    np.testing.assert_allclose(heard[1, 1], layer.std(0), atol=1e-4)


def test_too_short_a_sound_is_not_heard():
    assert hear(sound_encoder(TINY), np.zeros(399, np.float32), 20.0) is None


def test_an_encoder_of_chance_is_always_the_same_and_leaves_the_callers_chance_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    one, two = sound_encoder(TINY), sound_encoder(TINY)
    assert torch.rand(1) == pytest.approx(expected)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
