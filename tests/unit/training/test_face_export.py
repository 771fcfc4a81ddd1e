from pathlib import Path

import numpy as np
import pytest
import torch

from empathy.training.face_export import Calibration, calibrate, export
from empathy.types import EMOTIONS
from empathy.vision.expression_compact import load_file
from empathy.vision.expression_network import CalibratedExpression, ExpressionNetwork

FLAT = np.full(8, -np.log(8.0))


def members(n: int) -> list[ExpressionNetwork]:
    made: list[ExpressionNetwork] = []
    for seed in range(n):
        torch.manual_seed(seed)
        made.append(ExpressionNetwork(widths=(8, 8)).eval())
    return made


def test_scores_that_are_too_sure_are_cooled_to_the_accuracy_they_have() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 8, 4000)
    said = np.where(rng.random(4000) < 0.7, truth, (truth + rng.integers(1, 8, 4000)) % 8)
    sure = np.eye(8)[said] * 12.0
    cooled = calibrate(sure, truth, FLAT)
    top = np.exp(12.0 / cooled.temperature) / (np.exp(12.0 / cooled.temperature) + 7)
    assert cooled.temperature == pytest.approx(3.0) or top == pytest.approx(0.7, abs=0.02)


def test_the_prior_is_believed_as_little_as_half_a_point_of_accuracy_allows() -> None:
    rng = np.random.default_rng(0)
    prior = np.array([0.4, 0.3, *[0.05] * 6])
    truth = rng.choice(8, 4000, p=prior)
    balanced = rng.normal(0.0, 1.0, (4000, 8))
    balanced[np.arange(4000), truth] += 1.0

    def accuracy(share: float) -> float:
        return float(((balanced + share * np.log(prior)).argmax(1) == truth).mean())

    best = max(accuracy(share) for share in np.linspace(0, 1, 21))
    chosen = calibrate(balanced, truth, np.log(prior)).prior_share
    assert 0.0 < chosen < 1.0
    assert accuracy(chosen) >= best - 0.005 > accuracy(chosen - 0.05)


def test_the_file_says_what_the_members_say(tmp_path: Path) -> None:
    torch.manual_seed(0)
    two, calibration = members(2), Calibration(prior_share=0.5, temperature=0.7)
    prior = np.log(np.linspace(1, 8, 8) / 36)
    export(two, calibration, prior, tmp_path / "face.onnx", "7")
    engine = load_file(tmp_path / "face.onnx")
    pictures = np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype(np.uint8)
    with torch.inference_mode():
        grey = torch.from_numpy(pictures).float()[:, None]
        expected = CalibratedExpression(two, torch.tensor(0.5 * prior), 0.7).eval()(grey).numpy()
    np.testing.assert_allclose(engine.probabilities(pictures), expected, atol=2e-3)
    assert engine.name == "face-compact@7"
    assert not list(tmp_path.glob("*.part"))


def test_a_face_and_its_mirror_image_get_one_answer() -> None:
    whole = CalibratedExpression(members(1), torch.tensor(FLAT), 1.0).eval()
    grey = torch.rand(2, 1, 48, 48) * 255
    with torch.inference_mode():
        assert torch.allclose(whole(grey), whole(grey.flip(3)), atol=1e-5)
        assert torch.allclose(whole(grey).sum(1), torch.ones(2), atol=1e-5)


def test_light_and_contrast_of_the_camera_hardly_matter() -> None:
    network = members(1)[0]
    grey = torch.rand(1, 1, 48, 48) * 200 + 20
    with torch.inference_mode():
        np.testing.assert_allclose(network(grey), network(grey * 0.8 + 15), atol=0.05)


def test_the_network_scores_each_emotion() -> None:
    assert members(1)[0](torch.zeros(2, 1, 44, 44)).shape == (2, len(EMOTIONS))
