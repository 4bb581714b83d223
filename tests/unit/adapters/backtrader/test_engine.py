"""Orders under Backtrader at our costs, on markets small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tradewright.adapters.backtrader.engine import BacktraderEngine
from tradewright.domain.enums import Code, OrderRole, OrderStatus, OrderType
from tradewright.domain.errors import StrategyError
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RiskSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import make_bars
from tradewright.ports.foreign_engine import EngineFill, EngineJob, EngineLog, OrderPlan

# Ticks of 0.1 and lots of 0.01: one tick times one lot is 0.001.
BTC = Instrument("BTC/USDT:USDT", "test", tick_size="0.1", lot_size="0.01", min_quantity=0.05)
FLAT = (100.0, 101.0, 99.0, 100.0)
LONG = OrderPlan(0, 1, 100, OrderType.MARKET, 0, 0, 0, 0, target_takes=False)
SHORT = LONG._replace(side=-1)
LEAVE = LONG._replace(side=0, lots=0)


class Script:
    """A `Trader` that sends what is written for each bar, and notes what it is told."""

    def __init__(self, plans: Mapping[int, OrderPlan]) -> None:
        self.plans, self.told, self.equity = plans, [], []

    def on_fill(self, fill: EngineFill) -> None:
        """See `Trader`."""
        self.told.append((fill.bar, fill.held_lots))

    def on_close(self, bar: int, equity: float) -> OrderPlan | None:
        """See `Trader`."""
        self.equity.append((bar, equity))
        return self.plans.get(bar)


def a_job(*rows: tuple[float, float, float, float], **fields: float) -> EngineJob:
    """A market of these bars without costs, unless `fields` say otherwise."""
    columns = tuple(np.array(column, np.float64) for column in zip(*rows, strict=True))
    stamps = np.arange(len(rows), dtype=np.int64) * 60_000_000_000
    bars = make_bars(stamps, columns, np.ones(len(rows)), Timeframe.parse("1m"))
    plain = {"balance": 1_000.0, "maker_rate": 0.0, "taker_rate": 0.0, "cost_rate": 0.0, "leverage": 5.0}
    return EngineJob(BTC, bars, None, **plain | fields)


def played(job: EngineJob, plans: Mapping[int, OrderPlan]) -> EngineLog:
    """What comes out of these plans."""
    return BacktraderEngine().run_trader(job, Script(plans))


def brief(log: EngineLog) -> list[tuple[int, str, int, int, bool]]:
    """(bar, role, ticks, signed lots, at open) of each fill."""
    return [(f.bar, f.role.name.lower(), f.ticks, f.side * f.lots, f.at_open) for f in log.fills]


def test_a_market_order_fills_at_the_next_open_with_slippage_and_the_takers_fee() -> None:
    """100 plus 0.15 % is 100.15, in whole ticks 100.2; the fee is 0.1 % of that for one coin."""
    log = played(a_job(FLAT, FLAT, FLAT, cost_rate=0.0015, taker_rate=0.001, maker_rate=0.0005), {0: LONG})
    assert [(1, "entry", 1002, 100, True)] == brief(log)
    (fill,) = log.fills
    assert (1000, False) == (fill.reference_ticks, fill.is_maker)
    assert fill.fee == pytest.approx(0.1002, abs=1e-12)
    assert log.equity.tolist() == pytest.approx([1_000.0, 999.6998, 999.6998], abs=1e-9)


def test_a_reversal_is_one_order_and_equity_follows_the_short() -> None:
    """From one long to one short: two coins are sold, one of them closes; falling prices then pay."""
    fall = (100.0, 100.0, 90.0, 90.0)
    log = played(a_job(FLAT, FLAT, FLAT, fall), {0: LONG, 1: SHORT})
    assert [(1, "entry", 1000, 100, True), (2, "entry", 1000, -200, True)] == brief(log)
    assert [0, 100] == [fill.closed_lots for fill in log.fills]
    assert [1_000.0, 1_000.0, 1_000.0, 1_010.0] == log.equity.tolist()


def test_exits_work_from_the_bar_after_the_entrys() -> None:
    """The entry's own bar falls through the stop and nothing happens; the next bar that reaches it fills it."""
    deep, touch = (100.0, 101.0, 80.0, 100.0), (100.0, 101.0, 94.0, 100.0)
    plan = LONG._replace(stop_ticks=950, target_ticks=1100)
    log = played(a_job(FLAT, deep, touch), {0: plan})
    assert [(1, "entry", 1000, 100, True), (2, "stop_loss", 950, -100, False)] == brief(log)
    assert [OrderStatus.FILLED, OrderStatus.FILLED, OrderStatus.CANCELED] == [order.status for order in log.orders]
    entry = log.orders[0]
    assert (950, 1100, OrderRole.ENTRY) == (entry.stop_ticks, entry.target_ticks, entry.role)
    assert {entry.id} == {order.group for order in log.orders}


@pytest.mark.parametrize(
    ("takes", "ticks", "is_maker", "fee"), [(False, 1100, True, 0.055), (True, 1098, False, 0.1098)]
)
def test_a_target_rests_as_a_limit_or_takes(takes: bool, ticks: int, is_maker: bool, fee: float) -> None:
    """A resting limit fills at its price for the maker's fee; one that takes slips and pays the taker's."""
    up = (100.0, 111.0, 100.0, 110.0)
    plan = LONG._replace(target_ticks=1100, target_takes=takes)
    job = a_job(FLAT, FLAT, up, maker_rate=0.0005, taker_rate=0.001, cost_rate=0.0015)
    exit_ = played(job, {0: plan}).fills[-1]
    assert (OrderRole.TAKE_PROFIT, ticks, is_maker) == (exit_.role, exit_.ticks, exit_.is_maker)
    assert exit_.fee == pytest.approx(fee, abs=1e-12)


