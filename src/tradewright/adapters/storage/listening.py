"""Where the server of a data folder listens: a file for its owner, believed only while the server holds it."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tradewright.domain.errors import StoreError

__all__ = ["listening", "listens_at"]

_NAME = "server.json"
_FOR_OTHERS = 0o077


@contextmanager
def listening(folder: Path, address: str) -> Iterator[None]:
    """Tell others of this user where a server listens, while the block runs; where another server tells, it stays so.

    Args:
        folder: of the data.
        address: as a client takes it.

    Raises:
        StoreError: the folder cannot be written.
    """
    path = folder / _NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error})") from error
    try:
        is_ours = _taken(handle)
        if is_ours:
            os.fchmod(handle, 0o600)
            os.truncate(handle, 0)
            os.pwrite(handle, json.dumps({"address": address, "pid": os.getpid()}).encode(), 0)
        yield
        if is_ours:
            with suppress(OSError):
                path.unlink()
    finally:
        os.close(handle)


def listens_at(folder: Path) -> str | None:
    """Where the server of a data folder listens; None where there is none, or somebody else says so."""
    try:
        handle = os.open(folder / _NAME, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        own = os.fstat(handle)
        if own.st_uid != os.geteuid() or stat.S_IMODE(own.st_mode) & _FOR_OTHERS or _taken(handle):
            return None
        return str(json.loads(os.pread(handle, 4_096, 0))["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    # The system frees the lock of a process that dies, however it dies.
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
