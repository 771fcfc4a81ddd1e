"""The real eyes: MediaPipe on drawn faces (and on labelled photos where there are some), DeepFace on a file with the
shape of the published one and weights of our own."""

import csv
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from empathy.capture.image import load_picture
from empathy.errors import ModelFileError, ModelMissingError
from empathy.registry import Models, digest, files_of
from empathy.settings import Settings
from empathy.types import Box
from empathy.vision import expression_deepface, posture
from empathy.vision.faces import order_faces, overlap
from empathy.vision.faces_deepface import HAAR_SPEC
from empathy.vision.geometry import LANDMARKS_68, crop_face, eye_openness, head_pose
from empathy.vision.landmarks import LANDMARKER_SPEC, MESH_SPEC, MediaPipeFaces
from tests.drawn import drawn_face, placed

DATA = Path(os.environ.get("EMPATHY_DATA", "")) / "photos"
PHOTOS = pytest.mark.skipif(not (DATA / "manifest.csv").is_file(),
                            reason="needs labelled photos: EMPATHY_DATA/photos/manifest.csv")
SETTINGS = Settings()


def landmarker_path() -> Path | None:
    """The published file, in the models folder or beside the labelled data."""
    places = SETTINGS.models_dir, DATA.parent.parent / "models"
    return next((path for place in places if (path := place / "face_landmarker.task").is_file()), None)


@pytest.fixture(scope="module", params=["mesh", "landmarker"])
def finder(request: pytest.FixtureRequest) -> MediaPipeFaces:
    if request.param == "mesh":
        return MESH_SPEC.load(())  # type: ignore[return-value]
    path = landmarker_path()
    if path is None:
        pytest.skip("needs face_landmarker.task: python -m empathy models pull face-landmarker")
    return LANDMARKER_SPEC.load((path,))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def stander() -> posture.MediaPipePosture:
    return posture.SPEC.load(())  # type: ignore[return-value]


def test_a_face_gives_box_mesh_and_angles(finder: MediaPipeFaces) -> None:
    (face,) = finder.find(placed((200, 80, 320)))
    assert face.confidence > 0.5
    assert face.landmarks.shape == (478, 3)
    assert overlap(face.box, Box(x=280, y=150, width=160, height=190)) > 0.6
    pose = head_pose(face.landmarks)
    assert np.abs(np.degrees([pose.pitch_rad, pose.yaw_rad, pose.roll_rad])).max() < 10
    assert min(eye_openness(face.landmarks)) > 0.3
    assert crop_face(placed((200, 80, 320)), face.landmarks).shape[0] > 150


def test_only_the_landmarker_gives_blendshapes(finder: MediaPipeFaces) -> None:
    (face,) = finder.find(drawn_face())
    if "landmarker" in finder.name:
        assert face.blendshapes is not None and len(face.blendshapes) == 51
        assert all(0.0 <= value <= 1.0 for value in face.blendshapes.values())
    else:
        assert face.blendshapes is None


@pytest.mark.parametrize("picture", [
    np.zeros((480, 640, 3), np.uint8), np.full((480, 640, 3), 255, np.uint8), np.zeros((1, 1, 3), np.uint8),
    np.random.default_rng(0).integers(0, 256, (480, 640, 3), dtype=np.uint8),
    np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8), np.zeros((3, 900, 3), np.uint8),
], ids=["black", "white", "one pixel", "noise", "tiny noise", "thin"])
def test_there_is_nobody_in_nothing(finder: MediaPipeFaces, stander: posture.MediaPipePosture,
                                    picture: np.ndarray) -> None:
    assert finder.find(picture) == ()
    assert stander.stand(picture, None) is None


@pytest.mark.parametrize("side", [32, 48, 96, 1600])
def test_faces_are_found_in_tiny_and_in_large_pictures(finder: MediaPipeFaces, side: int) -> None:
    (face,) = finder.find(drawn_face(side))
    assert face.box.width == pytest.approx(0.44 * side, rel=0.25)


