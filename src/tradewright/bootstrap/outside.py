"""Addresses that somebody elsewhere gives us to call: they lead outside, and not to what only this machine reaches."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from tradewright.domain.errors import InvalidValue

__all__ = ["check_outside"]

_SAFE = ("https", "wss")
_INSIDE = ("localhost", "local", "localdomain", "internal", "lan", "home", "corp", "intranet", "test", "invalid")
_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def check_outside(field: str, address: object) -> None:
    """See that an address is one of the wide world, over a line that nobody reads.

    What a name leads to is not asked: it may be another place when it is called. An address inside is set at the
    machine, in the file or by a variable.

    Raises:
        InvalidValue: it is not.

    Example:
        >>> check_outside("url", "https://fapi.binance.com")
    """
    if not isinstance(address, str) or not _is_outside(address):
        allowed = "an address https:// or wss:// with a public name; one inside is set at the machine"
        raise InvalidValue(field, str(address)[:100], allowed)


def _is_outside(address: str) -> bool:
    try:
        parts = urlsplit(address)
        name, _ = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return False
    if parts.scheme not in _SAFE or "@" in parts.netloc or not address.isascii() or not address.isprintable():
        return False
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        return _NAME.fullmatch(name) is not None and name.rpartition(".")[2] not in _INSIDE
