"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.bootstrap.settings import Settings, read_settings
from tradewright.domain.errors import InvalidValue


def test_settings_have_defaults_beside_the_user():
    """Without any variable, data and strategies lie in the current folder."""
    assert Settings(Path("data"), Path("strategies")) == read_settings({})


def test_settings_are_read_from_the_environment():
    """Each variable sets its field; a tilde is the home folder."""
    found = read_settings({"TRADEWRIGHT_DATA_DIR": "/x/data", "TRADEWRIGHT_STRATEGIES_DIR": "~/mine"})
    assert Settings(Path("/x/data"), Path.home() / "mine") == found


@pytest.mark.parametrize("name", ["TRADEWRIGHT_DATA_DIR", "TRADEWRIGHT_STRATEGIES_DIR"])
def test_settings_that_cannot_be_used_are_named(name, tmp_path):
    """An empty variable and one that points at a file are refused by name."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for value in (" ", str(tmp_path / "file")):
        with pytest.raises(InvalidValue, match=name):
            read_settings({name: value})
