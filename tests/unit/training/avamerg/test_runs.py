"""Runs on the sample, end to end: what they leave, go on from, refuse, and what the engine makes of their bundles."""

import json
import shutil
import sys

import numpy as np
import pytest
from safetensors.torch import load_file

from empathy.avamerg.engine import spec
from empathy.catalog import build
from empathy.cli.main import main
from empathy.errors import InputError, ModelFileError
from empathy.registry import Models
from empathy.settings import Settings
from empathy.training.avamerg.evaluating import evaluate_run
from empathy.training.avamerg.recipe import read_plan
from empathy.training.avamerg.runs import Wish, train_run
from empathy.training.avamerg.sample import make_sample

CONFIG = """
[from]
base = "tiny"
[recipe]
batch = 5
epochs = 2
checkpoint_steps = 2
[sizes]
frames = 3
side_px = 32
video_width = 16
"""


@pytest.fixture(scope="module")
def made(sample, tmp_path_factory):
    """A folder with an audio run, a video run, their fusion, and the cache of features."""
    path = tmp_path_factory.mktemp("runs")
    (path / "small.toml").write_text(CONFIG)
    for model in ("audio", "video"):
        assert main(["train", "avamerg", "--model", model, "--data", str(sample), "--out", str(path / model),
                     "--config", str(path / "small.toml"), "--seed", "1", "--cache", str(path / "cache")]) == 0
    assert main(["train", "avamerg", "--model", "late", "--runs", str(path / "audio"), str(path / "video"), "--out",
                 str(path / "late"), "--data", str(sample)]) == 0
    return path


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    monkeypatch.setenv("EMPATHY_THREADS", "1")


def wish(sample, path, name, **changes):
    sizes, recipe = read_plan(str(changes.pop("plan", path) / "small.toml"), changes.pop("recipe", {}))
    return Wish(**{"data": sample, "out": path / name, "model": "audio", "config": "small", "sizes": sizes,
                   "recipe": recipe, "seed": 1, "cache": path / "cache", **changes})


@pytest.mark.parametrize("model", ["audio", "video", "late"])
def test_a_run_leaves_a_whole_report(made, model):
    there = {path.name for path in (made / model).iterdir()}
    assert there >= {"config.json", "environment.json", "split.json", "metrics.json", "confusion.png", "confusion.csv",
                     "card.md", "problems.txt", "predictions-test.csv", "bundle"}
    metrics = json.loads((made / model / "metrics.json").read_text())
    assert {"accuracy", "macro_f1", "weighted_f1", "weighted_precision", "ece", "per_class", "blocks", "majority",
            "ablations"} <= set(metrics["test"])
    card = (made / model / "card.md").read_text()
    assert "dialogues" in card
    assert "Always answering" in card
    assert "LEAKY" not in card


@pytest.mark.parametrize("model", ["audio", "video", "late"])
def test_evaluating_a_run_gives_the_figures_of_its_report(made, sample, model):
    told = json.loads((made / model / "metrics.json").read_text())["test"]
    found = evaluate_run(made / model, sample, Settings(), cache=made / "cache")
    for name in ("n", "accuracy", "macro_f1", "weighted_f1", "confusion", "majority"):
        assert found[name] == told[name], name
    assert found["task"] == "avamerg"


def test_the_fusion_was_chosen_on_validation(made):
    late = json.loads((made / "late" / "metrics.json").read_text())["late"]
    best = max(row["val_macro_f1"] for row in late["candidates"].values())
    assert late["candidates"][late["chosen"]]["val_macro_f1"] == pytest.approx(best, abs=1e-6)


def test_an_interrupted_run_goes_on_to_the_same_weights(made, sample):
    def interrupt(step, steps):
        if step == 7:
            raise KeyboardInterrupt

    recipe = {"batch": 3, "checkpoint_steps": 3}  # 4 steps an epoch: the checkpoint at 6 lies within one
    with pytest.raises(KeyboardInterrupt):
        train_run(wish(sample, made, "broken", recipe=recipe), Settings(), tick=interrupt)
    seen = []
    train_run(wish(sample, made, "broken", recipe=recipe), Settings(), tick=lambda step, steps: seen.append(step))
    train_run(wish(sample, made, "whole", recipe=recipe), Settings())
    assert seen == [7, 8]
    one, two = (load_file(made / name / "bundle" / "weights.safetensors") for name in ("broken", "whole"))
    assert all((one[key] == two[key]).all() for key in two)
    curves = [[row["loss"] for row in json.loads((made / name / "history.json").read_text())]
              for name in ("broken", "whole")]
    assert curves[0] == curves[1]


def test_a_folder_goes_on_only_with_the_same_run(made, sample):
    with pytest.raises(InputError, match="another seed"):
        train_run(wish(sample, made, "audio", config=str(made / "small.toml"), seed=2), Settings())


