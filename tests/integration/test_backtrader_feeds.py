"""A `bt.Strategy` of a user on the practice exchange's stream and on stored candles, through the documented feeds."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.backtrader.feed import rows_of
from tradewright.bootstrap.backtrader_feeds import store_feed, venue_feed
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.settings import DATA_DIR
from tradewright.bootstrap.venues import history_of
from tradewright.cli.main import main
from tradewright.domain.errors import DataError, InvalidValue, UnknownName, VenueError
from tradewright.domain.timeframe import Timeframe
from tradewright.testing.practice import START, a_server
from tradewright.testing.served import served

import backtrader as bt  # isort: skip - the adapter silences its first import

# Backtrader's loop for live feeds asks for the time in a way that newer Pythons warn of.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow")

BTC = "BTC/USDT:USDT"
MINUTE = Timeframe.parse("1m")
_EPOCH_DAYS, _DAY_NS = 719_163, 86_400_000_000_000


class EveryFifth(bt.Strategy):
    """Buys at the close of each fifth live bar and leaves at the next, and writes down what it sees."""

    def __init__(self) -> None:
        """Begin empty lists."""
        self.seen: list[tuple[float, ...]] = []
        self.filled: list[float] = []
        self.is_live = False
        self.live_bars = 0

    def notify_data(self, data: Any, status: int, *_args: Any, **_kwargs: Any) -> None:
        """Note when the history is over."""
        self.is_live = status == data.LIVE

    def notify_order(self, order: Any) -> None:
        """Note an execution."""
        if order.status == order.Completed:
            self.filled.append(order.executed.size)

    def next(self) -> None:
        """Note the bar, and trade while live."""
        lines = self.data
        self.seen.append((lines.datetime[0], lines.open[0], lines.high[0], lines.low[0], lines.close[0]))
        self.live_bars += self.is_live
        if self.position:
            self.close()
        elif self.is_live and self.live_bars % 5 == 0:
            self.buy(size=0.01)


def run(feed: Any) -> EveryFifth:
    """Let the strategy see a feed to its end."""
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.broker.setcash(1e6)
    cerebro.addstrategy(EveryFifth)
    cerebro.adddata(feed)
    strategy: EveryFifth = cerebro.run()[0]
    return strategy


def test_a_strategy_trades_on_the_stream_of_the_practice_exchange() -> None:
    """Ten bars of history and fifteen as they close: those of the exchange, one by one; two round trips come of it."""

    async def told(address: str, first: int, last: int) -> Any:
        async with history_of(Reach("practice", address)) as history:
            instrument = (await history.instruments())[BTC]
            return rows_of(await history.bars("candles", BTC, MINUTE, first, last), instrument)

    with served(a_server(time.monotonic_ns, speed=120.0, start=START + 5_000_000_000)) as address:
        with venue_feed(BTC, "1m", url=address, context=10, most=15) as feed:
            strategy = run(feed)
        first, last = ((strategy.seen[place][0] - _EPOCH_DAYS) * _DAY_NS for place in (0, -1))
        span = round(first / MINUTE.ns) * MINUTE.ns - MINUTE.ns, round(last / MINUTE.ns) * MINUTE.ns
        wanted = asyncio.run(told(address, *span))
    assert (25, 15) == (len(strategy.seen), strategy.live_bars)
    assert [row[:5] for row in wanted] == strategy.seen
    assert [0.01, -0.01, 0.01, -0.01] == strategy.filled


def test_leaving_the_block_ends_the_feed_and_its_thread() -> None:
    """A feed without an end follows until the block is left; nothing goes on behind it."""
    with served(a_server(time.monotonic_ns, speed=60.0, start=START + 5_000_000_000)) as address:
        with venue_feed(BTC, "1m", url=address, context=3) as feed:
            stream = feed.p.stream
        while (bars := stream.take(0.0)) is not None:
            assert bars.ts_open.size
    assert stream.take(0.0) is None


@pytest.mark.parametrize(
    ("wish", "error", "words"),
    [
        ({"symbol": "NO/USDT:USDT"}, UnknownName, "NO/USDT:USDT"),
        ({"timeframe": "2x"}, InvalidValue, "2x"),
        ({"context": 0}, InvalidValue, "context: 0"),
        ({"most": 0}, InvalidValue, "most: 0"),
        ({"exchange": "nowhere"}, UnknownName, "nowhere"),
        ({"url": "http://127.0.0.1:9"}, VenueError, "127.0.0.1:9"),
    ],
)
def test_what_cannot_be_followed_is_refused_before_a_strategy_runs(
    monkeypatch: pytest.MonkeyPatch, wish: dict[str, Any], error: type[Exception], words: str
) -> None:
    """By name and value, in the thread of whoever asks."""
    monkeypatch.setattr("tradewright.bootstrap.venues.PATIENCE_S", 0.3)
    with served(a_server(time.monotonic_ns, speed=60.0, start=START + 5_000_000_000)) as address:
        given = {"symbol": BTC, "timeframe": "1m", "url": address, **wish}
        with pytest.raises(error, match=words), venue_feed(**given):
            raise AssertionError("it was let in")


def test_what_goes_wrong_later_ends_the_feed_and_is_raised_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The strategy sees the history, its feed ends, and the block does not end as if all were well."""

    async def broken(*_: Any) -> None:
        raise DataError("an answer makes no sense")

    monkeypatch.setattr("tradewright.services.bar_following.BarFollowing.follow", broken)
    seen = []
    with (
        served(a_server(time.monotonic_ns, speed=60.0, start=START + 5_000_000_000)) as address,
        pytest.raises(DataError, match="makes no sense"),
        venue_feed(BTC, "1m", url=address, context=4) as feed,
    ):
        seen = run(feed).seen
    assert 4 == len(seen)


def test_stored_candles_are_a_feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of quarters of an hour, made longer, and cut to six hours."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(DATA_DIR, "data")
    market = ("--venue", "synthetic", "--timeframe", "15m", "--start", "2024-01-01", "--days", "1")
    assert 0 == main(["data", "synth", "--instrument", BTC, *market])
    assert 96 == len(run(store_feed(BTC, "15m", venue="synthetic")).seen)
    cut = {"start": "2024-01-01T06:00", "end": "2024-01-01T12:00"}
    assert 6 == len(run(store_feed(BTC, "1h", venue="synthetic", **cut)).seen)
    with pytest.raises(DataError, match="ETH/USDT:USDT"):
        store_feed("ETH/USDT:USDT", "15m", venue="synthetic")
    with pytest.raises(InvalidValue, match="start"):
        store_feed(BTC, "15m", venue="synthetic", start="noon")


def test_without_backtrader_one_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra never comes by itself."""
    for name in [name for name in sys.modules if name.startswith("tradewright.adapters.backtrader")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "backtrader", None)
    with pytest.raises(InvalidValue, match=r"pip install 'tradewright\[backtrader\]'"):
        store_feed(BTC, "15m", venue="synthetic")
