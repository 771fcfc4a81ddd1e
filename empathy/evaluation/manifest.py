"""Tables of labelled files, as the ``evaluate`` commands read them: CSV with ``path,label`` and any further columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from ..errors import InputError
from ..labels import WORDS, Label, label_of

_Line: TypeAlias = Mapping[str, str | None]
"""Cells by column; None where the line is short, and a list beside the columns where it is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled file. ``columns`` holds every column of its line as text, ``path`` and ``label`` included."""

    path: Path
    label: Label
    columns: Mapping[str, str]


def read_manifest(path: Path) -> tuple[Row, ...]:
    """Read a table with the columns ``path`` (relative to the table's folder, or absolute) and ``label``.

    Raises:
        InputError: the file can't be read, a column is missing, or a label is unknown; the message names the line.
    """
    return tuple(_row(path, number, line) for number, line in _lines(path))


def read_choice(path: Path, choice: Sequence[Label]) -> tuple[tuple[Row, ...], int]:
    """The rows that a choice of labels speaks of, and how many others were left out: with a choice named, a table may
    hold labels that nobody here knows. An empty choice takes all rows and refuses unknown labels.

    ``calm`` counts as neutral where the choice has neutral and lacks calm.

    Raises:
        InputError: as ``read_manifest``, or the choice leaves no rows.
    """
    if not choice:
        return read_manifest(path), 0
    lines = _lines(path)
    known = [(number, line) for number, line in lines if (line.get("label") or "").strip().lower() in WORDS]
    every = [_row(path, number, line) for number, line in known]
    fold = "calm" not in choice and "neutral" in choice
    folded = [replace(row, label="neutral") if fold and row.label == "calm" else row for row in every]
    rows = tuple(row for row in folded if row.label in choice)
    if not rows:
        named = sorted({(line.get("label") or "").strip() for _, line in lines})
        raise InputError(f"{path} has no row labelled {', '.join(choice)}; it has {', '.join(named)}")
    return rows, len(lines) - len(rows)


def _lines(path: Path) -> list[tuple[int, _Line]]:
    """Line numbers and columns."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            names = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = names
            lines: list[tuple[int, _Line]] = [(reader.line_num, line) for line in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} can't be read as a CSV table ({error}): give a UTF-8 file with the columns path,label"
                         ) from error
    missing = {"path", "label"} - set(names)
    if missing:
        raise InputError(f"{path} has no column {' and no column '.join(sorted(missing))}: its first line must name "
                         f"path,label; it names {', '.join(names) or 'nothing'}")
    if not lines:
        raise InputError(f"{path} has no rows below its first line")
    return lines


def groups(values: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Where each value of a column stands, by value, in the order of the values' names."""
    found: dict[str, list[int]] = {}
    for i, value in enumerate(values):
        found.setdefault(value, []).append(i)
    return {value: tuple(found[value]) for value in sorted(found)}


def column(rows: Sequence[Row], name: str) -> tuple[str, ...]:
    """One column as text.

    Raises:
        InputError: the table has no such column.
    """
    if any(name not in row.columns for row in rows):
        raise InputError(f"--by {name}: the table has no such column; it has {', '.join(rows[0].columns)}")
    return tuple(row.columns[name] for row in rows)


def _row(table: Path, number: int, line: _Line) -> Row:
    columns = {key: value.strip() for key, value in line.items() if key and isinstance(value, str)}
    if not columns.get("path"):
        raise InputError(f"{table}, line {number}: the column path is empty")
    try:
        label = label_of(columns.get("label", ""))
    except InputError as error:
        raise InputError(f"{table}, line {number}: {error}") from error
    return Row(path=table.parent / columns["path"], label=label, columns=columns)
