"""Books in both databases: exact, once by name, looked up by what is asked, decided by one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import inspect, text

from tradewright.adapters.storage.sql.books import SqlBooks, SqlMarkets, old_snapshots
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES
from tradewright.domain.books import (
    EquityPoint,
    ExitEntry,
    FillEntry,
    Find,
    MarketSnapshot,
    OrderEntry,
    PendingOrder,
    Performance,
    PositionEntry,
    SignalEntry,
    TradeEntry,
    TradeNote,
)
from tradewright.domain.errors import InvalidValue
from tradewright.domain.mode import Simulation
from tradewright.testing.databases import still_database

ODD = Decimal("0.123456789012345678901234567890")
ORDER = OrderEntry(
    "d", "c-1", "BTC/USDT:USDT", "", "buy", "limit", "open", ODD, Decimal(0), 1, 1, price=Decimal("1.50")
)
FILL = FillEntry("v", "BTC/USDT:USDT", "t-1", "d", "c-1", "buy", ODD, Decimal(7), Decimal("-0.1"), "USDT", True, 5)
PENDING = PendingOrder("p-1", "d", "BTC/USDT:USDT", {"side": "buy"}, Decimal("100.0"), 1, 100)
Act = Callable[[SqlBooks[Simulation], Database], Awaitable[None]]


def on(address: str, act: Act) -> None:
    """Do something with books of simulations."""

    async def whole() -> None:
        async with still_database(address) as database:
            await act(SqlBooks(database, SIM_TABLES), database)

    asyncio.run(asyncio.wait_for(whole(), 60))


def test_every_kind_comes_back_as_it_was_written(database_address: str) -> None:
    """Digit for digit, facts and absent values included."""

    async def act(books: SqlBooks[Simulation], database: Database) -> None:
        for shelf, entry in (
            (books.signals, SignalEntry("d", "s", 3, "long", ODD, metadata={"why": ["π", 0.1]})),
            (books.orders, ORDER),
            (books.fills, FILL),
            (books.positions, PositionEntry("d", "s", "", -ODD, 9, entry=Decimal("1E+3"))),
            (books.trades, TradeEntry("d", 1, "s", "long", 1, ODD, ODD, pnl=-ODD)),
            (books.exits, ExitEntry("d", 1, 1, 2, ODD, ODD, ODD, "half")),
            (books.notes, TradeNote("d", 1, 2, "me", "too early")),
            (books.equity, EquityPoint("d", 1, ODD, ODD, -ODD)),
            (books.performance, Performance("d", 1, {"sharpe": 1.5})),
            (books.pending, PENDING),
            (SqlMarkets(database), MarketSnapshot("v", "s", 1, ODD, facts={"n": 1})),
        ):
            await shelf.put([entry])
            assert [entry] == list(await shelf.find())

    on(database_address, act)


def test_entry_of_the_same_name_is_replaced_and_a_fill_never(database_address: str) -> None:
    """Told of twice, an order is as it was told last, and a fill as it was told first."""

    async def act(books: SqlBooks[Simulation], _: Database) -> None:
        later = replace(ORDER, status="filled", filled=ODD, updated=2)
        await books.orders.put([ORDER, replace(ORDER, client_id="c-2")])
        await books.orders.put([later])
        await books.fills.put([FILL, FILL])
        await books.fills.put([replace(FILL, price=Decimal(8))])
        await books.fills.put([])
        assert (2, 1) == (await books.orders.count(), await books.fills.count())
        assert [later] == list(await books.orders.find(Find(status="filled")))
        assert [FILL] == list(await books.fills.find())

    on(database_address, act)


def test_what_is_asked_for_is_found_in_order(database_address: str) -> None:
    """By deployment, instrument, time and number; what no column is called is refused."""

    async def act(books: SqlBooks[Simulation], _: Database) -> None:
        await books.equity.put([EquityPoint(d, ts, Decimal(ts), Decimal(ts)) for d in "ab" for ts in range(10)])
        found = await books.equity.find(Find("a", since=3, until=8, limit=3))
        assert [("a", 7), ("a", 6), ("a", 5)] == [(one.deployment, one.ts) for one in found]
        assert 0 == (await books.equity.find(Find("a", newest_first=False)))[0].ts
        with pytest.raises(InvalidValue, match="status"):
            await books.equity.find(Find(status="open"))
        with pytest.raises(InvalidValue, match="limit"):
            await books.equity.find(Find(limit=0))

    on(database_address, act)


def test_the_oldest_snapshots_of_a_venue_go_first_and_are_not_searched_for(database_address: str) -> None:
    """So many at a time, another venue's never; where a plan is told, an index leads to them, and nothing is sorted."""

    async def act(_: SqlBooks[Simulation], database: Database) -> None:
        markets = SqlMarkets(database)
        await markets.put([MarketSnapshot(venue, s, ts, ODD) for venue in "vw" for s in "ab" for ts in range(5)])
        assert [3, 3, 2, 0] == [await markets.forget("v", 4, 3) for _ in range(4)]
        left = [(one.venue, one.symbol, one.ts) for one in await markets.find()]
        assert [("v", "a", 4), ("v", "b", 4)] == sorted(key for key in left if key[0] == "v")
        assert 10 == sum(key[0] == "w" for key in left)
        if not database.is_server:
            wanted = str(old_snapshots("v", 4, 3).compile(compile_kwargs={"literal_binds": True}))
            async with database.reading() as connection:
                plan = [row[3] for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {wanted}"))]
            assert ["SEARCH market_snapshots USING COVERING INDEX market_snapshots_old (venue=? AND ts<?)"] == plan

    on(database_address, act)


def test_of_two_who_decide_at_once_one_wins(database_address: str) -> None:
    """Ten confirm the same order in the same moment: one has done it. What was quoted anew is not what was shown."""

    async def act(books: SqlBooks[Simulation], _: Database) -> None:
        await books.pending.put([PENDING])
        confirmed = [replace(PENDING, status="confirmed", decided_by=f"p{n}", decided=5) for n in range(10)]
        won = await asyncio.gather(*(books.pending.change(PENDING, one) for one in confirmed))
        assert 1 == sum(won)
        assert [confirmed[won.index(True)]] == list(await books.pending.find(Find(status="confirmed")))

        other = replace(PENDING, id="p-2")
        await books.pending.put([other])
        anew = replace(other, price=Decimal(101), expires=200)
        assert await books.pending.change(other, anew)
        assert not await books.pending.change(other, replace(other, status="confirmed"))
        assert await books.pending.change(anew, replace(anew, status="rejected"))
        with pytest.raises(InvalidValue, match="id"):
            await books.pending.change(PENDING, other)

    on(database_address, act)


def test_floats_and_infinities_are_no_exact_numbers(database_address: str) -> None:
    """They are refused before anything is written."""

    async def act(books: SqlBooks[Simulation], _: Database) -> None:
        for wrong in (0.1, Decimal("NaN"), Decimal("Infinity")):
            with pytest.raises(Exception, match=r"exact|finite"):
                await books.equity.put([EquityPoint("d", 1, Decimal(1), wrong)])  # type: ignore[arg-type]
        assert 0 == await books.equity.count()

    on(database_address, act)


def test_books_of_a_simulation_write_no_live_table(database_address: str) -> None:
    """Everything that can be written is; every row is in a table with the suffix, and no live one has any."""

    async def act(books: SqlBooks[Simulation], database: Database) -> None:
        await books.orders.put([ORDER])
        await books.fills.put([FILL])
        await books.pending.put([PENDING])
        live = SqlBooks(database, LIVE_TABLES)
        assert ("simulation", "live") == (books.mode, live.mode)
        assert [0, 0, 0] == [await shelf.count() for shelf in (live.orders, live.fills, live.pending)]
        async with database.reading() as connection:
            names = set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))
        ours = {getattr(SIM_TABLES, name).name for name in SIM_TABLES.__dataclass_fields__ if name != "mode"}
        theirs = {getattr(LIVE_TABLES, name).name for name in LIVE_TABLES.__dataclass_fields__ if name != "mode"}
        assert ours == {f"{name}_sim" for name in theirs} == {name for name in names if name.endswith("_sim")}

    on(database_address, act)
