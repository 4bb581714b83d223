"""Entries of one kind as rows of one table: the fields of the one are the columns of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Select, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from tradewright.adapters.storage.sql.database import Database
from tradewright.domain.books import Find
from tradewright.domain.errors import InvalidValue
from tradewright.domain.mode import Mode

__all__ = ["Place", "SqlShelf", "entries_found", "entries_put", "selection"]

EntryT = TypeVar("EntryT")
ModeT = TypeVar("ModeT", bound=Mode)
_ANY = Find()


class Place(NamedTuple):
    """Where entries of a kind are.

    Attributes:
        table: theirs.
        kind: their class.
        time: the column by which they are ordered.
        is_fact: what is there is never replaced.
    """

    table: Table
    kind: type[Any]
    time: str
    is_fact: bool = False


class SqlShelf(Generic[EntryT, ModeT]):
    """See `ports.books.Shelf`.

    Args:
        database: open.
        mode: whose.
        place: of the entries.
    """

    def __init__(self, database: Database, mode: ModeT, place: Place) -> None:
        self.mode = mode
        self._database, self._place = database, place

    async def put(self, entries: Sequence[EntryT]) -> None:
        await entries_put(self._database, self._place, entries)

    async def find(self, wish: Find = _ANY) -> Sequence[EntryT]:
        return await entries_found(self._database, self._place, wish)

    async def count(self) -> int:
        async with self._database.reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(self._place.table)) or 0)


async def entries_put(database: Database, place: Place, entries: Sequence[Any]) -> None:
    """See `ports.books.Shelf.put`."""
    if not entries:
        return
    names = [one.name for one in fields(place.kind)]
    rows = [{name: getattr(entry, name) for name in names} for entry in entries]
    upsert = _upsert(place, names, is_server=database.is_server)
    await database.write(lambda own: own.execute(upsert, rows))


async def entries_found(database: Database, place: Place, wish: Find) -> list[Any]:
    """See `ports.books.Shelf.find`."""
    wanted = selection(place, wish)
    async with database.reading() as connection:
        rows = (await connection.execute(wanted)).all()
    return [place.kind(*row) for row in rows]  # the columns are selected in the order of the fields


def selection(place: Place, wish: Find) -> Select[Any]:
    """The rows that are wished for.

    Raises:
        InvalidValue: the table has no such column, or the limit is none.
    """
    if wish.limit < 1:
        raise InvalidValue("limit", wish.limit, "a whole number above 0")
    columns, time = place.table.c, place.table.c[place.time]
    wanted = select(*(columns[one.name] for one in fields(place.kind)))
    for name in ("deployment", "symbol", "status"):
        if (value := getattr(wish, name)) is None:
            continue
        if name not in columns:
            raise InvalidValue(name, value, f"none: {place.table.name} has no {name}")
        wanted = wanted.where(columns[name] == value)
    if wish.since is not None:
        wanted = wanted.where(time >= wish.since)
    if wish.until is not None:
        wanted = wanted.where(time < wish.until)
    order = [time, *(column for column in place.table.primary_key if column is not time)]
    return wanted.order_by(*(column.desc() for column in order) if wish.newest_first else order).limit(wish.limit)


def _upsert(place: Place, names: Sequence[str], *, is_server: bool) -> Any:
    key = [column.name for column in place.table.primary_key]
    if not set(key) <= set(names):
        return insert(place.table)
    statement = (postgresql if is_server else sqlite).insert(place.table)
    others = {name: statement.excluded[name] for name in names if name not in key}
    if place.is_fact:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=others)