def test_every_face_of_a_crowd_is_found_once_and_in_place(finder: MediaPipeFaces) -> None:
    spots = [(40 + 480 * column, 60 + 480 * row, 200) for row in range(3) for column in range(5)]
    faces = finder.find(placed(*spots, width=2500, height=1600))
    assert len(faces) == 15
    middles = np.array([(face.box.x + face.box.width / 2, face.box.y + face.box.height / 2) for face in faces])
    for x, y, side in spots:
        assert np.linalg.norm(middles - (x + side / 2, y + side / 2), axis=1).min() < 25


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_picture_that_lies_on_its_side_still_shows_its_face(finder: MediaPipeFaces, quarters: int) -> None:
    (face,) = finder.find(np.ascontiguousarray(np.rot90(placed((120, 100, 300), width=540, height=500), quarters)))
    roll = np.degrees(head_pose(face.landmarks).roll_rad)
    assert abs((roll + 90 * quarters + 180) % 360 - 180) < 15


def test_a_face_cut_by_the_border_is_found_and_its_box_stays_inside(finder: MediaPipeFaces) -> None:
    (face,) = finder.find(placed((-110, 60, 360)))
    assert face.box.x == 0.0
    assert face.landmarks[:, 0].min() < 0


def test_a_mirrored_picture_flips_yaw_and_roll(finder: MediaPipeFaces) -> None:
    import cv2

    matrix = cv2.getRotationMatrix2D((200, 200), -20, 1.0)
    tilted = np.asarray(cv2.warpAffine(drawn_face(), matrix, (400, 400), borderMode=cv2.BORDER_REPLICATE))
    (face,) = finder.find(tilted)
    (mirrored,) = finder.find(np.ascontiguousarray(tilted[:, ::-1]))
    assert np.degrees(head_pose(face.landmarks).roll_rad) == pytest.approx(20, abs=6)
    assert np.degrees(head_pose(mirrored.landmarks).roll_rad) == pytest.approx(-20, abs=6)


def test_many_threads_may_ask_one_finder(finder: MediaPipeFaces) -> None:
    pictures = [placed((40 * i, 40, 300)) for i in range(6)]
    alone = [finder.find(picture)[0].box for picture in pictures]
    with ThreadPoolExecutor(6) as pool:
        together = [faces[0].box for faces in pool.map(finder.find, pictures)]
    assert together == alone


def test_a_tracker_follows_one_visitor_and_forgets_who_has_gone(finder: MediaPipeFaces) -> None:
    tracker = finder.tracker()
    for x in range(100, 200, 20):
        (face,) = tracker.find(placed((x, 80, 320)))
        assert face.box.x + face.box.width / 2 == pytest.approx(x + 160, abs=20)
    assert tracker.find(np.full((480, 640, 3), 100, np.uint8)) == ()
    tracker.close()


def test_posture_is_read_at_the_face_it_is_asked_for(stander: posture.MediaPipePosture) -> None:
    reading = stander.stand(placed((160, 60, 420)), Box(x=270, y=150, width=200, height=240))
    assert reading is not None
    assert abs(reading.landmarks[0, 0] - 370) < 60
    assert abs(reading.shoulder_tilt_rad) < 0.15
    assert stander.stand(placed((0, 60, 420)), Box(x=560, y=20, width=60, height=60)) is None


def test_loading_and_finding_write_nothing_to_standard_error() -> None:
    code = ("from tests.drawn import placed; from empathy.vision import landmarks, posture; p = placed((200, 80, 320));"
            "faces = landmarks.MESH_SPEC.load(()).find(p); posture.SPEC.load(()).stand(p, faces[0].box)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr == ""


def test_the_published_landmarker_is_the_one_that_is_pinned(tmp_path: Path) -> None:
    path = landmarker_path()
    if path is None:
        pytest.skip("needs face_landmarker.task")
    assert digest(path) == LANDMARKER_SPEC.sha256["face_landmarker.task"]


def test_a_landmarker_that_is_absent_or_broken_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="models pull face-landmarker"):
        Models(tmp_path).get(LANDMARKER_SPEC)
    (tmp_path / "face_landmarker.task").write_bytes(b"half a file")
    with pytest.raises(ModelFileError, match="delete it"):
        Models(tmp_path).get(LANDMARKER_SPEC)


