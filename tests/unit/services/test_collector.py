"""What the collector puts down of markets, and what it throws away, on the practice exchange in simulated time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradewright import ta
from tradewright.adapters.storage.json_instruments import JsonInstruments
from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.adapters.storage.parquet_funding import ParquetFunding
from tradewright.adapters.storage.sql.books import SqlBooks, SqlMarkets
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.books import EquityPoint, Find, MarketSnapshot
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.universe import MarketFigures, Verdict
from tradewright.ports.history import BestPrices
from tradewright.services.collector import Collected, Collector, CollectWish, snapshot_of
from tradewright.services.market_data import Shelves
from tradewright.testing.candles import some_bars
from tradewright.testing.databases import still_database
from tradewright.testing.memory_bulletin import MemoryBulletin
from tradewright.testing.paper_rig import PaperRig
from tradewright.testing.simulated_time import run_simulated

M1 = Timeframe.parse("1m")
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
DAY = 86_400_000_000_000
WISH = CollectWish(M1, 300.0, 30)


def _shelves(folder: Path) -> Shelves:
    return Shelves(
        ParquetCandles(folder / "candles"), ParquetCandles(folder / "mark"), ParquetCandles(folder / "spread"),
        ParquetFunding(folder / "funding"), JsonInstruments(folder / "instruments"),
    )  # fmt: skip


def _rounds(
    folder: Path, *waits: float, admitted: Sequence[str] = (BTC, ETH), before: Sequence[MarketSnapshot] = ()
) -> tuple[list[Collected], list[MarketSnapshot], int]:
    """Collect after each wait of so many seconds; what each round said, what is there then, the venue's last time."""
    rig = PaperRig(folder)

    async def act() -> Any:
        async with still_database(rig.address) as database:
            history, bulletin, markets = rig.history(), MemoryBulletin(), SqlMarkets(database)
            await markets.put(before)
            figures = MarketFigures("USDT")
            verdicts = [Verdict(one, 1, () if one in admitted else ("too dull",), figures) for one in (BTC, ETH)]
            await bulletin.judge(history.venue, verdicts)
            collector = Collector(_shelves(folder), history, (bulletin, markets), rig.clock, history)
            told = []
            for wait in waits:
                await rig.clock.sleep(wait)
                told.append(await collector.collect(WISH))
            return told, list(await markets.find(Find(limit=10_000))), await history.now()

    return run_simulated(act)


