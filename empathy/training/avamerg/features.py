"""What the frozen wav2vec2 hears in a clip and the face that is seen in it, kept on disk under the clip's content.

One file a clip and kind, read when it is needed, so that memory stays flat however many clips there are. A clip that
can't be read is named in ``problems`` and is missing; nothing is put in its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...avamerg.inputs import Heard, Seen
from ...avamerg.senses import hear, look
from ...avamerg.sizes import Sizes
from ...capture.audio import load_sound
from ...capture.video import open_video
from ...errors import InputError
from ...protocols import FaceEngine
from ...settings import Settings
from ...types import Box, Picture
from ...vision.geometry import mesh_box
from .corpus import Corpus, Problem
from .media import Medium
from .schema import Conversation

FRAMES_PER_S = 12.0

Progress = Callable[[Iterable[tuple[str, int]]], Iterator[tuple[str, int]]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Store:
    """Where the features of (key of a conversation, index of a line) lie, and what could not be made.

    ``n_faceless``: clips in which no face was found, whose middle was taken."""

    medium: Medium
    paths: Mapping[tuple[str, int], Path]
    problems: tuple[Problem, ...]
    n_faceless: int

    def heard(self, key: str, index: int) -> Heard | None:
        """Statistics of a clip's sound; None where there is none."""
        path = self.paths.get((key, index))
        return None if path is None else np.load(path).astype(np.float32)

    def seen(self, key: str, index: int) -> Seen | None:
        """Pictures of a clip's face; None where there is none."""
        import cv2

        path = self.paths.get((key, index))
        if path is None:
            return None
        tall = cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        return np.asarray(tall, dtype=np.uint8).reshape(-1, tall.shape[1], tall.shape[1], 3)


def prepare(
    corpus: Corpus, conversations: Sequence[Conversation], medium: Medium, *, sizes: Sizes, cache: Path,
    make: Callable[[Path], tuple[bytes, bool]], progress: Progress = iter,
) -> Store:
    """Make what is not in the cache yet, for the latest lines of the speaker.

    Args:
        corpus: the data.
        conversations: those that are needed.
        medium: sound or pictures.
        sizes: how many lines are read.
        cache: folder of the features; may be shared by runs and data sets.
        make: from a clip's path to the file's content, and whether a face was found; see ``hearer`` and ``looker``.
        progress: wraps the loop over the clips.

    Raises:
        InputError: the cache can't be written.
    """
    wanted = [(one.key, line.index) for one in conversations for line in one.spoken[-sizes.most_turns:]]
    mark, suffix = fingerprint(sizes, medium), {"audio": ".npy", "video": ".jpg"}[medium]
    paths: dict[tuple[str, int], Path] = {}
    problems: list[Problem] = []
    n_faceless = 0
    for line in progress(wanted):
        clip = corpus.clips[medium][line].path
        if clip is None:
            continue  # the corpus has named it
        content = hashlib.sha256(clip.read_bytes() + mark.encode()).hexdigest()
        whole, bare = (cache / content[:2] / f"{content}{kind}{suffix}" for kind in ("", "-faceless"))
        kept = next((path for path in (whole, bare) if path.is_file()), None)
        if kept is None:
            try:
                made, found = make(clip)
            except InputError as error:
                empty = clip.stat().st_size == 0
                problems.append(Problem(kind="empty clip" if empty else "broken clip", where=f"{medium} {clip.name}",
                                        what=str(error)))
                continue
            kept = whole if found else bare
            _keep(kept, made)
        paths[line] = kept
        n_faceless += kept == bare
    return Store(medium=medium, paths=paths, problems=tuple(problems), n_faceless=n_faceless)


def hearer(encoder: Any, sizes: Sizes, settings: Settings) -> Callable[[Path], tuple[bytes, bool]]:
    """Makes what a wav2vec2 hears in a sound file, as the bytes of an .npy file of halves."""
    import io

    def make(path: Path) -> tuple[bytes, bool]:
        heard = hear(encoder, load_sound(path, settings), sizes.audio_window_s)
        if heard is None:
            raise InputError(f"{path.name} lasts less than 25 ms")
        file = io.BytesIO()
        np.save(file, heard.astype(np.float16))
        return file.getvalue(), True

    return make


def looker(faces: FaceEngine, sizes: Sizes, settings: Settings) -> Callable[[Path], tuple[bytes, bool]]:
    """Makes the pictures of a clip's face, one below the other, as the bytes of a JPEG."""
    import cv2

    quick = settings.model_copy(update={"video_fps": FRAMES_PER_S})

    def make(path: Path) -> tuple[bytes, bool]:
        finder = faces.tracker()

        def find(picture: Picture) -> Box | None:
            boxes = [mesh_box(face.landmarks) for face in finder.find(picture)]
            return max(boxes, key=lambda box: box.width * box.height, default=None)

        try:
            frames = (picture for _, picture in open_video(path, quick).frames())
            seen = look(frames, find, n=sizes.frames, side_px=sizes.side_px)
        finally:
            finder.close()
        if seen is None:
            raise InputError(f"{path.name} holds no pictures")
        tall = seen.pictures.reshape(-1, sizes.side_px, 3)
        _, made = cv2.imencode(".jpg", cv2.cvtColor(tall, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 95])
        return made.tobytes(), seen.found

    return make


def fingerprint(sizes: Sizes, medium: Medium) -> str:
    """What the features depend on beside the clip."""
    if medium == "audio":
        parts: list[Any] = [sizes.audio, sizes.audio_width, sizes.audio_layers, sizes.audio_heads, sizes.audio_channels,
                            sizes.audio_window_s, "statistics 1"]
    else:
        parts = [sizes.frames, sizes.side_px, FRAMES_PER_S, "faces 1"]
    return json.dumps([medium, *parts])


def _keep(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise InputError(f"{path.parent} can't be written ({error}); give another folder with --cache") from error
