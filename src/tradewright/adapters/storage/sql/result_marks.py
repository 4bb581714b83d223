"""Tags, notes and stars of results in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.domain.result_mark import MarkChange, ResultMark

__all__ = ["SqlResultMarks"]

_MARKS = COMMON.result_marks


class SqlResultMarks:
    """See `ports.result_marks.ResultMarks`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Mapping[str, ResultMark]:
        async with self._database.reading() as connection:
            return {row.id: _mark(row) for row in (await connection.execute(select(_MARKS))).all()}

    async def get(self, result_id: str) -> ResultMark:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(_MARKS).where(_MARKS.c.id == result_id))).first()
        return ResultMark() if row is None else _mark(row)

    async def change(self, result_id: str, change: MarkChange, at: int) -> ResultMark:
        tags = None if change.tags is None else list(change.tags)
        wanted = {"tags": tags, "note": change.note, "is_starred": change.is_starred}
        changed = {name: value for name, value in wanted.items() if value is not None} | {"updated": at}
        # One statement: two who change different things at once lose neither.
        new = (postgresql if self._database.is_server else sqlite).insert(_MARKS)
        new = new.values({"id": result_id, "tags": [], "note": "", "is_starred": False} | changed)
        put = new.on_conflict_do_update(index_elements=[_MARKS.c.id], set_=changed).returning(*_MARKS.c)

        def work(own: Connection) -> ResultMark:
            return _mark(own.execute(put).one())

        return await self._database.write(work)


def _mark(row: Row[Any]) -> ResultMark:
    return ResultMark(tuple(row.tags), row.note, row.is_starred)
