"""The event log of one run as one number: on every machine, system and Python that plays it, it is the same."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.fingerprints import columns_digest
from tradewright.market.bars import Bars, make_bars
from tradewright.testing.wild import Wilder

FRAME = Timeframe.parse("1h")
SYMBOLS = ("BTC/USDT:USDT", "ETH/USDT:USDT")
FIELDS = {
    "fills": ("ts", "step", "instrument", "order_id", "side", "role", "ticks", "lots", "liquidity", "flags", "fee",
              "realised"),
    "closed": ("id", "status", "code", "filled", "ts_closed"),
    "payments": ("ts", "instrument", "lots", "ticks", "amount"),
    "refusals": ("ts", "instrument", "code", "observed", "limit"),
}  # fmt: skip
LOG = "978eb9abc89e861d1b13ac656f5e7522194e30794c4372be4f8093582dc66938"
"""A rule that changes on purpose changes it; whoever writes the new number here says in the commit which rule."""


def walk(seed: int) -> Bars:
    """Hours of whole prices that wander, drawn without a function whose last digit hangs on the machine."""
    draw, price, rows = random.Random(seed), 10_000, []
    for _ in range(700):
        first, price = price, max(price + draw.randint(-60, 60), 1_000)
        rows.append((first, max(first, price) + draw.randint(0, 40), min(first, price) - draw.randint(0, 40), price))
    columns = tuple(np.array(column, np.float64) for column in zip(*rows, strict=True))
    return make_bars(np.arange(len(rows)) * FRAME.ns, columns, np.full(len(rows), 40.0), FRAME)


@pytest.mark.rule("4.11")
def test_event_log_of_a_run_is_the_same_number_everywhere() -> None:
    """Two instruments, every kind of order, fees, costs by volume, funding, partial fills: not a digit differs."""
    feeds = [Feed(Instrument(symbol, "test", "1", "0.001"), walk(k)) for k, symbol in enumerate(SYMBOLS)]
    spec = RunSpec(
        "wilder", "1", (), "test", SYMBOLS, "1h", costs=CostSpec(slippage="volume_share"),
        risk=RiskSpec(size=0.02, leverage=10.0),
    )  # fmt: skip
    world = run_backtest(spec, Wilder(), feeds).world
    columns = [getattr(world, log)[name] for log, names in FIELDS.items() for name in names]

    assert min(log.size for log in (world.fills, world.closed, world.payments, world.refusals)) > 10
    assert LOG == columns_digest(*columns, world.equity)
