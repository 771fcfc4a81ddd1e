"""The waterfall: its bars add up exactly, and its words say what the drawing shows."""

import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.fusion.fuse import Vote, fuse
from empathy.types import EMOTIONS, Emotions
from empathy.ui.waterfall import steps, waterfall, waterfalls

from .markup import labels, parse
from .samples import estimate


def fused(*channels):
    rng = np.random.default_rng(len(channels))
    cast = []
    for channel in channels:
        emotions = Emotions.of(rng.dirichlet(np.full(8, 0.5)))
        cast.append(Vote(channel=channel, emotions=emotions, affect=affect_of(emotions), confidence=0.8))
    return fuse(tuple(cast))


@pytest.mark.parametrize("channels", [("face",), ("face", "voice"), ("face", "voice", "words")])
def test_the_bars_add_up_to_the_log_odds_of_any_two_emotions(channels):
    found = fused(*channels)
    for emotion in EMOTIONS:
        for other in EMOTIONS:
            odds = np.log(getattr(found.emotions, emotion) / getattr(found.emotions, other))
            assert sum(size for _, size in steps(found, emotion, other)) == pytest.approx(odds, abs=1e-9)


def test_the_drawing_has_a_bar_for_each_step_and_one_for_all_and_says_so_in_words():
    found = fused("face", "voice")
    top, second = (name for name, _ in found.emotions.items()[:2])
    markup = waterfall(found, top, second)
    bars = [each for each in parse(markup).iter() if each.tag == "rect"]
    assert len(bars) == 4
    spans = [(float(bar.attrib["x"]), float(bar.attrib["width"])) for bar in bars]
    assert all(x >= 0 and x + width <= 320 for x, width in spans)
    (label,) = labels(markup)
    assert label.startswith(f"Why {top} rather than {second}: from even odds, face ")
    assert "both at once" in label
    assert "together +" in label


def test_the_likeliest_emotion_is_held_against_the_next_two():
    found = fused("face", "voice", "words")
    names = [name for name, _ in found.emotions.items()]
    told = labels(waterfalls(found))
    assert [label.split(":")[0] for label in told] == [f"Why {names[0]} rather than {other}" for other in names[1:3]]


def test_without_steps_there_is_no_drawing():
    assert waterfalls(estimate()) == ""
