"""Which server commands ask."""

from __future__ import annotations

import pytest

from tradewright.bootstrap.config.reading import Sources
from tradewright.bootstrap.server_place import ServerPlace, server_place, told_place
from tradewright.bootstrap.settings import Settings
from tradewright.domain.errors import InvalidValue

_TOKEN = {"TRADEWRIGHT_TOKEN": "t0ken"}


@pytest.fixture
def said(tmp_path):
    """Gives the server that is meant where the environment says so much."""

    def place(**variables):
        environment = {"TRADEWRIGHT_DATA_DIR": str(tmp_path / "data"), **variables}
        return server_place(Sources(environment, folder=tmp_path))

    return place


def test_a_server_is_named_with_a_token(said):
    """Both together mean it; neither means the data folder."""
    assert said() is None
    named = said(TRADEWRIGHT_SERVER="https://trade.example/", **_TOKEN)
    assert ServerPlace("https://trade.example", "t0ken") == named
    assert "t0ken" not in repr(named)
    with pytest.raises(InvalidValue, match="TRADEWRIGHT_TOKEN"):
        said(TRADEWRIGHT_SERVER="https://trade.example")


def test_a_token_alone_means_the_server_of_the_folder(said, tmp_path):
    """As long as it listens."""
    assert said(**_TOKEN) is None
    with told_place(Settings(tmp_path / "data"), "http://127.0.0.1:8765"):
        assert ServerPlace("http://127.0.0.1:8765", "t0ken") == said(**_TOKEN)
        assert said() is None
    assert said(**_TOKEN) is None


def test_variables_may_stand_in_a_file(said, tmp_path):
    """In `.env`, where secrets are kept out of the shell's history."""
    (tmp_path / ".env").write_text("TRADEWRIGHT_SERVER=http://localhost:8000\nTRADEWRIGHT_TOKEN=t0ken\n")
    assert ServerPlace("http://localhost:8000", "t0ken") == said()


@pytest.mark.parametrize(
    "address", ["http://trade.example", "http://10.0.0.5:8000", "ftp://localhost", "localhost:8000", "https://",
                "https://mary:secret@trade.example", "http://127.0.0.1:99999"],
)  # fmt: skip
def test_no_token_goes_over_an_open_line(said, address):
    """Where others would read it, the address is refused with what is allowed."""
    with pytest.raises(InvalidValue, match="https://"):
        said(TRADEWRIGHT_SERVER=address, **_TOKEN)
