"""Versions of the configuration in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row, insert, select

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.domain.configured import ConfigChange, ConfigVersion
from tradewright.domain.errors import Absent

__all__ = ["SqlConfigHistory"]

_OWN = COMMON.configurations
_TREE = ("note", "preset", "values", "file")


class SqlConfigHistory:
    """See `ports.config_history.ConfigHistory`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, version: ConfigVersion) -> ConfigVersion:
        row = {
            "ts": version.at, "author": version.author, "run": version.run_id,
            "diff": [asdict(change) for change in version.changes],
            "tree": {name: getattr(version, name) for name in _TREE},
        }  # fmt: skip
        number = await self._database.write(lambda own: own.scalar(insert(_OWN).returning(_OWN.c.id), row))
        return replace(version, number=int(number or 0))

    async def versions(self, most: int | None = None) -> Sequence[ConfigVersion]:
        wanted = select(_OWN).order_by(_OWN.c.id.desc()).limit(most)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [_version(row) for row in reversed(rows)]

    async def version(self, number: int) -> ConfigVersion:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(_OWN).where(_OWN.c.id == number))).first()
        if row is None:
            raise Absent(f"version {number} of the configuration is not there; see: tradewright config history")
        return _version(row)


def _version(row: Row[Any]) -> ConfigVersion:
    changes = tuple(ConfigChange(**change) for change in row.diff)
    return ConfigVersion(row.id, row.ts, row.author, row.run, **row.tree, changes=changes)
