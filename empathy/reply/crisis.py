"""The human-written text for a crisis, by country and by kind of danger; no language model has a hand in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..memory.verbs import word_set
from ..registry import PROMPTS
from ..types import RiskCategory

EU = word_set("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE")
_ALIASES = {"UK": "GB", "USA": "US"}


@cache
def _file() -> Mapping[str, Any]:
    """``prompts/crisis.toml``, read once. ``Any``: its shape is told in its head."""
    return tomllib.loads((PROMPTS / "crisis.toml").read_text(encoding="utf-8"))


def countries() -> tuple[str, ...]:
    """ISO codes with a help line of their own."""
    return tuple(_file()["countries"])


def _country(country: str) -> Mapping[str, str] | None:
    code = _ALIASES.get(country.upper(), country.upper())
    table = _file()["countries"]
    return table.get(code) or (table["EU"] if code in EU else None)


def crisis_text(country: str = "", category: RiskCategory | None = None, *, again: bool = False) -> tuple[str, ...]:
    """What to say, one line an item.

    Args:
        country: ISO 3166 code; "" or an unknown one gives the international directory.
        category: the kind of danger, None for danger to oneself.
        again: the full text was shown just before, so be brief.
    """
    file, found = _file(), _country(country)
    text = file["text"]
    lines: list[str] = list(file["again"]["text"]) if again else list(text.get(category or "open", text["open"]))
    lines.append(text["emergency"].format(emergency=found["emergency"] if found else "your local emergency number"))
    if found:
        lines.append(
            text["call"].format(
                who=found["who"], call=found["call"], text=f", or {found['sms']}" if "sms" in found else ""
            )
        )
    if not found or not again:
        lines.append(text["directory"])
    if not again:
        lines += [
            text["near"],
            *([] if category in ("harm by others", "harm to others") else [text["plan"]]),
            text["breathe"],
            text["close"],
        ]
    else:
        lines.append(file["again"]["close"])
    return tuple(lines)


def after_text(country: str = "", *, n: int, said_ok: bool) -> tuple[str, ...]:
    """What to say in the turns after a crisis, while care is still held.

    Args:
        country: as in ``crisis_text``.
        n: how many turns the crisis lies back; chooses the wording, so that none comes twice in a row.
        said_ok: the person pressed "I'm OK".
    """
    after, found = _file()["after"], _country(country)
    emergency = found["emergency"] if found else "your local emergency number"
    line = f"{found['who']}, {found['call']}" if found else "findahelpline.com"
    reach = (after["reach"].format(emergency=emergency, line=line),) if n % 2 == 0 else ()  # there, and not nagging
    return (after["ok"] if said_ok else after["text"][n % len(after["text"])], *reach,
            after["ask"][n % len(after["ask"])])


def crisis_offers(country: str = "") -> tuple[str, ...]:
    """The same ways to help as short lines for buttons and cards."""
    offers, found = _file()["offers"], _country(country)
    if not found:
        first = (offers["emergency"].format(emergency="your local emergency number"), offers["directory"])
    else:
        sms = found.get("sms", "")
        first = (
            offers["call"].format(**found),
            *((sms[:1].upper() + sms[1:],) if sms else ()),
            offers["emergency"].format(**found),
            offers["directory"],
        )
    return (*first, offers["near"], offers["plan"], offers["breathe"])
