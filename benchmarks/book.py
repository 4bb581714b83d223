"""Quoting on a book, ours. Usage: python book.py FOLDER. The strategy is that of peer_hftbacktest.py, line by line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from book_market import BTC
from jobs import best_of, peak_mb, say

from tradewright.domain.enums import QueueModel, TimeInForce
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.domain.tape import TapeSpec
from tradewright.engine.replay import Terms
from tradewright.engine.tape_run import run_tape
from tradewright.kernels.compiling import kernel
from tradewright.kernels.door import best_ask, best_bid, buy, cancel, elapse, held, is_open, sell, ticks_of
from tradewright.market.events import EVENT
from tradewright.market.tape import make_tape

EVERY, LOTS, MOST, AWAY = 100_000_000, 5, 50, 5
WAY_MS, MAKER, TAKER = 10.0, 0.0002, 0.0005
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


def main(folder: Path) -> None:
    """Time the whole call and print one row for each queue model that both know."""
    # A file forgets how a record is aligned, and another record is compiled for anew.
    tape = make_tape(np.load(folder / "book.npy").astype(EVENT))
    terms = Terms(BTC, CostSpec(maker_fee=MAKER, taker_fee=TAKER), RiskSpec(leverage=10.0))
    for model in (QueueModel.RISK_AVERSE, QueueModel.LOG):
        spec = TapeSpec(queue=model, entry_ms=WAY_MS, response_ms=WAY_MS)

        def call(spec: TapeSpec = spec) -> tuple[int, float]:
            done = run_tape(quote, tape, terms, spec)
            return done.fills.size, done.profit

        seconds, (fills, profit) = best_of(call, 5)
        say(
            job="E", who="tradewright", way=model.name.lower(), seconds=seconds, bars=tape.events.size, trades=fills,
            profit=profit, load=round(os.getloadavg()[0], 1),
            peak_mb=peak_mb(),
        )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
