"""From conversations to the examples that a network learns from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset

from ...avamerg.inputs import Example
from ...avamerg.sizes import Modality, Sizes
from ...avamerg.vocabulary import SPECIAL, Vocabulary
from ...errors import InputError
from .features import Store
from .schema import N_LEAKS, Conversation

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MOST_TOKENS = 8000
MOST_LEAK_WORDS = 64


def learn_vocabulary(conversations: Sequence[Conversation], sizes: Sizes, *, download: bool = False) -> Vocabulary:
    """Words, identities and (where they were read) leaking words of the training part.

    Args:
        conversations: the training part alone.
        sizes: a published text encoder brings its own tokenizer.
        download: it may be fetched.
    """
    known = {side.identity for one in conversations for side in (one.speaker, one.listener)
             if side.identity is not None}
    leaks = {word for one in conversations if one.leak for text in one.leak.texts() for word in text.lower().split()}
    tokenizer = _published(sizes.text, download) if sizes.text else _own(
        [line.text for one in conversations for line in one.spoken])
    return Vocabulary(tokenizer=tokenizer, identities=tuple(sorted(known)), leak_words=tuple(sorted(leaks)))


def _own(texts: Sequence[str]) -> Tokenizer:
    """WordPiece, without case, as BERT's: letters, and the words that occur twice or more, the commonest first."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    normalizer, cutter = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    counts = Counter(word for text in texts for word, _ in cutter.pre_tokenize_str(normalizer.normalize_str(text)))
    letters = sorted({letter for word in counts for letter in word})
    words = sorted((word for word, n in counts.items() if n > 1), key=lambda word: (-counts[word], word))
    table = dict.fromkeys([*SPECIAL, *letters, *(f"##{letter}" for letter in letters), *words])
    places = {token: place for place, token in enumerate(list(table)[:MOST_TOKENS])}
    tokenizer: Any = Tokenizer(models.WordPiece(places, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, cutter
    return tokenizer


def _published(name: str, download: bool) -> Tokenizer:
    from pathlib import Path

    from huggingface_hub import hf_hub_download
    from tokenizers import Tokenizer

    try:
        own = Path(name) / "tokenizer.json"
        path = own if own.is_file() else hf_hub_download(name, "tokenizer.json", local_files_only=not download)
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the hub and tokenizers raise many kinds
        raise InputError(f"the tokenizer of {name} is not on this machine: give --download, or name a folder that "
                         "holds it (tokenizer.json) in a --config file") from error


class Examples(Dataset[Example]):
    """Conversations with their features, read from disk one at a time."""

    def __init__(
        self, conversations: Sequence[Conversation], vocabulary: Vocabulary, sizes: Sizes, stores: Sequence[Store], *,
        uses: Collection[Modality], labels: NDArray[np.int64] | None = None,
    ) -> None:
        self.conversations = tuple(conversations)
        told = [-1 if one.label is None else one.label for one in conversations]
        self.labels = np.array(told, np.int64) if labels is None else labels
        self._vocabulary, self._sizes = vocabulary, sizes
        self._stores = {store.medium: store for store in stores}
        self._leaky = "leak" in uses

    def __len__(self) -> int:
        return len(self.conversations)

    def __getitem__(self, place: int) -> Example:
        one, known, sizes = self.conversations[place], self._vocabulary, self._sizes
        latest = one.spoken[-sizes.most_turns:]
        audio, video = self._stores.get("audio"), self._stores.get("video")
        leak = one.leak.texts() if self._leaky and one.leak else ("",) * N_LEAKS if self._leaky else ()
        sides = ((side.age, side.gender, side.timbre, side.identity) for side in (one.speaker, one.listener))
        return Example(
            lines=tuple(known.line(line.text, sizes.line_tokens) for line in latest),
            context=known.context([line.text for line in one.spoken[:-1]], sizes.context_tokens),
            heard=tuple(audio.heard(one.key, line.index) if audio else None for line in latest),
            seen=tuple(video.seen(one.key, line.index) if video else None for line in latest),
            profile=[place for side in sides for place in known.profile(*side)],
            leak=tuple(known.leak(text)[:MOST_LEAK_WORDS] for text in leak), label=int(self.labels[place]))
