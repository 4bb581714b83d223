"""Which server the command line is to ask, and as whom."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tradewright.domain.errors import InvalidValue

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tradewright.bootstrap.config.reading import Sources
    from tradewright.bootstrap.settings import Settings

__all__ = ["ServerPlace", "server_place", "told_place"]

_SERVER, _TOKEN = "TRADEWRIGHT_SERVER", "TRADEWRIGHT_TOKEN"


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """A server, and who asks.

    Args:
        address: of the server.
        token: of the caller.
    """

    address: str
    token: str = field(repr=False)


def server_place(sources: Sources | None = None) -> ServerPlace | None:
    """The server that TRADEWRIGHT_SERVER names, or, with a token alone, the one that works on this data folder.

    Args:
        sources: of the configuration; None for those of the working folder.

    Returns:
        None where none is named, and none is found.

    Raises:
        InvalidValue: an address without a token, or one over which a token would be read by others.
    """
    from tradewright.adapters.storage.listening import listens_at
    from tradewright.bootstrap.config.reading import Sources, control, read
    from tradewright.bootstrap.settings import settings_of

    own = sources or Sources()
    address, token = control(own, _SERVER), control(own, _TOKEN)
    if address is None:
        found = listens_at(settings_of(read(own)[0]).data_dir) if token else None
        return ServerPlace(found, token) if found and token else None
    if not token:
        raise InvalidValue(_TOKEN, "", "a token of that server; see: tradewright tokens make --help")
    return ServerPlace(_checked(address), token)


def told_place(settings: Settings, address: str) -> AbstractContextManager[None]:
    """Tell this user's commands where the server listens, for as long as the block runs.

    Raises:
        StoreError: the data folder cannot be written.
    """
    from tradewright.adapters.storage.listening import listening

    return listening(settings.data_dir, address)


def _checked(address: str) -> str:
    allowed = "https://NAME, or http:// on this machine: over an open line others would read the token"
    try:
        parts = urlsplit(address)
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidValue(_SERVER, address, allowed) from None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(name))
    if not name or not is_safe or "@" in parts.netloc:
        raise InvalidValue(_SERVER, address, allowed)
    return address.rstrip("/")


def _is_here(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
