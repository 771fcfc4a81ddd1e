from __future__ import annotations

import pytest

from empathy.errors import SettingsError
from empathy.ui.page import port_of


def test_the_port_is_taken_from_the_environment():
    assert port_of({"PORT": "8123"}) == 8123


@pytest.mark.parametrize("environ", [{}, {"PORT": ""}, {"PORT": " "}])
def test_without_a_port_the_usual_one_is_found(environ):
    assert port_of(environ) is None


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_named(given):
    with pytest.raises(SettingsError, match="PORT is"):
        port_of({"PORT": given})
