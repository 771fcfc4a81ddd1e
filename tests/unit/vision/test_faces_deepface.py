from types import SimpleNamespace

import numpy as np
import pytest

from empathy.errors import ModelRunError
from empathy.settings import Settings
from empathy.vision.faces_deepface import DeepFaceDetector


class Client:
    """One of DeepFace's detectors that sees what it is told."""

    def __init__(self, *found, error=None):
        self.found, self.error, self.asked = found, error, []

    def detect_faces(self, picture):
        self.asked.append(picture)
        if self.error:
            raise self.error
        return list(self.found)


def region(x, y, w, h, *, confidence=0.9, eyes=True):
    right, left = ((x + w // 4, y + h // 3), (x + 3 * w // 4, y + h // 3)) if eyes else (None, None)
    return SimpleNamespace(x=x, y=y, w=w, h=h, right_eye=right, left_eye=left, confidence=confidence)


def detector(client):
    """The detector without MediaPipe's networks, which first_look does not need."""
    made = DeepFaceDetector.__new__(DeepFaceDetector)
    made._client = client
    return made


def test_regions_become_candidates_in_px_of_the_picture():
    client = Client(region(10, 20, 100, 120, confidence=0.4), region(300, 40, 80, 80))
    first, second = detector(client).first_look(np.zeros((960, 1280, 3), np.uint8))
    assert client.asked[0].shape == (480, 640, 3)
    assert (first.box.x, first.box.y, first.box.width, first.box.height) == (600, 80, 160, 160)
    assert (first.score, second.score) == (0.9, 0.4)
    assert second.right_eye == (70.0, 120.0)
    assert second.roll_rad == 0.0


def test_deepface_gets_blue_first():
    client = Client()
    detector(client).first_look(np.dstack([np.full((8, 8), level, np.uint8) for level in (1, 2, 3)]))
    assert client.asked[0][0, 0].tolist() == [3, 2, 1]


def test_eyes_that_were_not_seen_are_taken_for_level():
    candidate, = detector(Client(region(0, 0, 100, 100, eyes=False))).first_look(np.zeros((200, 200, 3), np.uint8))
    assert candidate.right_eye[0] < candidate.left_eye[0]
    assert candidate.roll_rad == 0.0


def test_a_score_beyond_bounds_is_cut():
    found = detector(Client(region(0, 0, 9, 9, confidence=1.7), region(0, 0, 9, 9, confidence=None)))
    assert [one.score for one in found.first_look(np.zeros((20, 20, 3), np.uint8))] == [1.0, 0.0]


def test_what_deepface_raises_is_one_of_our_errors():
    with pytest.raises(ModelRunError, match="shape"):
        detector(Client(error=KeyError("x"))).first_look(np.zeros((20, 20, 3), np.uint8))


def test_a_wish_names_the_engine_and_its_absence_is_announced(tmp_path):
    from empathy.catalog import build

    system = build(Settings(models=tmp_path), environ={})
    assert system.provider("faces", "haar").candidates()[0].name == "face-haar"
    wished = system.provider("faces", "retinaface")
    assert [spec.name for spec in wished.candidates()][:2] == ["face-retinaface", "face-mesh"]
    assert system.engines.faces.candidates()[0].name == "face-mesh", "nobody gets a slow one unasked"
