"""Parts that are taken out of a trade: each once, with its own money, under its trade's number; all by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradewright.domain.enums import OrderRole
from tradewright.portfolio.run_log import RunLog
from tradewright.portfolio.trades import round_trips
from tradewright.services.paper.partial_exits import Part, PartialExits
from tradewright.testing.run_logs import BTC, Deal, a_run, bars_of

QUIET = bars_of([100.0, 101.0, 105.0, 103.0, 99.0, 98.0], reach=1.0)
DEALS = [
    # A trade before, without parts; then long 2 for a fee of 0.2, half out at 105, half of the rest at 103, the rest
    # and 1 beyond at 99; of that short a half at 98.
    Deal(0, 1, 100.0, 1.0), Deal(0, -1, 100.0, 1.0, OrderRole.EXIT),
    Deal(1, 1, 101.0, 2.0, fee=0.2),
    Deal(2, -1, 105.0, 1.0, OrderRole.TAKE_PROFIT, fee=0.1),
    Deal(3, -1, 103.0, 0.5, OrderRole.TAKE_PROFIT, fee=0.05),
    Deal(4, -1, 99.0, 1.5, OrderRole.STOP_LOSS, fee=0.3),
    Deal(5, 1, 98.0, 0.5, OrderRole.EXIT),
]  # fmt: skip


def _plain(parts: list[Part]) -> list[tuple[int, int, float, float, float, str]]:
    return [
        (one.trade, one.number, BTC.from_lots(one.lots), BTC.from_ticks(one.ticks), round(one.pnl, 9), one.reason)
        for one in parts
    ]


EXPECTED = [
    (2, 1, 1.0, 105.0, 4.0 - 0.1 - 0.1, "take_profit"),  # half of the entry's fee
    (2, 2, 0.5, 103.0, 1.0 - 0.05 - 0.05, "take_profit"),  # half of what was left of it
    (3, 1, 0.5, 98.0, 0.5 - 0.1, "exit"),  # opened with two thirds of a fee of 0.3, and half of that
]


def test_each_part_has_its_trade_its_number_and_its_money() -> None:
    """A part leaves something held; what ends a trade is none, nor what is beyond it."""
    log = a_run(QUIET, DEALS)
    assert [(*row[:4], pytest.approx(row[4]), row[5]) for row in EXPECTED] == _plain(
        PartialExits().of(log, round_trips(log))
    )


def test_a_run_that_grows_gives_each_part_once() -> None:
    """Fill by fill, as a session has them, it is the same as in one go."""
    log = a_run(QUIET, DEALS)
    parts, found = PartialExits(), list[Part]()
    for count in range(log.fills.size + 1):
        grown: RunLog = replace(log, fills=log.fills[:count])
        found += parts.of(grown, round_trips(grown))
    assert PartialExits().of(log, round_trips(log)) == found
