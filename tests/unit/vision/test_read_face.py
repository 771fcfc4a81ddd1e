import numpy as np
import pytest

from empathy.affect import affect_of
from empathy.types import Emotions, Picture
from empathy.vision.read_face import read_faces
from tests.fakes import frontal


class Brightness:
    """Happy in the light, sad in the dark."""

    name = "brightness@1"
    crop_scale = 1.0

    def express(self, crop: Picture) -> Emotions:
        light = float(crop.mean()) / 255
        return Emotions.of({"happy": light, "sad": 1 - light})


def half_and_half() -> Picture:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 90, (480, 640, 3), dtype=np.uint8)
    picture[:, 320:] += 160
    return picture


def test_each_face_is_read_on_its_own_crop_and_the_main_one_comes_first() -> None:
    faces = (frontal(160, 240, 90), frontal(480, 240, 150))
    bright, dark = read_faces(half_and_half(), faces, Brightness(), max_faces=5, abstain_below=0.3)
    assert bright.emotions.top == "happy"
    assert dark.emotions.top == "sad"
    assert bright.affect == affect_of(bright.emotions)
    assert bright.engine == "brightness@1"
    assert bright.blendshapes == {"mouthSmileLeft": 0.5}


def test_no_face_gives_no_reading() -> None:
    assert read_faces(half_and_half(), (), Brightness(), max_faces=5, abstain_below=0.3) == ()


def test_no_more_faces_are_read_than_asked_for() -> None:
    faces = [frontal(60 + 100 * i, 240, 60) for i in range(6)]
    assert len(read_faces(half_and_half(), faces, Brightness(), max_faces=3, abstain_below=0.3)) == 3


def test_confidence_is_detection_times_quality_and_decides_on_abstaining() -> None:
    faces = (frontal(480, 240, 150, confidence=0.8),)
    (reading,) = read_faces(half_and_half(), faces, Brightness(), max_faces=1, abstain_below=0.3)
    assert reading.confidence == pytest.approx(0.8 * reading.quality.score)
    assert not reading.abstains
    (unsure,) = read_faces(half_and_half(), faces, Brightness(), max_faces=1, abstain_below=0.99)
    assert unsure.abstains
