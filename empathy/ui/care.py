"""What the care layer offers, as a card."""

from __future__ import annotations

from ..types import Care
from .marks import HELP_LINES, linked, tag, text


def care_card(care: Care) -> str:
    """What the care layer offers; silent at its lowest level."""
    if care.level == "none":
        return ""
    offers = list(care.offers)
    if care.level == "crisis" and not any(HELP_LINES in each for each in offers):
        offers.append(f"Someone to talk to, in your country: {HELP_LINES}")
    kind = "stop" if care.level == "crisis" else "warn" if care.level == "support" else ""
    title = {"check-in": "A question back", "support": "What may help", "crisis": "You don't have to do this alone"}
    lines = tag("ul", *(tag("li", linked(each)) for each in offers), class_="plain") if offers else ""
    return tag("section", text("h3", title[care.level]), lines, class_=f"card notice {kind}".strip(),
               role="alert" if care.level == "crisis" else None, aria_label="Care")
