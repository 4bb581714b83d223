"""A backup as a file: every row as a line of JSON, packed, and a digest of them all at its end.

It is the same whichever database it was made of, so that it may be put into the other.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.atomic import replacing
from tradewright.domain.errors import StoreError
from tradewright.ports.database_care import BackupFacts

__all__ = ["BackupWriter", "backup_facts", "backup_rows", "writing_backup"]

_FORMAT = "tradewright-backup-1"


class BackupWriter:
    """Lines on their way into a file.

    Args:
        file: that packs what it is given.
    """

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file, self._digest = file, hashlib.sha256()
        self.rows: dict[str, int] = {}

    def begin(self, version: str, source: str, made: int) -> None:
        """Write the first line."""
        self._line({"format": _FORMAT, "version": version, "source": source, "made": made})

    def row(self, table: str, values: dict[str, Any]) -> None:
        """Write a row, plain data."""
        self.rows[table] = self.rows.get(table, 0) + 1
        self._line([table, values])

    def end(self) -> str:
        """Write the last line; gives the digest."""
        digest = self._digest.hexdigest()
        self._line({"rows": self.rows, "sha256": digest})
        return digest

    def _line(self, data: Any) -> None:
        line = json.dumps(data, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        self._digest.update(line)
        self._file.write(line)


@contextmanager
def writing_backup(path: Path) -> Iterator[BackupWriter]:
    """Write a backup; the file is there when the block has ended well, and not before.

    Raises:
        StoreError: there is one of that name, or it cannot be written.
    """
    if path.exists():
        raise StoreError(f"{path}: there is a file of that name; it is not overwritten")
    with replacing(path) as draft, gzip.open(draft, "wb", compresslevel=6) as file:
        yield BackupWriter(file)


def backup_facts(path: Path) -> BackupFacts:
    """What is in a backup, after every byte of it has been looked at.

    Raises:
        StoreError: it is none, or damaged.
    """
    digest, rows = hashlib.sha256(), dict[str, int]()
    first: dict[str, Any] = {}
    for number, line in enumerate(_lines(path)):
        data = _data(path, number, line)
        if number == 0:
            first = _first(path, data)
        elif isinstance(data, list):
            rows[data[0]] = rows.get(data[0], 0) + 1
        elif data.get("sha256") == digest.hexdigest() and data.get("rows") == rows:
            return BackupFacts(first["version"], first["source"], first["made"], rows, digest.hexdigest())
        else:
            raise StoreError(f"{path}: damaged: its digest is not that of its rows; nothing was restored")
        digest.update(line)
    raise StoreError(f"{path}: damaged: its end is missing; nothing was restored")


def backup_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a backup that was looked at by `backup_facts`: table and values.

    Raises:
        StoreError: it cannot be read any more.
    """
    for number, line in enumerate(_lines(path)):
        data = _data(path, number, line)
        if isinstance(data, list):
            yield data[0], data[1]


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as file:
            yield from file
    except FileNotFoundError as error:
        raise StoreError(f"{path}: there is no such file") from error
    except (OSError, EOFError, zlib.error) as error:
        raise StoreError(f"{path}: damaged, or no backup ({error}); nothing was restored") from error


def _data(path: Path, number: int, line: bytes) -> Any:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise StoreError(f"{path}: damaged: line {number + 1} cannot be read; nothing was restored") from error
    if not isinstance(data, dict | list):
        raise StoreError(f"{path}: damaged: line {number + 1} is no row; nothing was restored")
    return data


def _first(path: Path, data: Any) -> dict[str, Any]:
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise StoreError(f"{path}: no backup of this program; nothing was restored")
    return data
