"""Messages and the user's wishes about them, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.domain.notices import AlertRule, Sending, Wish

__all__ = ["SqlOutbox"]

_SENDINGS, _WISHES, _RULES = COMMON.notifications, COMMON.notification_wishes, COMMON.alert_rules
_HEARD, _NAME = COMMON.heard, "notifier"


class SqlOutbox:
    """See `ports.notify.Outbox`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, sendings: Sequence[Sending]) -> None:
        if not sendings:
            return
        ids, rows = [one.id for one in sendings], [asdict(one) for one in sendings]

        def work(own: Connection) -> None:
            own.execute(delete(_SENDINGS).where(_SENDINGS.c.id.in_(ids)))
            own.execute(insert(_SENDINGS), rows)

        await self._database.write(work)

    async def waiting(self) -> Sequence[Sending]:
        own = _SENDINGS.c
        return await self._found(select(_SENDINGS).where(own.state == "waiting").order_by(own.ts, own.id))

    async def latest(self, most: int) -> Sequence[Sending]:
        own = _SENDINGS.c
        return await self._found(select(_SENDINGS).order_by(own.ts.desc(), own.id.desc()).limit(most))

    async def _found(self, wanted: Any) -> list[Sending]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
        return [Sending(**row) for row in rows]

    async def wishes(self) -> Mapping[tuple[str, str], bool]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(_WISHES))).all()
        return {(row.kind, row.channel): row.is_on for row in rows}

    async def wish(self, wishes: Sequence[Wish]) -> None:
        its = _WISHES.c

        def work(own: Connection) -> None:
            for one in wishes:
                own.execute(delete(_WISHES).where(its.kind == one.kind, its.channel == one.channel))
                own.execute(insert(_WISHES), asdict(one))

        await self._database.write(work)

    async def rules(self) -> Sequence[AlertRule]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(_RULES).order_by(_RULES.c.id))).all()
        return sorted((AlertRule(row.id, **row.terms) for row in rows), key=lambda one: one.name)

    async def heard(self) -> int | None:
        async with self._database.reading() as connection:
            return await connection.scalar(select(_HEARD.c.number).where(_HEARD.c.name == _NAME))

    async def mark_heard(self, number: int) -> None:
        def work(own: Connection) -> None:
            own.execute(delete(_HEARD).where(_HEARD.c.name == _NAME))
            own.execute(insert(_HEARD), {"name": _NAME, "number": number})

        # Lost with the power, it is told again; see ADR 0072.
        await self._database.write(work, is_hasty=True)

    async def put_rule(self, rule: AlertRule) -> None:
        terms = {name: value for name, value in asdict(rule).items() if name != "id"}

        def work(own: Connection) -> None:
            own.execute(delete(_RULES).where(_RULES.c.id == rule.id))
            own.execute(insert(_RULES), {"id": rule.id, "terms": terms})

        await self._database.write(work)

    async def drop_rule(self, own: str) -> bool:
        gone = delete(_RULES).where(_RULES.c.id == own)
        return bool(await self._database.write(lambda connection: connection.execute(gone).rowcount))
