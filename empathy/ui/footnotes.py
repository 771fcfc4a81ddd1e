"""What stands beneath the readings: what could not be read, how the numbers are meant, and which engines spoke."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..types import Analysis, Missing
from .marks import number, table, tag, text

TITLE = "How the numbers are to be read"
MEANINGS = (
    "Emotions are probabilities that sum to 100 %, of an expression, a tone or a wording, not of an inner state. "
    "People with the same feeling look very different, and the same expression can mean several things (Barrett and "
    "others, 2019).",
    "Confidence tells how far a reading can be leant on: light, size, sharpness and angle of a face, length and noise "
    "of speech. Below a threshold the page says \"I can't tell\", and a reply does not lean on it.",
    "Valence runs from unpleasant (-1) to pleasant (+1), arousal from calm (-1) to excited (+1). After ± stands one "
    "standard deviation, the dashed ellipse of the drawing: where it is wide, the number says little. Rings are what "
    "single channels (face, voice, words) said.",
    "Weight is the share that a channel has in the whole. Stability is 100 % while valence and arousal stay where they "
    "are, and falls as they move.",
)
"""Told in full under About, too."""
BY_PEOPLE = "human"
"""The name of the engine of a reply where it is text that people wrote beforehand."""


def footnotes(analysis: Analysis) -> tuple[str, ...]:
    """All three; nothing where nothing was read."""
    read = analysis.engines.keys() - {"reply"}
    return missing_list(analysis.missing), legend() if read else "", engines_line(analysis)


def missing_list(missing: Sequence[Missing]) -> str:
    """Stages that could not speak, and why; folded away."""
    if not missing:
        return ""
    rows = [(each.stage, each.why) for each in missing]
    return tag("details", text("summary", f"Not read here: {', '.join(dict.fromkeys(each.stage for each in missing))}"),
               table(("stage", "why"), rows, "Missing stages"), class_="card")


def legend() -> str:
    """How the numbers are meant, a click away."""
    lines = tag("ul", *(text("li", line) for line in MEANINGS), class_="plain")
    return tag("details", text("summary", TITLE), lines, class_="card")


def engines_line(analysis: Analysis) -> str:
    """Who spoke, and how long it took."""
    if not analysis.engines:
        return ""
    spoke = ", ".join(f"{stage}: {'written by people beforehand' if name == BY_PEOPLE else name}"
                      for stage, name in analysis.engines.items())
    took = sum(value for value in analysis.timings_ms.values() if math.isfinite(value))
    after = f" · {number(took, 0, 'ms') if took < 1000 else number(took / 1000, 1, 's')}" if took >= 1 else ""
    return text("p", f"Engines: {spoke}{after}", class_="soft")
