"""Journals of sessions as files: a line of JSON for each record, chained by hashes, on disk before `append` returns."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.atomic import replacing
from tradewright.adapters.storage.locking import writing
from tradewright.domain.errors import StoreError
from tradewright.domain.mode import SIMULATION, Simulation
from tradewright.domain.result_id import check_result_id

__all__ = ["SessionFiles"]

_BEGINNING = "0" * 16
_ASKS = "[0-9]*.json"


class SessionFiles:
    """See `ports.session_store.SessionStore`.

    A line is `{"hash": …, "record": …}`; the hash is of the line before and the record, so that a line which was
    changed, lost or moved is noticed. A last line that was not written to its end is taken off when the journal is
    opened: what it spoke of was never acted on.

    Args:
        data_dir: journals lie in its folder `sessions`.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "sessions"

    @property
    def mode(self) -> Simulation:
        return SIMULATION

    async def names(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in self._folder.glob("*.jsonl")))

    @asynccontextmanager
    async def begin(self, name: str) -> AsyncIterator[_Journal]:
        path = self._path(name)
        if path.exists():
            raise StoreError(f"session {name}: there is one of that name")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path.parent}: cannot be written ({error.strerror or error})") from error
        with writing(path, f"session {name}"), _writable(path) as journal:
            yield journal

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[_Journal]:
        path = self._existing(name)
        with writing(path, f"session {name}"), _writable(path) as journal:
            yield journal

    async def read(self, name: str) -> Sequence[Mapping[str, Any]]:
        records, _, _ = _read(self._existing(name))
        return records

    async def ask(self, name: str, record: Mapping[str, Any]) -> None:
        folder = self._existing(name).with_suffix(".asked")
        last = max((int(path.stem) for path in folder.glob(_ASKS)), default=0)
        with replacing(folder / f"{last + 1:06d}.json") as draft:
            draft.write_text(json.dumps(record, allow_nan=False), encoding="utf-8")

    async def asked(self, name: str) -> tuple[tuple[int, Mapping[str, Any]], ...]:
        found = []
        for path in sorted(self._path(name).with_suffix(".asked").glob(_ASKS)):
            try:
                record = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise StoreError(f"{path}: cannot be read ({error})") from error
            found.append((int(path.stem), record if isinstance(record, dict) else {}))
        return tuple(found)

    async def answered(self, name: str, number: int) -> None:
        (self._path(name).with_suffix(".asked") / f"{number:06d}.json").unlink(missing_ok=True)

    def _existing(self, name: str) -> Path:
        path = self._path(name)
        if not path.exists():
            raise StoreError(f"session {name}: there is none; see: tradewright sessions list")
        return path

    def _path(self, name: str) -> Path:
        return self._folder / f"{check_result_id(name)}.jsonl"


class _Journal:
    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle
        self._records, self._hash, self._size = _read(path)
        os.ftruncate(handle, self._size)

    @property
    def mode(self) -> Simulation:
        return SIMULATION

    @property
    def records(self) -> Sequence[Mapping[str, Any]]:
        return self._records

    async def append(self, record: Mapping[str, Any], *, answers: int | None = None) -> None:
        await self.append_all([record])
        if answers is not None:
            (self._path.with_suffix(".asked") / f"{answers:06d}.json").unlink(missing_ok=True)

    async def append_all(self, records: Sequence[Mapping[str, Any]]) -> None:
        line, chained = b"", self._hash
        for record in records:
            more, chained = _line(chained, record)
            line += more
        try:
            written = os.pwrite(self._handle, line, self._size)
            os.fsync(self._handle)
        except OSError as error:
            os.ftruncate(self._handle, self._size)
            raise StoreError(f"{self._path}: cannot be written ({error.strerror or error})") from error
        if written != len(line):
            os.ftruncate(self._handle, self._size)
            raise StoreError(f"{self._path}: cannot be written (no room for {len(line)} bytes)")
        self._hash, self._size = chained, self._size + len(line)


@contextmanager
def _writable(path: Path) -> Iterator[_Journal]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error})") from error
    try:
        yield _Journal(path, handle)
    finally:
        os.close(handle)


def _line(before: str, record: Mapping[str, Any]) -> tuple[bytes, str]:
    text = json.dumps(record, separators=(",", ":"), sort_keys=True, allow_nan=False)
    chained = hashlib.sha256((before + text).encode()).hexdigest()[:16]
    return f'{{"hash":"{chained}","record":{text}}}\n'.encode(), chained


def _read(path: Path) -> tuple[list[Mapping[str, Any]], str, int]:
    # The records, the last hash, and how many bytes of the file are whole lines.
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror or error})") from error
    records: list[Mapping[str, Any]] = []
    chained, size = _BEGINNING, 0
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            break
        record = _record(line)
        expected, following = _line(chained, record) if record is not None else (b"", "")
        if record is None or expected != line:
            raise StoreError(f"{path}: line {number} is not as it was written; restore the file from a copy")
        records.append(record)
        chained, size = following, size + len(line)
    return records, chained, size


def _record(line: bytes) -> Mapping[str, Any] | None:
    try:
        data = json.loads(line)
        return data["record"] if isinstance(data["record"], dict) else None
    except (ValueError, KeyError, TypeError):
        return None
