"""What a training run leaves beside its weights: pictures of how it went, and a card that tells of what it is made."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import metrics
from ..errors import InputError


def make_run_folder(path: Path) -> None:
    """The folder of a run, made where it is not there.

    Raises:
        InputError: it can't be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path} can't be written ({error}): give another folder with --out") from error


def scores(truth: NDArray[np.int64], probabilities: NDArray[np.float64]) -> dict[str, float]:
    """Accuracy, mean recall and calibration error of answers, by their probabilities, shape (n, n_classes)."""
    answer = probabilities.argmax(1)
    return {"accuracy": metrics.accuracy(truth, answer), "uar": metrics.uar(truth, answer, probabilities.shape[1]),
            "ece": metrics.ece(probabilities.max(1), answer == truth)}


def abstention(sure: NDArray[np.float64], right: NDArray[np.bool_], limits: Sequence[float]) -> list[dict[str, float]]:
    """How many items get an answer, and how many of those are right, where answers weaker than each limit are held
    back; a limit that holds all back is left out."""
    return [{"below": limit, "coverage": float((sure >= limit).mean()), "accuracy": float(right[sure >= limit].mean())}
            for limit in limits if (sure >= limit).any()]


def save_curves(path: Path, history: Sequence[Mapping[str, float]], panels: Sequence[Sequence[str]]) -> None:
    """Draw figures over the epochs, one panel a group of keys, as a PNG."""
    axes, figure = _axes(len(panels))
    for axis, keys in zip(axes, panels, strict=True):
        for key in keys:
            axis.plot([row["epoch"] for row in history], [row[key] for row in history], label=key.replace("_", " "))
        axis.set_xlabel("epoch")
        axis.grid(alpha=0.3)
        axis.legend()
    figure.savefig(path, dpi=110, bbox_inches="tight")


def save_confusion(path: Path, counts: ArrayLike, labels: Sequence[str]) -> None:
    """Draw a confusion matrix (rows: truth) with each row's shares and counts, as a PNG."""
    matrix = np.asarray(counts)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes, figure = _axes(1)
    axis = axes[0]
    axis.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    axis.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axis.set_yticks(range(len(labels)), labels)
    axis.set_xlabel("answered")
    axis.set_ylabel("labelled")
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            colour = "white" if shares[row, column] > 0.5 else "black"
            axis.text(column, row, f"{count}", ha="center", va="center", fontsize=7, color=colour)
    figure.savefig(path, dpi=110, bbox_inches="tight")


def save_lines(path: Path, lines: Mapping[str, tuple[ArrayLike, ArrayLike]], axes: tuple[str, str]) -> None:
    """Draw named lines over common axes (x, y), both from 0 to 1, as a PNG."""
    (axis,), figure = _axes(1)
    for name, (x, y) in lines.items():
        axis.plot(np.asarray(x), np.asarray(y), label=name)
    axis.set(xlabel=axes[0], ylabel=axes[1], xlim=(0.0, 1.0), ylim=(0.0, 1.0))
    axis.grid(alpha=0.3)
    axis.legend()
    figure.savefig(path, dpi=110, bbox_inches="tight")


def machine(packages: Sequence[str]) -> dict[str, Any]:
    """Where a run took place: cores, processor type, Python and the named packages' versions."""
    from importlib.metadata import version

    return {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version(),
            **{name: version(name) for name in packages}}


def write_card(stem: Path, card: Mapping[str, Any], text: str) -> None:
    """Write a card twice: ``STEM.json`` for the page, ``STEM.md`` for people. Numbers are rounded to five digits."""
    stem.with_suffix(".json").write_text(json.dumps(_rounded(card), indent=1) + "\n", encoding="utf-8")
    stem.with_suffix(".md").write_text(text.rstrip() + "\n", encoding="utf-8")


def table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _axes(n: int) -> tuple[list[Any], Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.5 * n, 4.5))
    FigureCanvasAgg(figure)
    return [figure.add_subplot(1, n, i + 1) for i in range(n)], figure


def _rounded(value: Any) -> Any:
    match value:
        case bool() | int() | str() | None:
            return value
        case float() | np.floating():
            return float(f"{value:.5g}")
        case np.integer():
            return int(value)
        case Mapping():
            return {str(key): _rounded(item) for key, item in value.items()}
        case np.ndarray():
            return _rounded(value.tolist())
        case _:
            return [_rounded(item) for item in value]
