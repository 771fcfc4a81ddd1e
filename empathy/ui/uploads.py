"""From what Gradio hands a listener to a file we can read, and from reading to what the tabs show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import gradio as gr
from gradio.utils import get_upload_folder

from ..errors import InputError
from ..types import Analysis, plain
from .footnotes import footnotes
from .listeners import Outputs
from .marks import clock, notice, panel
from .progress import status
from .theme import drawing

if TYPE_CHECKING:
    from ..catalog import System

Read: TypeAlias = Callable[[Path], Iterator[Outputs]]

GONE = "This file is no longer here (uploads are deleted after a minute): please choose it again."


def results(name: str, hint: str) -> list[Any]:
    """Build the column that shows what was read: status, cards and all numbers; ``hint`` stands there before."""
    with gr.Column(scale=6, min_width=300):
        status = drawing(elem_id=f"{name}-status")
        cards = drawing(hint, elem_id=f"{name}-cards")
        with gr.Accordion("All numbers (JSON)", open=False):
            numbers = gr.JSON(show_label=False, elem_id=f"{name}-numbers")
    return [status, cards, numbers]


def path_of(data: Any) -> Path | None:
    """The file of an upload; None when the field was cleared, or names a file that nobody uploaded.

    Listeners take uploads unprocessed (``preprocess=False``), so that the bytes reach our own readers as they are: no
    other decoder sees them first, and what can't be read gets our sentence. Gradio checks that a file is one it
    received only where the request calls it a file, so that is checked here again. ``Any``: a dictionary or a value of
    Gradio's.
    """
    given = data.get("path") if isinstance(data, dict) else getattr(data, "path", None)
    if not given:
        return None
    path = Path(str(given)).resolve()
    return path if path.is_relative_to(Path(get_upload_folder()).resolve()) else None


def content_of(path: Path) -> bytes:
    """The bytes of an upload, to be kept in memory until they are sent.

    Raises:
        InputError: the file is no longer there.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(GONE) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a reading tab shows now: two pieces of markup, the analysis so far, and whether it is the last step."""

    status: str
    cards: str
    analysis: Analysis | None = None
    done: bool = False
    trouble: str = ""


def follow(system: System, path: Path, cards: Callable[[Analysis], list[str]]) -> Iterator[Step]:
    """Read a file and yield a step whenever something new is known; a file that can't be read gives its sentence.

    Args:
        system: what reads.
        path: any picture, sound or video.
        cards: draws what is known so far.
    """
    yield Step(status=status("start"), cards="")
    latest: Analysis | None = None
    shown = ""
    try:
        if not path.is_file():
            raise InputError(GONE)
        for update in system.updates(path):
            analysis: Analysis = replace(update.analysis, input=path.name)
            latest = analysis
            shown = panel(*cards(analysis), *footnotes(analysis))
            yield Step(status=status(update.stage, _place(analysis, update.stage)), cards=shown, analysis=analysis)
    except InputError as error:
        yield Step(status=status("stopped"), cards=panel(notice(str(error), "warn", role="alert")), done=True,
                   trouble=str(error))
        return
    yield Step(status=status("done"), cards=shown, analysis=latest, done=True)


def _place(analysis: Analysis, stage: str) -> str:
    """How far into a video the eyes have come."""
    watching = analysis.kind == "video" and stage == "faces" and analysis.timeline
    return f"At {clock(analysis.timeline[-1].time_s)} of the video." if watching else ""


def on_upload(read: Read, cleared: Outputs) -> Callable[[object], Iterator[Outputs]]:
    """The listener of an input field: reads what was put in, and shows ``cleared`` when it was emptied."""

    def listen(data: object) -> Iterator[Outputs]:
        path = path_of(data)
        if path is None:
            yield cleared
            return
        yield from read(path)

    return listen


def on_example(read: Read, path: Path) -> Callable[[], Iterator[Outputs]]:
    """The listener of an example's button: puts the file into the input field, then reads it."""

    def show() -> Iterator[Outputs]:
        field: Any = str(path)
        for outputs in read(path):
            yield (field, *outputs)
            field = gr.skip()

    return show


def numbers_of(step: Step) -> Any:
    """The analysis as plain numbers once it is complete; nothing after trouble."""
    if not step.done:
        return gr.skip()
    return plain(step.analysis) if step.analysis is not None else None
