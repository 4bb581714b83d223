"""The built-in strategies, each by what it promises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.enums import OrderType, SignalKind
from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, make_bars
from tradewright.market.resample import resample
from tradewright.services.strategies import find_strategies, made_up_bars
from tradewright.strategies.grid import Grid
from tradewright.strategies.ma_crossover import MaCrossover
from tradewright.strategies.momentum_scanner import MomentumScanner
from tradewright.strategies.order_flow import OrderFlow
from tradewright.strategies.simple_test import SimpleTest
from tradewright.strategies.smc import Smc
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.leak import leak_passport
from tradewright.testing.bars import closes, walk
from tradewright.testing.edge_trials import traded

STRATEGIES = find_strategies()
MINUTE = Timeframe.parse("1m")


def test_averages_that_cross_give_long_then_short() -> None:
    """A valley and a hill: one long on the way up, one short on the way down, three times the risk to gain."""
    prices = [*range(60, 40, -1), *range(40, 80), *range(80, 50, -1)]
    signals = MaCrossover(fast=3, slow=8, atr_length=5).signals(ClosedBars(closes([float(p) for p in prices])))
    assert [SignalKind.LONG, SignalKind.SHORT] == signals.kind.tolist()
    np.testing.assert_allclose(
        3.0 * np.abs(signals.entry - signals.stop_loss), np.abs(signals.take_profit - signals.entry)
    )


def test_a_fast_average_that_is_not_the_shorter_is_refused() -> None:
    """The error names the parameter and the other's value."""
    with pytest.raises(InvalidValue, match=r"ma_crossover.fast: 50 is not allowed; give fewer bars than slow \(50\)"):
        MaCrossover(fast=50)


def test_simple_test_signals_hang_on_the_clock_not_on_the_start() -> None:
    """Data that begins later has the same signals from then on."""
    bars = walk(400, 5)
    later = Bars(*(column[37:] for column in bars))
    whole, part = (SimpleTest().signals(ClosedBars(b)) for b in (bars, later))
    times = set(bars.ts_close[whole.bar].tolist())
    assert set(later.ts_close[part.bar].tolist()) <= times
    assert part.size >= 10


@pytest.fixture(scope="module")
def made_up() -> ClosedBars:
    """A synthetic market of 5,000 quarter hours with its 4h bars."""
    return made_up_bars(Smc())[0]


def test_smc_enters_by_limit_beyond_its_sweep_for_three_times_the_risk(made_up: ClosedBars) -> None:
    """Each signal waits at a better price than the close, with its stop beyond the sweep and at least 3R to gain."""
    signals = Smc().signals(made_up)
    assert signals.size > 5
    side = signals.kind
    risk = (signals.entry - signals.stop_loss) * side
    assert {OrderType.LIMIT.value} == set(signals.order_type.tolist())
    assert (risk > 0.0).all()
    assert ((signals.take_profit - signals.entry) * side >= 3.0 * risk * (1.0 - 1e-12)).all()
    assert ((made_up.close[signals.bar] - signals.entry) * side > 0.0).all()
    swept = signals.metadata["sweep_bar"].astype(int)
    beyond = np.where(side > 0, made_up.low[swept], made_up.high[swept])
    assert ((beyond - signals.stop_loss) * side >= 0.0).all()
    turned = signals.metadata["break_bar"].astype(int)
    assert ((swept <= turned) & (turned <= signals.bar) & (turned - swept <= 48)).all()


def test_smc_goes_only_with_the_higher_timeframe(made_up: ClosedBars) -> None:
    """No long unless the structure of the closed 4h bars points up, no short unless down."""
    trend = made_up.on_close(ta.structure.market_structure(made_up.htf, 2).trend)
    signals = Smc().signals(made_up)
    assert signals.kind.tolist() == trend[signals.bar].astype(int).tolist()


def test_smc_shorts_are_the_longs_of_the_mirrored_market(made_up: ClosedBars) -> None:
    """Turn the market upside down, and every long is a short of the same bar and size."""

    def turned(bars: Bars) -> Bars:
        top = 100_000.0
        return bars._replace(open=top - bars.open, high=top - bars.low, low=top - bars.high, close=top - bars.close)

    upright = Smc().signals(made_up)
    other = Smc().signals(ClosedBars(turned(made_up.ltf), turned(made_up.htf)))
    assert upright.bar.tolist() == other.bar.tolist()
    assert upright.kind.tolist() == (-other.kind).tolist()
    np.testing.assert_allclose(100_000.0 - upright.entry, other.entry)


