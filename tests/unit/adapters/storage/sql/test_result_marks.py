"""Tags, notes and stars of results, in both databases."""

from __future__ import annotations

import asyncio

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.result_marks import SqlResultMarks
from tradewright.adapters.storage.sql.schema import ready
from tradewright.domain.result_mark import MarkChange, ResultMark


def _with(address, act):
    async def whole():
        async with Database(address_of(address, "TRADEWRIGHT_DATABASE_URL")) as database:
            await ready(database)
            await act(SqlResultMarks(database))

    asyncio.run(whole())


def test_what_a_change_leaves_out_stays(database_address):
    """Each change gives the mark as it is then; nothing and "not" are told apart."""

    async def act(marks):
        assert ResultMark() == await marks.get("a1")
        assert ResultMark((), "good", False) == await marks.change("a1", MarkChange(note="good"), 1)
        assert ResultMark(("x", "y"), "good", False) == await marks.change("a1", MarkChange(tags=("x", "y")), 2)
        assert ResultMark(("x", "y"), "good", True) == await marks.change("a1", MarkChange(is_starred=True), 3)
        assert ResultMark((), "", False) == await marks.change("a1", MarkChange((), "", is_starred=False), 4)
        await marks.change("b2", MarkChange(("z",)), 5)
        assert {"a1": ResultMark(), "b2": ResultMark(("z",))} == await marks.all()

    _with(database_address, act)


def test_those_who_change_different_things_at_once_lose_neither(database_address):
    """A star, a note and tags put at the same time are all there after it."""

    async def act(marks):
        for name in map(str, range(30)):
            changes = MarkChange(is_starred=True), MarkChange(note="good"), MarkChange(tags=("x",))
            await asyncio.gather(*(marks.change(name, change, 1) for change in changes))
            assert ResultMark(("x",), "good", True) == await marks.get(name)

    _with(database_address, act)
