"""Tables of labelled files, as the ``evaluate`` commands read them: CSV with ``path,label`` and any further columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..labels import Label, label_of


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
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            names = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = names
            lines = [(reader.line_num, line) for line in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} can't be read as a CSV table ({error}): give a UTF-8 file with the columns path,label"
                         ) from error
    missing = {"path", "label"} - set(names)
    if missing:
        raise InputError(f"{path} has no column {' and no column '.join(sorted(missing))}: its first line must name "
                         f"path,label; it names {', '.join(names) or 'nothing'}")
    if not lines:
        raise InputError(f"{path} has no rows below its first line")
    return tuple(_row(path, number, line) for number, line in lines)


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


def _row(table: Path, number: int, line: Mapping[str | None, str | None]) -> Row:
    columns = {key: (value or "").strip() for key, value in line.items() if key is not None and isinstance(value, str)}
    if not columns.get("path"):
        raise InputError(f"{table}, line {number}: the column path is empty")
    try:
        label = label_of(columns.get("label", ""))
    except InputError as error:
        raise InputError(f"{table}, line {number}: {error}") from error
    return Row(path=table.parent / columns["path"], label=label, columns=columns)
