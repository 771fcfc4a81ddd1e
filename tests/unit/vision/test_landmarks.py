"""How candidates become faces, on a scripted detector and a scripted mesh."""

from typing import Any, cast

import numpy as np
import pytest

from empathy.errors import ModelRunError
from empathy.types import Box, Picture
from empathy.vision.faces import Candidate, FaceDetector
from empathy.vision.geometry import mesh_box
from empathy.vision.landmarks import MediaPipeFaces, MediaPipeTracker
from empathy.vision.mesh import Mesh
from tests.fakes import mesh

PICTURE = np.zeros((480, 640, 3), np.uint8)
MIDDLE = Box(x=64, y=64, width=128, height=128)


def sides(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height


def about(x: float, y: float, width: float, height: float) -> Any:
    """Where the box of a mesh lies that was scripted to fill this one."""
    return pytest.approx(sides(mesh_box(mesh(Box(x=x, y=y, width=width, height=height)))), abs=0.5)


def candidate(x: float, y: float, side: float, score: float = 0.8) -> Candidate:
    return Candidate(box=Box(x=x, y=y, width=side, height=side), score=score,
                     right_eye=(x + 0.3 * side, y + 0.4 * side), left_eye=(x + 0.7 * side, y + 0.4 * side))


class Detector:
    """Believes in faces about the given places, and keeps which looks were taken."""

    def __init__(self, first: tuple[Candidate, ...] = (), second: tuple[Candidate, ...] = (),
                 last: tuple[Candidate, ...] = (), believe: float = 0.9) -> None:
        self.answers = {"first": first, "second": second, "last": last}
        self.looks: list[str] = []
        self.believe = believe

    def _look(self, name: str) -> tuple[Candidate, ...]:
        self.looks.append(name)
        return self.answers[name]

    def first_look(self, picture: Picture) -> tuple[Candidate, ...]:
        return self._look("first")

    def second_look(self, picture: Picture) -> tuple[Candidate, ...]:
        return self._look("second")

    def last_look(self, picture: Picture) -> tuple[Candidate, ...]:
        return self._look("last")

    def belief(self, picture: Picture, centre: tuple[float, float], side: float, roll_rad: float) -> float:
        return self.believe


class MiddleMesh:
    """Lays a mesh on the middle half of every square, or where it is told."""

    def __init__(self, box: Box | None = MIDDLE) -> None:
        self.box = box
        self.closed = False

    def lay(self, picture: Picture) -> tuple[Mesh, ...]:
        return ((mesh(self.box), None),) if self.box else ()

    def close(self) -> None:
        self.closed = True


def finder(detector: Detector, model: MiddleMesh | None = None) -> MediaPipeFaces:
    return MediaPipeFaces("fake@1", cast(FaceDetector, detector), model or MiddleMesh())


def test_a_candidate_that_detector_and_mesh_confirm_is_a_face_in_px_of_the_picture() -> None:
    (face,) = finder(Detector((candidate(200, 100, 120),))).find(PICTURE)
    assert sides(face.box) == about(200, 100, 120, 120)
    assert face.confidence == 0.9


def test_a_large_face_explains_the_picture_at_the_first_look() -> None:
    detector = Detector((candidate(200, 100, 120),))
    finder(detector).find(PICTURE)
    assert detector.looks == ["first"]


def test_small_faces_call_for_a_second_look_and_none_for_a_last_one() -> None:
    detector = Detector((candidate(200, 100, 40),), (candidate(400, 100, 30),))
    assert len(finder(detector).find(PICTURE)) == 2
    assert detector.looks == ["first", "second"]
    nobody = Detector()
    assert finder(nobody).find(PICTURE) == ()
    assert nobody.looks == ["first", "second", "last"]


def test_a_glance_never_looks_twice() -> None:
    detector = Detector(second=(candidate(400, 100, 30),))
    assert finder(detector).glance(PICTURE) == ()
    assert detector.looks == ["first"]


def test_two_candidates_on_one_face_are_one_face() -> None:
    assert len(finder(Detector((candidate(200, 100, 120), candidate(210, 105, 110)))).find(PICTURE)) == 1


def test_what_the_detector_does_not_see_again_is_no_face() -> None:
    assert finder(Detector((candidate(200, 100, 120),), believe=0.0)).find(PICTURE) == ()


def test_what_gets_no_mesh_is_no_face() -> None:
    assert finder(Detector((candidate(200, 100, 120),)), MiddleMesh(None)).find(PICTURE) == ()


@pytest.mark.parametrize("box", [Box(x=0, y=0, width=40, height=40), Box(x=110, y=110, width=20, height=20)])
def test_a_mesh_that_slipped_away_is_no_face(box: Box) -> None:
    assert finder(Detector((candidate(200, 100, 120),)), MiddleMesh(box)).find(PICTURE) == ()


def test_candidates_outside_the_picture_or_of_a_few_pixels_are_left_alone() -> None:
    assert finder(Detector((candidate(700, 100, 120), candidate(100, 100, 5)))).find(PICTURE) == ()


def test_a_failing_detector_is_a_model_error() -> None:
    class Failing(Detector):
        def first_look(self, picture: Picture) -> Any:
            raise RuntimeError("graph has errors")

    with pytest.raises(ModelRunError, match="graph has errors"):
        finder(Failing()).find(PICTURE)


def test_a_tracker_takes_what_tracking_sees_and_glances_where_it_sees_nothing() -> None:
    detector = Detector((candidate(200, 100, 120),))
    still = finder(detector)
    tracking = MediaPipeTracker(still, MiddleMesh(Box(x=300, y=200, width=90, height=100)))
    assert sides(tracking.find(PICTURE)[0].box) == about(300, 200, 90, 100)
    assert detector.looks == []
    lost = MediaPipeTracker(still, MiddleMesh(None))
    assert sides(lost.find(PICTURE)[0].box) == about(200, 100, 120, 120)
    assert detector.looks == ["first"]


def test_a_tracker_does_not_follow_a_wall() -> None:
    tracker = MediaPipeTracker(finder(Detector(believe=0.0)), MiddleMesh())
    assert tracker.find(PICTURE) == ()


def test_closing_a_tracker_closes_its_network() -> None:
    model = MiddleMesh()
    MediaPipeTracker(finder(Detector()), model).close()
    assert model.closed


def test_landmarks_of_a_shrunk_frame_come_back_in_px_of_the_frame() -> None:
    tracker = MediaPipeTracker(finder(Detector()), MiddleMesh(Box(x=300, y=200, width=90, height=100)))
    (face,) = tracker.find(np.zeros((960, 1280, 3), np.uint8))
    assert sides(face.box) == about(600, 400, 180, 200)
