from __future__ import annotations

import socket

import pytest

from empathy.errors import SettingsError
from empathy.ui.page import _refuse_taken, port_of


def test_the_port_is_taken_from_the_environment():
    assert port_of({"PORT": "8123"}) == 8123


@pytest.mark.parametrize("environ", [{}, {"PORT": ""}, {"PORT": " "}])
def test_without_a_port_the_usual_one_is_found(environ):
    assert port_of(environ) is None


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_named(given):
    with pytest.raises(SettingsError, match="PORT is"):
        port_of({"PORT": given})


def test_a_port_that_is_taken_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"PORT {port} can't be used"):
            _refuse_taken(port, "127.0.0.1")
    _refuse_taken(port, "127.0.0.1")
    _refuse_taken(None, "127.0.0.1")
