"""Quoting on a book, by hftbacktest. Usage: python peer_hftbacktest.py FOLDER. In its own environment."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import numpy as np
from hftbacktest import BacktestAsset, HashMapMarketDepthBacktest, ROIVectorMarketDepthBacktest
from hftbacktest.data import correct_event_order, validate_event_order
from hftbacktest.order import GTX, LIMIT
from hftbacktest.types import (
    BUY_EVENT,
    DEPTH_BBO_EVENT,
    DEPTH_CLEAR_EVENT,
    DEPTH_EVENT,
    SELL_EVENT,
    TRADE_EVENT,
    event_dtype,
)
from jobs import best_of, say
from numba import njit

EVERY, LOTS, MOST, AWAY = 100_000_000, 5, 50, 5
TICK, LOT = 0.1, 0.001
WAY_NS, MAKER, TAKER = 10_000_000, 0.0002, 0.0005
KINDS = (TRADE_EVENT, DEPTH_EVENT, DEPTH_BBO_EVENT, DEPTH_CLEAR_EVENT)


def feed(rows: np.ndarray) -> np.ndarray:
    """Rows of a recorded book as its events, in the order of both clocks."""
    events = np.zeros(rows.size, event_dtype)
    side = np.where(rows["side"] > 0, BUY_EVENT, np.where(rows["side"] < 0, SELL_EVENT, 0))
    events["ev"] = np.array(KINDS, np.uint64)[rows["kind"]] | side.astype(np.uint64)
    events["exch_ts"], events["local_ts"] = rows["ts_exchange"], rows["ts_local"]
    events["px"], events["qty"] = rows["ticks"] * TICK, rows["lots"] * LOT
    by_venue = np.argsort(events["exch_ts"], kind="mergesort")
    by_receipt = np.argsort(events["local_ts"], kind="mergesort")
    ordered = correct_event_order(events, by_venue, by_receipt)
    validate_event_order(ordered)
    return ordered


@njit
def renew(hbt, number, last, side, ticks, wanted):
    """Keep one order of a side at a price; returns its number, 0 for none, and the last number given."""
    orders = hbt.orders(0)
    if number > 0 and number in orders:
        order = orders.get(number)
        if wanted and order.price_tick == ticks:
            return number, last
        if order.cancellable:
            hbt.cancel(0, number, False)
    if not wanted:
        return 0, last
    last += 1
    if side > 0:
        hbt.submit_buy_order(0, last, ticks * TICK, LOTS * LOT, GTX, LIMIT, False)
    else:
        hbt.submit_sell_order(0, last, ticks * TICK, LOTS * LOT, GTX, LIMIT, False)
    return last, last


@njit
def quote(hbt):
    """Look ten times a second; lean against the position."""
    bid_number = ask_number = last = 0
    while hbt.elapse(EVERY) == 0:
        hbt.clear_inactive_orders(0)
        depth = hbt.depth(0)
        bid, ask, lots = depth.best_bid_tick, depth.best_ask_tick, round(hbt.position(0) / LOT)
        if not (depth.best_bid > 0.0 and depth.best_ask < 1e9):
            continue
        lean = AWAY * lots // LOTS
        bid_number, last = renew(hbt, bid_number, last, 1, min(bid - lean, bid), lots < MOST)
        ask_number, last = renew(hbt, ask_number, last, -1, max(ask - lean, ask), lots > -MOST)
    state = hbt.state_values(0)
    depth = hbt.depth(0)
    middle = (depth.best_bid + depth.best_ask) / 2.0
    return state.num_trades, state.balance - state.fee + state.position * middle


def main(folder: Path) -> None:
    """Time the whole call and print a row for each queue model and kind of book."""
    rows = np.load(folder / "book.npy")
    events = feed(rows)
    prices = rows["ticks"][rows["ticks"] > 0] * TICK
    for model in ("risk_averse", "log"):
        for book in (HashMapMarketDepthBacktest, ROIVectorMarketDepthBacktest):

            def call(model: str = model, book: type = book) -> tuple[int, float]:
                asset = BacktestAsset().data(events).linear_asset(1.0).constant_order_latency(WAY_NS, WAY_NS)
                asset = asset.risk_adverse_queue_model() if model == "risk_averse" else asset.log_prob_queue_model2()
                asset = asset.no_partial_fill_exchange().trading_value_fee_model(MAKER, TAKER)
                asset = asset.tick_size(TICK).lot_size(LOT).last_trades_capacity(0)
                asset = asset.roi_lb(float(prices.min()) - 1.0).roi_ub(float(prices.max()) + 1.0)
                hbt = book([asset])
                done = quote(hbt)
                hbt.close()
                return done

            seconds, (fills, profit) = best_of(call, 5)
            say(
                job="E", who="hftbacktest", way=f"{model}, {book.__name__[:3].lower()}", seconds=seconds,
                bars=rows.size, trades=int(fills), profit=profit, load=round(os.getloadavg()[0], 1),
                peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024),
            )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
