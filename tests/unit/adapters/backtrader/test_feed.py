"""Our bars as Backtrader sees them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from tradewright.adapters.backtrader.feed import bars_feed
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import parse_time
from tradewright.market.bars import Bars
from tradewright.market.resample import resample
from tradewright.testing.bars import walk

import backtrader as bt  # isort: skip - the adapter silences its first import

BTC = Instrument("BTC/USDT:USDT", "test", tick_size="0.1", lot_size="0.001")
START = parse_time("2024-02-28T21:00:00Z")


class Notes(bt.Strategy):
    """Writes down what is known at each close."""

    def __init__(self) -> None:
        """Begin an empty list."""
        self.seen: list[tuple] = []

    def next(self) -> None:
        """Note the newest bar of each feed."""
        low = self.datas[0]
        higher = self.datas[-1]
        row = [low.datetime.datetime(), low.open[0], low.high[0], low.low[0], low.close[0], low.volume[0]]
        self.seen.append((*row, higher.datetime.datetime(), higher.close[0]))


def quarters(size: int) -> Bars:
    """Bars of 15m from the evening before a leap day."""
    bars = walk(size, 3)
    return bars._replace(ts_open=bars.ts_open + START, ts_close=bars.ts_close + START)


def seen(*all_bars: Bars) -> list[tuple]:
    """What a strategy notes over these feeds."""
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.addstrategy(Notes)
    for place, bars in enumerate(all_bars):
        cerebro.adddata(bars_feed(bars, BTC, str(place)))
    return cerebro.run()[0].seen


def utc(ts: int) -> datetime:
    """The instant without its zone, as Backtrader has it."""
    return datetime.fromtimestamp(ts / 1e9, UTC).replace(tzinfo=None)


def test_each_bar_comes_once_at_its_close_in_utc_with_its_prices_on_the_tick() -> None:
    """Nothing is lost or shifted, over midnight and a leap day; prices are the nearest ticks."""
    bars = quarters(200)
    rows = seen(bars)
    assert [utc(ts) for ts in bars.ts_close.tolist()] == [row[0] for row in rows]
    prices = np.array([row[1:5] for row in rows]).T
    np.testing.assert_allclose(prices, np.round(bars[2:6], 1), rtol=0, atol=1e-9)
    assert bars.volume.tolist() == [row[5] for row in rows]


def test_a_higher_bar_is_seen_from_its_close_on_and_not_before() -> None:
    """At each 15m close the hour that is seen is the last that has closed by then, that very moment included."""
    bars = quarters(64)
    hours = resample(bars, Timeframe.parse("15m"), Timeframe.parse("1h"))
    rows = seen(bars, hours)
    assert 64 - 3 == len(rows)
    for row in rows:
        closed = [ts for ts in hours.ts_close.tolist() if utc(ts) <= row[0]]
        assert utc(closed[-1]) == row[6]
        assert row[7] == round(float(hours.close[len(closed) - 1]), 1)
