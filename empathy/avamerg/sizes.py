"""How large the AvaMERG networks are, and which encoders they start from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ..errors import InputError

Model: TypeAlias = Literal["audio", "video"]
Modality: TypeAlias = Literal["text", "audio", "video", "metadata", "leak"]

USES: Mapping[Model, tuple[Modality, ...]] = {
    "audio": ("text", "audio", "metadata"), "video": ("text", "video", "metadata")}
"""What each model is given; ``leak`` comes on top in a leaky run alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The defaults are the full system. An encoder's name is a folder or a repository of the hub; "" makes one of the
    given size with weights of chance, for tests and for trying out."""

    text: str = "bert-base-uncased"
    text_width: int = 768
    text_layers: int = 12
    text_heads: int = 12
    frozen_text_layers: int = 6
    """Its embeddings and this many first layers are not trained."""
    context_tokens: int = 256
    """Earlier turns, the latest tokens of them."""
    line_tokens: int = 128

    audio: str = "facebook/wav2vec2-base-960h"
    """Never trained; what it hears is kept on disk."""
    audio_width: int = 768
    audio_layers: int = 12
    audio_heads: int = 12
    audio_channels: int = 512
    audio_window_s: float = 20.0
    """A longer clip is heard in windows of this length, so that memory stays bounded."""

    video: str = ""
    """"": our own TimeSformer, trained from the start."""
    frames: int = 8
    side_px: int = 224
    patch_px: int = 32
    video_width: int = 384
    video_layers: int = 4
    video_heads: int = 6

    profile_width: int = 32
    profile_joint: int = 256
    leak_width: int = 32
    joint_width: int = 256
    lstm_width: int = 256
    lstm_layers: int = 2
    attention_heads: int = 8
    dropout: float = 0.2
    drop_modality: float = 0.15
    """Chance that sound or pictures are hidden from a training example, so that the network can do without them."""
    drop_words: float = 0.15
    """The same for words and for profiles, which few conversations are enough to learn by heart."""
    drop_identity: float = 0.5
    """Chance that an identity is unknown in training, as most are in use, so that none is learned by heart."""
    most_turns: int = 8
    """The latest lines of the speaker that are read one by one; earlier ones are in the context."""

    def __post_init__(self) -> None:
        numbers = {field.name: getattr(self, field.name) for field in fields(self) if field.type == "int"}
        small = [name for name, value in numbers.items() if value < (0 if name.startswith("frozen") else 1)]
        if small:
            raise InputError(f"{', '.join(small)} must be at least 1")
        if self.side_px % self.patch_px:
            raise InputError(f"side_px {self.side_px} must be a multiple of patch_px {self.patch_px}")


TINY = Sizes(
    text="", text_width=48, text_layers=2, text_heads=4, frozen_text_layers=0, context_tokens=64, line_tokens=32,
    audio="", audio_width=32, audio_layers=2, audio_heads=4, audio_channels=32, frames=6, side_px=64, patch_px=16,
    video_width=48, video_layers=2, video_heads=4, profile_width=16, profile_joint=32, joint_width=48, lstm_width=32,
    lstm_layers=2, drop_words=0.5)
"""For tests and for the sample: trained in minutes on two cores."""

NAMED: Mapping[str, Sizes] = {"full": Sizes(), "tiny": TINY}


def made(kind: type[Any], values: Mapping[str, Any], where: str) -> Any:
    """A frozen value of plain fields from a table of a file.

    Raises:
        InputError: a key is unknown or a value of another type; the message names it and the choices.
    """
    known = {field.name: field for field in fields(kind)}
    for name, value in values.items():
        if name not in known:
            raise InputError(f"{where} has an unknown key {name!r}; known: {', '.join(known)}")
        wanted = {"int": int, "float": (int, float), "str": str, "bool": bool}.get(str(known[name].type), object)
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):  # type: ignore[arg-type]  # a class or a pair of classes
            raise InputError(f"{where}: {name} is {value!r}, expected {known[name].type}")
    return kind(**values)


def read_tables(path: Path, known: tuple[str, ...]) -> Mapping[str, Mapping[str, Any]]:
    """The tables of a TOML file.

    Raises:
        InputError: it can't be read, or holds a table of another name.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"--config {path} can't be read ({error}): use full, tiny, or a TOML file with the tables "
                         f"{' and '.join(known)}") from error
    other = [name for name, table in tables.items() if name not in known or not isinstance(table, dict)]
    if other:
        raise InputError(f"--config {path}: {', '.join(other)} is no table of it; known: {', '.join(known)}")
    return tables
