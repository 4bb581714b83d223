"""Journals of sessions in the database."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tradewright.adapters.storage.sql.chain import BEGINNING, link
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.one_writer import is_written, only_writer
from tradewright.adapters.storage.sql.tables import Tables
from tradewright.domain.errors import Busy, StoreError
from tradewright.domain.mode import Mode
from tradewright.domain.session_name import check_session_name

__all__ = ["SqlSessions", "records_of"]

ModeT = TypeVar("ModeT", bound=Mode)
_KEPT_ANSWERS = 100


class SqlSessions(Generic[ModeT]):
    """See `ports.session_store.SessionStore`.

    Args:
        database: open.
        tables: of the mode.
        now: UTC ns.
    """

    def __init__(self, database: Database, tables: Tables[ModeT], now: Callable[[], int]) -> None:
        self._database, self._tables, self._now = database, tables, now

    @property
    def mode(self) -> ModeT:
        return self._tables.mode

    async def names(self) -> Sequence[str]:
        own = self._tables.sessions.c
        async with self._database.reading() as connection:
            return list(await connection.scalars(select(own.name).order_by(own.begun, own.name)))

    @asynccontextmanager
    async def begin(self, name: str) -> AsyncIterator[_Journal[ModeT]]:
        table = self._tables.sessions
        async with only_writer(self._database, table.name, check_session_name(name)) as connection:
            row = {"name": name, "begun": self._now()}

            def work(own: Connection) -> None:
                if own.scalar(_its_name(self._tables, name)) is not None:
                    raise StoreError(f"session {name}: there is one of that name")
                own.execute(insert(table), row)

            await self._database.write(work, by=connection)
            yield _Journal(self._database, self._tables, connection, (name, ()), self._now)

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[_Journal[ModeT]]:
        await self._check(name)
        async with only_writer(self._database, self._tables.sessions.name, name) as connection:
            async with self._database.reading_by(connection):
                rows = await records_of(connection, self._tables, name)
            journal = _Journal(self._database, self._tables, connection, (name, rows), self._now)
            # The journal alone has them, and lets them go: a day of fifty instruments is fifteen megabytes of text.
            del rows
            yield journal

    async def read(self, name: str) -> Sequence[Mapping[str, Any]]:
        await self._check(name)
        async with self._database.reading() as connection:
            rows = await records_of(connection, self._tables, name)
        return [json.loads(text) for _, text in rows]

    async def newest(self, name: str, after: int, most: int) -> Sequence[tuple[int, Mapping[str, Any]]]:
        await self._check(name)
        own = self._tables.records.c
        columns = select(own.number, own.record).where(own.session == name)
        wanted = columns.where(own.number > after).order_by(own.number.desc()).limit(most)
        async with self._database.reading() as connection:
            rows = [(number, text) for number, text in (await connection.execute(wanted)).all()][::-1]
            if after == 0 and rows and rows[0][0] > 1:
                first = (await connection.execute(columns.where(own.number == 1))).all()
                rows = [(number, text) for number, text in first] + rows
        return await asyncio.to_thread(lambda: [(number, json.loads(text)) for number, text in rows])

    async def mark(self, name: str) -> str:
        await self._check(name)
        own = self._tables.records.c
        last = select(own.hash).where(own.session == name).order_by(own.number.desc()).limit(1)
        async with self._database.reading() as connection:
            return str(await connection.scalar(last) or "")

    async def ask(self, name: str, record: Mapping[str, Any]) -> int:
        await self._check(name)
        wishes = self._tables.wishes
        wish = insert(wishes).values(session=name, record=dict(record)).returning(wishes.c.number)
        return int(await self._database.write(lambda own: own.scalar(wish)) or 0)

    async def asked(self, name: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
        own = self._tables.wishes.c
        wanted = select(own.number, own.record).where(own.session == name, own.answered.is_(None)).order_by(own.number)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [(number, record if isinstance(record, dict) else {}) for number, record in rows]

    async def answered(self, name: str, number: int, refusal: str = "") -> None:
        await self._database.write(lambda own: _answer(own, self._tables, (name, number), (self._now(), refusal)))

    async def answer(self, name: str, number: int) -> str | None:
        own = self._tables.wishes.c
        wanted = select(own.answered, own.refusal).where(own.session == name, own.number == number)
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
        return None if row is not None and row.answered is None else str((row and row.refusal) or "")

    async def is_at_work(self, name: str) -> bool:
        return await is_written(self._database, self._tables.sessions.name, check_session_name(name))

    @asynccontextmanager
    async def alone_with(self, account: str, instruments: Sequence[str]) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for symbol in sorted(set(instruments)):
                name = hashlib.sha256(f"{account}/{symbol}".encode()).hexdigest()[:16]
                words = f"{symbol} is traded in the same account, and its book"
                kind = f"{self._tables.sessions.name}-instruments"
                await stack.enter_async_context(only_writer(self._database, kind, name, words))
            yield

    async def _check(self, name: str) -> None:
        check_session_name(name)
        async with self._database.reading() as connection:
            if await connection.scalar(_its_name(self._tables, name)) is None:
                raise StoreError(f"session {name}: there is none; see: tradewright sessions list")


class _Texts(Sequence[Mapping[str, Any]]):
    # Read one at a time: as objects the context of a session takes ten times the memory of its text.
    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> Any:
        return _Texts(self._texts[at]) if isinstance(at, slice) else json.loads(self._texts[at])


class _Journal(Generic[ModeT]):
    def __init__(
        self,
        database: Database,
        tables: Tables[ModeT],
        connection: AsyncConnection,
        kept: tuple[str, Sequence[tuple[str, str]]],
        now: Callable[[], int],
    ) -> None:
        name, rows = kept
        self._database, self._tables, self._connection, self._name = database, tables, connection, name
        self._now = now
        # Made into a session once: the context of fifty instruments is three megabytes, for as long as it trades.
        self._records: _Texts | None = _Texts([text for _, text in rows])
        self._number, self._hash = len(rows), rows[-1][0] if rows else _first(name)
        self._turn = asyncio.Lock()
        self._is_lost = False

    @property
    def mode(self) -> ModeT:
        return self._tables.mode

    @property
    def records(self) -> Sequence[Mapping[str, Any]]:
        if self._records is None:
            raise StoreError(f"session {self._name}: what was in its journal is not kept once it has been added to")
        return self._records

    async def append(self, record: Mapping[str, Any], *, answers: int | None = None) -> None:
        await self._write([record], answers)

    async def append_all(self, records: Sequence[Mapping[str, Any]]) -> None:
        await self._write(records, None)

    async def _write(self, records: Sequence[Mapping[str, Any]], answers: int | None) -> None:
        async with self._turn:
            if self._is_lost:
                raise StoreError(f"session {self._name}: its journal failed before; go on from what is in it")
            rows, last = self._chained(records)
            self._records = None
            # From here on until it has been written nobody could say whether it is there.
            self._is_lost = True
            try:
                await self._database.write(partial(self._put, rows, answers), by=self._connection)
            except Busy:
                self._is_lost = False
                raise
            self._number, self._hash, self._is_lost = self._number + len(rows), last, False

    def _put(self, rows: Sequence[Mapping[str, Any]], answers: int | None, own: Connection) -> None:
        if rows:
            own.execute(insert(self._tables.records), rows)
        if answers is not None:
            _answer(own, self._tables, (self._name, answers), (self._now(), ""))

    def _chained(self, records: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], str]:
        rows, last = [], self._hash
        for number, record in enumerate(records, start=self._number + 1):
            text = json.dumps(record, separators=(",", ":"), sort_keys=True, allow_nan=False)
            last = link(last, text)
            rows.append({"session": self._name, "number": number, "hash": last, "record": text})
        return rows, last


def _first(name: str) -> str:
    # Of its own for each session: the records of one are not those of another.
    return link(BEGINNING, name)


def _answer(connection: Connection, tables: Tables[Any], wish: tuple[str, int], told: tuple[int, str]) -> None:
    # The last answers stay, for whoever has asked; the newest of all stays in any case, so that no number comes again.
    (name, number), (ts, refusal), own = wish, told, tables.wishes.c
    mine = update(tables.wishes).where(own.session == name, own.number == number)
    connection.execute(mine.values(answered=ts, refusal=refusal))
    old = own.number <= number - _KEPT_ANSWERS
    connection.execute(delete(tables.wishes).where(own.session == name, old, own.answered.is_not(None)))


def _its_name(tables: Tables[Any], name: str) -> Select[Any]:
    return select(tables.sessions.c.name).where(tables.sessions.c.name == name)


async def records_of(connection: AsyncConnection, tables: Tables[Any], name: str) -> Sequence[tuple[str, str]]:
    """The records of a session in their order: the hash and the text of each.

    Raises:
        StoreError: one is not as it was written; it is named.
    """
    own = tables.records.c
    wanted = select(own.number, own.hash, own.record).where(own.session == name).order_by(own.number)
    rows, last = [], _first(name)
    for expected, (number, told, text) in enumerate((await connection.execute(wanted)).all(), start=1):
        last = link(last, text)
        if (number, told) != (expected, last):
            raise StoreError(
                f"session {name}: record {expected} is not as it was written; restore it: tradewright db restore"
            )
        rows.append((told, text))
    return rows
