"""The words network in torch, and how one member of it is trained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn

from ..text.network import MAX_TOKENS, N_HEADS, N_LABELS, place
from ..text.vocabulary import hashed, letter_features, tokens
from .checkpoint import keep

Line = tuple[str, ...]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a member is trained. Sizes: ``n_vector`` of a token, ``n_hidden`` a direction, ``n_middle`` before the last
    layer. ``helper_share``: weight of the second task (the 32 feelings of EmpatheticDialogues)."""

    epochs: int = 6
    batch: int = 128
    rate: float = 2e-3
    decay: float = 1e-2
    n_vector: int = 96
    n_hidden: int = 96
    n_middle: int = 192
    drop: float = 0.4
    drop_word: float = 0.1
    helper_share: float = 0.5
    lesson_share: float = 0.5
    helper_every: int = 6
    helper_batch: int = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """Known words and letter n-grams as sorted hashes, and what each form is made of."""

    word_keys: NDArray[np.uint32]
    letter_keys: NDArray[np.uint32]
    forms: dict[str, tuple[int, NDArray[np.int64]]]

    def of(self, form: str) -> tuple[int, NDArray[np.int64]]:
        """Row of the word (the last row: unknown) and rows of its known letter n-grams."""
        if form not in self.forms:
            row = int(place(self.word_keys, [hashed("w " + form)])[0])
            letters = [hashed(feature) for feature in letter_features(form)] if form[0].isalpha() else []
            rows = place(self.letter_keys, letters) if letters else np.zeros(0, np.int64)
            self.forms[form] = row, rows[rows < len(self.letter_keys)]
        return self.forms[form]


def lines(texts: Sequence[str]) -> list[Line]:
    """The forms of each text's tokens, at most 48, at least one."""
    return [tuple(token.form for token in tokens(text))[:MAX_TOKENS] or (".",) for text in texts]


def lexicon(corpus: Sequence[Line], *, least_letters: int, least_words: int = 3) -> Lexicon:
    """Keep words and letter n-grams that the training text holds often enough."""
    words = Counter(form for line in corpus for form in line)
    letters: Counter[str] = Counter()
    for form, n in words.items():
        if form[0].isalpha():
            for feature in set(letter_features(form)):
                letters[feature] += n
    return Lexicon(
        word_keys=np.array(sorted({hashed("w " + form) for form, n in words.items() if n >= least_words}), np.uint32),
        letter_keys=np.array(sorted({hashed(key) for key, n in letters.items() if n >= least_letters}), np.uint32),
        forms={})


