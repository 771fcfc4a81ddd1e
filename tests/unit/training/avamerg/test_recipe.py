from dataclasses import replace

import pytest

from empathy.avamerg.sizes import TINY
from empathy.errors import InputError
from empathy.training.avamerg.recipe import RECIPES, read_plan


def test_a_file_changes_the_configuration_that_it_is_based_on(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text('from.base = "tiny"\n[sizes]\npatch_px = 64\n[recipe]\nbatch = 4\n')
    sizes, recipe = read_plan(str(path), {"epochs": 2})
    assert sizes == replace(TINY, patch_px=64), "64 divides the base's 64 px, if not the 224 of the full system"
    assert recipe == replace(RECIPES["tiny"], batch=4, epochs=2)


@pytest.mark.parametrize(("table", "said"), [
    ("[sizes]\npatches = 3", "unknown key 'patches'"), ("[recipe]\nbatch = 1.5", "batch is 1.5, expected int"),
    ("[recipe]\nbatch = 0", "at least 1"), ("[shapes]\na = 1", "shapes"), ('from.base = "huge"', "not full or tiny")])
def test_what_can_t_be_meant_is_told(tmp_path, table, said):
    (tmp_path / "plan.toml").write_text(table)
    with pytest.raises(InputError, match=said):
        read_plan(str(tmp_path / "plan.toml"), {})
