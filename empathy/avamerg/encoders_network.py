"""The encoders of words, sound statistics, pictures, profiles and leaks, each giving vectors of one width."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from ..errors import InputError
from .sizes import Sizes
from .timesformer_network import TimeSformer, normalised
from .vocabulary import AGES, GENDERS, IDENTITIES, N_PROFILE, TIMBRES

N_STATISTICS = 5
"""Mean, and spread at four time scales; see ``senses.hear``."""


class TextEncoder(nn.Module):
    """BERT over a line, the mean of its tokens, and a projection. The embeddings and the first layers may be frozen."""

    def __init__(self, sizes: Sizes, n_tokens: int, *, download: bool, weights: bool = True) -> None:
        super().__init__()
        self.bert = _bert(sizes, n_tokens, download=download, weights=weights)
        frozen = sizes.frozen_text_layers
        if frozen:
            for part in (self.bert.embeddings, *self.bert.encoder.layer[:frozen]):
                part.requires_grad_(False)
        self.project = nn.Sequential(nn.LayerNorm(sizes.text_width), nn.Linear(sizes.text_width, sizes.joint_width))

    def forward(self, tokens: Tensor) -> Tensor:
        """``tokens``: shape (n, length), 0 is padding, the first never. Returns (n, joint_width)."""
        inside = tokens != 0
        states = self.bert(input_ids=tokens, attention_mask=inside.long()).last_hidden_state
        share = inside[..., None].to(states.dtype)
        return self.project((states * share).sum(1) / share.sum(1).clamp(min=1.0))


class SoundReader(nn.Module):
    """Weighs the layers of the frozen wav2vec2, whose statistics were taken beforehand.

    ``centre`` and ``spread`` are those of the training clips. The weights of the layers are learned: Source: Yang et
    al. 2021, SUPERB.
    """

    centre: Tensor
    spread: Tensor

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        shape = (sizes.audio_layers + 1, N_STATISTICS, sizes.audio_width)
        self.register_buffer("centre", torch.zeros(shape))
        self.register_buffer("spread", torch.ones(shape))
        self.layers = nn.Parameter(torch.zeros(sizes.audio_layers + 1))
        self.project = nn.Sequential(
            nn.Linear(N_STATISTICS * sizes.audio_width, sizes.joint_width), nn.GELU(), nn.Dropout(sizes.dropout),
            nn.Linear(sizes.joint_width, sizes.joint_width))

    def forward(self, heard: Tensor) -> Tensor:
        """``heard``: shape (n, layers + 1, statistics, width). Returns (n, joint_width)."""
        x = ((heard - self.centre) / self.spread).clamp(-8.0, 8.0)
        mixed = (x * self.layers.softmax(0)[:, None, None]).sum(1)
        return self.project(mixed.flatten(1))


class PictureReader(nn.Module):
    """The TimeSformer over each clip; in training half of the clips are mirrored."""

    def __init__(self, sizes: Sizes, *, download: bool, weights: bool = True) -> None:
        super().__init__()
        self.own = not sizes.video
        self.encoder: Any = TimeSformer(
            frames=sizes.frames, side_px=sizes.side_px, patch_px=sizes.patch_px, width=sizes.video_width,
            layers=sizes.video_layers, heads=sizes.video_heads, dropout=sizes.dropout,
        ) if self.own else _published_timesformer(sizes, download=download, weights=weights)
        self.project = nn.Sequential(nn.LayerNorm(sizes.video_width), nn.Linear(sizes.video_width, sizes.joint_width))

    def forward(self, pictures: Tensor) -> Tensor:
        """``pictures``: bytes, shape (n, frames, side, side, 3). Returns (n, joint_width)."""
        if self.training:
            mirrored = torch.rand(len(pictures), device=pictures.device) < 0.5
            pictures = torch.where(mirrored[:, None, None, None, None], pictures.flip(3), pictures)
        if self.own:
            return self.project(self.encoder(pictures))
        states = self.encoder(pixel_values=normalised(pictures).permute(0, 1, 4, 2, 3)).last_hidden_state
        return self.project(states[:, 0])


class ProfileReader(nn.Module):
    """Age, gender, timbre and identity of both sides; index 0 is unknown, as a share of identities is in training."""

    def __init__(self, sizes: Sizes, n_identities: int) -> None:
        super().__init__()
        self.drop_identity = sizes.drop_identity
        counts = (len(AGES), len(GENDERS), len(TIMBRES), n_identities)
        self.tables = nn.ModuleList(nn.Embedding(n + 1, sizes.profile_width) for n in counts * 2)
        self.project = nn.Sequential(nn.Linear(N_PROFILE * sizes.profile_width, sizes.profile_joint), nn.GELU())

    def forward(self, profile: Tensor) -> Tensor:
        """``profile``: indices, shape (n, 8). Returns (n, profile_joint)."""
        if self.training:
            hidden = torch.zeros_like(profile, dtype=torch.bool)
            chance = torch.rand(len(profile), len(IDENTITIES), device=profile.device)
            hidden[:, IDENTITIES] = chance < self.drop_identity
            profile = profile.masked_fill(hidden, 0)
        return self.project(torch.cat([table(profile[:, k]) for k, table in enumerate(self.tables)], 1))


class LeakReader(nn.Module):
    """The mean word of each leaking field; exists in leaky runs alone."""

    def __init__(self, sizes: Sizes, n_words: int, n_fields: int) -> None:
        super().__init__()
        self.words = nn.Embedding(n_words + 1, sizes.leak_width, padding_idx=0)
        self.project = nn.Sequential(nn.Linear(n_fields * sizes.leak_width, sizes.profile_joint), nn.GELU())

    def forward(self, leak: Tensor) -> Tensor:
        """``leak``: word indices, shape (n, fields, words). Returns (n, profile_joint)."""
        known = (leak != 0).sum(2, keepdim=True).clamp(min=1)
        return self.project((self.words(leak).sum(2) / known).flatten(1))


def sound_encoder(sizes: Sizes, *, download: bool = False, weights: bool = True) -> Any:
    """The wav2vec2 that hears the clips, not to be trained. One with weights of chance is always the same one.

    Raises:
        InputError: its weights are not on this machine.
    """
    from transformers import Wav2Vec2Config
    from transformers.models.wav2vec2.modeling_wav2vec2 import Wav2Vec2Model

    if sizes.audio and weights:
        model = _published(Wav2Vec2Model, sizes.audio, download)
    else:
        config = Wav2Vec2Config(
            hidden_size=sizes.audio_width, num_hidden_layers=sizes.audio_layers, num_attention_heads=sizes.audio_heads,
            intermediate_size=4 * sizes.audio_width, conv_dim=(sizes.audio_channels,) * 7)
        with torch.random.fork_rng():
            torch.manual_seed(0)
            model = Wav2Vec2Model(config)
    return model.eval().requires_grad_(False)


def _bert(sizes: Sizes, n_tokens: int, *, download: bool, weights: bool) -> Any:
    from transformers import BertConfig
    from transformers.models.bert.modeling_bert import BertModel

    if sizes.text and weights:
        return _published(BertModel, sizes.text, download, add_pooling_layer=False)
    config = BertConfig(
        vocab_size=n_tokens, hidden_size=sizes.text_width, num_hidden_layers=sizes.text_layers,
        num_attention_heads=sizes.text_heads, intermediate_size=4 * sizes.text_width,
        max_position_embeddings=512, hidden_dropout_prob=min(sizes.dropout, 0.1),
        attention_probs_dropout_prob=min(sizes.dropout, 0.1))
    return BertModel(config, add_pooling_layer=False)


def _published_timesformer(sizes: Sizes, *, download: bool, weights: bool) -> Any:
    from transformers import TimesformerConfig
    from transformers.models.timesformer.modeling_timesformer import TimesformerModel

    if weights:
        return _published(TimesformerModel, sizes.video, download)
    return TimesformerModel(TimesformerConfig(
        image_size=sizes.side_px, patch_size=sizes.patch_px, num_frames=sizes.frames, hidden_size=sizes.video_width,
        num_hidden_layers=sizes.video_layers, num_attention_heads=sizes.video_heads,
        intermediate_size=4 * sizes.video_width))


def _published(kind: Any, name: str, download: bool, **options: Any) -> Any:
    """Weights of a folder or of the hub; nothing is fetched unless told."""
    try:
        return kind.from_pretrained(name, local_files_only=not download, use_safetensors=True, **options)
    except (OSError, ValueError) as error:
        why = str(error).splitlines()[0]
        raise InputError(f"the weights of {name} are not on this machine: give --download, or name a folder that holds "
                         f"them (config.json, model.safetensors) in a --config file ({why})") from error
