"""Deployments, facts and events in both databases."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.deployments import SqlDeployments
from tradewright.adapters.storage.sql.happenings import SqlFacts, SqlHappenings
from tradewright.adapters.storage.sql.schema import ready
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.errors import Absent, Conflict, StoreError
from tradewright.ports.deployments import Deployments
from tradewright.ports.happenings import SessionFacts, Telling
from tradewright.testing.memory_desk import MemoryDeployments

_TERMS = DeploymentTerms("ma_crossover", ("BTC/USDT:USDT",), params={"fast": 3}, capital=0.1)


def _with(address: str, act: Callable[[Database], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with Database(address_of(address, "TRADEWRIGHT_DATABASE_URL")) as database:
            await ready(database)
            await act(database)

    asyncio.run(whole())


async def _check_deployments(store: Deployments) -> None:
    one = Deployment("trend", "simulation", "trend", _TERMS, "running", owner="mary")
    await store.add(one)
    with pytest.raises(Conflict):
        await store.add(one)
    kept = await store.get("trend")
    assert (_TERMS, "running", 1) == (kept.terms, kept.wanted, kept.revision)
    await store.tell_state("trend", "failed", "no venue")
    assert 2 == (await store.change(replace(kept, wanted="stopped"))).revision
    with pytest.raises(Conflict):
        await store.change(replace(kept, wanted="running"))
    now = await store.get("trend")
    assert ("stopped", "failed", "no venue") == (now.wanted, now.state, now.detail)
    await store.remove("trend")
    for gone in (store.remove("trend"), store.get("trend"), store.change(now)):
        with pytest.raises(Absent):
            await gone
    assert [] == list(await store.all())


def test_deployments_are_kept(database_address: str) -> None:
    """Each name once; who changes what was changed meanwhile is told; what is told of the state counts no change."""
    clock = itertools.count(1)
    _with(database_address, lambda database: _check_deployments(SqlDeployments(database, lambda: next(clock))))


def test_deployments_in_memory_are_the_same() -> None:
    """What tests work with keeps to the contract."""
    asyncio.run(_check_deployments(MemoryDeployments()))


def test_facts_and_events_are_written_together(database_address: str) -> None:
    """Facts replace those before; events are numbered in order; both or neither."""

    async def act(database: Database) -> None:
        facts, events = SqlFacts(database), SqlHappenings(database)
        assert (1, 0) == await events.span()
        for ts in (1, 2):
            await facts.put([SessionFacts("trend", "trend", "simulation", ts, {"n": ts})], [Telling("fill", {}, ts)])
        found = await facts.of("trend")
        assert found is not None
        assert {"n": 2} == found.told
        assert ([], ["trend"]) == ([*await facts.since(3)], [one.session for one in await facts.since(2)])
        assert [("fill", 1), ("fill", 2)] == [(one.kind, one.ts) for one in await events.after(0)]
        with pytest.raises(StoreError):
            await facts.put([SessionFacts("x", "x", "simulation", 9, {})], [Telling("fill", {"n": math.nan}, 9)])
        assert (2, None) == (len(await events.after(0)), await facts.of("x"))
        await facts.forget("trend")
        assert None is await facts.of("trend")

    _with(database_address, act)


def test_numbers_are_seen_in_order_by_who_reads_while_many_write(database_address: str) -> None:
    """A reader who goes on from the last number it saw misses none, though ten write at once."""

    async def act(database: Database) -> None:
        events = SqlHappenings(database)
        writing = [asyncio.create_task(events.add([Telling("n", {"n": n}, n)] * 3)) for n in range(10)]
        seen: list[int] = []
        while not all(one.done() for one in writing) or await events.after(seen[-1]):
            seen += [one.number for one in await events.after(seen[-1] if seen else 0, 7)]
        assert 30 == len(seen)
        assert sorted(set(seen)) == seen
        await events.prune(4)
        assert 4 == len(await events.after(0))
        assert seen[-1] == (await events.span())[1]

    _with(database_address, act)


def test_one_instrument_of_an_account_is_traded_by_one_session(database_address: str) -> None:
    """The second is refused as long as the first trades; another instrument, or account, is another matter."""

    async def act(database: Database) -> None:
        sessions = SqlSessions(database, SIM_TABLES, lambda: 1)
        async with sessions.alone_with("practice/key", ["BTC/USDT:USDT", "ETH/USDT:USDT"]):
            with pytest.raises(StoreError, match="ETH/USDT:USDT is traded in the same account"):
                async with sessions.alone_with("practice/key", ["ETH/USDT:USDT"]):
                    pass
            async with sessions.alone_with("practice/key", ["SOL/USDT:USDT"]):
                pass
            async with sessions.alone_with("practice/other", ["ETH/USDT:USDT"]):
                pass
        async with sessions.alone_with("practice/key", ["ETH/USDT:USDT"]):
            pass

    _with(database_address, act)
