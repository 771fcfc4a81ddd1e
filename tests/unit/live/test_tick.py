import json

import pytest

from empathy.live.options import LiveOptions
from empathy.live.tick import FaceView, FrameView, MaskingView, PostureView, Tick, tick_json
from tests.fakes import GLAD

NO_STATES = {"happy": None, "sad": 0.123456}


def empty(**changes):
    return Tick(n=1, at_s=2.0, running=True, hearing="silence", seeing="face", states=NO_STATES,
                **changes)


def test_a_tick_becomes_small_plain_json():
    face = FaceView(box=(1.04, 2.0, 3.0, 4.0), label="happy", confidence=0.91239, abstains=False, emotions=GLAD,
                    points=((10.123, 20.456),) * 80)
    frame = FrameView(width=480, height=360, captured_s=1.23456)
    posture = PostureView(label="upright", lines=((1.11, 2.0, 3.0, 4.0),))
    tick = empty(face=face, frame=frame, posture=posture, affect=(0.5, 0.25, 0.1), trail=((0.1, 0.2),) * 60,
                 age_ms=51.26, masking=MaskingView(shown="happy", felt="sad", probability=0.87654),
                 stages_ms={"faces": 4.26})
    found = tick_json(tick)
    text = json.dumps(found)
    assert len(text) < 15_000
    assert found["face"]["points"][0] == [10.1, 20.5]
    assert found["face"]["emotions"]["happy"] == 0.7
    assert found["frame"]["captured_s"] == 1.235
    assert found["affect"] == {"valence": 0.5, "arousal": 0.25, "dominance": 0.1}
    assert found["masking"] == {"shown": "happy", "felt": "sad", "probability": 0.877}
    assert found["posture"]["lines"] == [[1.1, 2.0, 3.0, 4.0]]
    assert found["stages_ms"] == {"faces": 4.3}
    assert found["age_ms"] == 51.3


def test_what_is_absent_is_null_and_not_zero():
    found = tick_json(empty())
    assert found["states"] == {"happy": None, "sad": 0.123}
    assert found["frame"] is None
    assert found["face"] is None
    assert found["posture"] is None
    assert found["affect"] is None
    assert found["stability"] is None
    assert found["masking"] is None
    assert found["age_ms"] is None


@pytest.mark.parametrize("wrong", [{"attack_s": -1.0}, {"tick_s": 0.0}, {"face_weight": float("nan")},
                                   {"voice_weight": 3.0}, {"release_s": 99.0}])
def test_options_out_of_bounds_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LiveOptions(**wrong)
