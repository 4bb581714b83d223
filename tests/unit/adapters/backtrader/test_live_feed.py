"""Bars that come one by one, as Backtrader sees them."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tradewright.adapters.backtrader.feed import bars_feed
from tradewright.adapters.backtrader.live_feed import BarQueue, live_feed
from tradewright.domain.instrument import Instrument
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.bars import walk

import backtrader as bt  # isort: skip - the adapter silences its first import

# Backtrader's loop for live feeds asks for the time in a way that newer Pythons warn of.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow")

BTC = Instrument("BTC/USDT:USDT", "test", tick_size="0.1", lot_size="0.001")
SIZE = 60


class Crossing(bt.Strategy):
    """Buys and sells at crossings of an average, and writes down all it sees and does."""

    def __init__(self) -> None:
        """Begin empty lists."""
        self.seen: list[tuple[float, ...]] = []
        self.done: list[tuple[float, ...]] = []
        self.told: list[str] = []
        self.average = bt.ind.SMA(self.data.close, period=5)

    def notify_data(self, data: Any, status: int, *_args: Any, **_kwargs: Any) -> None:
        """Note what is told of the feed."""
        self.told.append(data._getstatusname(status))

    def notify_order(self, order: Any) -> None:
        """Note an execution."""
        if order.status == order.Completed:
            self.done.append((order.executed.dt, order.executed.price, order.executed.size))

    def next(self) -> None:
        """Note the bar, and trade."""
        self.seen.append((self.data.datetime[0], self.data.open[0], self.data.close[0], self.data.volume[0]))
        if not self.position and self.data.close[0] > self.average[0]:
            self.buy(size=1)
        elif self.position and self.data.close[0] < self.average[0]:
            self.close()


def run(feed: Any) -> Crossing:
    """Let the strategy see a feed to its end."""
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.broker.setcash(1e6)
    cerebro.addstrategy(Crossing)
    cerebro.adddata(feed)
    strategy: Crossing = cerebro.run()[0]
    return strategy


def streamed(*pieces: Bars) -> BarQueue:
    """A queue that holds these bars and then ends."""
    stream = BarQueue()
    for piece in pieces:
        stream.put(piece)
    stream.end()
    return stream


def test_a_strategy_does_on_a_live_stream_what_it_does_on_the_same_stored_bars() -> None:
    """History of 20 bars, then 40 from another thread: same bars, same orders as all 60 from the store."""
    bars = walk(SIZE, 3)
    stream = BarQueue()

    def drive() -> None:
        for place in range(20, SIZE):
            stream.put(slice_bars(bars, place, place + 1))
        stream.end()

    driver = threading.Thread(target=drive)
    driver.start()
    live = run(live_feed(slice_bars(bars, 0, 20), stream, BTC, "live"))
    driver.join()
    stored = run(bars_feed(bars, BTC, "stored"))
    assert stored.seen == live.seen
    assert len(stored.done) >= 5
    assert stored.done == live.done
    assert ["DELAYED", "LIVE"] == live.told


def test_bars_that_were_seen_already_are_passed_over() -> None:
    """History and stream overlap by ten bars, and the stream repeats itself: each bar is seen once."""
    bars = walk(SIZE, 4)
    stream = streamed(slice_bars(bars, 10, 40), slice_bars(bars, 35, SIZE))
    live = run(live_feed(slice_bars(bars, 0, 20), stream, BTC, "live"))
    assert run(bars_feed(bars, BTC, "stored")).seen == live.seen


def test_a_hole_in_the_stream_is_told() -> None:
    """Bars 30 and 31 never come: the strategy goes on with 32, and learns that the feed was interrupted."""
    bars = walk(SIZE, 5)
    stream = streamed(slice_bars(bars, 20, 30), slice_bars(bars, 32, SIZE))
    live = run(live_feed(slice_bars(bars, 0, 20), stream, BTC, "live"))
    assert ["DELAYED", "LIVE", "DISCONNECTED", "LIVE"] == live.told
    assert SIZE - 2 - 4 == len(live.seen)


def test_a_queue_gives_nothing_while_nothing_has_closed_and_none_for_ever_after_its_end() -> None:
    """Waiting and ended are told apart."""
    stream = BarQueue()
    waiting = stream.take(0.0)
    assert waiting is not None
    assert 0 == waiting.ts_open.size
    stream.end()
    assert [None, None] == [stream.take(0.0), stream.take(0.0)]
