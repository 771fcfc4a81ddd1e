"""Who speaks for a stage."""

import pytest

from empathy.choice import Choice
from empathy.errors import ModelMissingError
from empathy.registry import Models, ModelSpec, Packaged, Url

SHIPPED = ModelSpec(name="own-compact", stage="expression", tier="compact", source=Packaged(package="json"),
                    licence="MIT", size_mb=1, load=lambda paths: "compact")


def full(load=lambda paths: "full"):
    return ModelSpec(name="grand", stage="expression", tier="full", source=Url(name="grand.bin", urls=("http://127.0.0.1:9/grand.bin",)),
                     licence="MIT", size_mb=1, load=load)


def choice(tmp_path, *specs, wish="auto"):
    return Choice(Models(tmp_path), "expression", specs, wish)


def test_what_ships_speaks_until_the_full_engine_is_there(tmp_path):
    stage = choice(tmp_path, full(), SHIPPED)
    assert stage() == "compact"
    assert stage.problem is None
    (tmp_path / "grand.bin").write_bytes(b"weights")
    assert stage.speaking() == "grand"
    assert stage() == "full"


def test_a_wish_for_what_ships_is_honoured(tmp_path):
    (tmp_path / "grand.bin").write_bytes(b"weights")
    assert choice(tmp_path, full(), SHIPPED, wish="compact")() == "compact"


def test_a_wish_that_cannot_be_met_falls_back_and_says_so(tmp_path):
    stage = choice(tmp_path, full(), SHIPPED, wish="grand")
    assert stage() == "compact"
    assert "models pull grand" in stage.problem
    assert "own-compact speaks instead" in stage.problem


def test_broken_weights_fall_back_are_loaded_once_and_get_another_chance_when_renewed(tmp_path):
    (tmp_path / "grand.bin").write_bytes(b"broken")
    tries = []

    def load(paths):
        tries.append(paths)
        raise ValueError("bad magic")

    stage = choice(tmp_path, full(load), SHIPPED)
    assert (stage(), stage()) == ("compact", "compact")
    assert len(tries) == 1
    assert "bad magic" in stage.problem
    assert stage.speaking() == "own-compact"
    stage.renew("grand")
    stage()
    assert len(tries) == 2


def test_a_stage_without_any_engine_says_what_brings_one(tmp_path):
    with pytest.raises(ModelMissingError, match="models pull grand"):
        choice(tmp_path, full())()


def test_a_stage_that_is_turned_off_says_so(tmp_path):
    with pytest.raises(ModelMissingError, match="EMPATHY_EXPRESSION=off"):
        choice(tmp_path, full(), SHIPPED, wish="off")()


def test_what_ships_speaks_instead_of_a_full_engine_that_fails_on_an_input(tmp_path):
    (tmp_path / "grand.bin").write_bytes(b"weights")
    stage = choice(tmp_path, full(), SHIPPED)
    assert stage.instead("full") == "compact"
    assert stage.instead("compact") is None
    assert stage() == "full"
