"""What processes tell each other, in the database that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert, select

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
        async with self._database.writing(is_sent_whole=True) as connection:
            await connection.execute(delete(_BEATS).where(_BEATS.c.name == beat.name))
            await connection.execute(insert(_BEATS), row)

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
        own = _VERDICTS.c
        async with self._database.writing(is_sent_whole=True) as connection:
            symbols = [one.symbol for one in verdicts]
            await connection.execute(delete(_VERDICTS).where(own.venue == venue, own.symbol.in_(symbols)))
            await connection.execute(insert(_VERDICTS), rows)

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
        async with self._database.writing() as connection:
            await connection.execute(insert(_METRICS), row)

    async def measured(self, session: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
        own = _METRICS.c
        wanted = select(own.ts, own.metrics).where(own.deployment == session).order_by(own.ts)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [(row.ts, row.metrics) for row in rows]
