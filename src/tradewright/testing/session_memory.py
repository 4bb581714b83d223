"""Session journals in memory, as they would lie on a disk: what was appended survives whoever appended it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

from tradewright.domain.errors import StoreError
from tradewright.domain.mode import Mode

__all__ = ["MemoryJournal", "MemorySessions"]

ModeT = TypeVar("ModeT", bound=Mode)


class MemoryJournal(Generic[ModeT]):
    """See `ports.session_store.SessionJournal`."""

    def __init__(self, mode: ModeT, lines: list[str], wishes: dict[int, Any], before: Callable[[], None]) -> None:
        self._mode, self._lines, self._wishes, self._before = mode, lines, wishes, before

    @property
    def mode(self) -> ModeT:
        """Of the session."""
        return self._mode

    @property
    def records(self) -> Sequence[Mapping[str, Any]]:
        """All so far."""
        return [json.loads(line) for line in self._lines]

    async def append(self, record: Mapping[str, Any], *, answers: int | None = None) -> None:
        """Add one."""
        await self.append_all([record])
        if answers is not None:
            self._wishes.pop(answers, None)

    async def append_all(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add several."""
        self._before()
        self._lines.extend(json.dumps(record) for record in records)


class MemorySessions(Generic[ModeT]):
    """See `ports.session_store.SessionStore`.

    Args:
        mode: of its sessions.
        before: called before anything is written: a test may let the write fail there.
    """

    def __init__(self, mode: ModeT, before: Callable[[], None] = lambda: None) -> None:
        self._mode, self.before = mode, before
        self.lines: dict[str, list[str]] = {}
        self._wishes: dict[str, dict[int, Mapping[str, Any]]] = {}
        self._taken: set[tuple[str, str]] = set()
        self._count = 0

    @property
    def mode(self) -> ModeT:
        """Of every session in it."""
        return self._mode

    @asynccontextmanager
    async def begin(self, name: str) -> AsyncIterator[MemoryJournal[ModeT]]:
        """A new one."""
        if name in self.lines:
            raise StoreError(f"session {name}: there is one of that name")
        self.lines[name] = []
        async with self.open(name) as journal:
            yield journal

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[MemoryJournal[ModeT]]:
        """One that is there."""
        if name not in self.lines:
            raise StoreError(f"session {name}: there is none")
        wishes = self._wishes.setdefault(name, {})
        yield MemoryJournal(self._mode, self.lines[name], wishes, self.before)

    async def read(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Its records."""
        async with self.open(name) as journal:
            return journal.records

    async def newest(self, name: str, after: int, most: int) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """Its newest records."""
        rows = list(enumerate(await self.read(name), start=1))
        found = rows[after:][-most:]
        return found if after or not found or found[0][0] == 1 else [rows[0], *found]

    async def mark(self, name: str) -> str:
        """A digest of its records."""
        lines = "\n".join(self.lines[name])
        return hashlib.sha256(lines.encode()).hexdigest() if lines else ""

    async def ask(self, name: str, record: Mapping[str, Any]) -> None:
        """Leave a wish."""
        self._count += 1
        self._wishes.setdefault(name, {})[self._count] = record

    async def asked(self, name: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """Those that wait."""
        return sorted(self._wishes.get(name, {}).items(), key=lambda item: item[0])

    async def answered(self, name: str, number: int) -> None:
        """One has been dealt with."""
        self._wishes[name].pop(number, None)

    @asynccontextmanager
    async def alone_with(self, account: str, instruments: Sequence[str]) -> AsyncIterator[None]:
        """See `ports.session_store.SessionStore.alone_with`."""
        wanted = {(account, symbol) for symbol in instruments}
        if both := sorted(wanted & self._taken):
            raise StoreError(f"{both[0][1]} is traded in the same account")
        self._taken |= wanted
        try:
            yield
        finally:
            self._taken -= wanted

    async def names(self) -> Sequence[str]:
        """All that are there."""
        return tuple(self.lines)
