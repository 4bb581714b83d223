"""Built-in strategies over markets that were recorded tick by tick: backtest, paper and replay leave the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradewright.adapters.storage.trade_files import read_trades
from tradewright.bootstrap.event_files import RecordedFiles
from tradewright.domain.enums import EventKind
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.fingerprints import outcome_fingerprint
from tradewright.engine.session import Session
from tradewright.engine.steps import steps_of
from tradewright.market.bars import Bars, empty_bars, make_bars, slice_bars
from tradewright.market.resample import resample
from tradewright.services.paper.records import step_of, step_record
from tradewright.services.strategies import find_strategies

# Thousands of bars: without the compiler they take minutes.
pytestmark = [pytest.mark.compiled, pytest.mark.real_data]
BUILT_IN = find_strategies(Path("strategies"))
XRP = Instrument("XRP/ETH", "test", tick_size="0.00000001", lot_size="1", min_notional=0.0)
BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001", funding_hours=0)
LOGS = ("account", "positions", "orders", "fills", "closed", "refusals", "payments", "equity")


def bars_of(events: np.ndarray, instrument: Instrument, frame: Timeframe) -> Bars:
    """Trades as bars; a span without a trade has none."""
    trades = events[events["kind"] == EventKind.TRADE]
    begin = trades["ts_exchange"] // frame.ns * frame.ns
    opens, first = np.unique(begin, return_index=True)
    price = np.array([instrument.from_ticks(int(one)) for one in trades["ticks"]])
    volume = np.add.reduceat([instrument.from_lots(int(one)) for one in trades["lots"]], first)
    last = np.append(first[1:], price.size) - 1
    columns = price[first], np.maximum.reduceat(price, first), np.minimum.reduceat(price, first), price[last]
    return make_bars(opens, columns, volume, frame)


@pytest.fixture(scope="module")
def markets(real_data: Path) -> dict[str, tuple[Instrument, Bars]]:
    """Two days of a slow market by minutes, six minutes of a quick one by seconds."""
    xrp = read_trades(real_data / "ticks/xrpeth-spot-trades.parquet", XRP)
    btc = RecordedFiles().read(real_data / "streams/binance-usdm-btcusdt-20240808.jsonl.gz", BTC).events
    return {
        "1m": (XRP, bars_of(xrp, XRP, Timeframe.parse("1m"))),
        "1s": (BTC, bars_of(btc, BTC, Timeframe.parse("1s"))),
    }


def played(spec: RunSpec, strategy: Any, feed: Feed, *, through_text: bool) -> Any:
    """The run as a session leaves it, whose steps come as they are or out of a journal."""
    htf = None
    if spec.htf and feed.context is not None:
        htf = resample(feed.context, Timeframe.parse(spec.timeframe), Timeframe.parse(spec.htf))
    session = Session(spec, strategy, [replace(feed, bars=empty_bars(), htf=htf)])
    for step in steps_of(spec, [feed]):
        text = json.dumps(step_record(step, is_missed=False))
        session.close(step_of(json.loads(text)) if through_text else step)
    return session.run


@pytest.mark.parametrize("frame", ["1m", "1s"])
@pytest.mark.parametrize("name", BUILT_IN.names())
def test_backtest_paper_and_replay_are_one(name: str, frame: str, markets: dict[str, Any]) -> None:
    """Every log, the account and the curve: nothing differs by a bit, gaps of the market included."""
    strategy, (instrument, bars) = BUILT_IN.create(name), markets[frame]
    # Who looks at every swing so far, at each close, takes minutes over all of them.
    known, last = 100, min(bars.close.size, 600)
    bars = slice_bars(bars, 0, last)
    context, traded = slice_bars(bars, 0, known), slice_bars(bars, known, last)
    htf = resample(bars, Timeframe.parse(frame), Timeframe.parse(strategy.htf)) if strategy.htf else None
    feed = Feed(instrument, traded, htf, context=context)
    risk = RiskSpec(**strategy.risk, leverage=1.0 if instrument is XRP else 5.0)
    spec = RunSpec(
        strategy.name, strategy.version, strategy.params, "test", (instrument.symbol,), frame, strategy.htf, risk=risk
    )

    whole = run_backtest(spec, strategy, [feed])

    assert whole.world.equity.size == traded.close.size > 200
    for through_text in (False, True):
        run = played(spec, strategy, feed, through_text=through_text)
        assert outcome_fingerprint(whole.world) == outcome_fingerprint(run.world)
        for log in LOGS:
            assert getattr(whole.world, log).tolist() == getattr(run.world, log).tolist(), log


def test_the_recorded_markets_are_traded(markets: dict[str, Any]) -> None:
    """What is compared above is not nothing: the strategy that follows the clock is filled on both."""
    for frame, (instrument, bars) in markets.items():
        strategy = BUILT_IN.create("simple_test")
        risk = RiskSpec(leverage=1.0 if instrument is XRP else 5.0)
        spec = RunSpec(strategy.name, strategy.version, strategy.params, "test", (instrument.symbol,), frame, risk=risk)
        assert run_backtest(spec, strategy, [Feed(instrument, bars)]).world.fills.size > 5