def test_slippage_of_a_stop_inside_a_bar_ends_at_the_bars_extreme() -> None:
    """A stop at 95 with 2 % slippage would fill at 93.1; the bar's low of 94 is the worst that traded."""
    touch = (100.0, 101.0, 94.0, 100.0)
    log = played(a_job(FLAT, FLAT, touch, cost_rate=0.02), {0: LONG._replace(stop_ticks=950)})
    assert (2, "stop_loss", 940, -100, False) == brief(log)[-1]


def test_a_stop_under_a_gap_fills_at_the_open() -> None:
    """The bar opens at 90, beyond the stop at 95: 90 it is."""
    gap = (90.0, 91.0, 89.0, 90.0)
    log = played(a_job(FLAT, FLAT, gap), {0: LONG._replace(stop_ticks=950)})
    assert (2, "stop_loss", 900, -100, True) == brief(log)[-1]


def test_a_waiting_entry_ends_with_its_bars_or_with_a_wish_to_leave() -> None:
    """A limit at 95 that waits two bars is gone in the third; one that is called back never fills."""
    low = (100.0, 101.0, 90.0, 100.0)
    limit = LONG._replace(order_type=OrderType.LIMIT, level_ticks=950)
    assert [] == brief(played(a_job(FLAT, FLAT, FLAT, low), {0: limit._replace(valid_bars=2)}))
    assert [] == brief(played(a_job(FLAT, FLAT, FLAT, low), {0: limit, 1: LEAVE}))
    assert [(3, "entry", 950, 100, False)] == brief(played(a_job(FLAT, FLAT, FLAT, low), {0: limit}))


def test_a_waiting_reversal_and_the_stop_before_it_never_fill_both() -> None:
    """Stop and reversing limit stand in one bar: the stop fills, and the entry comes again at its own size."""
    wide, high = (100.0, 106.0, 94.0, 100.0), (100.0, 106.0, 99.0, 100.0)
    reverse = SHORT._replace(order_type=OrderType.LIMIT, level_ticks=1050)
    plans = {0: LONG._replace(stop_ticks=950), 1: reverse}
    log = played(a_job(FLAT, FLAT, wide, high), plans)
    assert [(2, "stop_loss", 950, -100, False), (3, "entry", 1050, -100, False)] == brief(log)[1:]
    log = played(a_job(FLAT, FLAT, high, wide), plans)
    assert [(2, "entry", 1050, -200, False)] == brief(log)[1:]


def test_a_trader_is_told_of_fills_before_it_sees_the_close() -> None:
    """Each close is shown once, in order, with the equity that the log keeps."""
    script = Script({0: LONG, 1: LEAVE})
    log = BacktraderEngine().run_trader(a_job(FLAT, FLAT, FLAT), script)
    assert [(1, 100), (2, 0)] == script.told
    assert list(enumerate(log.equity.tolist())) == script.equity


USERS = """
import backtrader as bt


class Tries(bt.Strategy):
    params = (("size", None), ("at", 0))

    def next(self):
        if len(self) == 1:
            self.buy(size=self.p.size)
        if len(self) == self.p.at:
            raise ValueError("enough")
"""


def users(folder: Path, risk: RiskSpec | None = None, **params: object) -> EngineLog:
    """Run the strategy above from its file."""
    path = folder / "tries.py"
    path.write_text(USERS)
    engine = BacktraderEngine()
    risk = risk or RiskSpec(sizing="fixed_quantity", size=1.0)
    return engine.run_foreign(a_job(FLAT, FLAT, FLAT), engine.read(path, None, params), risk)


@pytest.mark.parametrize(
    ("sizing", "size", "lots"),
    [("fixed_quantity", 0.5, 50), ("fixed_notional", 75.0, 75), ("equity_fraction", 0.3, 300)],
)
def test_an_order_without_a_size_is_sized_by_the_risk_settings(tmp_path: Path, sizing, size, lots) -> None:
    """Half a coin; 75 quote at 100; 30 % of 1,000 at 100."""
    assert [(1, "entry", 1000, lots, True)] == brief(users(tmp_path, RiskSpec(sizing=sizing, size=size)))


@pytest.mark.parametrize(
    ("size", "code"),
    [(0.04, Code.QUANTITY_BELOW_MINIMUM), (0.001, Code.QUANTITY_BELOW_MINIMUM), (60.0, Code.MARGIN_INSUFFICIENT)],
)
def test_an_order_that_the_venue_would_refuse_is_rejected(tmp_path: Path, size: float, code: Code) -> None:
    """Less than the least quantity, less than a lot, or more than 1,000 quote at leverage 5 can carry."""
    log = users(tmp_path, size=size)
    assert ((), [(OrderStatus.REJECTED, code)]) == (log.fills, [(order.status, order.code) for order in log.orders])


def test_a_size_between_lots_is_cut_to_whole_lots(tmp_path: Path) -> None:
    """0.557 coins are 55 lots."""
    assert [(1, "entry", 1000, 55, True)] == brief(users(tmp_path, size=0.557))


def test_a_failing_strategy_is_named_with_its_line(tmp_path: Path) -> None:
    """Whatever a user's code raises becomes one line."""
    with pytest.raises(StrategyError, match=r"tries\.py:12: ValueError: enough$"):
        users(tmp_path, at=2)
