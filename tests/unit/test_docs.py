"""What the documents promise: their examples run, their tables and pins are those of the code."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from empathy import types
from empathy.catalog import default_names, find, specs
from empathy.registry import HubFile
from empathy.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
FRONT = README.split("---")[1]


def pins():
    lines = [line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines()]
    return dict(line.split("==") for line in lines if line)


def python_blocks(path):
    return re.findall(r"```python\n(.*?)```", (ROOT / path).read_text(), re.S)


@pytest.mark.parametrize("path", ["README.md", "docs/engines.md"])
def test_the_examples_of_the_documents_run(path, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("EMPATHY_MODELS", str(tmp_path))
    blocks = python_blocks(path)
    assert blocks
    for block in blocks:
        namespace = {}
        exec(compile(block, path, "exec"), namespace)
        assert "system" in namespace
    if path == "docs/engines.md":
        analysis = namespace["system"].analyze("empathy/ui/examples/astronaut.jpg")
        assert analysis.engines["expression"] == "brightness@1"
    else:
        assert namespace["session"].turns[0].words.startswith("My exam")


def test_every_setting_stands_in_the_table_with_its_default_and_meaning():
    table = (ROOT / "docs/settings.md").read_text()
    for name, field in Settings.model_fields.items():
        row = next((line for line in table.splitlines() if line.startswith(f"| `EMPATHY_{name.upper()}`")), "")
        assert field.description in row, name
        assert field.default in (None, "") or f"`{field.default}`" in row, name
    assert table.count("| `EMPATHY_") == len(Settings.model_fields)


def test_every_number_has_a_documented_meaning():
    told = (ROOT / "docs/numbers.md").read_text()
    readings = (types.FaceReading, types.FaceQuality, types.HeadPose, types.PostureReading, types.VoiceReading,
                types.Prosody, types.WordsReading, types.Risk, types.Estimate, types.Evidence, types.Affect, types.Care)
    silent = {"landmarks", "landmark_visibility", "blendshapes", "head_pose", "quality", "prosody", "risk", "features",
              "transcript", "affect", "events", "speech"}
    missing = {field.name for reading in readings for field in fields(reading)
               if field.name not in silent and not re.search(rf"[`.]{field.name}\b", told)}
    assert not missing


def test_pins_are_exact_and_name_every_package_of_the_mission():
    mission = {"gradio", "deepface", "mediapipe", "openai-whisper", "transformers", "torch", "silero-vad",
               "llama-cpp-python", "numpy"}
    assert mission <= set(pins())
    assert all(re.fullmatch(r"[\d.]+", version) for version in pins().values())
    assert pins()["opencv-contrib-python"] == pins()["opencv-contrib-python-headless"]


def test_the_space_card_agrees_with_the_pins_and_the_code():
    assert f"sdk_version: {pins()['gradio']}" in FRONT
    assert "app_file: app.py" in FRONT
    assert 'python_version: "3.11"' in FRONT
    assert "license: mit" in FRONT
    for key in ("title", "short_description", "tags", "models", "startup_duration_timeout", "suggested_hardware"):
        assert re.search(rf"^{key}:", FRONT, re.M), key
    assert len(re.search(r"short_description: (.*)", FRONT)[1]) <= 60


def test_the_space_preloads_what_the_catalogue_takes_from_the_hub():
    settings = Settings()
    wanted = [spec.source for name in default_names(settings)
              if isinstance((spec := find(name, settings)).source, HubFile)]
    for source in wanted:
        pinned = "" if source.revision == "main" else f" {source.revision}"
        assert f"- {source.repo} {','.join(source.files)}{pinned}\n" in FRONT
    listed = re.findall(r"^  - (\S+/\S+)$", FRONT, re.M)
    known = {spec.source.repo for spec in specs(settings) if isinstance(spec.source, HubFile)}
    assert known >= set(listed)


def card(name):
    return json.loads((ROOT / "empathy" / "weights" / f"{name}.json").read_text())


def test_the_figures_of_the_readme_are_those_of_the_cards():
    face, voice = (card(name)["validation"] for name in ("face", "voice"))
    words, risk = (card(name)["figures"] for name in ("words", "risk"))
    for figures in (face, voice):
        assert f"n {figures['n']} | accuracy {figures['accuracy']:.3f}, mean recall {figures['uar']:.3f}, " \
               f"ECE {figures['ece']:.3f}" in README
    assert f"n {words['n']} | macro-F1 {words['macro_f1']:.3f}" in README
    messages, everyday = risk["by_source"]["messages"], risk["by_source"]["everyday"]
    assert f"n {messages['n']} | recall {messages['recall']:.3f} at {messages['false_alarm_rate']:.3f} false alarms " \
           f"({everyday['false_alarm_rate']:.3f} on everyday sentences)" in README


@pytest.mark.parametrize("name", ["face", "voice", "words", "risk"])
def test_weights_that_ship_stay_small(name):
    (weights,) = [path for path in (ROOT / "empathy" / "weights").glob(f"{name}.*")
                  if path.suffix in (".onnx", ".safetensors")]
    assert weights.stat().st_size < 8_000_000
    assert f"{weights.stat().st_size / 1e6:.1f} MB" in README