def test_what_leaks_is_refused_and_a_leaky_run_is_marked_and_never_used(made, sample):
    with pytest.raises(InputError, match="give --leaky"):
        train_run(wish(sample, made, "l", uses=("leak",)), Settings())
    metrics = train_run(wish(sample, made, "leaky", uses=("leak",), leaky=True,
                             recipe={"epochs": 25, "rate": 0.02}), Settings())
    assert metrics["leaky"]
    assert metrics["val"]["accuracy"] > 0.6
    assert "LEAKY RUN" in (made / "leaky" / "card.md").read_text()
    with pytest.raises(ModelFileError, match="can't be used"):
        Models(made).get(spec(Settings(), made / "leaky" / "bundle"))


def test_a_planted_leak_is_learned_from_in_a_leaky_run_and_leaves_others_at_chance(made, tmp_path):
    make_sample(tmp_path / "none", n=50, seed=3, signal="none")
    shares = {}
    for name, uses in (("open", ("leak",)), ("closed", ("text", "metadata"))):
        metrics = train_run(wish(tmp_path / "none", tmp_path, name, uses=uses, leaky=name == "open", plan=made,
                                 recipe={"epochs": 20, "rate": 0.02}), Settings())
        parts = [metrics[part] for part in ("val", "test")]
        shares[name] = sum(part["n"] * part["accuracy"] for part in parts) / sum(part["n"] for part in parts)
    assert shares["open"] > 0.6, shares
    assert shares["closed"] < 0.45, shares


def test_vocabularies_come_from_the_training_part_alone(made):
    split = json.loads((made / "audio" / "split.json").read_text())
    known = json.loads((made / "audio" / "vocabulary.json").read_text())
    assert known["leak_words"] == []
    assert len(known["identities"]) <= 2 * len(split["train"])


def test_broken_and_missing_clips_are_named_and_masked(made, sample, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(sample, data)
    clips = sorted(path for path in (data / "audio_v5_0").iterdir() if "utt0_" in path.name)
    clips[0].unlink()
    clips[1].write_bytes(b"")
    clips[2].write_bytes(b"RIFF no sound")
    metrics = train_run(wish(data, made, "masked", recipe={"epochs": 1}), Settings())
    assert (metrics["clips"]["audio"]["without_clip"], metrics["clips"]["audio"]["unreadable"]) == (1, 2)
    told = (made / "masked" / "problems.txt").read_text()
    assert "missing clip" in told
    assert clips[1].name in told
    assert clips[2].name in told


@pytest.mark.parametrize("model", ["audio", "video", "late"])
def test_a_bundle_speaks_in_the_product_beside_the_estimate(made, sample, model):
    system = build(Settings(avamerg=made / model / "bundle", models=made, transcript="off"))
    clip = next((sample / "video_v5_0").glob("*utt0_*.mp4"))
    analysis = system.analyze(clip, words="My sister came by. I felt heartbroken.")
    assert analysis.clip is not None
    assert analysis.clip.given == {"audio": ("text",), "video": ("text", "video"), "late": ("text", "video")}[model]
    assert analysis.engines["avamerg"].startswith("avamerg (")
    assert sum(analysis.clip.emotions.array()) == pytest.approx(1.0)
    plain = build(Settings(models=made, transcript="off")).analyze(clip, words="My sister came by. I felt heartbroken.")
    np.testing.assert_allclose(analysis.estimate.emotions.array(), plain.estimate.emotions.array())
    assert plain.clip is None


def test_a_sound_is_heard_by_the_audio_bundle(made, sample):
    system = build(Settings(avamerg=made / "audio" / "bundle", models=made, transcript="off"))
    analysis = system.analyze(next((sample / "audio_v5_0").glob("*.wav")))
    assert analysis.clip.given == ("audio",)


def test_a_bundle_that_is_not_there_is_said_and_the_rest_goes_on(tmp_path):
    system = build(Settings(avamerg=tmp_path / "nowhere", models=tmp_path))
    analysis = system.analyze(words="I felt glad.")
    assert analysis.clip is None
    assert analysis.words is not None
    assert any(item.stage == "avamerg" and "is not there" in item.why for item in analysis.missing)


@pytest.mark.parametrize(("arguments", "said"), [
    (["--model", "late"], "--runs AUDIO_RUN VIDEO_RUN"),
    (["--model", "audio", "--config", "huge"], "can't be read"),
    (["--model", "audio", "--modalities", "video"], "model audio knows text, audio, metadata"),
    (["--model", "audio", "--switch", "joyful"], "can be switched"),
    (["--model", "audio", "--config", "full"], "not on this machine"),
])
def test_bad_wishes_end_with_a_sentence(sample, tmp_path, capsys, arguments, said):
    assert main(["train", "avamerg", "--data", str(sample), "--out", str(tmp_path / "run"), *arguments]) == 1
    assert said in capsys.readouterr().err
    assert sys.exc_info() == (None, None, None)


def test_runs_of_different_splits_are_not_fused(made, sample):
    train_run(wish(sample, made, "other", seed=2, recipe={"epochs": 1}), Settings())
    assert main(["train", "avamerg", "--model", "late", "--runs", str(made / "other"), str(made / "video"), "--out",
                 str(made / "bad")]) == 1
