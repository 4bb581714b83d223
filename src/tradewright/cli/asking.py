"""Whom commands ask about what runs: the data folder, or the server that is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.cli.running import Running

__all__ = ["running"]


@contextmanager
def running() -> Iterator[Running]:
    """The system that is meant; see ADR 0079.

    Raises:
        InvalidValue: the server is named in a way that cannot be used.
    """
    from tradewright.bootstrap.server_place import server_place

    if (place := server_place()) is not None:
        from tradewright.cli.at_server import at_server

        with at_server(place) as server:
            yield server
        return
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.at_folder import AtFolder

    yield AtFolder(read_settings())
