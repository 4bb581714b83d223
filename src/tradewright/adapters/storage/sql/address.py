"""Where a database is: an address as a person writes it, and as it may be shown."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from tradewright.domain.errors import InvalidValue

__all__ = ["address_of", "file_address", "file_of", "shown"]

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
_ALLOWED = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"


def address_of(text: str, name: str) -> URL:
    """Read the address of a database; the driver need not be named.

    Args:
        text: as it was written.
        name: of the setting, for the words of a refusal; the text itself is never shown, it may hold a password.

    Raises:
        InvalidValue: it is none, or of a database that we do not know.

    Example:
        >>> str(address_of("sqlite:///data/tradewright.db", "address"))
        'sqlite+aiosqlite:///data/tradewright.db'
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError) as error:
        raise InvalidValue(name, "what was given", _ALLOWED) from error
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None or url.drivername not in (url.get_backend_name(), driver):
        raise InvalidValue(name, f"{url.drivername}:…", _ALLOWED)
    if url.database is None or (driver == _DRIVERS["sqlite"] and url.database == ":memory:"):
        raise InvalidValue(name, shown(url), f"{_ALLOWED}, with the database named")
    return url.set(drivername=driver)


def file_address(path: Path) -> URL:
    """The address of a SQLite database in a file."""
    return URL.create(_DRIVERS["sqlite"], database=str(path))


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None of others."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def shown(url: URL) -> str:
    """An address for people: a file's path, or the place without its password.

    Example:
        >>> shown(address_of("postgresql://me:secret@db.home/trades", "address"))
        'postgresql://me@db.home/trades'
    """
    if (file := file_of(url)) is not None:
        return str(file)
    bare = url.set(drivername=url.get_backend_name(), query={})
    return URL.create(bare.drivername, bare.username, None, bare.host, bare.port, bare.database).render_as_string()
