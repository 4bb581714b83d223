"""The audit log in the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tradewright.adapters.storage.sql.chain import BEGINNING, link
from tradewright.adapters.storage.sql.database import Database, alone
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.ports.audit_log import AuditVerdict, AuditWish, Deed, WrittenDeed

__all__ = ["SqlAudit", "audit_verdict"]

_TURN = 7_301_002
_BATCH = 5_000
_TABLE, _HEAD = COMMON.audit, COMMON.audit_head


class SqlAudit:
    """See `ports.audit_log.AuditLog`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, deeds: Sequence[Deed]) -> None:
        if not deeds:
            return
        await self._database.write(partial(_add, deeds))

    async def read(
        self, since: int | None = None, until: int | None = None, limit: int | None = None
    ) -> Sequence[WrittenDeed]:
        wanted = select(_TABLE).order_by(_TABLE.c.number.desc())
        if since is not None:
            wanted = wanted.where(_TABLE.c.ts >= since)
        if until is not None:
            wanted = wanted.where(_TABLE.c.ts < until)
        if limit is not None:
            wanted = wanted.limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [_deed(row) for row in reversed(rows)]

    async def find(self, wish: AuditWish) -> Sequence[WrittenDeed]:
        """See `ports.audit_log.AuditLog.find`."""
        own = _TABLE.c
        wanted = select(_TABLE).order_by(own.number.desc()).limit(wish.limit)
        where = (
            (wish.actor, own.actor == wish.actor),
            (wish.action, own.action.startswith(wish.action or "", autoescape=True)),
            (wish.since, own.ts >= (wish.since or 0)),
            (wish.until, own.ts < (wish.until or 0)),
            (wish.below, own.number < (wish.below or 0)),
        )
        for asked, clause in where:
            if asked is not None:
                wanted = wanted.where(clause)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [_deed(row) for row in rows]

    async def verify(self, head: str = "") -> AuditVerdict:
        async with self._database.reading() as connection:
            return await audit_verdict(connection, head)


async def audit_verdict(connection: AsyncConnection, head: str = "") -> AuditVerdict:
    """Look at every line of the log; see `ports.audit_log.AuditLog.verify`."""
    number, last, is_seen = 0, BEGINNING, not head
    while True:
        wanted = select(_TABLE).where(_TABLE.c.number > number).order_by(_TABLE.c.number).limit(_BATCH)
        rows = (await connection.execute(wanted)).all()
        for row in rows:
            if row.number != number + 1:
                return AuditVerdict(number, last, f"line {number + 1} is missing")
            following = link(last, _text(row._mapping))  # noqa: SLF001 - the public way to a row's columns by name
            if following != row.hash:
                return AuditVerdict(number, last, f"line {row.number} is not as it was written")
            number, last = row.number, following
            is_seen = is_seen or last == head
        if len(rows) < _BATCH:
            break
    told = (await connection.execute(select(_HEAD.c.number, _HEAD.c.hash))).one_or_none()
    if tuple(told or (0, BEGINNING)) != (number, last):
        return AuditVerdict(number, last, f"line {number + 1} is missing: lines at the end were taken away")
    if not is_seen:
        return AuditVerdict(number, last, f"no line has the hash {head}: what was noted is not there any more")
    return AuditVerdict(number, last)


def _add(deeds: Sequence[Deed], connection: Connection) -> None:
    alone(connection, _TURN)
    head = connection.execute(select(_HEAD.c.number, _HEAD.c.hash)).one_or_none()
    number, last = head or (0, BEGINNING)
    rows = []
    for at, deed in enumerate(deeds, start=number + 1):
        row = _row(at, deed)
        last = link(last, _text(row))
        rows.append({**row, "hash": last})
    connection.execute(insert(_TABLE), rows)
    change = update(_HEAD) if head else insert(_HEAD).values(id=1)
    connection.execute(change.values(number=number + len(rows), hash=last))


def _row(number: int, deed: Deed) -> dict[str, Any]:
    details = json.dumps(dict(deed.details), separators=(",", ":"), sort_keys=True, allow_nan=False)
    return {"number": number, "ts": deed.ts, "actor": deed.actor, "action": deed.action, "subject": deed.subject,
            "details": details, "run": deed.run}  # fmt: skip


def _text(row: Any) -> str:
    names = ("number", "ts", "actor", "action", "subject", "details", "run")
    return json.dumps([row[name] for name in names], separators=(",", ":"))


def _deed(row: Row[Any]) -> WrittenDeed:
    deed = Deed(row.ts, row.actor, row.action, row.subject, json.loads(row.details), row.run)
    return WrittenDeed(row.number, deed, row.hash)
