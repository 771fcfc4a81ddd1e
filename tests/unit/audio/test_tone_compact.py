"""The compact voice engine on a network that answers what the test wants, and on the one that ships."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from empathy.audio.logmel import N_FEATURES
from empathy.audio.tone_compact import CLASSES, MOST_WINDOWS, SHORTEST_FRAMES, SPEC, CompactTone, fold, windows
from empathy.errors import ModelFileError, ModelRunError
from empathy.registry import Bundled, Models, files_of

RATE = 16_000


def hum(seconds: float, level: float = 0.1) -> np.ndarray:
    t = np.arange(int(RATE * seconds)) / RATE
    sound = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 8)) * (1 + 0.5 * np.sin(2 * np.pi * 3 * t))
    return (level * sound + np.random.default_rng(0).normal(0, level / 100, t.size)).astype(np.float32)


@dataclass
class Scripted:
    """Answers the same for each window, except that the last one is as sure of fear as the others of anger."""

    heard: list[np.ndarray] = field(default_factory=list)
    broken: bool = False

    def run(self, names: list[str], given: dict[str, np.ndarray]) -> list[np.ndarray]:
        if self.broken:
            raise RuntimeError("shape mismatch")
        self.heard.append(given["features"])
        n = len(given["features"])
        probabilities = np.tile(np.eye(8, dtype=np.float32)[0], (n, 1))
        probabilities[-1] = np.eye(8)[CLASSES.index("fear")]
        affect = np.tile(np.array([-0.5, 0.6, 0.2], np.float32), (n, 1))
        affect[-1, 2] = -0.4
        return [probabilities, affect, np.full((n, 3), 0.1, np.float32)]


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.3, 1.0, 2.9])
def test_short_speech_is_one_window_of_at_least_the_shortest_length(seconds: float):
    found = windows(hum(seconds))
    assert found.shape[0] == 1
    assert found.shape[1] >= SHORTEST_FRAMES
    assert found.shape[2] == N_FEATURES


def test_long_speech_is_heard_from_its_start_to_its_end_within_bounds():
    sound = np.concatenate([hum(3.0), np.zeros(RATE * 20, np.float32), hum(3.0)])
    found = windows(sound)
    assert 8 < len(found) < MOST_WINDOWS
    np.testing.assert_array_equal(found[0], windows(sound[: 3 * RATE])[0])
    np.testing.assert_array_equal(found[-1], windows(sound[-3 * RATE :])[0])
    assert len(windows(np.zeros(RATE * 300, np.float32))) == MOST_WINDOWS


def test_windows_are_averaged_and_their_disagreement_widens_the_doubt():
    tone = CompactTone(Scripted(), "scripted@1", {}).listen(hum(5.0))
    assert tone.emotions is not None and tone.affect is not None
    assert tone.emotions.angry == pytest.approx(0.5)
    assert tone.emotions.fear == pytest.approx(0.5)
    assert tone.affect.dominance == pytest.approx(-0.1)
    assert tone.affect.dominance_sd == pytest.approx(np.hypot(0.1, 0.3), rel=1e-5)
    assert tone.affect.arousal_sd == pytest.approx(0.1)


def test_calm_folds_into_neutral_and_contempt_is_never_heard():
    emotions = fold(np.array([0.1, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]))
    assert emotions.neutral == pytest.approx(0.4)
    assert emotions.contempt == 0.0


def test_a_failing_network_is_a_model_error():
    with pytest.raises(ModelRunError, match="shape mismatch"):
        CompactTone(Scripted(broken=True), "scripted@1", {}).listen(hum(1.0))


@pytest.fixture(scope="module")
def shipped() -> CompactTone:
    return Models(Path()).get(SPEC)


@pytest.mark.parametrize("seconds", [0.3, 2.0, 8.0])
def test_what_ships_answers_speech_of_any_length(shipped: CompactTone, seconds: float):
    tone = shipped.listen(hum(seconds))
    assert tone.emotions is not None and tone.affect is not None and tone.calm is not None
    assert sum(tone.emotions.array()) == pytest.approx(1.0)
    assert 0.0 <= tone.calm <= 1.0
    assert tone.affect.valence_sd > 0.05


def test_what_ships_hears_the_same_at_any_level(shipped: CompactTone):
    loud, quiet = (shipped.listen(hum(2.0, level)).emotions for level in (0.1, 0.005))
    assert loud is not None and quiet is not None
    np.testing.assert_allclose(loud.array(), quiet.array(), atol=0.02)


def test_what_ships_survives_digital_silence(shipped: CompactTone):
    assert shipped.listen(np.zeros(RATE, np.float32)).emotions is not None


def test_what_ships_is_as_small_as_promised():
    (file,) = files_of(SPEC, Path())
    assert isinstance(SPEC.source, Bundled)
    assert file.stat().st_size < 8e6


def test_a_broken_file_says_so(tmp_path: Path):
    broken = tmp_path / "voice.onnx"
    broken.write_bytes(b"not a network")
    with pytest.raises(ModelFileError):
        Models(tmp_path).get(replace(SPEC, source=Bundled(files=(str(broken),))))
