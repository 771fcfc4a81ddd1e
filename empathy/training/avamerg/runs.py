"""A run and its folder: from the data to a measured bundle, in steps that can be taken up again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ...avamerg.bundle import Bundle, make_network, save_bundle
from ...avamerg.encoders_network import sound_encoder
from ...avamerg.figures import fit_temperature
from ...avamerg.sizes import USES, Modality, Model, Sizes
from ...avamerg.vocabulary import Vocabulary, load_vocabulary
from ...errors import InputError
from ...settings import Settings
from .corpus import Corpus, read_corpus
from .evaluating import Wrap, accelerate, clip_counts, stores_of
from .examples import Examples, learn_vocabulary
from .features import Store
from .fit import Fitted, Job, Tick, fit, predict
from .folder import claim
from .loss import adjusted_loss, focal_loss
from .measuring import measure
from .recipe import Recipe
from .report import Told, write_report
from .schema import N_LEAKS, Conversation
from .split import PARTS, Split, choose, make_split, read_split, write_split

if TYPE_CHECKING:
    from accelerate import Accelerator


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to train, on what. ``permuted`` shuffles the labels of training and validation, to see what chance gives."""

    data: Path
    out: Path
    model: Model
    config: str
    sizes: Sizes
    recipe: Recipe
    seed: int = 0
    uses: tuple[Modality, ...] = ()
    leaky: bool = False
    switched: tuple[str, ...] = ()
    permuted: bool = False
    cache: Path
    download: bool = False

    def modalities(self) -> tuple[Modality, ...]:
        """What the network is given.

        Raises:
            InputError: the model knows no such modality, or it leaks and the run is not marked as leaky.
        """
        if "leak" in self.uses and not self.leaky:
            raise InputError("the leak modality tells the label: give --leaky to learn from it, which marks the run")
        extra: tuple[Modality, ...] = ("leak",) if self.leaky else ()
        known = (*USES[self.model], *extra)
        unknown = [name for name in self.uses if name not in known]
        if unknown:
            raise InputError(f"--modalities {','.join(unknown)}: model {self.model} knows {', '.join(known)}")
        return tuple(name for name in known if not self.uses or name in self.uses)

    def record(self) -> dict[str, Any]:
        """What the run is, for ``config.json``: a folder goes on only with the same."""
        return {"model": self.model, "config": self.config, "seed": self.seed, "modalities": self.modalities(),
                "leaky": self.leaky, "switched": self.switched, "permuted_labels": self.permuted,
                "sizes": asdict(self.sizes), "recipe": asdict(self.recipe)}


