from pathlib import Path

import pytest


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file as Gradio keeps an upload."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"x")
    return path
