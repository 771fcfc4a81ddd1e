"""A trained AvaMERG bundle as an engine: one answer from the words, the sound and the face of a clip together.

Its answer stands beside the estimate and is not weighed into it: the classes lack neutral, and the voices and faces it
learned from are generated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from ..audio.device import pick_device
from ..errors import ModelFileError, ModelRunError
from ..logits import softmax
from ..registry import ModelSpec, Url
from ..settings import Settings
from ..types import Box, ClipReading, Picture, Samples
from .bundle import BUNDLE, Bundle, load_bundle
from .classes import N_CLASSES, as_emotions
from .inputs import Example, pack
from .late import LATE, Late, Probabilities, load_late
from .senses import hear, look
from .sizes import Modality

NAME = "avamerg"
LICENCE = "that of the data: non-commercial (CC BY-NC 4.0)"


class AvamergEngine:
    """A ``ClipEngine``: one bundle, or an audio and a video bundle fused."""

    def __init__(self, bundles: Sequence[Bundle], late: Late | None, device: str) -> None:
        leaky = [bundle.model for bundle in bundles if bundle.leaky]
        if leaky:
            raise ModelFileError(f"the {' and '.join(leaky)} bundle learned from what tells the label (--leaky) and "
                                 "can't be used: train it without")
        self._bundles, self._late, self._device = tuple(bundles), late, device
        for bundle in bundles:
            bundle.network.to(device).eval()
            if bundle.hearing is not None:
                bundle.hearing.to(device)
        kind = bundles[0].model if late is None else f"late, {late.way}"
        self.name = f"{NAME} ({kind})@{'+'.join(bundle.version for bundle in bundles)}"

    def feel(self, words: str, samples: Samples | None, frames: Callable[[], Iterable[Picture]],
             find: Callable[[Picture], Box | None]) -> ClipReading | None:
        """See ``ClipEngine``."""
        try:
            told = [self._ask(bundle, words, samples, frames, find) for bundle in self._bundles]
        except RuntimeError as error:
            raise ModelRunError(f"{NAME} failed on this clip ({error})") from error
        used = tuple(dict.fromkeys(name for _, names in told for name in names))
        answers = [answer for answer, _ in told]
        fused = answers[0] if self._late is None else self._late.fuse(answers[0], answers[1])
        if not np.isfinite(fused).all():
            return None
        return ClipReading(emotions=as_emotions(fused[0]), given=used, engine=self.name)

    def _ask(
        self, bundle: Bundle, words: str, samples: Samples | None, frames: Callable[[], Iterable[Picture]],
        find: Callable[[Picture], Box | None],
    ) -> tuple[Probabilities, tuple[Modality, ...]]:
        """Probabilities of one bundle, shape (1, 7), and what it was given; NaN where it was given nothing."""
        import torch

        sizes, known = bundle.sizes, bundle.vocabulary
        heard = seen = None
        if bundle.hearing is not None and samples is not None:
            heard = hear(bundle.hearing, samples, sizes.audio_window_s)
        if "video" in bundle.uses:
            seen = look(frames(), find, n=sizes.frames, side_px=sizes.side_px)
        there: dict[Modality, bool] = {
            "text": bool(words.strip()), "audio": heard is not None, "video": seen is not None and seen.found}
        given: tuple[Modality, ...] = tuple(name for name in bundle.uses if there.get(name))
        if not given:
            return np.full((1, N_CLASSES), np.nan), ()
        example = Example(
            lines=(known.line(words, sizes.line_tokens),), context=known.context((), sizes.context_tokens), label=-1,
            heard=(heard,), seen=(seen.pictures if seen is not None and seen.found else None,),
            profile=[*known.profile(None, None, None, None)] * 2, leak=())
        batch = pack([example])
        without = [name for name in bundle.uses if name not in given]
        with torch.inference_mode():
            logits = bundle.network(type(batch)(*(part.to(self._device) for part in batch)), without)
        return softmax(logits.double().cpu().numpy() / bundle.temperature), given


def spec(settings: Settings, folder: Path) -> ModelSpec[AvamergEngine]:
    """The engine of a bundle's folder."""
    whole = folder.expanduser().absolute()
    file = whole / (LATE if (whole / LATE).is_file() else BUNDLE)
    return ModelSpec(
        name=NAME, stage=NAME, tier="full", licence=LICENCE, size_mb=_size_mb(whole), load=partial(_load, settings),
        source=Url(name=str(file), urls=()), package="transformers",
        about="one answer from words, sound and face together; made by python -m empathy train avamerg")


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*.safetensors")) / 1e6 if folder.is_dir() else 0.0


def _load(settings: Settings, paths: tuple[Path, ...]) -> AvamergEngine:
    folder = paths[0].parent
    device = pick_device(settings.device, settings.n_threads)
    if paths[0].name == LATE:
        return AvamergEngine([load_bundle(folder / name) for name in ("audio", "video")], load_late(folder), device)
    return AvamergEngine([load_bundle(folder)], None, device)