class Member(nn.Module):
    """One member; ``network.py`` tells the layers. ``helper`` is the second task's head and does not ship."""

    def __init__(self, n_words: int, n_letters: int, n_helper: int, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.words = nn.Embedding(n_words + 1, recipe.n_vector)
        self.letters = nn.EmbeddingBag(n_letters, recipe.n_vector, mode="mean")
        nn.init.normal_(self.words.weight, 0.0, 0.1)
        nn.init.normal_(self.letters.weight, 0.0, 0.1)
        self.gates = nn.GRU(recipe.n_vector, recipe.n_hidden, batch_first=True, bidirectional=True)
        self.heads = nn.Linear(2 * recipe.n_hidden, N_HEADS)
        self.middle = nn.Linear(2 * recipe.n_hidden * (N_HEADS + 1), recipe.n_middle)
        self.last = nn.Linear(recipe.n_middle, N_LABELS)
        self.helper = nn.Linear(recipe.n_middle, n_helper)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of the labels, shape (n, 28), and of the second task."""
        rows = batch.words
        if self.training:
            unknown = torch.full_like(rows, self.words.num_embeddings - 1)
            rows = torch.where(torch.rand(rows.shape) < self.recipe.drop_word, unknown, rows)
        table = self.words(rows) + self.letters(batch.letters, batch.offsets)
        inside = batch.inside[..., None]
        vectors = F.dropout(table[batch.places], self.recipe.drop, self.training) * inside
        packed = nn.utils.rnn.pack_padded_sequence(vectors, batch.inside.sum(1), batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.gates(packed)[0], batch_first=True)
        states = F.dropout(states, self.recipe.drop, self.training)
        shares = self.heads(states).masked_fill(~inside, -1e4).softmax(dim=1)
        pooled = torch.einsum("nth,ntk->nkh", states, shares).flatten(1)
        pooled = torch.cat([pooled, states.masked_fill(~inside, -1e4).max(dim=1).values], dim=1)
        middle = F.relu(self.middle(F.dropout(pooled, self.recipe.drop, self.training)))
        middle = F.dropout(middle, self.recipe.drop, self.training)
        return self.last(middle), self.helper(middle)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Unique words of some texts (rows, flat letter rows with offsets) and where each token finds its own.

    ``places``, ``inside``: shape (n_texts, n_tokens); ``inside`` is false on padding."""

    words: torch.Tensor
    letters: torch.Tensor
    offsets: torch.Tensor
    places: torch.Tensor
    inside: torch.Tensor

    @classmethod
    def of(cls, texts: Sequence[Line], known: Lexicon) -> Batch:
        """Pack texts."""
        forms = list(dict.fromkeys(form for line in texts for form in line))
        where = {form: i for i, form in enumerate(forms)}
        made = [known.of(form) for form in forms]
        sizes = [len(rows) for _, rows in made]
        places = np.zeros((len(texts), max(map(len, texts))), np.int64)
        inside = np.zeros(places.shape, bool)
        for i, line in enumerate(texts):
            places[i, :len(line)] = [where[form] for form in line]
            inside[i, :len(line)] = True
        return cls(words=torch.tensor([row for row, _ in made]),
                   letters=torch.from_numpy(np.concatenate([rows for _, rows in made])),
                   offsets=torch.tensor(np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)),
                   places=torch.from_numpy(places), inside=torch.from_numpy(inside))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What a member learns from: comments, lessons and told situations, as lines. ``truth``, ``lesson_truth``: shape
    (n, 28), 0 or 1; ``feelings``: classes of the second task, shape (n,)."""

    texts: Sequence[Line]
    truth: NDArray[np.float32]
    lessons: Sequence[Line]
    lesson_truth: NDArray[np.float32]
    told: Sequence[Line]
    feelings: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """A member, the lexicon that it reads with, a row of figures for each epoch, and the seconds of its training,
    interruptions left out."""

    member: Member
    known: Lexicon
    history: tuple[dict[str, float], ...]
    seconds: float


def fit(material: Material, unseen: Sequence[Line], unseen_truth: NDArray[np.float32], known: Lexicon, *,
        recipe: Recipe, seed: int, path: Path, clock: Callable[[], float], progress: Progress) -> Trained:
    """Train one member, or read it from ``path`` when an earlier run finished it there.

    Args:
        material: what to learn from.
        unseen: comments that only measure how it goes, after each epoch.
        unseen_truth: shape (n, 28), 0 or 1.
        known: the lexicon.
        recipe: sizes and rates.
        seed: draws weights, order and dropout; an interrupted run ends with the weights of an uninterrupted one.
        path: checkpoint after each epoch; an interrupted run goes on from it.
        clock: seconds.
        progress: gets a line an epoch.
    """
    torch.manual_seed(seed)
    member = Member(len(known.word_keys), len(known.letter_keys), int(material.feelings.max()) + 1, recipe)
    prior = np.clip(material.truth.mean(axis=0), 1e-4, 1 - 1e-4)
    member.last.bias.data = torch.from_numpy(np.log(prior / (1 - prior)).astype(np.float32))
    batches = len(material.texts) // recipe.batch
    optimizer = torch.optim.AdamW(member.parameters(), lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=recipe.epochs * batches + 1,
                                                   pct_start=0.15)
    history, seconds = _resume(path, member, optimizer, schedule)
    for epoch in range(len(history), recipe.epochs):
        torch.manual_seed(seed * 1000 + epoch)
        started = clock()
        loss = _epoch(material, known, member, partial(_step, member=member, optimizer=optimizer, schedule=schedule),
                      np.random.default_rng([seed, epoch]))
        seconds += clock() - started
        row = {"epoch": float(epoch + 1), "loss": loss, **_measured(member, known, unseen, unseen_truth)}
        history.append(row)
        progress(f"epoch {epoch + 1} of {recipe.epochs}: " + ", ".join(
            f"{key.replace('_', ' ')} {value:.3f}" for key, value in row.items() if key != "epoch"))
        keep(path, {"history": history, "member": member.state_dict(), "optimizer": optimizer.state_dict(),
                    "schedule": schedule.state_dict(), "seconds": seconds})
    return Trained(member=member.eval(), known=known, history=tuple(history), seconds=seconds)


def _epoch(material: Material, known: Lexicon, member: Member, step_by: Callable[[torch.Tensor], None],
           rng: np.random.Generator) -> float:
    """One pass over the comments; their mean loss."""
    recipe, total = member.recipe, 0.0
    order = _order(material.texts, recipe.batch, rng)
    member.train()
    for step, chosen in enumerate(order):
        logits, _ = member(Batch.of([material.texts[i] for i in chosen], known))
        loss = _loss(logits, material.truth[chosen])
        total += loss.item()
        if step % recipe.helper_every == 0:
            some = rng.choice(len(material.told), min(recipe.helper_batch, len(material.told)), replace=False)
            _, guess = member(Batch.of([material.told[i] for i in some], known))
            loss = loss + recipe.helper_share * F.cross_entropy(guess, torch.from_numpy(material.feelings[some]))
            some = rng.choice(len(material.lessons), min(recipe.helper_batch, len(material.lessons)), replace=False)
            logits, _ = member(Batch.of([material.lessons[i] for i in some], known))
            loss = loss + recipe.lesson_share * _loss(logits, material.lesson_truth[some])
        step_by(loss)
    return total / max(len(order), 1)


def _loss(logits: torch.Tensor, truth: NDArray[np.float32]) -> torch.Tensor:
    """Binary cross-entropy, summed over the labels, a mean over the texts."""
    return F.binary_cross_entropy_with_logits(logits, torch.from_numpy(truth), reduction="none").sum(dim=1).mean()


def _measured(member: Member, known: Lexicon, texts: Sequence[Line], truth: NDArray[np.float32]) -> dict[str, float]:
    """Loss and mean average precision over the labels that occur, on comments that were not learned from."""
    logits = predict(member.eval(), known, texts)
    order = np.argsort(-logits, axis=0)
    hits = np.take_along_axis(truth, order, axis=0)
    precision = hits.cumsum(axis=0) / np.arange(1, len(hits) + 1)[:, None]
    counted = hits.sum(axis=0) > 0
    each = (precision * hits).sum(axis=0)[counted] / hits.sum(axis=0)[counted]
    return {"unseen_loss": float(_loss(torch.from_numpy(logits), truth)), "unseen_precision": float(each.mean())}


def _step(loss: torch.Tensor, member: Member, optimizer: Any, schedule: Any) -> None:
    """One update; Any: see ``_resume``."""
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(member.parameters(), 5.0)
    optimizer.step()
    schedule.step()


def _resume(path: Path, member: Member, optimizer: Any, schedule: Any) -> tuple[list[dict[str, float]], float]:
    """Epochs done before and the seconds they took; Any: torch leaves optimizers and schedules loosely typed."""
    if not path.is_file():
        return [], 0.0
    stored = torch.load(path, weights_only=True)
    member.load_state_dict(stored["member"])
    optimizer.load_state_dict(stored["optimizer"])
    schedule.load_state_dict(stored["schedule"])
    return list(stored["history"]), float(stored["seconds"])


def _order(texts: Sequence[Line], batch: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Batches of texts of like length, in random order."""
    near = np.argsort(np.array([len(line) for line in texts]) + rng.random(len(texts)) * 6)
    n = len(texts) // batch
    cuts = [near[k * batch:(k + 1) * batch] for k in range(n)]
    return [cuts[k] for k in rng.permutation(n)]


def predict(member: Member, known: Lexicon, texts: Sequence[Line]) -> NDArray[np.float32]:
    """Logits, shape (n, 28)."""
    found = np.zeros((len(texts), N_LABELS), np.float32)
    order = np.argsort([len(line) for line in texts])
    with torch.no_grad():
        for start in range(0, len(order), 256):
            chosen = order[start:start + 256]
            found[chosen] = member(Batch.of([texts[i] for i in chosen], known))[0].numpy()
    return found
