"""One writer at a time for a file, across processes. The system frees the lock of a process that dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tradewright.domain.errors import StoreError

__all__ = ["is_locked", "writing"]


@contextmanager
def writing(path: Path, what: str) -> Iterator[None]:
    """Be the only one who changes the file at `path`; who comes second is refused at once.

    Args:
        path: of the file, which need not exist.
        what: it holds, for the words of a refusal.

    Raises:
        StoreError: another process is writing it (its number is named), or the system refuses a lock.
    """
    lock = _lock_of(path)
    handle = _locked(lock, what)
    try:
        os.truncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        with suppress(OSError):
            lock.unlink()
        os.close(handle)


def is_locked(path: Path) -> bool:
    """Whether a process is changing the file at `path` now.

    Raises:
        StoreError: the system does not say.
    """
    try:
        handle = os.open(_lock_of(path), os.O_RDONLY)
    except FileNotFoundError:
        return False  # whoever ends takes it away
    except OSError as error:
        raise StoreError(f"{_lock_of(path)}: cannot be read ({error.strerror or error})") from error
    try:
        # Left behind by a process that died, it is held by nobody; a lock that is shared is given back at once.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _lock_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _locked(lock: Path, what: str) -> int:
    while True:
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(f"{lock}: cannot be written ({error.strerror or error})") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it before may have removed it since it was opened: then another one is in its place.
            if lock.exists() and os.path.samestat(os.fstat(handle), lock.stat()):
                return handle
        except OSError as error:
            holder = os.pread(handle, 32, 0).decode() or "of unknown number"
            os.close(handle)
            raise StoreError(
                f"{what} is being written by another process, {holder}; try again when it has finished"
            ) from error
        os.close(handle)
