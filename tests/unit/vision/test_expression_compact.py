import json
from pathlib import Path

import numpy as np
import pytest

from empathy.errors import ModelFileError, ModelRunError
from empathy.registry import WEIGHTS, Models, digest
from empathy.types import EMOTIONS
from empathy.vision.expression_compact import SPEC, CompactExpression, as_grey


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> CompactExpression:
    return Models(tmp_path_factory.mktemp("models")).get(SPEC)


def face(side: int, mouth: float = 0.0) -> np.ndarray:
    """A drawn face, RGB; ``mouth`` bends its corners up."""
    y, x = np.mgrid[:side, :side] / side
    picture = np.full((side, side), 60.0)
    picture[((x - 0.5) / 0.42) ** 2 + ((y - 0.5) / 0.5) ** 2 < 1] = 190
    for eye in (0.33, 0.67):
        picture[((x - eye) / 0.07) ** 2 + ((y - 0.4) / 0.035) ** 2 < 1] = 30
    curve = 0.78 - mouth * ((x - 0.5) ** 2 - 0.02) * 4
    picture[(np.abs(y - curve) < 0.02) & (np.abs(x - 0.5) < 0.2)] = 40
    return np.repeat(picture.astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize("side", [16, 33, 48, 224, 512])
def test_a_crop_of_any_size_gives_a_distribution(engine: CompactExpression, side: int) -> None:
    assert sum(p for _, p in engine.express(face(side)).items()) == pytest.approx(1.0)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_crop_gives_a_distribution_too(engine: CompactExpression, level: int) -> None:
    assert engine.express(np.full((48, 48, 3), level, np.uint8)).array().sum() == pytest.approx(1.0)


def test_a_face_and_its_mirror_image_get_one_answer(engine: CompactExpression) -> None:
    crop = np.random.default_rng(0).integers(0, 256, (96, 96, 3)).astype(np.uint8)
    mirrored = np.ascontiguousarray(crop[:, ::-1])
    np.testing.assert_allclose(engine.express(crop).array(), engine.express(mirrored).array(), atol=1e-3)


def test_raised_corners_of_the_mouth_read_happier(engine: CompactExpression) -> None:
    assert engine.express(face(96, mouth=0.8)).happy > engine.express(face(96, mouth=-0.8)).happy


def test_many_at_once_are_read_as_one_by_one(engine: CompactExpression) -> None:
    pictures = np.stack([as_grey(face(64, mouth)) for mouth in (-1.0, 0.0, 1.0)])
    one_by_one = np.concatenate([engine.probabilities(picture[None]) for picture in pictures])
    np.testing.assert_allclose(engine.probabilities(pictures), one_by_one, atol=1e-5)


def test_grey_is_luma() -> None:
    red = np.zeros((48, 48, 3), np.uint8)
    red[:, :, 0] = 200
    assert as_grey(red)[0, 0] == round(0.299 * 200)
    assert as_grey(face(200)).shape == (48, 48)


def test_the_card_speaks_of_the_file_that_ships() -> None:
    card = json.loads((WEIGHTS / "face.json").read_text())
    assert card["sha256"] == digest(WEIGHTS / "face.onnx")
    assert card["labels"] == list(EMOTIONS)
    assert card["size_mb"] < 8


def test_a_network_of_another_kind_is_refused(tmp_path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    graph = helper.make_graph([helper.make_node("Relu", ["grey"], ["probabilities"])], "other",
                              [helper.make_tensor_value_info("grey", TensorProto.FLOAT, [1])],
                              [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1])])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "x.onnx")
    with pytest.raises(ModelFileError, match="train face"):
        SPEC.load((tmp_path / "x.onnx",))


def test_a_picture_of_the_wrong_shape_is_an_error_of_ours(engine: CompactExpression) -> None:
    with pytest.raises(ModelRunError, match="compact expression"):
        engine.probabilities(np.zeros((1, 0, 0), np.uint8))
