import os

import pytest

from empathy.vision.quiet import quiet_stderr


def test_native_libraries_are_silent_within_and_heard_after(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_stderr():
        os.write(2, b"delegate created\n")
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"


def test_an_error_within_gives_standard_error_back(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), quiet_stderr():
        raise ValueError("broken")
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"
