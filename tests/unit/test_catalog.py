"""The catalogue: every stage has a voice or says why not, and what was named is announced when it is absent."""

import json
from importlib.util import find_spec

import pytest

from empathy.catalog import build, default_names, find, specs, stages
from empathy.errors import InputError, ModelMissingError
from empathy.registry import WEIGHTS
from empathy.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(models=tmp_path)


def test_every_stage_speaks_at_once_but_the_transcript(settings):
    speaking = {row.stage for row in build(settings, environ={}).rows() if row.speaks}
    assert speaking == set(stages(settings)) - {"transcript"}


def test_names_are_unique_and_found(settings):
    names = [spec.name for spec in specs(settings)]
    assert len(names) == len(set(names))
    assert all(find(name, settings).name == name for name in names)
    with pytest.raises(InputError, match="there is no engine 'nonsense'"):
        find("nonsense", settings)


def test_the_default_is_one_full_engine_a_stage_and_nothing_that_ships(settings):
    names = default_names(settings)
    assert {"face-landmarker", "deepface-emotion", "whisper-base", "msp-dim", "superb", "llama-8b"} == set(names)


def test_a_language_model_that_was_named_and_is_absent_is_announced(tmp_path):
    system = build(Settings(models=tmp_path, llama=tmp_path / "none.gguf"), environ={})
    last = system.analyze(words="I lost my keys.", reply=True)
    assert last.reply
    assert any(item.stage == "reply" and "none.gguf, which is not there" in item.why for item in last.missing)


def test_a_text_file_for_a_language_model_is_announced(tmp_path):
    (tmp_path / "notes.gguf").write_text("Dear Sir,")
    system = build(Settings(models=tmp_path, llama=tmp_path / "notes.gguf"), environ={})
    last = system.analyze(words="I lost my keys.", reply=True)
    assert last.reply
    assert [item.stage for item in last.missing] == ["reply"]


def test_a_stage_without_an_engine_says_what_brings_one(settings):
    with pytest.raises(ModelMissingError, match="models pull whisper-base"):
        build(settings, environ={}).engines.transcript()


def test_figures_come_from_the_cards(settings):
    rows = {row.name: row for row in build(settings, environ={}).rows()}
    assert rows["face-compact"].figures["validation"]["accuracy"] > 0.8
    assert rows["pose"].figures == {}


def test_the_size_of_what_ships_is_that_of_its_file(settings):
    rows = {row.name: row for row in build(settings, environ={}).rows()}
    for name in ("face-compact", "voice-compact", "words-compact"):
        assert rows[name].size_mb == pytest.approx(rows[name].figures["size_mb"], abs=0.05)
    encoder = json.loads((WEIGHTS / "encoder.json").read_text(encoding="utf-8"))
    risk = rows["risk-compact"]
    assert risk.size_mb == pytest.approx(risk.figures["size_mb"] + encoder["size_mb"], abs=0.05)


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="llama-cpp-python did not compile here")
def test_nothing_is_read_ahead_where_no_language_model_is_or_comes(tmp_path):
    whole = tmp_path / "tiny.gguf"
    whole.write_bytes(b"GGUF")
    assert not build(Settings(models=tmp_path), environ={}).may_read_ahead
    assert build(Settings(models=tmp_path, llama=whole), environ={}).may_read_ahead
    assert not build(Settings(models=tmp_path, llama=whole, reply="composer"), environ={}).may_read_ahead


@pytest.mark.parametrize(("given", "host"), [
    ({}, ""), ({"endpoint_url": "https://llm.example.org/v1"}, ""),
    ({"endpoint_url": "https://llm.example.org/v1", "endpoint_model": "m"}, "llm.example.org"),
    ({"endpoint_url": "https://llm.example.org/v1", "endpoint_model": "m", "reply": "composer"}, "")])
def test_the_server_that_may_be_asked_is_known(tmp_path, given, host):
    assert build(Settings(models=tmp_path, **given), environ={}).server == host