@pytest.fixture(scope="module")
def bitcoin(real_data: Path) -> Bars:
    """The BTC perpetual, one-minute bars of January 2022; its rows are stamped at their close."""
    path = real_data / "bars" / "btcusd-perp-1m.csv"
    stamps = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=0, dtype="datetime64[ns]").astype(np.int64)
    table = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=(1, 2, 3, 4, 5))
    return make_bars(stamps - MINUTE.ns, tuple(table[:, :4].T), table[:, 4], MINUTE)


@pytest.mark.real_data
def test_on_real_bitcoin_each_strategy_trades_and_leaks_nothing(bitcoin: Bars) -> None:
    """A month: smc 5 to 60 times, the crossover more often, and no passport fails."""
    quarter, five, four_hours = (resample(bitcoin, MINUTE, Timeframe.parse(text)) for text in ("15m", "5m", "4h"))
    smc = leak_passport(Smc(), ClosedBars(quarter, four_hours))
    crossover = leak_passport(MaCrossover(), ClosedBars(five))
    assert (True, True) == (smc.passed, crossover.passed)
    assert 5 <= smc.signals <= 60
    assert 100 <= crossover.signals <= 400


@pytest.mark.real_data
@pytest.mark.parametrize("name", STRATEGIES.names())
def test_on_real_bitcoin_every_strategy_trades(bitcoin: Bars, name: str) -> None:
    """A month, with all costs: positions are opened and closed, and no strategy uses up its account."""
    strategy = STRATEGIES.create(name, {})
    timeframe = Timeframe.parse(strategy.ltf)
    run = traded(strategy, resample(bitcoin, MINUTE, timeframe), timeframe)
    assert run.world.closed.size >= 3
    assert run.world.equity.min() > 0.25 * run.spec.balance


def test_on_made_up_bars_the_grid_buys_below_its_average_and_sells_above(made_up: ClosedBars) -> None:
    """Every trade is a bet on the way back: longs stand below the average, shorts above, the targets towards it."""
    signals = Grid().signals(made_up)
    centre = ta.sma(made_up.close, 200)[signals.bar]
    assert signals.size > 50
    assert ((centre - signals.entry) * signals.kind > 0.0).all()
    assert ((signals.take_profit - signals.entry) * signals.kind > 0.0).all()


def test_order_flow_follows_those_who_press() -> None:
    """Twenty bars that close at their highs, then twenty at their lows: one long, one short."""
    rising, falling = np.arange(100.0, 160.0), np.arange(160.0, 100.0, -1.0)
    close = np.concatenate((rising, falling))
    start = np.concatenate((close[:1], close[:-1]))
    prices = start, np.maximum(start, close), np.minimum(start, close), close
    bars = make_bars(np.arange(close.size) * MINUTE.ns, prices, np.ones(close.size), MINUTE)
    signals = OrderFlow(length=10, threshold=0.5, atr_length=5).signals(ClosedBars(bars))
    assert [SignalKind.SHORT] == signals.kind.tolist()
    assert 60 <= signals.bar[0] < 70


def test_the_scanner_takes_its_profit_in_three_parts_and_follows_the_rest(made_up: ClosedBars) -> None:
    """30, 40 and 30 % of the position at 1.5, 3 and 5 %, a stop at 2 %, and a trail of 1 % once 2 % are gained."""
    found = MomentumScanner(short=True).signals(made_up)
    plans = found.plans
    assert plans is not None
    assert {SignalKind.LONG, SignalKind.SHORT} == set(found.kind.tolist())
    away = {
        "stop_loss": (found.stop_loss, -2.0),
        "first": (found.take_profit, 1.5),
        "second": (plans.target2, 3.0),
        "third": (plans.target3, 5.0),
        "activation": (plans.activation, 2.0),
    }
    for name, (level, per_cent) in away.items():
        np.testing.assert_allclose(100.0 * (level / found.entry - 1.0) * found.kind, per_cent, err_msg=name)
    assert {(0.3, 0.4, 0.3, 0.0)} == set(zip(plans.share1, plans.share2, plans.share3, plans.share4, strict=True))
    assert {10} == set(plans.callback.tolist())


