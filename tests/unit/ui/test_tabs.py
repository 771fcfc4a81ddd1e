"""The tabs' readers and the page as a whole, over a scripted system and real example files."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from empathy.memory.session import Session
from empathy.types import Analysis
from empathy.ui.blocks import build_page, forget_values
from empathy.ui.examples import PHOTOS, VIDEOS, VOICES
from empathy.ui.photo import photo_cards, read_photo
from empathy.ui.sessions import Visitors
from empathy.ui.video import video_cards
from empathy.ui.voice import envelope, read_sound, voice_cards

from .markup import labels, words
from .samples import face
from .scripted import ScriptedSystem, ScriptedTicker


@pytest.fixture(scope="module")
def visitors() -> Visitors:
    return Visitors(lambda: Session.start(0.0), 60.0, lambda: 0.0)


@pytest.fixture(scope="module")
def page(visitors: Visitors) -> Any:
    return build_page(ScriptedSystem(), visitors, ScriptedTicker())


def test_every_example_is_there_and_small():
    files = [each.path for each in (*PHOTOS, *VOICES, *VIDEOS)]
    assert all(0 < path.stat().st_size < 300_000 for path in files)


def test_a_photo_is_drawn_over_and_told():
    *_, (_, status, cards, numbers) = read_photo(ScriptedSystem(), PHOTOS[0].path)
    assert "Done" in words(status)
    assert "The expression looks happy" in words(cards)
    assert numbers["faces"][0]["emotions"]["happy"] == pytest.approx(0.7)


def test_the_overlay_is_drawn_when_faces_are_known():
    overlays = [outputs[0] for outputs in read_photo(ScriptedSystem(), PHOTOS[0].path)]
    drawn = [each["value"] for each in overlays if isinstance(each, dict) and each.get("visible")]
    assert [picture.shape for picture in drawn] == [(512, 512, 3), (512, 512, 3)]


def test_faces_are_numbered_only_where_there_are_several():
    two = Analysis(input="x", kind="image", faces=(face(), face()))
    one = Analysis(input="x", kind="image", faces=(face(),))
    assert [words(each)[:6] for each in photo_cards(two)] == ["Face 1", "Face 2"]
    assert words(photo_cards(one)[0]).startswith("Faceconfidence")


def test_in_a_crowd_two_faces_are_open_and_the_others_a_click_away():
    crowd = Analysis(input="x", kind="image", faces=(face(),) * 7)
    assert len(photo_cards(crowd)) == 3
    assert words(photo_cards(crowd)[2]).startswith("5 more facesFace 3")


def test_no_face_is_said():
    analysis = Analysis(input="x", kind="image", engines={"faces": "mesh@1"})
    assert "No face found" in words("".join(photo_cards(analysis)))
    assert photo_cards(Analysis(input="x", kind="image")) == []


def test_a_clip_shows_its_waveform():
    *_, (_, cards, _) = read_sound(ScriptedSystem(), VOICES[0].path, voice_cards)
    assert any(each.startswith("Waveform of 4.0 s") for each in labels(cards))


def test_a_video_shows_its_timeline():
    *_, (_, cards, _) = read_sound(ScriptedSystem(), VIDEOS[0].path, video_cards)
    assert any(each.startswith("Valence over time") for each in labels(cards))


def test_a_file_of_the_wrong_kind_gives_its_sentence(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.warns(UserWarning, match="notes.txt is text"):  # Gradio's way to show it outside of a request
        *_, (_, cards, numbers) = read_sound(ScriptedSystem(), path, voice_cards)
    assert "notes.txt is text" in words(cards)
    assert numbers is None


def test_the_envelope_is_the_peak_of_each_slice():
    samples = np.array([0.1, -0.9, 0.2, 0.3], np.float32)
    assert envelope(samples, 2) == pytest.approx((0.9, 0.3))
    assert envelope(np.zeros(0, np.float32)) == ()
    assert len(envelope(samples, 100)) == 4


def test_programs_reach_three_endpoints_and_no_more(page: Any):
    assert set(page.get_api_info()["named_endpoints"]) == {"/analyze", "/talk", "/status"}


def test_uploads_are_deleted_within_a_minute(page: Any):
    every_s, older_than_s = page.delete_cache
    assert older_than_s <= 60
    assert every_s <= 30


def test_nothing_is_reported_to_anyone(page: Any):
    assert page.analytics_enabled is False


def test_gradio_s_own_copy_of_a_tab_s_values_can_be_dropped(page: Any):
    from gradio.state_holder import StateHolder

    holder = StateHolder()
    holder.set_blocks(page)
    assert holder["tab"] is not None
    forget_values(page, "tab")
    assert "tab" not in holder


def test_who_closes_the_tab_is_forgotten_and_no_longer_seen(page: Any, visitors: Visitors):
    leave = next(each.fn for each in page.fns.values() if any(target[1] == "unload" for target in each.targets))
    visitors.of("tab").say("user", "a secret")
    live = visitors.of("tab").live = ScriptedTicker().open(None)
    leave(SimpleNamespace(session_hash="tab"))
    assert len(visitors) == 0
    assert live.closed
