"""The cards that ship: what people read must be what their JSON says."""

import json

import pytest

from empathy.evaluation import fusion_card
from empathy.registry import WEIGHTS
from empathy.training import face_card, voice_card


@pytest.mark.parametrize(("name", "page"), [
    ("face", face_card.page), ("voice", voice_card.page), ("fusion", fusion_card.page)])
def test_a_card_tells_the_figures_of_its_json(name, page):
    card = json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8"))
    assert (WEIGHTS / f"{name}.md").read_text(encoding="utf-8").rstrip() == page(card).rstrip()