def test_markets_are_put_down_every_five_minutes_whatever_is_traded(tmp_path: Path) -> None:
    """Rounds come each minute: one in five puts down all that the scanner lets through, as of its time."""
    told, found, _ = _rounds(tmp_path, 0.0, *[60.0] * 10)
    assert 11 == len(told)
    assert {(BTC, ETH)} == {one.symbols for one in told}
    times = sorted({one.ts for one in found})
    assert [1] * (len(times) - 1) == list(np.diff([ts // (300 * 10**9) for ts in times]))
    assert all(one.facts["ohlcv"]["ts_open"] + 60 * 10**9 <= one.ts for one in found), "a candle of later"
    assert len(found) == 2 * len(times) == sum(one.snapshots for one in told)
    assert 3 == len(times)


def test_a_snapshot_tells_what_the_seed_asks_for(tmp_path: Path) -> None:
    """Last candle, every indicator, best prices with their spread, turnover, breadth, and correlation with bitcoin."""
    _, found, _ = _rounds(tmp_path, 0.0)
    btc, eth = sorted(found, key=lambda one: one.symbol)
    facts = eth.facts
    assert {"open", "high", "low", "close", "volume", "ts_open"} == set(facts["ohlcv"])
    assert {
        "rsi_14", "macd", "macd_signal", "macd_histogram", "roc_1", "roc_5", "roc_15", "adx_14", "volume_sma_10", "obv",
        "volume_roc_10", "vwap", "bollinger_upper", "bollinger_middle", "bollinger_lower", "atr_14",
    } == set(facts["indicators"])  # fmt: skip
    assert -1.0 <= facts["correlation_btc"] <= 1.0
    assert "correlation_btc" not in btc.facts
    assert 0.0 <= facts["breadth"] == btc.facts["breadth"] <= 1.0
    assert eth.bid is not None
    assert eth.ask is not None
    assert eth.bid < eth.ask
    assert float(200 * (eth.ask - eth.bid) / (eth.ask + eth.bid)) == pytest.approx(facts["spread_percentage"], abs=1e-9)


def test_nothing_is_asked_for_where_nothing_passes(tmp_path: Path) -> None:
    """No candle, no snapshot; what does not pass has none either."""
    assert ([Collected((), 0, 0, 0.0)], []) == _rounds(tmp_path, 0.0, admitted=())[:2]
    told, found, _ = _rounds(tmp_path, 0.0, admitted=(ETH,))
    assert ((ETH,), [ETH]) == (told[0].symbols, [one.symbol for one in found])
    assert "correlation_btc" not in found[0].facts


def test_what_is_older_than_its_days_goes_once_an_hour_and_candles_stay(tmp_path: Path) -> None:
    """Thirty days by the venue's time; other venues keep theirs, and so do the stores of candles."""
    edge = _rounds(tmp_path / "first", 0.0)[2] - 30 * DAY
    minute = 60 * 10**9
    old = [MarketSnapshot("practice", BTC, edge - minute + n, Decimal(1)) for n in range(5_000)]
    kept = [replace(old[0], ts=edge + 30 * minute), replace(old[0], venue="kraken")]
    told, found, _ = _rounds(tmp_path / "second", 0.0, 60.0, 3_600.0, before=[*old, *kept])
    assert [5_000, 0, 1] == [one.gone for one in told]
    assert [kept[1]] == [one for one in found if one.ts <= edge + 30 * minute]
    assert {BTC, ETH} == {key.symbol for key in _shelves(tmp_path / "second").candles.list()}


def test_an_indicator_that_is_not_known_yet_is_left_out() -> None:
    """Ten bars are too few for most; what is there is what the strategies are told, to ten places."""
    bars = some_bars(10)
    found = snapshot_of("v", ETH, 7, {ETH: bars}, None)
    assert (7, None, None, None) == (found.ts, found.bid, found.volume, found.change)
    assert "macd" not in found.facts["indicators"]
    assert round(float(ta.roc(bars.close, 5)[-1]), 10) == found.facts["indicators"]["roc_5"]
    whole = some_bars(1_440)
    found = snapshot_of("v", ETH, 7, {ETH: whole}, BestPrices(99.0, 101.0))
    assert (Decimal("99.0"), 2.0) == (found.bid, found.facts["spread_percentage"])
    assert found.volume == Decimal(repr(round(float((whole.close * whole.volume).sum()), 10)))


def test_forgetting_touches_nothing_else(database_address: str) -> None:
    """On both databases: the oldest first, so many at once; journals, books and other venues stay."""

    async def act(database: Database) -> None:
        markets, books = SqlMarkets(database), SqlBooks(database, SIM_TABLES)
        rows = [MarketSnapshot(v, s, ts, Decimal(1)) for v in "vw" for s in "ab" for ts in range(1, 51)]
        await markets.put(rows)
        await books.equity.put([EquityPoint("d", 1, Decimal(1), Decimal(0))])
        async with SqlSessions(database, SIM_TABLES, lambda: 1).begin("s") as journal:
            await journal.append({"n": 1})
        assert [30, 30, 20, 0] == [await markets.forget("v", 41, 30) for _ in range(4)]
        left = await markets.find(Find(limit=1_000))
        assert {("v", ts) for ts in range(41, 51)} | {("w", ts) for ts in range(1, 51)} == {
            (o.venue, o.ts) for o in left
        }
        assert 1 == len(await books.equity.find())
        assert [{"n": 1}] == list(await SqlSessions(database, SIM_TABLES, lambda: 1).read("s"))

    async def whole() -> None:
        async with still_database(database_address) as database:
            await act(database)

    asyncio.run(asyncio.wait_for(whole(), 60))
