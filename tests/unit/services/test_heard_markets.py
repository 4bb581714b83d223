"""Bars that sessions have heard, out of their journals."""

from __future__ import annotations

import asyncio

import numpy as np

from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.mode import SIMULATION
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.market.bars import Bars, empty_bars
from tradewright.market.steps import Bar, Step
from tradewright.services import heard_markets
from tradewright.services.heard_markets import HeardMarket, HeardMarkets, with_later
from tradewright.services.paper.records import Beginning, beginning_record, step_record
from tradewright.testing.memory_desk import MemoryDeployments
from tradewright.testing.run_logs import BTC
from tradewright.testing.session_memory import MemorySessions

HOUR, START = 3_600_000_000_000, 1_704_067_200_000_000_000
H1, H4 = Timeframe.parse("1h"), Timeframe.parse("4h")


def _bars(first: int, count: int, price: float = 100.0) -> Bars:
    opens = START + HOUR * np.arange(first, first + count, dtype=np.int64)
    column = np.full(count, price)
    return Bars(opens, opens + HOUR, column, column, column, column, np.ones(count))


class _Desk:
    """A deployment whose session hears an hour of BTC at each close."""

    def __init__(self, context: int = 4) -> None:
        self.sessions = MemorySessions(SIMULATION)
        one = Deployment("paper", SIMULATION, "one", DeploymentTerms("simple_test", (BTC.symbol,)))
        never = Deployment("idle", SIMULATION, "two", DeploymentTerms("simple_test", (BTC.symbol,)))
        self.heard = HeardMarkets(MemoryDeployments(one, never), {SIMULATION: self.sessions})
        spec = RunSpec("simple_test", "1.0", (), "practice", (BTC.symbol,), "1h")
        feed = Feed(BTC, empty_bars(), context=_bars(0, context))
        self._put(beginning_record(Beginning(spec, (feed,), "code")))
        self._next = context

    def _put(self, record) -> None:
        async def put() -> None:
            if "one" not in self.sessions.lines:
                async with self.sessions.begin("one") as journal:
                    await journal.append(record)
                return
            async with self.sessions.open("one") as journal:
                await journal.append(record)

        asyncio.run(put())

    def hear(self, *prices: float | None) -> None:
        """Bars that close, one after the other; None is an hour without one."""
        for price in prices:
            opens = START + HOUR * self._next
            bars = {} if price is None else {BTC.symbol: Bar(price, price, price, price, 1.0)}
            self._put(step_record(Step(opens, opens + HOUR, bars, {}, ()), is_missed=False))
            self._put({"kind": "pause"})
            self._next += 1

    def find(self, symbol: str = "BTCUSDT", venue: str | None = None, timeframe: Timeframe = H1) -> HeardMarket | None:
        return asyncio.run(self.heard.find(symbol, venue, timeframe))


def test_what_was_known_and_what_closed_since_is_told_up_to_the_last_close():
    """Each question reads what is new; an hour without a bar is none; a deployment that never began is passed over."""
    desk = _Desk()
    desk.hear(101.0, None)
    (market,) = asyncio.run(desk.heard.markets())
    assert ("practice", BTC.symbol, "1h", "paper") == (market.venue, market.symbol, market.timeframe, market.deployment)
    assert [100.0] * 4 + [101.0] == market.bars.close.tolist()
    desk.hear(102.0)
    found = desk.find()
    assert found is not None
    assert (102.0, START + 7 * HOUR) == (found.bars.close[-1], found.bars.ts_close[-1])


def test_longer_bars_are_made_and_shorter_ones_are_not_there():
    """Eight hours are two bars of four; nobody invents minutes, another venue or another market."""
    desk = _Desk()
    desk.hear(*range(1, 5))
    found = desk.find(timeframe=H4)
    assert found is not None
    assert [100.0, 4.0] == found.bars.close.tolist()
    assert None is desk.find(timeframe=Timeframe.parse("15m"))
    assert None is desk.find(venue="binance")
    assert None is desk.find("ETHUSDT")


def test_what_is_kept_is_bounded_and_the_newest(monkeypatch):
    """Of a long session only so many of the last bars are read and kept, whether at once or as they come."""
    monkeypatch.setattr(heard_markets, "MOST_BARS", 6)
    desk = _Desk(context=3)
    desk.hear(*range(20))
    found = desk.find()  # six records, every second of them a step
    assert found is not None
    assert [17.0, 18.0, 19.0] == found.bars.close.tolist()
    for price in range(20, 30):
        desk.hear(price)
        desk.find()
    found = desk.find()
    assert found is not None
    assert [24.0, 25.0, 26.0, 27.0, 28.0, 29.0] == found.bars.close.tolist()


def test_of_two_sources_the_later_stands():
    """In order of time, each time once."""
    whole = with_later(_bars(0, 4, 1.0), _bars(2, 4, 2.0))
    assert [1.0, 1.0, 2.0, 2.0, 2.0, 2.0] == whole.close.tolist()
    assert (np.diff(whole.ts_open) == HOUR).all()
    assert [1.0] == with_later(_bars(0, 1, 1.0), empty_bars()).close.tolist()
