"""Face and voice of real clips through the engines that ship: sincere ones raise nothing, composites of a happy or
still face with a sad or angry voice do, and the reply names both. Composites test plumbing, not accuracy."""

import os
from functools import cache
from pathlib import Path

import pytest

from empathy import build

VIDEOS = Path(os.environ.get("EMPATHY_DATA", "")) / "videos"
pytestmark = pytest.mark.skipif(not (VIDEOS / "manifest.csv").is_file(),
                                reason="needs labelled clips: EMPATHY_DATA/videos/manifest.csv")


@cache
def read(name):
    return build().analyze(VIDEOS / name, reply=True)


@pytest.mark.parametrize("name", ["composite/c01_sad_sad.mp4", "composite/c03_happy_happy.mp4",
                                  "composite/c09_surprise_surprise.mp4", "natural/pyfeat_smiling_man.mp4",
                                  "natural/ravdess_01-01-01-01-01-01-01.mp4", "composite/c13_noface_sadvoice.mp4"])
def test_one_story_raises_nothing(name):
    estimate = read(name).estimate
    assert estimate is not None
    assert estimate.masking is None


@pytest.mark.parametrize(("name", "shown", "felt"), [
    ("composite/c05_happyface_sadvoice.mp4", "happy", "sad"),
    ("composite/c07_neutralface_angryvoice.mp4", "neutral", "angry")])
def test_two_stories_are_told_and_the_reply_names_both_sides(name, shown, felt):
    analysis = read(name)
    masking = analysis.estimate.masking
    assert (masking.shown, masking.felt) == (shown, felt)
    assert [line.channel for line in masking.evidence][:2] == ["face", "voice"]
    assert "face" in analysis.reply
    assert "voice" in analysis.reply
    assert "hid" not in analysis.reply
    assert analysis.reply.rstrip().endswith("?")
