"""The transformer on NumPy against PyTorch, and the file that ships."""

import numpy as np
import pytest

from empathy.errors import ModelFileError
from empathy.evaluation.attention import exported, make_network
from empathy.fusion.attention import CHOICES, FLOOR, PLACES, bundled_attention, choices, load_attention
from empathy.types import EMOTIONS


def test_numpy_and_torch_agree():
    torch = pytest.importorskip("torch")
    torch.manual_seed(3)
    network = make_network().eval()
    for layer in (network.outwards,):
        torch.nn.init.normal_(layer.weight)
        torch.nn.init.normal_(layer.bias)
    rng = np.random.default_rng(1)
    face, voice = (rng.dirichlet(np.full(6, 0.5), 40) * 0.94 + 0.01 for _ in range(2))
    with torch.no_grad():
        expected = network(torch.tensor(np.log(np.stack([face, voice], axis=1)), dtype=torch.float32)).numpy()
    assert exported(network).log_shares(face, voice) == pytest.approx(expected, abs=1e-4)


def test_choices_are_distributions_without_zeros():
    rows = choices(np.eye(8))
    assert np.allclose(rows.sum(axis=1), 1.0)
    assert rows.min() > 0
    assert rows[EMOTIONS.index("contempt")] == pytest.approx(np.full(6, 1 / 6))
    assert rows[EMOTIONS.index("sad"), CHOICES.index("sad")] == pytest.approx((1 + FLOOR) / (1 + 6 * FLOOR))
    assert [EMOTIONS[place] for place in PLACES] == list(CHOICES)


def test_the_network_that_ships_believes_two_that_agree_and_hears_a_clear_voice_beside_a_still_face():
    network = bundled_attention()
    for name in CHOICES:
        own = np.full((1, 6), 0.02)
        own[0, CHOICES.index(name)] = 0.9
        assert np.exp(network.log_shares(own, own))[0].argmax() == CHOICES.index(name)
    still, angry = (np.full((1, 6), 0.05) for _ in range(2))
    still[0, CHOICES.index("neutral")] = angry[0, CHOICES.index("angry")] = 0.75
    told = np.exp(network.log_shares(still, angry))[0]
    assert told.sum() == pytest.approx(1.0)
    assert told[CHOICES.index("angry")] > 0.3


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "fusion.safetensors"
    path.write_bytes(b"nothing")
    with pytest.raises(ModelFileError, match="can't be read"):
        load_attention(path)
    from safetensors.numpy import save_file

    save_file({"powers": np.ones(2, np.float32)}, path)
    with pytest.raises(ModelFileError, match="no fusion network"):
        load_attention(path)