def train_run(
    wish: Wish, settings: Settings, *, tick: Tick = lambda step, steps: None,
    wrap: Wrap = lambda items, name: iter(items), clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Train, measure and report; an interrupted run goes on.

    Args:
        wish: what to train.
        settings: device, threads, bounds of the readers.
        tick: gets each step.
        wrap: shows the loop over the clips, with its name.
        clock: seconds.

    Returns:
        The metrics, as in ``metrics.json``.

    Raises:
        InputError: the data or the folder can't be used as wished; the message says what to do.
    """
    accelerator = accelerate(wish.recipe, settings)
    uses = wish.modalities()
    with accelerator.main_process_first():
        claim(wish.out, wish.record())
        corpus = read_corpus(wish.data, switched=wish.switched, leaky=wish.leaky)
        split = _split(wish, corpus)
        parts = {part: choose(corpus.labelled(), split.keys(part), wish.data) for part in PARTS}
        vocabulary = _vocabulary(wish, parts["train"])
        hearing = sound_encoder(wish.sizes, download=wish.download) if wish.model == "audio" else None
        stores = stores_of(corpus, [one for part in PARTS for one in parts[part]], uses, sizes=wish.sizes,
                           cache=wish.cache, settings=settings, hearing=hearing, wrap=wrap)
    rows = {part: Examples(parts[part], vocabulary, wish.sizes, stores, uses=uses,
                           labels=_labels(parts[part], wish, part)) for part in PARTS}
    torch.manual_seed(wish.seed)
    network = make_network(wish.model, wish.sizes, vocabulary, uses=uses, n_leaks=N_LEAKS if wish.leaky else 0,
                           download=wish.download)
    if wish.model == "audio":
        _standardise(network, rows["train"])
    job = Job(recipe=wish.recipe, seed=wish.seed, folder=wish.out, accelerator=accelerator, clock=clock, tick=tick)
    loss = adjusted_loss(rows["train"].labels) if wish.recipe.loss == "adjusted" else focal_loss(
        rows["train"].labels, gamma=wish.recipe.gamma, beta=wish.recipe.beta)
    fitted = fit(network, rows["train"], rows["val"], loss=loss, groups=groups(network, wish), job=job)
    bundle = Bundle(
        model=wish.model, sizes=wish.sizes, uses=uses, network=network, vocabulary=vocabulary, hearing=hearing,
        temperature=fit_temperature(predict(network, rows["val"], wish.recipe, accelerator), rows["val"].labels),
        n_leaks=N_LEAKS if wish.leaky else 0, majority=int(np.bincount(rows["train"].labels).argmax()))
    return _finish(wish, bundle, rows, fitted, (corpus, stores, accelerator))


def groups(network: Any, wish: Wish) -> list[tuple[list[torch.nn.Parameter], float]]:
    """What is trained: published encoders slowly, the rest at the full rate."""
    slow = [network.text.bert] if wish.sizes.text else []
    slow += [network.picture.encoder] if wish.model == "video" and wish.sizes.video else []
    published = {id(weight) for module in slow for weight in module.parameters()}
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    rows = [([weight for weight in trained if (id(weight) in published) is own], rate)
            for own, rate in ((True, wish.recipe.encoder_rate), (False, wish.recipe.rate))]
    return [row for row in rows if row[0]]


def _split(wish: Wish, corpus: Corpus) -> Split:
    path = wish.out / "split.json"
    if not path.is_file():
        write_split(path, make_split(corpus.labelled(), wish.seed))
    return read_split(path)


def _vocabulary(wish: Wish, train: Sequence[Conversation]) -> Vocabulary:
    if not (wish.out / "vocabulary.json").is_file():
        learn_vocabulary(train, wish.sizes, download=wish.download).save(wish.out)
    return load_vocabulary(wish.out)


def _labels(rows: Sequence[Conversation], wish: Wish, part: str) -> Any:
    labels = np.array([one.label for one in rows], np.int64)
    return np.random.default_rng(wish.seed).permutation(labels) if wish.permuted and part != "test" else labels


def _standardise(network: Any, train: Examples) -> None:
    """Centre and spread of what is heard in the training clips."""
    n, total, squares = 0, 0.0, 0.0
    for place in range(len(train)):
        for heard in train[place].heard:
            if heard is not None:
                value = heard.astype(np.float64)
                n, total, squares = n + 1, total + value, squares + value**2
    if n:
        mean = np.asarray(total) / n
        spread = np.sqrt(np.maximum(np.asarray(squares) / n - mean**2, 0.0)) + 1e-4
        network.sound.centre.copy_(torch.from_numpy(mean))
        network.sound.spread.copy_(torch.from_numpy(spread))


def _finish(
    wish: Wish, bundle: Bundle, rows: dict[str, Examples], fitted: Fitted,
    made_of: tuple[Corpus, Sequence[Store], Accelerator],
) -> dict[str, Any]:
    corpus, stores, accelerator = made_of
    found: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for part in ("val", "test"):
        found[part], told[part] = measure(
            bundle.network, rows[part], wish.recipe, accelerator, temperature=bundle.temperature,
            majority=bundle.majority, uses=bundle.uses)
    everything = [one for part in PARTS for one in rows[part].conversations]
    metrics = {"model": wish.model, "leaky": wish.leaky, "permuted_labels": wish.permuted,
               "modalities": list(bundle.uses), "processes": accelerator.num_processes,
               "temperature": bundle.temperature, "best_epoch": fitted.best_epoch,
               "n": {part: len(rows[part]) for part in PARTS}, "clips": clip_counts(corpus, stores, everything),
               "test": found["test"], "val": found["val"]}
    if accelerator.is_main_process:
        problems = [*corpus.problems, *(problem for store in stores for problem in store.problems)]
        write_report(wish.out, metrics, fitted.history, {
            part: (Told.of(rows[part]), told[part]) for part in told}, problems)
        short = {name: found["test"][name] for name in ("n", "accuracy", "macro_f1", "weighted_f1", "ece")}
        save_bundle(wish.out / "bundle", Bundle(**{
            name: getattr(bundle, name) for name in Bundle.__slots__ if name != "figures"}, figures=short))
    accelerator.wait_for_everyone()
    return metrics
