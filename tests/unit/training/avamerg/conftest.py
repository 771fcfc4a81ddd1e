"""One small sample for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from empathy.training.avamerg.sample import make_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("avamerg") / "sample"
    make_sample(out, n=25, seed=5)
    return out
