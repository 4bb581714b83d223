"""Raw messages of streams as files of lines `RECEIVE-TIME-IN-NS JSON`: `{venue}/{symbol}/{begin}.jsonl`, later `.gz`.

A file that is being written is plain and ends with a whole line at any time: lines are handed to the system together,
so that a process that is killed leaves what it had flushed. When it is full it is packed, and only then removed.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from tradewright.adapters.storage.atomic import replacing
from tradewright.domain.errors import StoreError
from tradewright.domain.instrument import Instrument
from tradewright.ports.stream_sink import WrittenStream

__all__ = ["StreamFiles"]

_NS = 1_000_000_000


class _Sheet:
    """A file that is being written."""

    def __init__(self, path: Path, symbol: str) -> None:
        self.path, self.symbol = path, symbol
        self.messages = self.size = 0
        self._waiting: list[str] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)

    def add(self, line: str) -> None:
        self._waiting.append(line)

    def flush(self) -> None:
        if not self._waiting:
            return
        content = "".join(self._waiting).encode()
        done = 0
        try:
            while done < len(content):
                done += os.write(self._handle, content[done:])
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._handle, self.size)
            raise StoreError(f"{self.path}: cannot be written ({error.strerror or error})") from error
        self.size += len(content)
        self.messages += len(self._waiting)
        self._waiting = []

    def close(self) -> None:
        try:
            self.flush()
        finally:
            os.close(self._handle)

    def packed(self) -> WrittenStream:
        packed = self.path.with_name(f"{self.path.name}.gz")
        with replacing(packed) as temporary, self.path.open("rb") as plain, gzip.open(temporary, "wb", 6) as target:
            shutil.copyfileobj(plain, target)
        self.path.unlink()
        return WrittenStream(packed, self.symbol, self.messages)


class StreamFiles:
    """See `ports.stream_sink.StreamSink`.

    Args:
        root: folder; `{venue}/{symbol}` is made in it.
        venue: name of the venue.
        most_bytes: a file that has grown so large is closed, and another begun.
    """

    def __init__(self, root: Path, venue: str, most_bytes: int) -> None:
        self._root, self._venue, self._most_bytes = root, venue, most_bytes
        self._sheets: dict[str, _Sheet] = {}
        self._full: deque[_Sheet] = deque()
        self._written: list[WrittenStream] = []
        self._last = 0

    def add(self, ts_ns: int, symbol: str, text: str) -> None:
        # A clock that is set back does not turn the order of what came.
        self._last = max(self._last, ts_ns)
        if symbol not in self._sheets:
            self._sheets[symbol] = self._begun(symbol)
        self._sheets[symbol].add(f"{self._last} {' '.join(text.splitlines())}\n")

    def flush(self) -> tuple[str, ...]:
        full: list[str] = []
        for symbol, sheet in list(self._sheets.items()):
            sheet.flush()
            if sheet.size >= self._most_bytes:
                full.append(symbol)
                self._lay_aside(symbol)
        return tuple(full)

    def pack(self) -> None:
        while self._full:
            self._written.append(self._full[0].packed())
            self._full.popleft()

    def close(self) -> tuple[WrittenStream, ...]:
        for symbol in list(self._sheets):
            self._lay_aside(symbol)
        self.pack()
        return tuple(self._written)

    def _lay_aside(self, symbol: str) -> None:
        sheet = self._sheets.pop(symbol)
        sheet.close()
        self._full.append(sheet)

    def _begun(self, symbol: str) -> _Sheet:
        folder = self._root / self._venue / Instrument(symbol, self._venue).file_name
        seconds, rest = divmod(self._last, _NS)
        name = f"{datetime.fromtimestamp(seconds, UTC):%Y%m%dT%H%M%S}.{rest:09d}Z.jsonl"
        try:
            return _Sheet(folder / name, symbol)
        except OSError as error:
            raise StoreError(f"{folder / name}: cannot be written ({error.strerror or error})") from error
