"""The Engines tab: who speaks at each stage, how well, under which terms, and how to get the better one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from ..errors import EmpathyError
from .listeners import PRIVATE
from .marks import card, escape, known, notice, number, panel, tag, text
from .theme import drawing

if TYPE_CHECKING:
    from ..catalog import EngineRow, System

INTRO = ("What reads a face, a voice or words, and what writes the reply. Each stage has a full engine and, where one "
         "could be made, a compact one that comes with the program. The one that is in use \"speaks\": the full one "
         "as soon as its weights are on this machine.")
COLUMNS = ("engine", "measured", "size", "licence", "state", "how to get it")
NONE = "–"
PULL = "models pull"
HEADLINES = {
    "accuracy": "accuracy", "uar": "UAR", "macro_f1": "macro-F1", "recall": "recall",
    "false_alarm_rate": "false alarms", "auc": "AUC", "ece": "ECE", "calibration_error": "ECE", "n": "n",
}
"""Which figures of a card the table shows, in this order, and how they are called."""

EVERY_S = 0.25


def tab(system: System, page: gr.Blocks) -> None:
    """Build the tab in ``page``; the table is drawn anew whenever the page is opened."""
    drawing(panel(text("p", INTRO, class_="soft")))
    rows = drawing(elem_id="engines")
    with gr.Row(equal_height=True):
        name = gr.Dropdown([], label="Engine to download", elem_id="engine-name", scale=3, min_width=200)
        fetch = gr.Button("Download", variant="primary", scale=1, min_width=120, elem_id="engine-fetch")
    bar = drawing(elem_id="engine-progress")

    def show() -> tuple[Any, ...]:
        found = system.rows()
        choices = downloadable(found)
        return engines_table(found), gr.update(choices=choices, value=choices[0] if choices else None)

    def download(chosen: str | None) -> Iterator[tuple[Any, ...]]:
        for line in progress(system, chosen):
            yield gr.skip(), gr.skip(), line
        yield (*show(), gr.skip())

    page.load(show, None, [rows, name], **PRIVATE)
    fetch.click(download, name, [rows, name, bar], concurrency_limit=1, **PRIVATE)


def downloadable(rows: tuple[EngineRow, ...]) -> list[str]:
    """Names of engines that are not here and can be fetched; what comes with a package or the program can't."""
    names = (row.name for row in rows if row.state in ("not downloaded", "incomplete") and PULL in row.how_to_get)
    return list(dict.fromkeys(names))


def progress(system: System, name: str | None) -> Iterator[str]:
    """Download one engine; a bar a few times a second, then one sentence."""
    if not name:
        yield panel(notice("Choose an engine first."))
        return
    shown_s = 0.0
    try:
        for done, total in system.download(name):
            now_s = time.monotonic()
            if now_s - shown_s >= EVERY_S:
                shown_s = now_s
                yield progress_bar(name, done, total)
    except EmpathyError as error:
        yield panel(notice(str(error), "warn", role="alert"))
        return
    sentence = f"{name} is here. It speaks from the next reading on, where the settings let it."
    yield panel(notice(sentence, role="status"))


def progress_bar(name: str, done: int, total: int) -> str:
    """Bytes so far out of all; where the whole is not known, bytes alone."""
    got = number(done / 1e6, 1, "MB")
    if total <= 0:
        return panel(text("p", f"{name}: {got}", class_="soft"))
    percent = min(100, round(100 * done / total))
    bar = tag("div", tag("span", style=f"width:{percent}%"), class_="progress", role="progressbar", aria_valuemin=0,
              aria_valuemax=100, aria_valuenow=percent, aria_label=f"Downloading {name}")
    return panel(text("p", f"{name}: {got} of {number(total / 1e6, 1, 'MB')}", class_="soft"), bar)


def engines_table(rows: tuple[EngineRow, ...]) -> str:
    """All engines, stage by stage; the one that speaks is marked."""
    head = tag("tr", *(text("th", column, scope="col") for column in COLUMNS))
    stages: dict[str, list[EngineRow]] = {}
    for row in rows:
        stages.setdefault(row.stage, []).append(row)
    groups = (_group(stage, engines) for stage, engines in stages.items())
    table = tag("table", tag("thead", head), *groups, class_="engines", aria_label="Engines")
    return panel(card("Engines", table))


def _group(stage: str, rows: list[EngineRow]) -> str:
    speaking = next((row.name for row in rows if row.speaks), None)
    who = f"{speaking} speaks" if speaking else "nobody speaks: this stage is left out, and readings say so"
    head = tag("th", escape(stage.capitalize()), " ", text("small", who), scope="rowgroup", colspan=len(COLUMNS))
    return tag("tbody", tag("tr", head), *(_line(row) for row in rows))


def _line(row: EngineRow) -> str:
    size = number(row.size_mb, 0 if row.size_mb >= 10 else 1, "MB") if row.size_mb else NONE
    cells = (_engine(row), escape(measured(row.figures)), escape(size), escape(row.licence), _state(row),
             escape(_how(row) if row.state != "ready" else NONE))
    return tag("tr", *(tag("td", cell, data_name=column, class_="none" if cell == NONE else None)
                       for column, cell in zip(COLUMNS, cells, strict=True)))


def _engine(row: EngineRow) -> str:
    marks = text("span", row.tier, class_="badge") + (text("span", "speaks", class_="badge on") if row.speaks else "")
    return tag("strong", escape(row.name)) + " " + marks + tag("br") + text("small", row.about)


def _how(row: EngineRow) -> str:
    return row.how_to_get.removeprefix(f"{row.name} is not on this machine: ")


def _state(row: EngineRow) -> str:
    state = text("span", row.state, class_="badge on" if row.state == "ready" else "badge")
    return state + (text("div", row.problem, class_="notice warn") if row.problem else "")


def measured(card: Mapping[str, Any]) -> str:
    """The headline figures of a card in one line, and what they were measured on; a dash where nothing was measured.

    Args:
        card: what the training command wrote: its figures lie under ``validation`` or ``figures``.
    """
    found: Mapping[str, Any] = card.get("validation") or card.get("figures") or card
    parts = [f"{name} {_figure(found[key])}" for key, name in HEADLINES.items() if _is_number(found.get(key))]
    where = found.get("set") or card.get("measured_on") or ""
    return f"{', '.join(parts)}{f' ({where})' if where else ''}" if parts else NONE


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and known(float(value))


def _figure(value: float) -> str:
    return str(value) if isinstance(value, int) else number(value, 3)
