"""Tags, notes and stars of results in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.domain.result_mark import ResultMark

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

    async def put(self, result_id: str, mark: ResultMark, at: int) -> None:
        row = {"id": result_id, "is_starred": mark.is_starred, "tags": list(mark.tags), "note": mark.note,
               "updated": at}  # fmt: skip

        def work(own: Connection) -> None:
            own.execute(delete(_MARKS).where(_MARKS.c.id == result_id))
            own.execute(insert(_MARKS), row)

        await self._database.write(work)


def _mark(row: Row[Any]) -> ResultMark:
    return ResultMark(tuple(row.tags), row.note, row.is_starred)
