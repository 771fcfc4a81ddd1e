"""What pushed the estimate where: for the likeliest emotion against the next ones, a waterfall from even odds."""

from __future__ import annotations

from collections.abc import Mapping

from ..types import Emotion, Estimate
from .marks import escape, number, share, tag, text

WIDTH, ROW, LEFT, RIGHT = 320.0, 26.0, 84.0, 46.0
"""In the drawing's own units: it is as wide as its card, to the size of a phone's."""

N_AGAINST = 2
"""How many other emotions the likeliest one is held against."""

_CALLED: Mapping[str, str] = {"pairing": "both at once"}


def steps(estimate: Estimate, emotion: Emotion, other: Emotion) -> tuple[tuple[str, float], ...]:
    """Name and size of each step, in nats of log-odds of one emotion against another; they sum to the logarithm of the
    ratio of the two probabilities."""
    return tuple((push.source, push.nats[emotion] - push.nats[other]) for push in estimate.pushes)


def waterfalls(estimate: Estimate) -> str:
    """The drawings, and what their bars mean; "" where nothing was pushed."""
    if not estimate.pushes:
        return ""
    (top, _), *others = estimate.emotions.items()
    drawings = [waterfall(estimate, top, other) for other, _ in others[:N_AGAINST]]
    note = "Each bar is what one channel added, from even odds; right speaks for it, left against. Three steps of 1 " \
           "make odds of 20 to 1."
    return tag("div", *drawings, text("p", note, class_="soft"))


def waterfall(estimate: Estimate, emotion: Emotion, other: Emotion) -> str:
    """One emotion against another."""
    found = steps(estimate, emotion, other)
    total = sum(size for _, size in found)
    ends = [sum(size for _, size in found[:i + 1]) for i in range(len(found))]
    low, high = min(0.0, *ends, total), max(0.0, *ends, total)
    scale = (WIDTH - LEFT - RIGHT) / max(high - low, 0.5)

    def at(value: float) -> float:
        return LEFT + (value - low) * scale

    parts: list[str] = []
    for i, (name, size) in enumerate(found):
        start = ends[i] - size
        colour = f"var(--c-{name})" if name != "pairing" else "var(--e-soft)"
        parts.append(_bar(i, _CALLED.get(name, name), (at(start), at(ends[i])), colour, size))
        parts.append(tag("line", x1=f"{at(ends[i]):.1f}", x2=f"{at(ends[i]):.1f}", y1=f"{(i + 1) * ROW - 5:.1f}",
                         y2=f"{(i + 1) * ROW + 5:.1f}", stroke="var(--e-soft)", stroke_width=1))
    parts.append(_bar(len(found), "together", (at(0.0), at(total)), "var(--c-all)", total))
    height = (len(found) + 1) * ROW
    parts.insert(0, tag("line", x1=f"{at(0):.1f}", x2=f"{at(0):.1f}", y1=0, y2=f"{height:.1f}",
                        stroke="var(--e-soft)", stroke_dasharray="3 3"))
    told = [f"{_CALLED.get(name, name)} {_signed(size)}" for name, size in found]
    title = f"Why {emotion} rather than {other}"
    words = f"{title}: from even odds, {', '.join(told)}; together {_signed(total)}, " \
            f"{share(getattr(estimate.emotions, emotion))} against {share(getattr(estimate.emotions, other))}"
    drawing = tag("svg", text("title", words), *parts, viewBox=f"0 0 {WIDTH:.0f} {height:.0f}", role="img",
                  aria_label=words, style="width:100%;max-width:460px")
    return text("h4", title) + drawing


def _bar(row: int, name: str, ends: tuple[float, float], colour: str, size: float) -> str:
    y, middle = row * ROW + 6, row * ROW + ROW / 2 + 4
    left, right = min(ends), max(ends)
    return "".join((
        tag("text", escape(name), x=0, y=f"{middle:.1f}"),
        tag("rect", x=f"{left:.1f}", y=f"{y:.1f}", width=f"{max(right - left, 1.5):.1f}", height=ROW - 12, rx=3,
            fill=colour),
        tag("text", escape(_signed(size)), x=WIDTH, y=f"{middle:.1f}", text_anchor="end")))


def _signed(value: float) -> str:
    return f"+{number(value)}" if value >= 0.005 else number(value)