def test_the_scanners_targets_and_parts_can_be_chosen(made_up: ClosedBars) -> None:
    """Two targets in place of three; parts make 100, and each target is further away than the one before."""
    found = MomentumScanner(target_1=2.0, part_1=60.0, target_2=4.0, part_2=40.0, part_3=0.0).signals(made_up)
    assert found.plans is not None
    np.testing.assert_allclose(100.0 * (found.plans.target2 / found.entry - 1.0), 4.0)
    assert {(0.6, 0.4, 0.0)} == set(zip(found.plans.share1, found.plans.share2, found.plans.share3, strict=True))
    with pytest.raises(InvalidValue, match="parts that make 100"):
        MomentumScanner(part_1=50.0)
    with pytest.raises(InvalidValue, match="further away"):
        MomentumScanner(target_2=1.0)


def test_the_scanners_gauges_take_their_lengths(made_up: ClosedBars) -> None:
    """At each signal the gauges agree as they were asked for; the warm-up is that of the slowest of them."""
    asked = MomentumScanner(
        short=True, rsi_length=7, overbought=90.0, oversold=25.0, macd_fast=6, macd_slow=40, macd_signal=5,
        length_1=2, length_5=7, length_15=20, bands_length=30, wild=100.0,
    )  # fmt: skip
    found = asked.signals(made_up)
    assert {SignalKind.LONG, SignalKind.SHORT} == set(found.kind.tolist())
    assert (43, 33, 60) == (asked.warmup, MomentumScanner().warmup, MomentumScanner(length_15=60).warmup)
    at, side, close = found.bar, found.kind, made_up.close
    strength = ta.rsi(close, 7)[at]
    assert (np.where(side > 0, (strength > 50.0) & (strength <= 90.0), (strength < 50.0) & (strength >= 25.0))).all()
    assert (side * ta.macd(close, 6, 40, 5).histogram[at] > 0.0).all()
    for bars, least in ((2, 0.05), (7, 0.2), (20, 0.4)):
        assert (side * ta.roc(close, bars)[at] >= least).all()
    assert (side * (close - ta.bbands(close, 30).middle)[at] > 0.0).all()


def test_the_scanner_tells_price_in_the_bands_from_price_out_of_them(made_up: ClosedBars) -> None:
    """`beyond` buys above the upper band and sells below the lower one, `inside` only within; so at any width."""
    for deviations in (2.0, 3.0):
        bands = ta.bbands(made_up.close, 20, deviations, deviations)
        for band in ("beyond", "inside"):
            found = MomentumScanner(short=True, band=band, deviations=deviations).signals(made_up)
            outer = np.where(found.kind > 0, bands.upper[found.bar], bands.lower[found.bar])
            is_out = (found.entry - outer) * found.kind > 0.0
            assert found.size > 0
            assert {band == "beyond"} == set(is_out.tolist())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"macd_fast": 26}, "momentum_scanner.macd_fast: 26 is not allowed; give fewer bars than macd_slow"),
        ({"length_5": 1}, "momentum_scanner.length_5: 1 is not allowed; give more bars than length_1"),
        ({"length_15": 5}, "momentum_scanner.length_15: 5 is not allowed; give more bars than length_5"),
        ({"band": "upper"}, "one of middle, inside, beyond"),
    ],
)
def test_the_scanner_refuses_lengths_that_do_not_go_together(given: dict[str, Any], said: str) -> None:
    """By the parameter's name, with what is allowed."""
    with pytest.raises(InvalidValue, match=re.escape(said)):
        MomentumScanner(**given)


def test_the_scanner_sells_short_only_when_asked(made_up: ClosedBars) -> None:
    """By default the longs alone, the very same ones."""
    both = MomentumScanner(short=True).signals(made_up)
    longs = MomentumScanner().signals(made_up)
    assert both.bar[both.kind == SignalKind.LONG].tolist() == longs.bar.tolist()
    assert {SignalKind.LONG} == set(longs.kind.tolist())