def labelled(kind: str) -> list[tuple[str, str]]:
    if not (DATA / "manifest.csv").is_file():
        return [("absent", "0")]
    with (DATA / "manifest.csv").open(newline="") as file:
        return [(row["path"], row["faces_by_eye"]) for row in csv.DictReader(file) if row["kind"] == kind]


@PHOTOS
@pytest.mark.parametrize(("path", "_"), [*labelled("single"), *labelled("partial")])
def test_the_one_face_of_a_photo_is_found(finder: MediaPipeFaces, path: str, _: str) -> None:
    assert len(finder.find(load_picture(DATA / path, SETTINGS))) == 1


@PHOTOS
@pytest.mark.parametrize(("path", "_"), labelled("noface"))
def test_cats_cups_and_cartoons_are_no_faces(finder: MediaPipeFaces, path: str, _: str) -> None:
    assert finder.find(load_picture(DATA / path, SETTINGS)) == ()


@PHOTOS
@pytest.mark.parametrize(("path", "expected"), labelled("multi"))
def test_groups_are_counted_within_one(finder: MediaPipeFaces, path: str, expected: str) -> None:
    low, _, high = expected.partition("-")
    assert int(low) - 1 <= len(finder.find(load_picture(DATA / path, SETTINGS))) <= int(high or low) + 1


@PHOTOS
@pytest.mark.parametrize(("path", "label"), [
    ("multi/fr_obama_and_biden.jpg", "arms raised"), ("single/fr_obama.jpg", "arms crossed"),
    ("single/fr_biden.jpg", "arms crossed"), ("single/fr_obama3.jpg", "arms crossed"),
    ("posture/mm_004645041.jpg", "arms raised"), ("multi/mm_106848.jpg", "hand at face"),
    ("single/fr_lin-manuel-miranda.png", "hand at face"), ("single/fr_biden2.jpg", "upright"),
    ("single/sk_astronaut.png", "upright"),
])
def test_posture_is_what_a_person_sees(stander: posture.MediaPipePosture, path: str, label: str) -> None:
    picture = load_picture(DATA / path, SETTINGS)
    faces = order_faces(MESH_SPEC.load(()).find(picture), picture.shape[1], picture.shape[0])
    reading = stander.stand(picture, faces[0].box)
    assert reading is not None and reading.label == label


def sunk(picture: np.ndarray, face: Box, faces_down: float) -> np.ndarray:
    """The picture with the head moved down between the shoulders, and a little nearer."""
    import cv2

    height, width = picture.shape[:2]
    x, y, grow = face.x + face.width / 2, face.y + 0.42 * face.height, 1.1
    oval = cv2.ellipse(np.zeros((height, width), np.float32), (int(x), int(y)),
                       (int(0.85 * face.width), int(0.92 * face.height)), 0, 0, 360, 1.0, -1)
    oval = cv2.GaussianBlur(oval, (0, 0), 0.05 * face.width)
    ground = cv2.inpaint(picture.copy(), (oval > 0.05).astype(np.uint8), 3, cv2.INPAINT_TELEA)
    matrix = np.array([[grow, 0, x - grow * x], [0, grow, y - grow * y + faces_down * face.height]])
    share = cv2.warpAffine(oval, matrix, (width, height))[:, :, None]
    return (ground * (1 - share) + cv2.warpAffine(picture, matrix, (width, height)) * share).astype(np.uint8)


@PHOTOS
def test_a_head_that_sinks_between_the_shoulders_slouches_more_and_more(stander: posture.MediaPipePosture) -> None:
    picture = load_picture(DATA / "single/mm_image22568.jpg", SETTINGS)
    finder = MESH_SPEC.load(())
    (upright,) = finder.find(picture)
    slouches = []
    for faces_down in (0.0, 0.25, 0.45):
        lower = sunk(picture, upright.box, faces_down)
        reading = stander.stand(lower, finder.find(lower)[0].box)
        assert reading is not None and reading.slouch is not None
        slouches.append(reading.slouch)
    assert slouches == sorted(slouches)
    assert slouches[0] < 0.15
    assert slouches[-1] > 0.6
    assert reading.label == "slouched"


