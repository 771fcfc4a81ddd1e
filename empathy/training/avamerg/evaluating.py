"""``evaluate avamerg``: a finished run, measured on its test part or on other data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...audio.device import pick_device
from ...avamerg.bundle import Bundle, load_bundle
from ...avamerg.figures import figures, short
from ...avamerg.late import Probabilities, load_late
from ...avamerg.sizes import Modality, Sizes
from ...catalog import build
from ...errors import InputError
from ...settings import Settings
from .corpus import Corpus, read_corpus
from .examples import Examples
from .features import Store, hearer, looker, prepare
from .folder import read_config
from .measuring import measure
from .media import Medium
from .recipe import Recipe
from .schema import Conversation
from .split import choose, read_split

if TYPE_CHECKING:
    from accelerate import Accelerator

Wrap = Callable[[Iterable[Any], str], Iterator[Any]]
ALL = "all"


def evaluate_run(
    run: Path, data: Path, settings: Settings, *, cache: Path, part: str = "test",
    wrap: Wrap = lambda items, name: iter(items),
) -> dict[str, Any]:
    """Measure a run again.

    Args:
        run: folder of a finished run.
        data: the data set.
        settings: device and bounds.
        cache: folder of the features.
        part: ``train``, ``val``, ``test``, or ``all`` for every labelled conversation of the folder.
        wrap: shows the loop over the clips, with its name.

    Returns:
        ``task, engine, run, part, leaky, permuted_labels``, the keys of ``figures.figures``, ``ablations`` (of one
        model; of late fusion the two models), ``clips``.

    Raises:
        InputError: the run is not finished, or the data are not those of its split.
        ModelFileError: its bundle is broken.
    """
    config = read_config(run)
    if not (run / "metrics.json").is_file():
        raise InputError(f"{run} is not finished: give its train command again")
    corpus = read_corpus(data, switched=tuple(config["switched"]), leaky=config["leaky"])
    rows = corpus.labelled()
    if part != ALL:
        rows = choose(rows, getattr(read_split(run / "split.json"), part), data)
    about = {"task": "avamerg", "run": str(run), "part": part, "leaky": config["leaky"],
             "permuted_labels": config["permuted_labels"]}
    bench = Bench(corpus=corpus, rows=rows, cache=cache, settings=settings, wrap=wrap)
    if config["model"] != "late":
        bundle = load_bundle(run / "bundle")
        found, _, clips = bench.measure(bundle)
        return {**about, "engine": f"avamerg-{bundle.model}@{bundle.version}", **found, "clips": clips}
    late = load_late(run / "bundle")
    told: dict[str, Probabilities] = {}
    alone: dict[str, Any] = {}
    clips: dict[str, Any] = {}
    for model in ("audio", "video"):
        bundle = load_bundle(run / "bundle" / model)
        found, told[model], counts = bench.measure(bundle)
        clips |= counts
        alone[model] = short(found)
    truth = np.array([one.label for one in rows], np.int64)
    found = figures(truth, late.fuse(told["audio"], told["video"]), [one.block for one in rows],
                    majority=int(config["majority"]))
    return {**about, "engine": f"avamerg-late ({late.way})", **found, "ablations": alone, "clips": clips}


class Bench:
    """Labelled conversations on which bundles are measured."""

    def __init__(self, *, corpus: Corpus, rows: Sequence[Conversation], cache: Path, settings: Settings,
                 wrap: Wrap) -> None:
        self._corpus, self._rows, self._cache, self._settings, self._wrap = corpus, rows, cache, settings, wrap

    def measure(self, bundle: Bundle) -> tuple[dict[str, Any], Probabilities, dict[str, Any]]:
        """Figures, probabilities, and counts of the clips."""
        stores = stores_of(self._corpus, self._rows, bundle.uses, sizes=bundle.sizes, cache=self._cache,
                           settings=self._settings, hearing=bundle.hearing, wrap=self._wrap)
        recipe = Recipe()
        accelerator = accelerate(recipe, self._settings)
        bundle.network.to(accelerator.device)
        examples = Examples(self._rows, bundle.vocabulary, bundle.sizes, stores, uses=bundle.uses)
        found, told = measure(bundle.network, examples, recipe, accelerator, temperature=bundle.temperature,
                              majority=bundle.majority, uses=bundle.uses)
        return found, told, clip_counts(self._corpus, stores, self._rows)


def stores_of(
    corpus: Corpus, rows: Sequence[Conversation], uses: Sequence[Modality], *, sizes: Sizes, cache: Path,
    settings: Settings, hearing: Any, wrap: Wrap,
) -> tuple[Store, ...]:
    """The features of the clips that a network is given."""
    found: list[Store] = []
    if "audio" in uses:
        device = pick_device(settings.device, settings.n_threads)
        found.append(prepare(corpus, rows, "audio", sizes=sizes, cache=cache,
                             make=hearer(hearing.to(device), sizes, settings), progress=lambda it: wrap(it, "sound")))
    if "video" in uses:
        faces = build(settings).engines.faces()
        found.append(prepare(corpus, rows, "video", sizes=sizes, cache=cache, make=looker(faces, sizes, settings),
                             progress=lambda it: wrap(it, "pictures")))
    return tuple(found)


def clip_counts(corpus: Corpus, stores: Sequence[Store], rows: Sequence[Conversation]) -> dict[str, Any]:
    """For each medium: the speaker's lines, how many have no clip, an unreadable one, and one without a face."""
    def there(medium: Medium) -> list[bool]:
        return [corpus.clips[medium][one.key, line.index].path is not None for one in rows for line in one.spoken]

    found: dict[str, Any] = {}
    for store in stores:
        lines = there(store.medium)
        found[store.medium] = {"lines": len(lines), "without_clip": lines.count(False),
                               "unreadable": len(store.problems)}
        if store.medium == "video":
            found[store.medium]["without_face"] = store.n_faceless
    return found


def accelerate(recipe: Recipe, settings: Settings) -> Accelerator:
    """For one process or as many as the launcher has started."""
    from accelerate import Accelerator
    from accelerate.utils import DistributedDataParallelKwargs

    device = pick_device(settings.device, settings.n_threads)
    unused = DistributedDataParallelKwargs(find_unused_parameters=True)  # a batch may hold no clip at all
    return Accelerator(cpu=device == "cpu", mixed_precision=recipe.precision, kwargs_handlers=[unused],
                       gradient_accumulation_steps=recipe.accumulate)
