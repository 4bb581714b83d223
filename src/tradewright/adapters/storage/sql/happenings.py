"""What happened, and how sessions stand, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from tradewright.adapters.storage.sql.database import Database, alone
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.ports.happenings import Happening, SessionFacts, Telling

__all__ = ["SqlFacts", "SqlHappenings", "put_down"]

_EVENTS, _FACTS = COMMON.events, COMMON.facts
_ONE_AFTER_THE_OTHER = 7_301_002
"""Whoever writes waits for who wrote before: a higher number is never seen before a lower one."""


class SqlHappenings:
    """See `ports.happenings.HappeningLog`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tellings: Sequence[Telling]) -> None:
        if not tellings:
            return
        await self._database.write(lambda own: put_down(own, tellings))

    async def after(self, number: int, most: int = 1_000) -> Sequence[Happening]:
        own = _EVENTS.c
        wanted = select(_EVENTS).where(own.number > number).order_by(own.number).limit(most)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [Happening(row.kind, row.data, row.ts, row.number) for row in rows]

    async def span(self) -> tuple[int, int]:
        wanted = select(func.min(_EVENTS.c.number), func.max(_EVENTS.c.number))
        async with self._database.reading() as connection:
            oldest, newest = (await connection.execute(wanted)).one()
        return (1, 0) if oldest is None else (int(oldest), int(newest))

    async def prune(self, keep: int) -> None:
        newest = select(func.max(_EVENTS.c.number)).scalar_subquery()
        await self._database.write(lambda own: own.execute(delete(_EVENTS).where(_EVENTS.c.number <= newest - keep)))


class SqlFacts:
    """See `ports.happenings.FactBoard`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, facts: Sequence[SessionFacts], tellings: Sequence[Telling] = ()) -> None:
        if not (facts or tellings):
            return
        names, rows = [one.session for one in facts], [asdict(one) for one in facts]

        def work(own: Connection) -> None:
            if rows:
                own.execute(delete(_FACTS).where(_FACTS.c.session.in_(names)))
                own.execute(insert(_FACTS), rows)
            put_down(own, tellings)

        await self._database.write(work)

    async def of(self, session: str) -> SessionFacts | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(_FACTS).where(_FACTS.c.session == session))).first()
        return None if row is None else _facts(row)

    async def since(self, ts: int) -> Sequence[SessionFacts]:
        wanted = select(_FACTS).where(_FACTS.c.ts >= ts).order_by(_FACTS.c.ts, _FACTS.c.session)
        async with self._database.reading() as connection:
            return [_facts(row) for row in (await connection.execute(wanted)).all()]

    async def forget(self, session: str) -> None:
        gone = delete(_FACTS).where(_FACTS.c.session == session)
        await self._database.write(lambda own: own.execute(gone))


def put_down(connection: Connection, tellings: Sequence[Telling]) -> None:
    """Put down what happened, in a transaction that writes more.

    Args:
        connection: of the transaction.
        tellings: what happened; where there is nothing, nobody is waited for.
    """
    if not tellings:
        return
    alone(connection, _ONE_AFTER_THE_OTHER)
    rows = [{"ts": one.ts, "kind": one.kind, "data": dict(one.data)} for one in tellings]
    connection.execute(insert(_EVENTS), rows)


def _facts(row: Any) -> SessionFacts:
    return SessionFacts(row.session, row.deployment, row.mode, row.ts, row.told)
