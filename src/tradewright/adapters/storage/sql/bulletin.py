"""What processes tell each other, in the database that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON, SIM_TABLES
from tradewright.domain.heartbeat import Heartbeat
from tradewright.domain.universe import MarketFigures, Verdict

__all__ = ["SqlBulletin"]

_BEATS, _VERDICTS, _METRICS = COMMON.heartbeats, COMMON.verdicts, SIM_TABLES.performance


class SqlBulletin:
    """See `ports.bulletin.Bulletin`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, beat: Heartbeat) -> None:
        row = {
            "name": beat.name, "run": beat.run_id, "pid": beat.pid, "ts": beat.at,
            "told": {"every_s": beat.every_s, "state": dict(beat.state)},
        }  # fmt: skip

        def work(own: Connection) -> None:
            own.execute(delete(_BEATS).where(_BEATS.c.name == beat.name))
            own.execute(insert(_BEATS), row)

        await self._database.write(work)

    async def beats(self) -> Mapping[str, Heartbeat]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(_BEATS))).all()
        return {row.name: Heartbeat(row.name, row.run, row.pid, row.ts, **row.told) for row in rows}

    async def judge(self, venue: str, verdicts: Sequence[Verdict]) -> None:
        if not verdicts:
            return
        rows = [
            {"venue": venue, "symbol": one.symbol, "ts": one.at,
             "found": {"reasons": list(one.reasons), "figures": asdict(one.figures), "signal": one.signal}}
            for one in verdicts
        ]  # fmt: skip
        its = (_VERDICTS.c.venue == venue, _VERDICTS.c.symbol.in_([one.symbol for one in verdicts]))

        def work(own: Connection) -> None:
            own.execute(delete(_VERDICTS).where(*its))
            own.execute(insert(_VERDICTS), rows)

        await self._database.write(work)

    async def verdicts(self, venue: str) -> Sequence[Verdict]:
        wanted = select(_VERDICTS).where(_VERDICTS.c.venue == venue).order_by(_VERDICTS.c.symbol)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [
            Verdict(row.symbol, row.ts, tuple(found["reasons"]), MarketFigures(**found["figures"]), found["signal"])
            for row in rows
            for found in (row.found,)
        ]

    async def measure(self, session: str, at: int, metrics: Mapping[str, Any]) -> None:
        row = {"deployment": session, "ts": at, "metrics": dict(metrics)}
        await self._database.write(lambda own: own.execute(insert(_METRICS), row))

    async def measured(self, session: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
        own = _METRICS.c
        wanted = select(own.ts, own.metrics).where(own.deployment == session).order_by(own.ts)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [(row.ts, row.metrics) for row in rows]
