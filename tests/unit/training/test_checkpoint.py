import pytest
import torch

from empathy.training.checkpoint import keep


class Unwritable:
    def __reduce__(self):
        raise RuntimeError("killed")


def test_what_was_kept_is_read_back_and_nothing_else_is_left(tmp_path):
    keep(tmp_path / "state.pt", {"seconds": 1.5})
    keep(tmp_path / "state.pt", {"seconds": 2.5})
    assert torch.load(tmp_path / "state.pt", weights_only=True) == {"seconds": 2.5}
    assert [path.name for path in tmp_path.iterdir()] == ["state.pt"]


def test_a_run_that_dies_while_it_writes_still_finds_the_state_before(tmp_path):
    keep(tmp_path / "state.pt", {"seconds": 1.5})
    with pytest.raises(RuntimeError):
        keep(tmp_path / "state.pt", {"seconds": Unwritable()})
    assert torch.load(tmp_path / "state.pt", weights_only=True) == {"seconds": 1.5}
