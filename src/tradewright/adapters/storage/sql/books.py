"""The books of a mode, each on its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Generic, TypeVar

from sqlalchemy import Select, delete, select, tuple_, update

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.shelf import Place, SqlShelf, entries_found, entries_put
from tradewright.adapters.storage.sql.tables import COMMON, Tables
from tradewright.domain.books import (
    EquityPoint,
    ExitEntry,
    FillEntry,
    Find,
    MarketSnapshot,
    OrderEntry,
    PendingOrder,
    Performance,
    PositionEntry,
    SignalEntry,
    TradeEntry,
    TradeNote,
)
from tradewright.domain.errors import InvalidValue
from tradewright.domain.mode import Mode

__all__ = ["SqlBooks", "SqlMarkets", "SqlPending", "old_snapshots"]

ModeT = TypeVar("ModeT", bound=Mode)
_ANY = Find()
_KEY = COMMON.snapshots.c.venue, COMMON.snapshots.c.symbol, COMMON.snapshots.c.ts


class SqlPending(SqlShelf[PendingOrder, ModeT]):
    """See `ports.books.PendingOrders`."""

    async def change(self, was: PendingOrder, becomes: PendingOrder) -> bool:
        """See `ports.books.PendingOrders.change`."""
        if was.id != becomes.id:
            raise InvalidValue("id", becomes.id, f"{was.id!r}, the same order")
        table = self._place.table
        still = (table.c.id == was.id, table.c.status == was.status, table.c.price == was.price,
                 table.c.expires == was.expires)  # fmt: skip
        change = update(table).where(*still).values(asdict(becomes))
        return await self._database.write(lambda own: own.execute(change).rowcount) == 1


class SqlBooks(Generic[ModeT]):
    """See `ports.books.Books`. It is made of the tables of one mode, and knows no others.

    Args:
        database: open.
        tables: of the mode.
    """

    def __init__(self, database: Database, tables: Tables[ModeT]) -> None:
        self.mode = mode = tables.mode
        shelf = SqlShelf
        self.signals: SqlShelf[SignalEntry, ModeT] = shelf(database, mode, Place(tables.signals, SignalEntry, "ts"))
        self.orders: SqlShelf[OrderEntry, ModeT] = shelf(database, mode, Place(tables.orders, OrderEntry, "updated"))
        self.fills: SqlShelf[FillEntry, ModeT] = shelf(
            database, mode, Place(tables.fills, FillEntry, "ts", is_fact=True)
        )
        self.positions: SqlShelf[PositionEntry, ModeT] = shelf(
            database, mode, Place(tables.positions, PositionEntry, "updated")
        )
        self.trades: SqlShelf[TradeEntry, ModeT] = shelf(database, mode, Place(tables.trades, TradeEntry, "ts_entry"))
        self.exits: SqlShelf[ExitEntry, ModeT] = shelf(database, mode, Place(tables.exits, ExitEntry, "ts"))
        self.notes: SqlShelf[TradeNote, ModeT] = shelf(database, mode, Place(tables.notes, TradeNote, "ts"))
        self.equity: SqlShelf[EquityPoint, ModeT] = shelf(database, mode, Place(tables.equity, EquityPoint, "ts"))
        self.performance: SqlShelf[Performance, ModeT] = shelf(
            database, mode, Place(tables.performance, Performance, "ts")
        )
        self.pending: SqlPending[ModeT] = SqlPending(database, mode, Place(tables.pending, PendingOrder, "created"))


class SqlMarkets:
    """See `ports.books.Markets`.

    Args:
        database: open.
    """

    _PLACE = Place(COMMON.snapshots, MarketSnapshot, "ts")

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, entries: Sequence[MarketSnapshot]) -> None:
        await entries_put(self._database, self._PLACE, entries)

    async def find(self, wish: Find = _ANY) -> Sequence[MarketSnapshot]:
        return await entries_found(self._database, self._PLACE, wish)

    async def forget(self, venue: str, before: int, most: int) -> int:
        oldest = old_snapshots(venue, before, most)
        away = delete(COMMON.snapshots).where(tuple_(*_KEY).in_(oldest))
        return await self._database.write(lambda connection: connection.execute(away).rowcount)


def old_snapshots(venue: str, before: int, most: int) -> Select[tuple[str, str, int]]:
    """The keys of the oldest snapshots of a venue, which an index of theirs tells: not all that it has is looked at.

    Args:
        venue: whose.
        before: UTC ns; older ones only.
        most: at most so many.
    """
    own = COMMON.snapshots.c
    return select(*_KEY).where(own.venue == venue, own.ts < before).order_by(own.ts).limit(most)
