"""Recorded streams and trades, replayed: what queue models say of the same orders, and where a fill may be."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tradewright.adapters.storage.trade_files import read_trades
from tradewright.adapters.venues.binance.streams import BinanceStreams
from tradewright.domain.enums import EventKind, Liquidity, QueueModel, TimeInForce
from tradewright.domain.instrument import Instrument
from tradewright.domain.tape import TapeSpec
from tradewright.engine.tape_run import TapeOutcome, run_tape
from tradewright.kernels.door import best_ask, best_bid, buy, elapse, sell
from tradewright.kernels.replay_records import Replay
from tradewright.market.book_sync import synchronise
from tradewright.market.tape import Tape, make_tape

pytestmark = pytest.mark.real_data

BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001", min_notional=100.0)
XRP = Instrument("XRP/ETH", "binance", tick_size="0.00000001", lot_size="1", min_notional=0.0)
GTC = TimeInForce.GTC.value
SECOND = 1_000_000_000
ROWS = 60_000


def rest(replay: Replay) -> None:
    """Five lots at the best bid and the best ask, every two seconds, at most twelve times; never taken away."""
    for _ in range(12):
        elapse(replay, 2 * SECOND)
        if best_bid(replay) > 0 and best_ask(replay) > 0:
            buy(replay, best_bid(replay), 5, GTC)
            sell(replay, best_ask(replay), 5, GTC)


def take(replay: Replay) -> None:
    """Buys, and sells an hour later, ten times."""
    for _ in range(10):
        elapse(replay, 3_600 * SECOND)
        buy(replay, 0, 500, GTC)
        elapse(replay, 3_600 * SECOND)
        sell(replay, 0, 500, GTC)


@cache
def btc_tape(folder: Path) -> Tape:
    """The first half minute of a recorded futures stream, its book put together by update ids."""
    synced = synchronise(BinanceStreams().read(folder / "streams/binance-usdm-btcusdt-20240808.jsonl.gz", BTC))
    assert () == synced.gaps
    events = synced.events[:ROWS]
    return make_tape(events[: np.flatnonzero(events["last"])[-1] + 1])


def of_resting(done: TapeOutcome) -> NDArray[np.void]:
    """Fills of orders while they rested."""
    return done.fills[done.fills["liquidity"] == Liquidity.MAKER]


@pytest.mark.rule("4.12")
def test_a_careful_queue_fills_no_more(real_data: Path) -> None:
    """The same orders on the same stream: touch fills most, risk-averse no more than log, through the least."""
    tape = btc_tape(real_data)
    models = (QueueModel.TOUCH, QueueModel.LOG, QueueModel.RISK_AVERSE, QueueModel.THROUGH)
    lots = [int(of_resting(run_tape(rest, tape, BTC, TapeSpec(queue=model)))["lots"].sum()) for model in models]
    assert sorted(lots, reverse=True) == lots
    assert lots[0] > lots[-1] > 0


@pytest.mark.rule("L-1", "L-4", "T-3", "4.12")
def test_fills_stay_with_the_stream(real_data: Path) -> None:
    """A maker gets its own price, when the recorded market came to it; one event never fills more than it brought."""
    tape = btc_tape(real_data)
    done = run_tape(rest, tape, BTC)
    level = {int(order["id"]): int(order["level_ticks"]) for order in (*done.orders, *done.open_orders)}
    events = tape.events[tape.by_exchange]
    assert of_resting(done).size > 0
    for fill in of_resting(done):
        event, side = events[fill["step"]], int(fill["side"])
        assert level[int(fill["order_id"])] == fill["ticks"]
        assert fill["ts"] == event["ts_exchange"]
        if event["kind"] == EventKind.TRADE:
            assert (event["ticks"] - fill["ticks"]) * side <= 0
            assert fill["lots"] <= event["lots"]


@pytest.mark.rule("L-6", "C-3", "T-3")
def test_trades_alone_fill_takers_as_far_as_they_go(real_data: Path) -> None:
    """Three days of spot trades: a market order takes the next trades, at no better price and for no more lots."""
    tape = make_tape(read_trades(real_data / "ticks/xrpeth-spot-trades.parquet", XRP))
    done = run_tape(take, tape, XRP, TapeSpec(queue=QueueModel.THROUGH))
    events = tape.events[tape.by_exchange]
    assert [500, -500] * 10 == [int(order["side"] * order["filled"]) for order in done.orders]
    for fill in done.fills:
        event = events[fill["step"]]
        assert (fill["ticks"] - event["ticks"]) * fill["side"] >= 0
        assert (fill["lots"] <= event["lots"], fill["ts"]) == (True, event["ts_exchange"])
