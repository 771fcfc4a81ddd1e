"""The two AvaMERG models: sound with words and profiles, pictures with words and profiles."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import Tensor, nn

from .classes import N_CLASSES
from .encoders_network import LeakReader, PictureReader, ProfileReader, SoundReader, TextEncoder
from .inputs import Batch
from .sizes import Modality, Model, Sizes


class Turns(nn.Module):
    """A bidirectional LSTM over the speaker's lines, and attention from the latest one to all."""

    def __init__(self, n_in: int, sizes: Sizes) -> None:
        super().__init__()
        self.lstm = nn.LSTM(n_in, sizes.lstm_width, sizes.lstm_layers, batch_first=True, bidirectional=True,
                            dropout=sizes.dropout if sizes.lstm_layers > 1 else 0.0)
        width = 2 * sizes.lstm_width
        self.attention = nn.MultiheadAttention(width, sizes.attention_heads, dropout=sizes.dropout, batch_first=True)
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """``x`` (n, turns, n_in), ``told`` (n, turns). Returns the states (n, turns, 2 lstm_width) and a
        summary (n, 2 lstm_width)."""
        lengths = told.sum(1)
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=x.shape[1])
        latest = states[torch.arange(len(x), device=x.device), lengths - 1][:, None]
        looked, _ = self.attention(latest, states, states, key_padding_mask=~told, need_weights=False)
        return states, self.norm(looked + latest)[:, 0]


