"""Deployments in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.domain.deployment import Deployment, DeploymentState, terms_of
from tradewright.domain.errors import Absent, Conflict

__all__ = ["SqlDeployments"]

_OWN = COMMON.deployments
_FIELDS = ("name", "mode", "session", "wanted", "origin", "owner", "revision", "state", "detail", "created", "updated")
_WANTED = ("session", "wanted", "owner", "revision", "updated")


class SqlDeployments:
    """See `ports.deployments.Deployments`.

    Args:
        database: open.
        now: UTC ns.
    """

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database, self._now = database, now

    async def all(self) -> Sequence[Deployment]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(_OWN).order_by(_OWN.c.name))).all()
        return [_deployment(row) for row in rows]

    async def get(self, name: str) -> Deployment:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(_OWN).where(_OWN.c.name == name))).first()
        if row is None:
            raise Absent(f"deployment {name}: there is none")
        return _deployment(row)

    async def add(self, one: Deployment) -> None:
        now = self._now()
        row = {name: getattr(one, name) for name in _FIELDS} | {"terms": one.terms.as_plain()}

        def work(own: Connection) -> None:
            if _is_there(own, one.name):
                raise Conflict(f"deployment {one.name}: there is one of that name")
            own.execute(insert(_OWN), row | {"created": now, "updated": now})

        await self._database.write(work)

    async def change(self, becomes: Deployment) -> Deployment:
        done = replace(becomes, revision=becomes.revision + 1, updated=self._now())
        values = {name: getattr(done, name) for name in _WANTED} | {"terms": done.terms.as_plain()}
        still = (_OWN.c.name == becomes.name, _OWN.c.revision == becomes.revision)

        def work(own: Connection) -> None:
            if own.execute(update(_OWN).where(*still).values(values)).rowcount == 1:
                return
            if not _is_there(own, becomes.name):
                raise Absent(f"deployment {becomes.name}: there is none")
            raise Conflict(f"deployment {becomes.name}: somebody has changed it meanwhile; look at it again")

        await self._database.write(work)
        return done

    async def remove(self, name: str) -> None:
        gone = delete(_OWN).where(_OWN.c.name == name)
        if await self._database.write(lambda own: own.execute(gone).rowcount) == 0:
            raise Absent(f"deployment {name}: there is none")

    async def tell_state(self, name: str, state: DeploymentState, detail: str = "") -> None:
        told = update(_OWN).where(_OWN.c.name == name).values(state=state, detail=detail)
        await self._database.write(lambda own: own.execute(told))


def _is_there(connection: Connection, name: str) -> bool:
    return connection.scalar(select(_OWN.c.name).where(_OWN.c.name == name)) is not None


def _deployment(row: Any) -> Deployment:
    return Deployment(**{name: getattr(row, name) for name in _FIELDS}, terms=terms_of(row.terms))
