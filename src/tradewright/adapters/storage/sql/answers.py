"""Answers to requests with an idempotency key, in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as server_insert
from sqlalchemy.dialects.sqlite import insert as embedded_insert

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.ports.answers import Asked, KeptAnswer

__all__ = ["SqlAnswers"]

_PRUNE_NS = 60 * 1_000_000_000
_OWN = COMMON.answers
_COLUMNS = ("caller", "key", "request", "run", "ts", "status", "headers", "body")


def _new(insert: Any) -> Any:
    new = insert(_OWN)
    return new.on_conflict_do_update(
        index_elements=[_OWN.c.caller, _OWN.c.key], set_={name: new.excluded[name] for name in _COLUMNS},
        where=_OWN.c.ts < bindparam("oldest"),
    )  # fmt: skip


# Made once: to put a statement together takes longer than to run it.
_IT = and_(_OWN.c.caller == bindparam("own_caller"), _OWN.c.key == bindparam("own_key"))
_NEW_HERE, _NEW_THERE = _new(embedded_insert), _new(server_insert)
_FOUND, _FORGET = select(_OWN).where(_IT), delete(_OWN).where(_IT)
_END = update(_OWN).where(_IT).values({name: bindparam(name) for name in ("status", "headers", "body")})


class SqlAnswers:
    """See `ports.answers.Answers`.

    Nothing here waits for the disk: what the request itself writes comes after `begin`, so that it is not there without
    it; and an `end` that was lost with the power is one of which nobody knows.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._pruned = database, 0

    async def begin(self, asked: Asked, lasts: int) -> KeptAnswer | None:
        """See `Answers`."""
        oldest, row = asked.ts - lasts, {**asdict(asked), "headers": {}, "status": None, "body": None}
        new = _NEW_THERE if self._database.is_server else _NEW_HERE
        if asked.ts - self._pruned >= _PRUNE_NS:
            self._pruned = asked.ts
            await self._do(delete(_OWN).where(_OWN.c.ts < oldest))
        while True:
            if await self._do(new, {**row, "oldest": oldest}) == 1:
                return None
            async with self._database.reading() as connection:
                found = (await connection.execute(_FOUND, _key(asked))).one_or_none()
            if found is not None:  # else it was forgotten just now, and is begun anew
                return _kept(found)

    async def end(self, asked: Asked, status: int, headers: Mapping[str, str], body: str | None) -> None:
        """See `Answers`."""
        values = {"status": status, "headers": dict(headers), "body": body}
        await self._do(_END, _key(asked) | values)

    async def forget(self, asked: Asked) -> None:
        """See `Answers`."""
        await self._do(_FORGET, _key(asked))

    async def _do(self, statement: Any, row: Mapping[str, Any] | None = None) -> int:
        # Gives how many rows it changed.
        return await self._database.write(lambda own: own.execute(statement, row).rowcount, is_hasty=True)


def _key(asked: Asked) -> dict[str, str]:
    return {"own_caller": asked.caller, "own_key": asked.key}


def _kept(row: Row[Any]) -> KeptAnswer:
    return KeptAnswer(Asked(row.caller, row.key, row.request, row.run, row.ts), row.status, row.headers, row.body)
