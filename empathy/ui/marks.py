"""The small words of the page's own markup: escaped text, numbers that are never NaN, tags that are always closed.

All that the page draws is well-formed XML, so that a test can parse it and nothing a visitor wrote can become markup.
"""

from __future__ import annotations

import html
import math
import re

UNKNOWN = "–"
HELP_LINES = "findahelpline.com"
"""The international directory of help lines."""

_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEMPLATE = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;"})


def escape(text: object) -> str:
    """Text as it may stand between tags or in an attribute.

    The marks of the page's template language are escaped too, and characters that XML does not know are dropped.
    """
    return html.escape(_CONTROL.sub("", str(text)), quote=True).translate(_TEMPLATE)


def known(value: float | None) -> bool:
    """True for a finite number."""
    return value is not None and math.isfinite(value)


def number(value: float | None, digits: int = 2, unit: str = "") -> str:
    """``0.72`` or ``182 Hz``; a dash for what could not be measured."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        text = text.removeprefix("-")
    return f"{text} {unit}".rstrip()


def share(value: float | None) -> str:
    """A probability as whole percent; what is neither impossible nor certain is not rounded to either."""
    if value is not None and 0.0 < value < 0.005:
        return "<1 %"
    if value is not None and 0.995 < value < 1.0:
        return ">99 %"
    return number(None if value is None else 100.0 * value, 0, "%")


def clock(seconds: float) -> str:
    """``0:07`` or ``12:30``."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def tag(name: str, *inside: str, **attributes: object) -> str:
    """One element. ``inside`` is markup already; attributes are escaped. ``class_`` is written ``class`` and ``data_x``
    is written ``data-x``; an attribute that is None is left out."""
    pairs = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
                    for key, value in attributes.items() if value is not None)
    body = "".join(inside)
    return f"<{name}{pairs}>{body}</{name}>" if body or name not in _VOID else f"<{name}{pairs}/>"


_VOID = frozenset({"br", "circle", "ellipse", "hr", "img", "input", "line", "path", "polyline", "rect"})


def text(name: str, content: object, **attributes: object) -> str:
    """One element around plain text."""
    return tag(name, escape(content), **attributes)


def linked(content: str) -> str:
    """Plain text in which the directory of help lines is a link."""
    link = text("a", HELP_LINES, href=f"https://{HELP_LINES}", target="_blank", rel="noopener noreferrer")
    return link.join(escape(part) for part in content.split(HELP_LINES))


def panel(*inside: str, **attributes: object) -> str:
    """The outer element of everything the page draws itself; "" when there is nothing to show."""
    body = "".join(inside)
    return tag("div", body, class_="es", **attributes) if body else ""


def card(title: str, *inside: str, aside: str = "") -> str:
    """A titled box; ``aside`` is a short text at its right."""
    head = tag("div", text("h3", title), text("small", aside) if aside else "", class_="head")
    return tag("section", head, *inside, class_="card", aria_label=title)


def notice(content: str, kind: str = "", role: str | None = None) -> str:
    """A coloured line of plain text; ``kind`` is "", "warn" or "stop"."""
    return text("div", content, class_=f"notice {kind}".strip(), role=role)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]], name: str, css: str | None = None) -> str:
    """A table of plain text; each cell carries its column's name for narrow screens."""
    top = tag("tr", *(text("th", cell, scope="col") for cell in head))
    body = (tag("tr", *(text("td", cell, data_name=column) for column, cell in zip(head, row, strict=True)))
            for row in rows)
    return tag("table", tag("thead", top), tag("tbody", *body), aria_label=name, class_=css)
