"""What every piece of the page's markup must be: well-formed, and free of NaN."""

from __future__ import annotations

from xml.etree import ElementTree


def parse(markup: str) -> ElementTree.Element:
    """The markup as a tree; fails when it is not well-formed XML or shows a number that is none."""
    root = ElementTree.fromstring(f"<root>{markup}</root>")
    lowered = markup.lower()
    assert "nan" not in lowered.replace("unpleasant", ""), markup
    assert "inf" not in lowered, markup
    return root


def words(markup: str) -> str:
    """The visible text."""
    return " ".join("".join(parse(markup).itertext()).split())


def labels(markup: str) -> list[str]:
    """What a screen reader is told of each image."""
    return [each.attrib["aria-label"] for each in parse(markup).iter() if each.attrib.get("role") == "img"]
