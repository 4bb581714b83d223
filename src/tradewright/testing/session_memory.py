"""Session journals in memory, as they would lie on a disk: what was appended survives whoever appended it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

from tradewright.domain.errors import StoreError
from tradewright.domain.mode import Mode

__all__ = ["MemoryJournal", "MemorySessions"]

ModeT = TypeVar("ModeT", bound=Mode)


class _Wishes:
    # Of one session: those that wait, and what was said to the others.
    def __init__(self) -> None:
        self.waiting: dict[int, Mapping[str, Any]] = {}
        self.answers: dict[int, str] = {}

    def answer(self, number: int, refusal: str = "") -> None:
        self.waiting.pop(number, None)
        self.answers[number] = refusal


class MemoryJournal(Generic[ModeT]):
    """See `ports.session_store.SessionJournal`."""

    def __init__(self, mode: ModeT, lines: list[str], wishes: _Wishes, before: Callable[[], None]) -> None:
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
            self._wishes.answer(answers)

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
        self._wishes: defaultdict[str, _Wishes] = defaultdict(_Wishes)
        self._open: Counter[str] = Counter()
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
        self._open[name] += 1
        try:
            yield MemoryJournal(self._mode, self.lines[name], self._wishes[name], self.before)
        finally:
            self._open[name] -= 1

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

    async def ask(self, name: str, record: Mapping[str, Any]) -> int:
        """Leave a wish."""
        self._count += 1
        self._wishes[name].waiting[self._count] = record
        return self._count

    async def asked(self, name: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """Those that wait."""
        return sorted(self._wishes[name].waiting.items(), key=lambda item: item[0])

    async def answered(self, name: str, number: int, refusal: str = "") -> None:
        """One has been dealt with."""
        self._wishes[name].answer(number, refusal)

    async def answer(self, name: str, number: int) -> str | None:
        """What became of one."""
        own = self._wishes[name]
        return None if number in own.waiting else own.answers.get(number, "")

    async def is_at_work(self, name: str) -> bool:
        """Whether it is open."""
        return self._open[name] > 0

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
