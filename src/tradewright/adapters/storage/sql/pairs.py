"""Pairs in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select, update

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.domain.errors import Absent, Conflict
from tradewright.domain.pair import Pair

__all__ = ["SqlPairs"]

_OWN = COMMON.pairs


class SqlPairs:
    """See `ports.pairs.Pairs`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, venue: str) -> Sequence[Pair]:
        wanted = select(_OWN).where(_OWN.c.venue == venue).order_by(_OWN.c.added, _OWN.c.symbol)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [Pair(row.venue, row.symbol, row.is_active, row.added) for row in rows]

    async def add(self, pair: Pair) -> None:
        its = (_OWN.c.venue == pair.venue, _OWN.c.symbol == pair.symbol)

        def work(own: Connection) -> None:
            if own.scalar(select(_OWN.c.symbol).where(*its)) is not None:
                raise Conflict(f"{pair.symbol} is watched already")
            own.execute(insert(_OWN), asdict(pair))

        await self._database.write(work)

    async def change(self, pair: Pair) -> None:
        its = (_OWN.c.venue == pair.venue, _OWN.c.symbol == pair.symbol)
        change = update(_OWN).where(*its).values(is_active=pair.is_active)
        if await self._database.write(lambda own: own.execute(change).rowcount) == 0:
            raise Absent(f"{pair.symbol} is not watched")

    async def remove(self, venue: str, symbol: str) -> None:
        its = (_OWN.c.venue == venue, _OWN.c.symbol == symbol)
        if await self._database.write(lambda own: own.execute(delete(_OWN).where(*its)).rowcount) == 0:
            raise Absent(f"{symbol} is not watched")
