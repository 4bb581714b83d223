"""Answers to requests with an idempotency key, in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.ports.answers import Asked, KeptAnswer

__all__ = ["SqlAnswers"]

_TURN = 7_301_004
_OWN = COMMON.answers


class SqlAnswers:
    """See `ports.answers.Answers`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, asked: Asked, lasts: int) -> KeptAnswer | None:
        """See `Answers`."""
        async with self._database.writing() as connection:
            await self._database.alone(connection, _TURN)
            await connection.execute(delete(_OWN).where(_OWN.c.ts < asked.ts - lasts))
            row = (await connection.execute(select(_OWN).where(*_key(asked)))).one_or_none()
            if row is None:
                await connection.execute(insert(_OWN), {**asdict(asked), "headers": {}})
        return None if row is None else _kept(row)

    async def end(self, asked: Asked, status: int, headers: Mapping[str, str], body: str | None) -> None:
        """See `Answers`."""
        values = {"status": status, "headers": dict(headers), "body": body}
        async with self._database.writing() as connection:
            await connection.execute(update(_OWN).where(*_key(asked)).values(**values))

    async def forget(self, asked: Asked) -> None:
        """See `Answers`."""
        async with self._database.writing() as connection:
            await connection.execute(delete(_OWN).where(*_key(asked)))


def _key(asked: Asked) -> tuple[Any, ...]:
    return _OWN.c.caller == asked.caller, _OWN.c.key == asked.key


def _kept(row: Row[Any]) -> KeptAnswer:
    return KeptAnswer(Asked(row.caller, row.key, row.request, row.run, row.ts), row.status, row.headers, row.body)