@PHOTOS
def test_the_68_points_run_symmetrically_over_a_frontal_face(finder: MediaPipeFaces) -> None:
    (face,) = finder.find(load_picture(DATA / "single/fr_obama.jpg", SETTINGS))
    points = face.landmarks[list(LANDMARKS_68), :2]
    jaw, brows, nostrils, lips = points[:17], points[17:27], points[31:36], points[48:55]
    for row in (jaw, brows, nostrils, lips):
        assert np.all(np.diff(row[:, 0]) > 0)  # from the person's right to the left
        assert row[:, 0] + row[::-1, 0] == pytest.approx(2 * points[30, 0], abs=0.12 * np.ptp(jaw[:, 0]))
    assert np.all(np.diff(points[27:31, 1]) > 0)  # down the bridge of the nose


@pytest.fixture(scope="module")
def deepface_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with a file of the published shape: input (n, 48, 48, 1), seven probabilities out."""
    onnx = pytest.importorskip("onnx")
    helper, numbers = onnx.helper, onnx.TensorProto.FLOAT
    weights = np.random.default_rng(7).normal(0, 0.05, (48 * 48, 7)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Flatten", ["face"], ["flat"]), helper.make_node("MatMul", ["flat", "weights"], ["scores"]),
         helper.make_node("Softmax", ["scores"], ["emotions"], axis=1)],
        "emotion", [helper.make_tensor_value_info("face", numbers, ["n", 48, 48, 1])],
        [helper.make_tensor_value_info("emotions", numbers, ["n", 7])],
        [onnx.numpy_helper.from_array(weights, "weights")])
    folder = tmp_path_factory.mktemp("models")
    (path,) = files_of(expression_deepface.SPEC, folder)
    path.parent.mkdir(parents=True)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return folder


def test_deepface_reads_its_seven_emotions_under_our_names(deepface_dir: Path) -> None:
    import cv2
    import onnxruntime

    engine = Models(deepface_dir).get(expression_deepface.SPEC)
    session = onnxruntime.InferenceSession(str(files_of(expression_deepface.SPEC, deepface_dir)[0]))
    names = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")  # the order of DeepFace's model card
    for side in (16, 100, 300):
        crop = drawn_face(side)
        float_crop = cv2.resize(crop.astype(np.float64) / 255, (224, 224)).astype(np.float32)
        grey = cv2.resize(cv2.cvtColor(float_crop, cv2.COLOR_RGB2GRAY), (48, 48))
        expected = dict(zip(names, session.run(None, {"face": grey[None, :, :, None]})[0][0].tolist(), strict=True))
        emotions = engine.express(crop)
        assert emotions.contempt == 0.0
        assert {name: getattr(emotions, name) for name in names} == pytest.approx(expected, abs=2e-3)
    assert engine.name.startswith("deepface@")


def test_deepface_without_its_file_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="models pull deepface-emotion"):
        Models(tmp_path).get(expression_deepface.SPEC)


def test_a_broken_deepface_file_says_so_and_a_good_one_heals_it(tmp_path: Path, deepface_dir: Path) -> None:
    (path,) = files_of(expression_deepface.SPEC, tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a file")
    models = Models(tmp_path)
    with pytest.raises(ModelFileError, match="delete it"):
        models.get(expression_deepface.SPEC)
    path.write_bytes(files_of(expression_deepface.SPEC, deepface_dir)[0].read_bytes())
    assert models.get(expression_deepface.SPEC).express(drawn_face(64)).contempt == 0.0


def test_the_haar_cascade_sees_an_upright_face_and_none_in_an_even_picture():
    finder = HAAR_SPEC.load(())
    face, = finder.find(placed((160, 60, 360)))
    assert abs(face.box.x + face.box.width / 2 - 340) < 25
    assert face.landmarks.shape == (478, 3)
    assert finder.find(placed()) == ()
