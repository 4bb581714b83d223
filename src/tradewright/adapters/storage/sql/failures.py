"""What a database's failure means, in words; nothing half-written stays, whatever it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tradewright.domain.errors import Busy, StoreError

__all__ = ["told_plainly"]

_LOCKED = "it is locked by another process for too long; nothing was written, try again"
_LITE = (
    ("is locked", _LOCKED),
    ("disk is full", "the disk is full; nothing was written"),
    ("readonly", "it may only be read; nothing was written"),
    ("unable to open", "it cannot be opened; look at the folder and its rights"),
    ("not a database", "the file is no database; restore it from a backup: tradewright db restore"),
    ("malformed", "the file is damaged; restore it from a backup: tradewright db restore"),
    ("disk i/o error", "the disk fails to read or write; nothing was written"),
    ("no such table", "a table is missing; see: tradewright db status"),
)
_SERVER = {
    "28": "it refuses the user or the password",
    "3D": "there is no database of that name; make it first: createdb",
    "53100": "its disk is full; nothing was written",
    "53": "the server has no room for more; nothing was written",
    "25006": "it may only be read; nothing was written",
    "55P03": "a row is locked by another process for too long; nothing was written, try again",
    "57": "the server is going down; nothing was written that was not answered",
    "08": "the connection was lost; what was not answered may be written or not",
    "42P01": "a table is missing; see: tradewright db status",
    "42501": "the user may not do this; nothing was written",
    "40": "another process changed the same at once; nothing was written, try again",
}


@contextmanager
def told_plainly(place: str) -> Iterator[None]:
    """Turn a failure of the database into words.

    Args:
        place: of the database, as it may be shown.

    Raises:
        StoreError: the database did not do it; `Busy` where another process writes.
    """
    try:
        yield
    except DBAPIError as error:
        raise _error(place, _words(error.orig or error, error.connection_invalidated)) from error
    except sqlite3.Error as error:
        raise _error(place, _words(error, False)) from error
    except (OSError, TimeoutError) as error:
        raise StoreError(f"database {place}: it cannot be reached ({_first_line(error)})") from error
    except SQLAlchemyError as error:
        raise StoreError(f"database {place}: {_first_line(error)}") from error


def _error(place: str, words: str) -> StoreError:
    return (Busy if words == _LOCKED else StoreError)(f"database {place}: {words}")


def _words(origin: BaseException, is_lost: bool) -> str:
    state = str(getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None) or "")
    for length in (5, 2):
        if state and (words := _SERVER.get(state[:length])):
            return words
    text = str(origin).lower()
    for part, words in _LITE:
        if part in text:
            return words
    if is_lost or "connection" in text:
        return _SERVER["08"]
    return f"it refuses ({_first_line(origin)})"


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[0] if text else type(error).__name__
