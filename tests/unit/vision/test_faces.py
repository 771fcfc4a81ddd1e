import numpy as np
import pytest

from empathy.protocols import FoundFace
from empathy.types import Box
from empathy.vision.faces import order_faces, overlap, same_face, shrink, tiles
from empathy.vision.landmarks import worth_second_look


def face(x: float, y: float, side: float, confidence: float = 0.9) -> FoundFace:
    return FoundFace(box=Box(x=x - side / 2, y=y - side / 2, width=side, height=side), confidence=confidence,
                     landmarks=np.zeros((478, 3), np.float32))


def test_the_larger_face_comes_first() -> None:
    small, large = face(200, 240, 80), face(440, 240, 120)
    assert order_faces([small, large], 640, 480) == (large, small)


def test_of_two_alike_the_one_in_the_middle_comes_first() -> None:
    aside, middle = face(60, 60, 100), face(330, 230, 100)
    assert order_faces([aside, middle], 640, 480) == (middle, aside)


def test_a_large_doubtful_face_does_not_win() -> None:
    wall, person = face(330, 230, 130, confidence=0.5), face(280, 240, 100, confidence=0.95)
    assert order_faces([wall, person], 640, 480)[0] is person


def test_a_much_larger_face_at_the_border_still_wins() -> None:
    aside, middle = face(80, 240, 160), face(320, 240, 60)
    assert order_faces([middle, aside], 640, 480)[0] is aside


def test_overlap_is_intersection_over_union() -> None:
    a = Box(x=0, y=0, width=10, height=10)
    assert overlap(a, a) == 1.0
    assert overlap(a, Box(x=5, y=0, width=10, height=10)) == pytest.approx(1 / 3)
    assert overlap(a, Box(x=20, y=0, width=10, height=10)) == 0.0
    assert overlap(a, Box(x=0, y=0, width=0, height=0)) == 0.0


def test_a_box_within_another_is_the_same_face() -> None:
    outer = Box(x=0, y=0, width=100, height=100)
    assert same_face(outer, Box(x=40, y=40, width=20, height=20))
    assert not same_face(outer, Box(x=90, y=90, width=40, height=40))


@pytest.mark.parametrize(("width", "height"), [(640, 480), (480, 640), (500, 500), (4000, 3000), (3000, 300), (7, 4000),
                                               (32, 32)])
def test_tiles_cover_the_picture_and_stay_in_it(width: int, height: int) -> None:
    seen = np.zeros((height, width), bool)
    for x, y, side in tiles(width, height):
        assert 0 <= x < width and 0 <= y < height
        seen[y:y + side, x:x + side] = True
    assert seen.all()


def test_a_face_on_the_seam_of_two_tiles_lies_whole_in_one() -> None:
    squares = list(tiles(1000, 800))
    side = 100
    for x in range(0, 1000 - side, 20):
        for y in range(0, 800 - side, 20):
            assert any(a <= x and b <= y and x + side <= a + s and y + side <= b + s for a, b, s in squares)


def test_only_large_pictures_get_the_finest_tiles() -> None:
    assert min(side for _, _, side in tiles(4000, 3000)) < 1000
    assert min(side for _, _, side in tiles(1000, 800)) > 400


def test_shrinking_keeps_small_pictures_as_they_are() -> None:
    picture = np.zeros((10, 20, 3), np.uint8)
    assert shrink(picture, 100) == (picture, 1.0)
    smaller, zoom = shrink(np.zeros((100, 200, 3), np.uint8), 50)
    assert smaller.shape == (25, 50, 3)
    assert zoom == 0.25


def test_a_portrait_needs_no_second_look_and_a_crowd_does() -> None:
    assert not worth_second_look([face(320, 240, 120)], 640, 480)
    assert worth_second_look([face(320, 240, 40)], 640, 480)
    assert worth_second_look([], 640, 480)
    assert worth_second_look([face(1000, 700, 250)], 2000, 1400)
    assert not worth_second_look([face(1000, 700, 600)], 2000, 1400)