class Dialogue(nn.Module):
    """What both models share: words, profiles (and in leaky runs what leaks), and how a missing part is treated."""

    def __init__(
        self, sizes: Sizes, *, n_tokens: int, n_identities: int, n_leak_words: int = 0, n_leaks: int = 0,
        uses: Collection[Modality], download: bool = False, weights: bool = True,
    ) -> None:
        super().__init__()
        self.sizes, self.uses = sizes, tuple(uses)
        self.text = TextEncoder(sizes, n_tokens, download=download, weights=weights)
        self.profile = ProfileReader(sizes, n_identities)
        self.leak = LeakReader(sizes, n_leak_words, n_leaks) if "leak" in uses else None
        self.no_line = nn.Parameter(torch.randn(sizes.joint_width) * 0.02)
        self.no_clip = nn.Parameter(torch.randn(sizes.joint_width) * 0.02)
        self.no_context = nn.Parameter(torch.randn(sizes.joint_width) * 0.02)
        self.no_profile = nn.Parameter(torch.randn(sizes.profile_joint) * 0.02)

    def kept(self, modality: Modality, batch: Batch, without: Collection[Modality]) -> Tensor:
        """Which examples may use a modality, shape (n,); in training a share of them may not."""
        n, device = len(batch.told), batch.told.device
        there = modality in self.uses and modality not in without
        kept = torch.full((n,), there, device=device)
        if self.training and there and modality != "leak":
            share = self.sizes.drop_words if modality in ("text", "metadata") else self.sizes.drop_modality
            kept &= torch.rand(n, device=device) >= share
        return kept

    def words(self, batch: Batch, kept: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors of the lines (n, turns, joint) and of the context (n, joint)."""
        lines = filled(self.text, batch.lines, batch.told & kept[:, None], self.no_line)
        has_context = (batch.context != 0).sum(1) > 2  # more than the marks of begin and end
        context = filled(self.text, batch.context, has_context & kept, self.no_context)
        return lines, context

    def about(self, batch: Batch, without: Collection[Modality]) -> list[Tensor]:
        """Vectors of the profiles and, in a leaky run, of what leaks."""
        kept = self.kept("metadata", batch, without)
        found = [torch.where(kept[:, None], self.profile(batch.profile), self.no_profile)]
        if self.leak is not None:
            told = self.kept("leak", batch, without)
            found.append(self.leak(batch.leak) * told[:, None])
        return found

    def head(self, n_in: int) -> nn.Sequential:
        """The classifier."""
        width = self.sizes.joint_width
        return nn.Sequential(nn.LayerNorm(n_in), nn.Dropout(self.sizes.dropout), nn.Linear(n_in, width), nn.GELU(),
                             nn.Dropout(self.sizes.dropout), nn.Linear(width, N_CLASSES))

    def n_about(self) -> int:
        """Width of ``about`` put together."""
        return self.sizes.profile_joint * (1 + (self.leak is not None))


class AudioText(Dialogue):
    """Model A: each line's words and sound side by side, through one pair of LSTM layers."""

    def __init__(self, sizes: Sizes, *, n_tokens: int, n_identities: int, n_leak_words: int = 0, n_leaks: int = 0,
                 uses: Collection[Modality], download: bool = False, weights: bool = True) -> None:
        super().__init__(sizes, n_tokens=n_tokens, n_identities=n_identities, n_leak_words=n_leak_words,
                         n_leaks=n_leaks, uses=uses, download=download, weights=weights)
        self.sound = SoundReader(sizes)
        self.turns = Turns(2 * sizes.joint_width, sizes)
        self.classify = self.head(2 * sizes.lstm_width + sizes.joint_width + self.n_about())

    def forward(self, batch: Batch, without: Collection[Modality] = ()) -> Tensor:
        """Logits, shape (n, 7). ``without``: modalities to leave out."""
        lines, context = self.words(batch, self.kept("text", batch, without))
        heard = self.kept("audio", batch, without)[:, None] & batch.is_heard
        sounds = filled(self.sound, batch.heard, heard, self.no_clip)
        _, summary = self.turns(torch.cat([lines, sounds], 2), batch.told)
        return self.classify(torch.cat([summary, context, *self.about(batch, without)], 1))


class VideoText(Dialogue):
    """Model B: words and pictures each through LSTM layers of their own, then looking at each other, then joined."""

    def __init__(self, sizes: Sizes, *, n_tokens: int, n_identities: int, n_leak_words: int = 0, n_leaks: int = 0,
                 uses: Collection[Modality], download: bool = False, weights: bool = True) -> None:
        super().__init__(sizes, n_tokens=n_tokens, n_identities=n_identities, n_leak_words=n_leak_words,
                         n_leaks=n_leaks, uses=uses, download=download, weights=weights)
        self.picture = PictureReader(sizes, download=download, weights=weights)
        self.picture_turns, self.word_turns = Turns(sizes.joint_width, sizes), Turns(sizes.joint_width, sizes)
        width = 2 * sizes.lstm_width
        self.to_words, self.to_pictures = (nn.MultiheadAttention(width, sizes.attention_heads, batch_first=True,
                                                                 dropout=sizes.dropout) for _ in range(2))
        self.joint_turns = Turns(2 * width, sizes)
        self.classify = self.head(3 * width + sizes.joint_width + self.n_about())

    def forward(self, batch: Batch, without: Collection[Modality] = ()) -> Tensor:
        """Logits, shape (n, 7). ``without``: modalities to leave out."""
        lines, context = self.words(batch, self.kept("text", batch, without))
        seen = self.kept("video", batch, without)[:, None] & batch.is_seen
        pictures = filled(self.picture, batch.seen, seen, self.no_clip)
        faces, face = self.picture_turns(pictures, batch.told)
        said, saying = self.word_turns(lines, batch.told)
        hidden = ~batch.told
        looked, _ = self.to_words(faces, said, said, key_padding_mask=hidden, need_weights=False)
        spoken, _ = self.to_pictures(said, faces, faces, key_padding_mask=hidden, need_weights=False)
        _, joint = self.joint_turns(torch.cat([faces + looked, said + spoken], 2), batch.told)
        return self.classify(torch.cat([joint, face, saying, context, *self.about(batch, without)], 1))


NETWORKS: dict[Model, type[AudioText] | type[VideoText]] = {"audio": AudioText, "video": VideoText}


def filled(encoder: nn.Module, values: Tensor, there: Tensor, missing: Tensor) -> Tensor:
    """Encode what is there and put the learned vector ``missing`` where nothing is.

    Args:
        encoder: from shape (m, ...) to (m, width).
        values: shape (*there.shape, ...).
        there: which of them may be read.
        missing: shape (width,).
    """
    found = missing.expand(*there.shape, -1)
    if not there.any():
        return found
    encoded = encoder(values[there])
    return torch.where(there[..., None], torch.zeros_like(found, dtype=encoded.dtype).masked_scatter(
        there[..., None], encoded), found.to(encoded.dtype))
