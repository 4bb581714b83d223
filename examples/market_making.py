"""Quote both sides of a recorded book, closer to the side that brings the position back to flat.

Usage: python examples/market_making.py STREAM.jsonl.gz
"""

import sys
from pathlib import Path

from tradewright.adapters.venues.binance.streams import BinanceStreams
from tradewright.domain.enums import QueueModel, TimeInForce
from tradewright.domain.instrument import Instrument
from tradewright.domain.tape import TapeSpec
from tradewright.engine.tape_run import run_tape
from tradewright.kernels.compiling import kernel
from tradewright.kernels.door import best_ask, best_bid, buy, cancel, elapse, held, is_open, sell, ticks_of
from tradewright.market.book_sync import synchronise
from tradewright.market.tape import make_tape

BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001", min_notional=100.0)
EVERY = 100_000_000  # ns between two looks
LOTS, MOST = 5, 50  # of an order; of the position
AWAY = 5  # ticks behind the best price, for each order's worth that is held already
POST_ONLY = TimeInForce.GTX.value


@kernel
def renew(replay, ref, side, ticks, wanted):
    """Keep one order of a side at a price; returns its ref, -1 for none."""
    if is_open(replay, ref):
        if wanted and ticks_of(replay, ref) == ticks:
            return ref
        cancel(replay, ref)
    if not wanted:
        return -1
    return buy(replay, ticks, LOTS, POST_ONLY) if side > 0 else sell(replay, ticks, LOTS, POST_ONLY)


@kernel
def quote(replay):
    """Look ten times a second; lean against the position."""
    bid_ref = ask_ref = -1
    while elapse(replay, EVERY):
        bid, ask, lots = best_bid(replay), best_ask(replay), held(replay)
        if bid == 0 or ask == 0:
            continue
        lean = AWAY * lots // LOTS
        bid_ref = renew(replay, bid_ref, 1, min(bid - lean, bid), lots < MOST)
        ask_ref = renew(replay, ask_ref, -1, max(ask - lean, ask), lots > -MOST)


def main(path):
    synced = synchronise(BinanceStreams().read(Path(path), BTC))
    tape = make_tape(synced.events)
    print(f"{tape.events.size:,} events, {len(synced.gaps)} gaps")
    for model in (QueueModel.TOUCH, QueueModel.LOG, QueueModel.RISK_AVERSE, QueueModel.THROUGH):
        done = run_tape(quote, tape, BTC, TapeSpec(queue=model))
        volume = float((done.fills["lots"] * done.fills["ticks"]).sum()) * 1e-4
        print(
            f"{model.name:12}  fills {done.fills.size:4}  volume {volume:10,.0f}  profit {done.profit:8.2f}"
            f"  of it fees {-done.totals['fees']:8.2f}  drawdown {done.drawdown:6.2f}"
        )
    print(*done.assumptions, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
