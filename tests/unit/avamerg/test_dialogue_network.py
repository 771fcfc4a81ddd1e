from dataclasses import replace

import numpy as np
import pytest
import torch

from empathy.avamerg.dialogue_network import NETWORKS
from empathy.avamerg.inputs import Example, pack
from empathy.avamerg.sizes import TINY, USES

SMALL = replace(TINY, text_width=16, text_layers=2, text_heads=2, side_px=16, patch_px=8, frames=3, video_width=16,
                video_heads=2, video_layers=1, joint_width=16, lstm_width=8, audio_width=4, attention_heads=2)


def example(n_lines=2, *, heard=True, seen=True, seed=0, profile=(1, 1, 1, 1, 2, 2, 2, 2)):
    rng = np.random.default_rng(seed)
    return Example(
        lines=tuple([2, *rng.integers(5, 40, 4).tolist(), 3] for _ in range(n_lines)),
        context=[2, 7, 9, 3] if n_lines > 1 else [2, 3],
        heard=tuple(rng.normal(size=(3, 5, 4)).astype(np.float32) if heard else None for _ in range(n_lines)),
        seen=tuple(rng.integers(0, 255, (3, 16, 16, 3)).astype(np.uint8) if seen else None for _ in range(n_lines)),
        profile=list(profile), leak=(), label=seed % 7)


def network(model, uses=None, sizes=SMALL):
    torch.manual_seed(0)
    return NETWORKS[model](sizes, n_tokens=50, n_identities=3, uses=uses or USES[model]).eval()


def answer(net, examples, without=()):
    with torch.inference_mode():
        return net(pack(examples), without)


@pytest.mark.parametrize("model", ["audio", "video"])
def test_padding_in_a_batch_changes_no_answer(model):
    net, short, long = network(model), example(1, seed=1), example(4, seed=2)
    together = answer(net, [short, long])
    torch.testing.assert_close(together[:1], answer(net, [short]), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(together[1:], answer(net, [long]), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("model", ["audio", "video"])
def test_a_missing_clip_is_not_a_clip_of_zeros(model):
    net = network(model)
    bare = example(2, heard=False, seen=False)
    zeros = replace(bare, heard=(np.zeros((3, 5, 4), np.float32),) * 2, seen=(np.zeros((3, 16, 16, 3), np.uint8),) * 2)
    assert torch.isfinite(answer(net, [bare])).all()
    assert not torch.allclose(answer(net, [bare]), answer(net, [zeros]))


@pytest.mark.parametrize(("model", "medium"), [("audio", "audio"), ("video", "video")])
def test_a_hidden_modality_has_no_say(model, medium):
    net = network(model)
    one, two = example(2, seed=1), example(2, seed=2)
    other = replace(one, heard=two.heard, seen=two.seen)
    assert not torch.allclose(answer(net, [one]), answer(net, [other]))
    torch.testing.assert_close(answer(net, [one], (medium,)), answer(net, [other], (medium,)))
    said = replace(one, lines=two.lines, context=[2, 30, 3])
    torch.testing.assert_close(answer(net, [one], ("text",)), answer(net, [said], ("text",)))
    known = replace(one, profile=[3, 2, 1, 3, 0, 0, 0, 0])
    torch.testing.assert_close(answer(net, [one], ("metadata",)), answer(net, [known], ("metadata",)))


def test_a_network_that_was_never_given_a_modality_does_not_hear_it():
    net = network("audio", ("text", "metadata"))
    one = example(2, seed=1)
    torch.testing.assert_close(answer(net, [one]), answer(net, [replace(one, heard=example(2, seed=5).heard)]))


def test_the_first_layers_of_the_text_encoder_can_be_frozen():
    net = network("audio", sizes=replace(SMALL, frozen_text_layers=1))
    frozen = {name for name, weight in net.named_parameters() if not weight.requires_grad}
    assert any("encoder.layer.0" in name for name in frozen)
    assert any("embeddings" in name for name in frozen)
    assert not any("encoder.layer.1" in name for name in frozen)


@pytest.mark.parametrize("model", ["audio", "video"])
def test_every_part_learns(model):
    net = network(model).train()
    net.sizes = replace(SMALL, drop_modality=0.0, drop_words=0.0)
    net(pack([example(2, seed=seed) for seed in range(4)]))[:, 0].sum().backward()
    silent = {name.split(".")[0] for name, weight in net.named_parameters() if weight.requires_grad
              and weight.grad is None}
    assert silent <= {"no_line", "no_context", "no_clip", "no_profile"}


def test_the_full_sizes_are_those_of_the_mission():
    from empathy.avamerg.sizes import Sizes

    with torch.device("meta"):
        audio = NETWORKS["audio"](Sizes(), n_tokens=30522, n_identities=99, uses=USES["audio"], weights=False)
        video = NETWORKS["video"](Sizes(), n_tokens=30522, n_identities=99, uses=USES["video"], weights=False)
    assert sum(weight.numel() for weight in audio.text.parameters()) > 108e6
    tower = video.picture.encoder
    assert (tower.patch.in_features, tower.patch.out_features, len(tower.layers)) == (3 * 32 * 32, 384, 4)
    assert tower.layers[0].space.heads == 6
    assert tower.where.shape[2] == 49
    assert audio.turns.lstm.num_layers == 2
    assert audio.turns.attention.num_heads == 8
    assert sum(not weight.requires_grad for weight in audio.text.bert.encoder.parameters()) == 6 * 16


def test_identities_are_forgotten_in_training_alone():
    net = network("audio", ("metadata",), replace(SMALL, drop_identity=1.0, drop_words=0.0, dropout=0.0))
    one, other = (example(2, profile=(1, 1, 1, place, 2, 2, 2, place)) for place in (1, 3))
    assert not torch.allclose(answer(net, [one]), answer(net, [other]))
    net.train()
    torch.testing.assert_close(answer(net, [one]), answer(net, [other]))
    aged = replace(one, profile=[3, 1, 1, 1, 2, 2, 2, 1])
    assert not torch.allclose(answer(net, [one]), answer(net, [aged]))


def test_words_and_profiles_are_hidden_in_training_by_a_share_of_their_own():
    net = network("video", sizes=replace(SMALL, drop_words=1.0, drop_modality=0.0)).train()
    batch = pack([example(2), example(3)])
    kept = {name: net.kept(name, batch, ()).tolist() for name in ("text", "metadata", "video")}
    assert kept == {"text": [False] * 2, "metadata": [False] * 2, "video": [True] * 2}
